// The safetensors container: 8 bytes little-endian header length, a JSON header
// {name: {dtype, shape, data_offsets}, __metadata__: {string: string}}, then
// the numbers. What they are as floats is tensor_numbers.h's business, what the
// tensors mean checkpoint.h's and weights.h's.

#ifndef UNNOISE_RUN_SAFETENSORS_H_
#define UNNOISE_RUN_SAFETENSORS_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/half.h"
#include "core/base/number_bytes.h"
#include "core/base/problem.h"
#include "core/tensor/shape.h"

namespace unnoise {

// The number types of the format that are read and written.
enum class NumberType : uint8_t {
  kF64,
  kF32,
  kF16,
  kBF16,
  kI64,
  kI32,
  kI16,
  kI8,
  kU64,
  kU32,
  kU16,
  kU8,
  kBool,
};
// "F64", as the format has it.
std::string_view NameOf(NumberType type);
NumberFormat FormatOf(NumberType type);

template <class T>
inline constexpr NumberType kNumberTypeOf = [] {
  if constexpr (std::is_same_v<T, double>) return NumberType::kF64;
  if constexpr (std::is_same_v<T, float>) return NumberType::kF32;
  if constexpr (std::is_same_v<T, Half>) return NumberType::kF16;
  if constexpr (std::is_same_v<T, Bfloat16>) return NumberType::kBF16;
  if constexpr (std::is_same_v<T, int64_t>) return NumberType::kI64;
  if constexpr (std::is_same_v<T, uint8_t>) return NumberType::kU8;
}();

// A tensor to be written, as its numbers lie in memory.
struct NamedTensor {
  // `numbers` is contiguous, of one of the types above, [shape.size()], and
  // outlives this. Throws UsageError if its size is another.
  template <class Numbers>
  NamedTensor(std::string name, const Shape& shape, const Numbers& numbers)
      : NamedTensor(std::move(name), shape,
                    kNumberTypeOf<std::remove_cvref_t<decltype(numbers[0])>>,
                    std::as_bytes(std::span(numbers))) {}
  NamedTensor(std::string name, const Shape& shape, NumberType type,
              std::span<const std::byte> bytes);

  std::string name;
  Shape shape;
  NumberType type;
  std::span<const std::byte> bytes;
};

using Metadata = std::map<std::string, std::string, std::less<>>;

// Tensors lie in the order given; one whose numbers would not lie on a multiple
// of their size is a UsageError, so wide types go first.
std::string WriteSafetensors(std::span<const NamedTensor> tensors,
                             const Metadata& metadata);

struct SafetensorsFile {
  struct Entry {
    Shape shape;
    NumberType type;
    std::string_view bytes;  // into the text that was read
  };
  std::map<std::string, Entry, std::less<>> tensors;
  Metadata metadata;
};

// `bytes` outlives the result. Refuses with a sentence: truncated files,
// headers over 16 MiB or not JSON, offsets that overlap, leave the file or do
// not fit the shape, rank over 4, and by name other types (F8_E4M3, ...).
Result<SafetensorsFile> ReadSafetensors(std::string_view bytes,
                                        std::string_view where);

// A name as problems show it: quoted, and cut if it is long.
std::string QuotedName(std::string_view name);

}  // namespace unnoise

#endif  // UNNOISE_RUN_SAFETENSORS_H_
