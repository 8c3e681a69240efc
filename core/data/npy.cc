// The NPY header and its reader, which trusts no length that a file claims.

#include "core/data/npy.h"

#include <bit>
#include <cstring>
#include <utility>

namespace unnoise {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "\x93NUMPY\x01\x00"sv;  // and version 1.0
constexpr size_t kLengthBytes = 2;
constexpr size_t kAlignment = 64;  // of the numbers, so that they can be mapped
constexpr size_t kMaxRank = 8;

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they lie in memory");

// Reads the header's Python dictionary from the front, piece by piece.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool Take(std::string_view expected) {
    while (text_.starts_with(' ')) text_.remove_prefix(1);
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }
  // A number in [0, limit].
  bool TakeNumber(uint64_t limit, uint64_t& number) {
    Take("");
    size_t digits = 0;
    number = 0;
    for (;
         digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9';
         ++digits) {
      number = 10 * number + static_cast<uint64_t>(text_[digits] - '0');
      if (number > limit) return false;
    }
    text_.remove_prefix(digits);
    return digits > 0;
  }

 private:
  std::string_view text_;
};

// Fills `shape` from the dictionary; `max_size` bounds its product.
bool ReadShape(std::string_view text, uint64_t max_size,
               std::vector<int64_t>& shape) {
  Cursor cursor(text);
  if (!cursor.Take("{") || !cursor.Take("'descr':") || !cursor.Take("'<f4'") ||
      !cursor.Take(",") || !cursor.Take("'fortran_order':") ||
      !cursor.Take("False") || !cursor.Take(",") || !cursor.Take("'shape':") ||
      !cursor.Take("(")) {
    return false;
  }
  uint64_t size = 1;
  while (!cursor.Take(")")) {
    uint64_t extent = 0;
    if (shape.size() == kMaxRank || !cursor.TakeNumber(max_size, extent) ||
        (extent > 0 && size > max_size / extent)) {
      return false;
    }
    size *= extent;
    shape.push_back(static_cast<int64_t>(extent));
    if (!cursor.Take(",")) return cursor.Take(")") && size == max_size;
  }
  return size == max_size;
}

}  // namespace

std::string NpyHeader(std::span<const int64_t> shape) {
  std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    if (axis > 0) text += ' ';
    text += std::to_string(shape[axis]) + ',';
  }
  if (shape.size() > 1) text.pop_back();  // (3,) but (3, 2)
  text += "), }";
  const size_t bare = kMagic.size() + kLengthBytes + text.size() + 1;
  text.append((kAlignment - bare % kAlignment) % kAlignment, ' ');
  text += '\n';
  std::string header(kMagic);
  header += static_cast<char>(text.size() & 255);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

Result<NpyArray> ReadNpy(std::string_view bytes, std::string_view where) {
  const auto problem = [&](const char* what) {
    return Problem{std::string(where), what};
  };
  if (!bytes.starts_with(kMagic) ||
      bytes.size() < kMagic.size() + kLengthBytes) {
    return problem(
        "this is no NPY file of version 1.0; write one with "
        "numpy.save.");
  }
  bytes.remove_prefix(kMagic.size());
  const size_t length = static_cast<unsigned char>(bytes[0]) |
                        size_t{static_cast<unsigned char>(bytes[1])} << 8;
  bytes.remove_prefix(kLengthBytes);
  if (length > bytes.size()) {
    return problem("the file ends within its header; take another copy.");
  }
  const std::string_view header = bytes.substr(0, length);
  const std::string_view numbers = bytes.substr(length);
  NpyArray array;
  if (numbers.size() % sizeof(float) != 0 ||
      !ReadShape(header, numbers.size() / sizeof(float), array.shape)) {
    return problem(
        "the file is cut, or is not an array of little-endian "
        "float32 in C order; write it anew with numpy.save.");
  }
  array.values.resize(numbers.size() / sizeof(float));
  if (!numbers.empty()) {
    std::memcpy(array.values.data(), numbers.data(), numbers.size());
  }
  return array;
}

}  // namespace unnoise
