// Points from the bytes of a file, whatever its format, and what holds for all
// formats. The text formats are read in points_csv.cc.

#include <cmath>
#include <utility>

#include "core/data/npy.h"
#include "core/data/points.h"

namespace unnoise {

Result<PointSet> PointsFromBytes(std::string_view bytes,
                                 std::string_view where) {
  if (bytes.starts_with(kNpyMagic)) return PointsFromNpy(bytes, where);
  return PointsFromCsv(bytes, where);
}

Result<PointSet> PointsFromNpy(std::string_view bytes, std::string_view where) {
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
  return MakePoints({dim, std::move(array->values)}, where);
}

Result<PointSet> MakePoints(PointSet points, std::string_view where) {
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
  if (points.count() <= kMaxPackedPoints) return RoundToCodes(points);
  return points;
}

}  // namespace unnoise
