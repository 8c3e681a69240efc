// Points as 16-bit codes between the least and the greatest value of each axis,
// and as bytes that travel: a share link, or a message to the page's worker.

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/data/points.h"

namespace unnoise {
namespace {

constexpr char kMagic[] = {'U', 'N', 'P', 'T'};
constexpr uint8_t kBareVersion = 1;      // without labels
constexpr uint8_t kLabelledVersion = 2;  // the same, and then labels
constexpr size_t kHeaderBytes = 10;
constexpr uint16_t kMaxCode = 65535;

struct Axis {
  float low;
  float high;
};

std::vector<Axis> AxesOf(const PointSet& points) {
  const size_t dim = static_cast<size_t>(points.dim);
  Check(points.count() >= 2 && points.count() <= kMaxPackedPoints,
        "only 2 to 2000 points are coded");
  std::vector<Axis> axes(dim);
  for (size_t i = 0; i < points.values.size(); ++i) {
    const float x = points.values[i];
    Axis& axis = axes[i % dim];
    if (i < dim) axis = {x, x};
    if (x < axis.low) axis.low = x;
    if (x > axis.high) axis.high = x;
  }
  return axes;
}

// In double, where the difference of two floats cannot overflow.
uint16_t CodeOf(float x, const Axis& axis) {
  if (axis.low == axis.high) return 0;
  const double low = axis.low, high = axis.high;
  const double part = (x - low) / (high - low);
  return static_cast<uint16_t>(std::floor(part * kMaxCode + 0.5));
}

float ValueOf(uint16_t code, const Axis& axis) {
  if (code == kMaxCode) return axis.high;  // without rounding
  const double low = axis.low, high = axis.high;
  return static_cast<float>(low + (high - low) * (code / double{kMaxCode}));
}

void Append16(uint16_t value, std::string& out) {
  out += static_cast<char>(value & 255);
  out += static_cast<char>(value >> 8);
}

void Append32(uint32_t value, std::string& out) {
  Append16(static_cast<uint16_t>(value), out);
  Append16(static_cast<uint16_t>(value >> 16), out);
}

void AppendFloat(float value, std::string& out) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  Append32(bits, out);
}

uint16_t Read16(std::string_view bytes, size_t at) {
  return static_cast<uint16_t>(static_cast<uint8_t>(bytes[at]) |
                               static_cast<uint8_t>(bytes[at + 1]) << 8);
}

uint32_t Read32(std::string_view bytes, size_t at) {
  return Read16(bytes, at) | static_cast<uint32_t>(Read16(bytes, at + 2)) << 16;
}

float ReadFloat(std::string_view bytes, size_t at) {
  const uint32_t bits = Read32(bytes, at);
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

bool ReadFloats(std::string_view bytes, std::vector<float>& out) {
  for (size_t at = 0; at < bytes.size(); at += 4) {
    out.push_back(ReadFloat(bytes, at));
    if (!std::isfinite(out.back())) return false;
  }
  return true;
}

Problem Damaged() {
  return {
      "points",
      "the points are cut or edited; copy the whole link again, or open the "
      "file that it was made from."};
}

}  // namespace

PointSet RoundToCodes(const PointSet& points) {
  const std::vector<Axis> axes = AxesOf(points);
  PointSet rounded = points;
  for (size_t i = 0; i < rounded.values.size(); ++i) {
    const Axis& axis = axes[i % axes.size()];
    rounded.values[i] = ValueOf(CodeOf(rounded.values[i], axis), axis);
  }
  return rounded;
}

std::string Pack(const PointSet& points) {
  std::string out(kMagic, sizeof kMagic);
  const bool labelled = !points.labels.empty();
  out += static_cast<char>(labelled ? kLabelledVersion : kBareVersion);
  out += static_cast<char>(points.dim);
  Append32(static_cast<uint32_t>(points.count()), out);
  if (points.count() > kMaxPackedPoints) {
    for (const float value : points.values) AppendFloat(value, out);
  } else {
    const std::vector<Axis> axes = AxesOf(points);
    for (const Axis& axis : axes) {
      AppendFloat(axis.low, out);
      AppendFloat(axis.high, out);
    }
    for (size_t i = 0; i < points.values.size(); ++i) {
      Append16(CodeOf(points.values[i], axes[i % axes.size()]), out);
    }
  }
  out.append(points.labels.begin(), points.labels.end());
  return out;
}

Result<PointSet> Unpack(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes ||
      bytes.substr(0, sizeof kMagic) !=
          std::string_view(kMagic, sizeof kMagic)) {
    return Problem{"points",
                   "these are not packed points; make the link again "
                   "from the file."};
  }
  const uint8_t version = static_cast<uint8_t>(bytes[4]);
  if (version < kBareVersion || version > kLabelledVersion) {
    return Problem{"points", "the points are packed in form " +
                                 std::to_string(version) +
                                 ", which this version of unnoise does not "
                                 "know; open the link with a newer one."};
  }
  PointSet points;
  points.dim = static_cast<uint8_t>(bytes[5]);
  const uint64_t dim = static_cast<uint64_t>(points.dim);
  const uint64_t count = Read32(bytes, 6);
  if (dim < 1 || dim > kMaxPointDim || count < 2 || count > kMaxPoints) {
    return Damaged();
  }
  const bool coded = count <= kMaxPackedPoints;
  std::string_view body = bytes.substr(kHeaderBytes);
  const uint64_t label_count = version == kLabelledVersion ? count : 0;
  if (body.size() !=
      (coded ? 8 * dim + 2 * dim * count : 4 * dim * count) + label_count) {
    return Damaged();
  }
  const std::string_view labels = body.substr(body.size() - label_count);
  points.labels.assign(labels.begin(), labels.end());
  body.remove_suffix(label_count);
  if (!coded) {
    points.values.reserve(dim * count);
    if (!ReadFloats(body, points.values)) return Damaged();
    return points;
  }
  std::vector<float> ends;
  if (!ReadFloats(body.substr(0, 8 * dim), ends)) return Damaged();
  const std::string_view codes = body.substr(8 * dim);
  for (size_t i = 0; i < count * dim; ++i) {
    const size_t axis = i % dim;
    points.values.push_back(
        ValueOf(Read16(codes, 2 * i), {ends[2 * axis], ends[2 * axis + 1]}));
  }
  // Each axis reaches both of its ends, and they are in order: else the codes
  // would name other points when they are packed again.
  if (Pack(points) != bytes) return Damaged();
  return points;
}

}  // namespace unnoise
