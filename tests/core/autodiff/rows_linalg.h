// Rows of the conformance table: core/autodiff/linalg.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_LINALG_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_LINALG_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

// Near 3 on the diagonal, small elsewhere, so that inverses are small too.
inline Tensor WellConditioned(Tensor x) {
  const int64_t n = x.shape()[0];
  std::vector<float> eye(static_cast<size_t>(n * n));
  for (int64_t i = 0; i < n; ++i) eye[i * n + i] = 3;
  Tensor diagonal = x.tape().Constant({n, n}, std::span<const float>(eye));
  return Add(ScaleShift(x, 0.1, 0), diagonal);
}

template <Triangle kTriangle, Transpose kTranspose>
OpRow SolveRow(const char* name) {
  const Build build = [](X x) {
    return TriangularSolve(WellConditioned(x[0]), x[1], kTriangle, kTranspose);
  };
  return {name,
          build,
          {{Shape{1, 1}, Shape{1, 2}}, {Shape{4, 4}, Shape{4, 3}}},
          // The matrix is made in two roundings, which the solution follows.
          [](const Shapes&) { return 8.0; },
          [](X x) { return BroadcastTo(SumAll(x[1]), x[1].shape()); },
          [](X x) {
            Tensor sum = SumAll(x[0]);
            Tensor both = Add(sum, SumAll(x[1]));
            return BroadcastTo(both, x[1].shape());
          }};
}

inline std::vector<OpRow> LinalgRows() {
  const std::vector<Shapes> squares = {
      {Shape{1, 1}}, {Shape{2, 2}}, {Shape{5, 5}}};
  const auto few = [](const Shapes&) { return 8.0; };
  const Build spread = [](X x) {
    return BroadcastTo(SumAll(x[0]), x[0].shape());
  };
  return {
      {"LogDet", [](X x) { return LogDet(WellConditioned(x[0])); }, squares,
       few, [](X x) { return ScaleShift(SumAll(x[0]), 1, 1); },
       [](X x) { return SumAll(x[0]); }},
      {"Inverse", [](X x) { return Inverse(WellConditioned(x[0])); }, squares,
       few, [](X x) { return x[0].tape().Filled(x[0].shape(), 1); }, spread},
      SolveRow<Triangle::kLower, Transpose::kNo>("TriangularSolve/lower"),
      SolveRow<Triangle::kUpper, Transpose::kNo>("TriangularSolve/upper"),
      SolveRow<Triangle::kLower, Transpose::kYes>("TriangularSolve/turned"),
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_LINALG_H_
