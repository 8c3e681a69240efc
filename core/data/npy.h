// NPY arrays as bytes, version 1.0, little-endian float32, C order.

#ifndef UNNOISE_DATA_NPY_H_
#define UNNOISE_DATA_NPY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"

namespace unnoise {

// The header for an array of that shape; the numbers follow it.
// Source: NumPy's format specification, numpy.lib.format.
std::string NpyHeader(std::span<const int64_t> shape);

struct NpyArray {
  std::vector<int64_t> shape;
  std::vector<float> values;  // row-major
};

// Reads an array of little-endian float32 in C order, as numpy.save writes it.
// Everything else is a problem at `where`: other types and orders, rank over
// 8, more or fewer numbers than the shape says.
Result<NpyArray> ReadNpy(std::string_view bytes, std::string_view where);

}  // namespace unnoise

#endif  // UNNOISE_DATA_NPY_H_
