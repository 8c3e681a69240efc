// Points from the bytes of a file, whatever its format, and what holds for all
// formats. The text formats are read in points_csv.cc.

#include <cmath>
#include <span>
#include <utility>

#include "core/base/json.h"
#include "core/data/npy.h"
#include "core/data/points.h"
#include "core/data/zip.h"

namespace unnoise {
namespace {

constexpr std::string_view kNpySuffix = ".npy";
// By precedence, as people and NumPy call them.
constexpr std::string_view kPointArrays[] = {"x",      "X",       "data",
                                             "points", "samples", "arr_0"};
constexpr std::string_view kLabelArrays[] = {"y",      "Y", "label",
                                             "labels", "c", "arr_1"};
// The largest set in double precision with labels, and room for
// headers.
constexpr int64_t kMaxNpzBytes =
    8 * kMaxPoints * (kMaxPointDim + 1) + (int64_t{1} << 20);

// The first array of these names, or null.
const ZipEntry* Find(const std::vector<ZipEntry>& entries,
                     std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    for (const ZipEntry& entry : entries) {
      if (entry.name.size() == name.size() + kNpySuffix.size() &&
          entry.name.starts_with(name) && entry.name.ends_with(kNpySuffix)) {
        return &entry;
      }
    }
  }
  return nullptr;
}

}  // namespace

Result<PointSet> PointsFromBytes(std::string_view bytes, std::string_view where,
                                 Rounding rounding) {
  if (bytes.starts_with(kNpyMagic)) {
    return PointsFromNpy(bytes, where, rounding);
  }
  if (bytes.starts_with("PK")) return PointsFromNpz(bytes, where, rounding);
  return PointsFromCsv(bytes, where, rounding);
}

Result<PointSet> PointsFromNpy(std::string_view bytes, std::string_view where,
                               Rounding rounding) {
  const Result<NpyInfo> info = ReadNpyInfo(bytes, where);
  if (!info) return info.problems();
  // Before anything is allocated for the numbers.
  const std::vector<int64_t>& shape = info->shape;
  const auto problem = [&](std::string what) {
    return Problem{
        std::string(where),
        "the array has shape " + ShapeText(shape) + "; " + std::move(what)};
  };
  if (shape.empty() || shape.size() > 2) {
    return problem(
        "give (points,) or (points, coordinates), for example "
        "a.reshape(len(a), -1).");
  }
  if (shape[0] > kMaxPoints) {
    return problem("keep at most " + std::to_string(kMaxPoints) +
                   " points, for example a[:" + std::to_string(kMaxPoints) +
                   "].");
  }
  if (shape.size() == 2 && (shape[1] < 1 || shape[1] > kMaxPointDim)) {
    return problem("give 1 to " + std::to_string(kMaxPointDim) +
                   " coordinates, the points being the rows.");
  }
  Result<NpyArray> array = ReadNpy(bytes, where);
  if (!array) return array.problems();
  const int dim = shape.size() == 2 ? static_cast<int>(shape[1]) : 1;
  return MakePoints({dim, std::move(array->values)}, where, rounding);
}

Result<std::vector<uint8_t>> LabelsFromNpy(std::string_view bytes,
                                           std::string_view where) {
  const auto problem = [&](std::string what) {
    return Problem{std::string(where), std::move(what)};
  };
  const Result<NpyInfo> info = ReadNpyInfo(bytes, where);
  if (!info) return info.problems();
  const std::vector<int64_t>& shape = info->shape;
  const bool column = shape.size() == 2 && shape[1] == 1;
  if ((shape.size() != 1 && !column) || shape[0] > kMaxPoints) {
    return problem("the labels have shape " + ShapeText(shape) +
                   "; give one for each point, (points,).");
  }
  const Result<NpyArray> array = ReadNpy(bytes, where);
  if (!array) return array.problems();
  std::vector<uint8_t> labels;
  labels.reserve(array->values.size());
  for (const float value : array->values) {
    if (!(value >= 0 && value <= 255) || value != std::floor(value)) {
      return problem("label " + std::to_string(labels.size()) +
                     ", counted from 0, is " + Write(Json(double{value})) +
                     "; give a whole number from 0 to 255.");
    }
    labels.push_back(static_cast<uint8_t>(value));
  }
  return labels;
}

Result<PointSet> PointsFromNpz(std::string_view bytes, std::string_view where,
                               Rounding rounding) {
  Result<std::vector<ZipEntry>> entries = ReadZip(bytes, where, kMaxNpzBytes);
  if (!entries) return entries.problems();
  const auto place = [&](const ZipEntry& entry) {
    return std::string(where) + ": " + entry.name;
  };
  const ZipEntry* labels = Find(*entries, kLabelArrays);
  const ZipEntry* points = Find(*entries, kPointArrays);
  if (points == nullptr) {
    // Any array will do if there is but one.
    int others = 0;
    for (const ZipEntry& entry : *entries) {
      if (&entry == labels || !entry.name.ends_with(kNpySuffix)) continue;
      points = &entry;
      ++others;
    }
    if (others != 1) {
      return Problem{std::string(where),
                     std::string(others == 0 ? "there is no array of points"
                                             : "it is not clear which array "
                                               "holds the points") +
                         "; name it x, as numpy.savez(file, x=points) does."};
    }
  }
  Result<PointSet> set = PointsFromNpy(points->bytes, place(*points), rounding);
  if (!set || labels == nullptr) return set;
  Result<std::vector<uint8_t>> read =
      LabelsFromNpy(labels->bytes, place(*labels));
  if (!read) return read.problems();
  set->labels = std::move(*read);
  return MakePoints(std::move(*set), place(*labels), rounding);
}

Result<PointSet> MakePoints(PointSet points, std::string_view where,
                            Rounding rounding) {
  const auto problem = [&](std::string what) {
    return Problem{std::string(where), std::move(what)};
  };
  const int dim = points.dim;
  if (dim < 1 || dim > kMaxPointDim ||
      points.values.size() % static_cast<size_t>(dim) != 0) {
    return problem("a point has 1 to " + std::to_string(kMaxPointDim) +
                   " coordinates; give as many for every point.");
  }
  if (points.count() < 2) {
    return problem(
        std::string("there ") +
        (points.count() == 1 ? "is one point only" : "are no points") +
        "; give at least 2.");
  }
  if (points.count() > kMaxPoints) {
    return problem("there are more than " + std::to_string(kMaxPoints) +
                   " points; keep that many.");
  }
  if (!points.labels.empty() &&
      static_cast<int64_t>(points.labels.size()) != points.count()) {
    return problem("found " + std::to_string(points.labels.size()) +
                   " labels for " + std::to_string(points.count()) +
                   " points; give one for each point, or none.");
  }
  for (size_t i = 0; i < points.values.size(); ++i) {
    float& value = points.values[i];
    if (!std::isfinite(value)) {
      return problem("a coordinate of point " +
                     std::to_string(i / static_cast<size_t>(dim)) +
                     " is not finite; give a number, or remove the point.");
    }
    value += 0.0f;  // -0 becomes 0
  }
  if (rounding == Rounding::kToCodes && points.count() <= kMaxPackedPoints) {
    return RoundToCodes(points);
  }
  return points;
}

}  // namespace unnoise
