// The numbers of NPY arrays, and the header as it is written. Headers are read
// in npy_header.cc.

#include "core/data/npy.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

namespace unnoise {
namespace {

constexpr size_t kAlignment = 64;  // of the numbers, so that they can be mapped

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they lie in memory");

// IEEE 754-2008, binary16; every one is a float32.
float FromHalf(uint16_t half) {
  const int exponent = half >> 10 & 31;
  const float fraction = static_cast<float>(half & 1023);
  float value;
  if (exponent == 31) {
    value = HUGE_VALF - (half & 1023 ? HUGE_VALF : 0.0f);
  } else if (exponent == 0) {
    value = fraction * 0x1p-24f;
  } else {
    const uint32_t bits = static_cast<uint32_t>(exponent + 112) << 23 |
                          static_cast<uint32_t>(half & 1023) << 13;
    std::memcpy(&value, &bits, sizeof value);
  }
  return half & 0x8000 ? -value : value;
}

// The number at `bytes`, in the machine's order.
template <class T>
T Load(const char* bytes, bool big_endian) {
  char buffer[sizeof(T)];
  for (size_t i = 0; i < sizeof(T); ++i) {
    buffer[i] = bytes[big_endian ? sizeof(T) - 1 - i : i];
  }
  T value;
  std::memcpy(&value, buffer, sizeof value);
  return value;
}

struct Half {
  uint16_t bits;
};
float ToFloat(Half half) { return FromHalf(half.bits); }
template <class T>
float ToFloat(T value) {
  return static_cast<float>(value);
}

// The index of an element in C order.
std::vector<int64_t> IndexOf(size_t element, std::span<const int64_t> shape) {
  std::vector<int64_t> index(shape.size());
  for (size_t axis = shape.size(); axis-- > 0;) {
    const size_t extent = static_cast<size_t>(shape[axis]);
    index[axis] = static_cast<int64_t>(element % extent);
    element /= extent;
  }
  return index;
}

// Walks an array in C order; says where each element lies in the file.
class Places {
 public:
  explicit Places(const NpyInfo& info)
      : shape_(info.shape), index_(info.shape.size()), strides_(index_.size()) {
    size_t stride = 1;
    for (size_t i = 0; i < shape_.size(); ++i) {
      const size_t axis = info.fortran_order ? i : shape_.size() - 1 - i;
      strides_[axis] = stride;
      stride *= static_cast<size_t>(shape_[axis]);
    }
  }
  size_t place() const { return place_; }
  void Next() {
    for (size_t axis = shape_.size(); axis-- > 0;) {
      place_ += strides_[axis];
      if (++index_[axis] < shape_[axis]) return;
      place_ -= strides_[axis] * static_cast<size_t>(shape_[axis]);
      index_[axis] = 0;
    }
  }

 private:
  std::span<const int64_t> shape_;
  std::vector<int64_t> index_;
  std::vector<size_t> strides_;
  size_t place_ = 0;
};

// Converts all numbers; the first one that is not finite then, or -1.
template <class T>
int64_t Convert(const NpyInfo& info, const char* numbers,
                std::vector<float>& out) {
  Places places(info);
  for (size_t i = 0; i < out.size(); ++i, places.Next()) {
    out[i] =
        ToFloat(Load<T>(numbers + places.place() * sizeof(T), info.big_endian));
    if (!std::isfinite(out[i])) return static_cast<int64_t>(i);
  }
  return -1;
}

int64_t ConvertAll(const NpyInfo& info, const char* numbers,
                   std::vector<float>& out) {
  const auto is = [&](char kind, int size) {
    return info.kind == kind && info.size == size;
  };
  if (is('f', 2)) return Convert<Half>(info, numbers, out);
  if (is('f', 4)) return Convert<float>(info, numbers, out);
  if (is('f', 8)) return Convert<double>(info, numbers, out);
  if (is('i', 1)) return Convert<int8_t>(info, numbers, out);
  if (is('i', 2)) return Convert<int16_t>(info, numbers, out);
  if (is('i', 4)) return Convert<int32_t>(info, numbers, out);
  if (is('i', 8)) return Convert<int64_t>(info, numbers, out);
  if (is('u', 2)) return Convert<uint16_t>(info, numbers, out);
  if (is('u', 4)) return Convert<uint32_t>(info, numbers, out);
  if (is('u', 8)) return Convert<uint64_t>(info, numbers, out);
  return Convert<uint8_t>(info, numbers, out);  // and bool
}

}  // namespace

std::string ShapeText(std::span<const int64_t> shape) {
  std::string text = "(";
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    if (axis > 0) text += ' ';
    text += std::to_string(shape[axis]) + ',';
  }
  if (shape.size() > 1) text.pop_back();  // (3,) but (3, 2)
  return text + ')';
}

std::string NpyHeader(std::span<const int64_t> shape, NpyType type) {
  std::string text =
      std::string("{'descr': '") + (type == NpyType::kFloat32 ? "<f4" : "|u1") +
      "', 'fortran_order': False, 'shape': " + ShapeText(shape) + ", }";
  std::string header(kNpyMagic);
  header += '\x01';  // version 1.0
  header += '\0';
  const size_t bare = header.size() + 2 + text.size() + 1;
  text.append((kAlignment - bare % kAlignment) % kAlignment, ' ');
  text += '\n';
  header += static_cast<char>(text.size() & 255);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

Result<NpyArray> ReadNpy(std::string_view bytes, std::string_view where) {
  Result<NpyInfo> info = ReadNpyInfo(bytes, where);
  if (!info) return info.problems();
  const std::string_view numbers = bytes.substr(info->offset);
  NpyArray array;
  array.values.resize(numbers.size() / static_cast<size_t>(info->size));
  const int64_t bad = ConvertAll(*info, numbers.data(), array.values);
  if (bad >= 0) {
    const std::vector<int64_t> index =
        IndexOf(static_cast<size_t>(bad), info->shape);
    return Problem{
        std::string(where),
        "the number at index " + ShapeText(index) +
            " is not finite in single precision; give one within 3e38, "
            "or remove it."};
  }
  array.shape = std::move(info->shape);
  return array;
}

}  // namespace unnoise
