// Numbers as array files hold them: so many bytes of one kind, in either order,
// read as floats.

#ifndef UNNOISE_BASE_NUMBER_BYTES_H_
#define UNNOISE_BASE_NUMBER_BYTES_H_

#include <cstdint>

namespace unnoise {

// kFloat has 2, 4 or 8 bytes (IEEE 754), kBfloat 2, whole numbers 1 to 8.
enum class NumberKind : uint8_t { kFloat, kBfloat, kSigned, kUnsigned };

struct NumberFormat {
  NumberKind kind;
  uint8_t size;  // in bytes
  bool big_endian = false;
};

// The number that begins at `bytes`, which need not be aligned. T is float or
// double; what T cannot hold is rounded to nearest, ties to even, and beyond
// its range is infinity.
template <class T>
T NumberAt(const char* bytes, const NumberFormat& format);

}  // namespace unnoise

#endif  // UNNOISE_BASE_NUMBER_BYTES_H_
