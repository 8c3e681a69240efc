#include "core/tensor/shape.h"

#include "core/base/check.h"

namespace unnoise {

Shape::Shape(std::span<const int64_t> extents) {
  if (extents.size() > kMaxRank) {
    throw ShapeError("a shape has at most 6 extents, got " +
                     std::to_string(extents.size()));
  }
  int64_t room = kMaxSize;  // zeros do not make the others any smaller
  for (int64_t extent : extents) {
    extents_[rank_++] = extent;
    if (extent < 0) {
      throw ShapeError("an extent of a shape is negative: " + ToText());
    }
    if (extent > room) {
      throw ShapeError("a shape has at most 2^56 elements: " + ToText());
    }
    if (extent > 0) room /= extent;
  }
}

std::string Shape::ToText() const {
  std::string text = "[";
  for (int axis = 0; axis < rank_; ++axis) {
    if (axis > 0) text += ", ";
    text += std::to_string(extents_[axis]);
  }
  return text + "]";
}

}  // namespace unnoise
