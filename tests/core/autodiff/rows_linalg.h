// Rows of the conformance table: core/autodiff/linalg.h. Matrices are drawn
// near multiples of the identity, so that they are far from singular.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_LINALG_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_LINALG_H_

#include <vector>

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

// tanh(x), and 4 n more or less on the diagonal, by turns, so that determinants
// of both signs come. What stands beside it in a row sums to less than n.
inline Tensor FarFromSingular(Tensor x) {
  const int64_t n = x.shape()[x.shape().rank() - 1];
  std::vector<float> diagonal(static_cast<size_t>(n * n));
  for (int64_t i = 0; i < n; ++i) {
    diagonal[i * n + i] = static_cast<float>(i % 2 == 0 ? 4 * n : -4 * n);
  }
  Tensor on = x.tape().Constant({n, n}, std::span<const float>(diagonal));
  on = BroadcastTo(on, x.shape());
  return Add(Tanh(x), on);
}

inline std::vector<Shapes> Squares() {
  return {{Shape{1, 1}}, {Shape{2, 2}}, {Shape{5, 5}}, {Shape{9, 9}}};
}

// Many at once.
inline std::vector<Shapes> Stacks() {
  return {{Shape{3, 2, 2}}, {Shape{2, 1, 4, 4}}};
}

inline std::vector<Shapes> Systems() {
  return {{Shape{1, 1}, Shape{1, 3}},
          {Shape{3, 3}, Shape{3, 2}},
          {Shape{6, 6}, Shape{6, 5}}};
}

// Arithmetic is double; what counts is how float moves the matrix, and one
// rounding of the result. Entries beside the diagonal are off by 4.6 roundings
// of 1, those on it by 4 n + 6. Rows of the inverse sum to less than 1 / (3 n)
// in size (Varah 1975), so that the inverse, or a solution relative to the
// right side, moves by at most (9 n + 6) / (3 n)^2, and log |det| by n times
// (9 n + 6) / (3 n): all below these, relative to 1 (log |det|: to n).
// Derivatives are products with the inverse and what comes in.
inline double SolveRoundings(const Shapes& s) {
  return 8.0 * static_cast<double>(s[0][s[0].rank() - 1]) + 8;
}
inline Tensor AllOf(Tensor x, const Shape& shape) {
  return BroadcastTo(SumAll(x), shape);
}

inline std::vector<OpRow> LinalgRows() {
  return {
      {"LogDet", [](X x) { return LogDet(FarFromSingular(x[0])); }, Squares(),
       SolveRoundings,
       [](X x) {
         const double n = static_cast<double>(x[0].shape()[0]);
         return x[0].tape().Filled({}, n);
       },
       [](X x) { return SumAll(x[0]); }},
      {"LogDet/many", [](X x) { return LogDet(FarFromSingular(x[0])); },
       Stacks(), SolveRoundings,
       [](X x) {
         const int rank = x[0].shape().rank();
         Tensor sum = Sum(x[0], {rank - 2, rank - 1});
         const double n = static_cast<double>(x[0].shape()[rank - 1]);
         return x[0].tape().Filled(sum.shape(), n);
       },
       [](X x) {
         const int rank = x[0].shape().rank();
         return Sum(x[0], {rank - 2, rank - 1});
       }},
      {"Inverse", [](X x) { return Inverse(FarFromSingular(x[0])); }, Squares(),
       SolveRoundings, [](X x) { return x[0].tape().Filled(x[0].shape(), 1); },
       [](X x) { return AllOf(x[0], x[0].shape()); }},
      {"Inverse/many", [](X x) { return Inverse(FarFromSingular(x[0])); },
       Stacks(), SolveRoundings,
       [](X x) { return x[0].tape().Filled(x[0].shape(), 1); },
       [](X x) { return AllOf(x[0], x[0].shape()); }},
      {"TriangularSolve",
       [](X x) {
         Tensor a = FarFromSingular(x[0]);
         return TriangularSolve(a, x[1], Triangle::kLower);
       },
       Systems(), SolveRoundings, [](X x) { return AllOf(x[1], x[1].shape()); },
       [](X x) {
         Tensor right = AllOf(x[1], x[1].shape());
         return Add(right, AllOf(x[0], x[1].shape()));
       }},
      {"TriangularSolve/transposed",
       [](X x) {
         Tensor a = FarFromSingular(x[0]);
         return TriangularSolve(a, x[1], Triangle::kUpper, Transpose::kYes);
       },
       Systems(), SolveRoundings, [](X x) { return AllOf(x[1], x[1].shape()); },
       [](X x) {
         Tensor right = AllOf(x[1], x[1].shape());
         return Add(right, AllOf(x[0], x[1].shape()));
       }},
      {"TriangularSolve/upper",
       [](X x) {
         Tensor a = FarFromSingular(x[0]);
         return TriangularSolve(a, x[1], Triangle::kUpper);
       },
       Systems(), SolveRoundings, [](X x) { return AllOf(x[1], x[1].shape()); },
       [](X x) {
         Tensor right = AllOf(x[1], x[1].shape());
         return Add(right, AllOf(x[0], x[1].shape()));
       }},
      {"TriangularSolve/many",
       [](X x) {
         Tensor a = FarFromSingular(x[0]);
         return TriangularSolve(a, x[1], Triangle::kLower, Transpose::kYes);
       },
       {{Shape{3, 2, 2}, Shape{3, 2, 1}},
        {Shape{2, 2, 3, 3}, Shape{2, 2, 3, 2}}},
       SolveRoundings,
       [](X x) { return AllOf(x[1], x[1].shape()); },
       [](X x) {
         Tensor right = AllOf(x[1], x[1].shape());
         return Add(right, AllOf(x[0], x[1].shape()));
       }},
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_LINALG_H_
