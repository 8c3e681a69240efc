#include "core/run/tensor_numbers.h"

#include <cmath>
#include <cstring>
#include <optional>

#include "core/base/half.h"

namespace unnoise {
namespace {

template <class T>
T Rounded(Half number) {
  return ToFloat(number);
}
template <class T>
T Rounded(Bfloat16 number) {
  return ToFloat(number);
}
template <class T, class Number>
T Rounded(Number number) {
  return static_cast<T>(number);
}

// Reads numbers of type Number; the first that is not finite as a T, or none.
template <class Number, class T>
std::optional<size_t> Read(std::string_view bytes, std::vector<T>& out) {
  for (size_t i = 0; i < out.size(); ++i) {
    Number number;  // it need not be aligned
    std::memcpy(&number, bytes.data() + i * sizeof number, sizeof number);
    out[i] = Rounded<T>(number);
    if (!std::isfinite(out[i])) return i;
  }
  return std::nullopt;
}

template <class T>
std::optional<size_t> ReadAll(const SafetensorsFile::Entry& entry,
                              std::vector<T>& out) {
  const std::string_view bytes = entry.bytes;
  switch (entry.type) {
    case NumberType::kF64:
      return Read<double>(bytes, out);
    case NumberType::kF32:
      return Read<float>(bytes, out);
    case NumberType::kF16:
      return Read<Half>(bytes, out);
    case NumberType::kBF16:
      return Read<Bfloat16>(bytes, out);
    case NumberType::kI64:
      return Read<int64_t>(bytes, out);
    case NumberType::kI32:
      return Read<int32_t>(bytes, out);
    case NumberType::kI16:
      return Read<int16_t>(bytes, out);
    case NumberType::kI8:
      return Read<int8_t>(bytes, out);
    case NumberType::kU64:
      return Read<uint64_t>(bytes, out);
    case NumberType::kU32:
      return Read<uint32_t>(bytes, out);
    case NumberType::kU16:
      return Read<uint16_t>(bytes, out);
    case NumberType::kU8:
      return Read<uint8_t>(bytes, out);
    case NumberType::kBool:
      break;
  }
  for (size_t i = 0; i < out.size(); ++i) out[i] = bytes[i] != 0;
  return std::nullopt;
}

// "[1, 0]": where a number stands in its tensor.
std::string IndexText(size_t element, const Shape& shape) {
  std::string text = "]";
  for (int axis = shape.rank(); axis-- > 0;) {
    const size_t extent = static_cast<size_t>(shape[axis]);
    text = (axis > 0 ? ", " : "") + std::to_string(element % extent) + text;
    element /= extent;
  }
  return '[' + text;
}

}  // namespace

template <class T>
Result<std::vector<T>> NumbersOf(const SafetensorsFile::Entry& entry,
                                 std::string_view name,
                                 std::string_view where) {
  std::vector<T> numbers(static_cast<size_t>(entry.shape.size()));
  const std::optional<size_t> bad = ReadAll(entry, numbers);
  if (!bad) return numbers;
  return Problem{std::string(where),
                 "the number of " + QuotedName(name) + " at " +
                     IndexText(*bad, entry.shape) +
                     (std::is_same_v<T, float>
                          ? " is not finite in single precision; give one "
                            "within 3e38."
                          : " is not finite; give one that is.")};
}

template Result<std::vector<float>> NumbersOf(const SafetensorsFile::Entry&,
                                              std::string_view,
                                              std::string_view);
template Result<std::vector<double>> NumbersOf(const SafetensorsFile::Entry&,
                                               std::string_view,
                                               std::string_view);

}  // namespace unnoise
