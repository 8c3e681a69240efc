// The conformance table: one row per op of core/autodiff/ops.h, with inputs
// that reach the edges of its kernels. What is checked for every row is in
// conformance_test.cc. A new op needs a row, in the file of this folder that is
// named as the op's header (rows_elementwise.h); a test compares the table with
// the headers. Here: what rows are made of.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_OP_ROWS_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_OP_ROWS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/autodiff/ops.h"

namespace unnoise {

using Build = Tensor (*)(std::span<const Tensor> x);
using Shapes = std::vector<Shape>;

struct OpRow {
  // The function, and behind a slash what is special.
  std::string name;
  Build build;
  std::vector<Shapes> inputs;
  // How many roundings of 2^-24 may add up in an element of the result.
  double (*roundings)(const Shapes& inputs);
  // On absolute values of the inputs these bound what the roundings are
  // relative to, in the result and (differentiated) in its derivatives.
  Build value_bound;
  Build gradient_bound;
  // Whether errors of a sum over in go through a curve (fused layers).
  bool curved_sum = false;
};

namespace op_rows {

// Every remainder of two vectors of up to 16 lanes, and three beyond.
inline std::vector<Shapes> Lengths(int operands) {
  std::vector<Shapes> all;
  for (int64_t n = 0; n <= 2 * 16 + 3; ++n) {
    all.push_back(Shapes(operands, Shape{n}));
  }
  return all;
}

// Rows and columns around the widths of vectors and panels.
inline std::vector<Shapes> Matrices() {
  std::vector<Shapes> all;
  for (int64_t cols : {0, 1, 2, 7, 8, 9, 16, 17, 33, 63, 64, 65, 67}) {
    for (int64_t rows : {0, 1, 3}) all.push_back({Shape{rows, cols}});
  }
  return all;
}

inline Tensor First(std::span<const Tensor> x) { return x[0]; }

// An elementwise function; its rounding is relative to the result, that of its
// slope (at most 1.1) to the incoming derivative.
inline OpRow UnaryRow(const char* name, Build build,
                      double (*roundings)(const Shapes&)) {
  return {name, build, Lengths(1), roundings, build, First};
}

inline OpRow PlainRow(const char* name, Build build, std::vector<Shapes> inputs,
                      double (*roundings)(const Shapes&)) {
  return {name, build, std::move(inputs), roundings, build, build};
}

// Roundings of results that do not depend on shapes.
inline double Exact(const Shapes&) { return 0; }
inline double OneRounding(const Shapes&) { return 1; }
// Of a sum over any part of the first input.
inline double Count(const Shapes& s) {
  return 1.0 + static_cast<double>(s[0].size());
}

using X = std::span<const Tensor>;

}  // namespace op_rows

}  // namespace unnoise

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_OP_ROWS_H_
