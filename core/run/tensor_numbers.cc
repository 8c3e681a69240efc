#include "core/run/tensor_numbers.h"

#include <cmath>
#include <string>
#include <type_traits>

#include "core/base/number_bytes.h"

namespace unnoise {
namespace {

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
  const NumberFormat format = FormatOf(entry.type);
  std::vector<T> numbers(static_cast<size_t>(entry.shape.size()));
  for (size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = NumberAt<T>(entry.bytes.data() + i * format.size, format);
    if (std::isfinite(numbers[i])) continue;
    return Problem{std::string(where),
                   "the number of " + QuotedName(name) + " at " +
                       IndexText(i, entry.shape) +
                       (std::is_same_v<T, float>
                            ? " is not finite in single precision; give one "
                              "within 3e38."
                            : " is not finite; give one that is.")};
  }
  return numbers;
}

template Result<std::vector<float>> NumbersOf(const SafetensorsFile::Entry&,
                                              std::string_view,
                                              std::string_view);
template Result<std::vector<double>> NumbersOf(const SafetensorsFile::Entry&,
                                               std::string_view,
                                               std::string_view);

}  // namespace unnoise
