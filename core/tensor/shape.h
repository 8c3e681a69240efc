// Shapes of dense row-major tensors, and the number formats that a tensor can
// have. A shape is a value of fixed size: making one allocates nothing.

#ifndef UNNOISE_TENSOR_SHAPE_H_
#define UNNOISE_TENSOR_SHAPE_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace unnoise {

enum class DType : uint8_t {
  kF32,   // float: what models are trained and sampled in
  kF64,   // double: the reference
  kC128,  // complex<double>: gradient checks by complex step
};

// Bytes of one element.
inline constexpr int64_t SizeOf(DType dtype) {
  return dtype == DType::kF32 ? 4 : dtype == DType::kF64 ? 8 : 16;
}

// Up to six extents, outermost first; rank 0 is a scalar.
class Shape {
 public:
  static constexpr int kMaxRank = 6;
  // Bytes of the widest format are then counted in 63 bits, with room to spare.
  static constexpr int64_t kMaxSize = int64_t{1} << 56;

  Shape() = default;
  Shape(std::initializer_list<int64_t> extents)
      : Shape(std::span(extents.begin(), extents.size())) {}
  // Throws ShapeError: more than kMaxRank extents, one of them negative, more
  // than kMaxSize elements.
  explicit Shape(std::span<const int64_t> extents);

  int rank() const { return rank_; }
  int64_t operator[](int axis) const { return extents_[axis]; }
  int64_t size() const {
    int64_t product = 1;
    for (int axis = 0; axis < rank_; ++axis) product *= extents_[axis];
    return product;
  }
  bool operator==(const Shape&) const = default;

  // "[512, 2]".
  std::string ToText() const;

 private:
  std::array<int64_t, kMaxRank> extents_{};
  int rank_ = 0;
};

}  // namespace unnoise

#endif  // UNNOISE_TENSOR_SHAPE_H_
