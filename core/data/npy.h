// NPY arrays as bytes: written as little-endian floats (labels as uint8) in C
// order, read in every number type and order that NumPy writes. Reading gives
// float32; nothing else is kept of the type.

#ifndef UNNOISE_DATA_NPY_H_
#define UNNOISE_DATA_NPY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"

namespace unnoise {

// The first bytes of every NPY file; its version follows.
inline constexpr std::string_view kNpyMagic = "\x93NUMPY";

// What is written: results, and for labels uint8.
enum class NpyType { kFloat32, kFloat64, kFloat16, kUint8 };
int SizeOf(NpyType type);  // bytes of a number

// The header for an array of that shape; the numbers follow it.
// Source: NumPy's format specification, numpy.lib.format.
std::string NpyHeader(std::span<const int64_t> shape,
                      NpyType type = NpyType::kFloat32);

// Appends numbers of a float type: float64 are the same, float16 the nearest.
// False, with some of them appended, if one is beyond float16 or not finite
// there; float32 and float64 hold whatever `values` are.
bool AppendNumbers(std::span<const float> values, NpyType type,
                   std::string& bytes);

// What a header says of the array behind it.
struct NpyInfo {
  char kind = 'f';  // 'f' float, 'i' int, 'u' unsigned int, 'b' bool
  int size = 4;     // bytes of a number
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<int64_t> shape;
  size_t offset = 0;  // of the numbers in the file
};

// Reads the header alone, so that a caller can refuse a shape before anything
// is allocated for it. Versions 1.0 to 3.0, types bool, int8 to int64, uint8 to
// uint64, float16 to float64. A problem at `where`: any other type, by name and
// with the way to convert it; rank over 8; a file that is damaged, or holds
// more or fewer numbers than the shape says.
Result<NpyInfo> ReadNpyInfo(std::string_view bytes, std::string_view where);

struct NpyArray {
  std::vector<int64_t> shape;
  std::vector<float> values;  // row-major, whatever the order in the file

  bool operator==(const NpyArray&) const = default;
};

// Reads an array. Numbers are rounded to float32; what is not finite, or is
// beyond its range, is a problem that names the index. Of `bytes` as long as
// the info says.
Result<NpyArray> ReadNpy(std::string_view bytes, std::string_view where);

// "(3, 2)", "(3,)", "()": a shape or an index as Python writes it.
std::string ShapeText(std::span<const int64_t> shape);

}  // namespace unnoise

#endif  // UNNOISE_DATA_NPY_H_
