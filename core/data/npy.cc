// The numbers of NPY arrays, and the header as it is written. Headers are read
// in npy_header.cc.

#include "core/data/npy.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/base/check.h"
#include "core/base/half.h"
#include "core/base/number_bytes.h"

namespace unnoise {
namespace {

constexpr size_t kAlignment = 64;  // of the numbers, so that they can be mapped

// By NpyType.
struct TypeRow {
  const char* descr;
  int size;
};
constexpr TypeRow kTypes[] = {{"<f4", 4}, {"<f8", 8}, {"<f2", 2}, {"|u1", 1}};

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they lie in memory");

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
int64_t Convert(const NpyInfo& info, const char* numbers,
                std::vector<float>& out) {
  const NumberFormat format{info.kind == 'f'   ? NumberKind::kFloat
                            : info.kind == 'i' ? NumberKind::kSigned
                                               : NumberKind::kUnsigned,
                            static_cast<uint8_t>(info.size), info.big_endian};
  Places places(info);
  for (size_t i = 0; i < out.size(); ++i, places.Next()) {
    out[i] = NumberAt<float>(numbers + places.place() * format.size, format);
    if (!std::isfinite(out[i])) return static_cast<int64_t>(i);
  }
  return -1;
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
      std::string("{'descr': '") + kTypes[static_cast<int>(type)].descr +
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

int SizeOf(NpyType type) { return kTypes[static_cast<int>(type)].size; }

bool AppendNumbers(std::span<const float> values, NpyType type,
                   std::string& bytes) {
  const auto append = [&](const auto& number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  switch (type) {
    case NpyType::kFloat32:
      bytes.append(reinterpret_cast<const char*>(values.data()),
                   values.size_bytes());
      return true;
    case NpyType::kFloat64:
      for (const float value : values) append(double{value});
      return true;
    case NpyType::kFloat16:
      for (const float value : values) {
        const Half half = ToHalf(value);
        if (!std::isfinite(ToFloat(half))) return false;
        append(half);
      }
      return true;
    case NpyType::kUint8:
      break;
  }
  Check(false, "only floats are written as numbers of another type");
  return false;
}

Result<NpyArray> ReadNpy(std::string_view bytes, std::string_view where) {
  Result<NpyInfo> info = ReadNpyInfo(bytes, where);
  if (!info) return info.problems();
  const std::string_view numbers = bytes.substr(info->offset);
  NpyArray array;
  array.values.resize(numbers.size() / static_cast<size_t>(info->size));
  const int64_t bad = Convert(*info, numbers.data(), array.values);
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
