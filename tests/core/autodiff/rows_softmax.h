// Rows of the conformance table: core/autodiff/softmax.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_SOFTMAX_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_SOFTMAX_H_

#include <cmath>

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

inline std::vector<Shapes> SoftmaxInputs() {
  return {{Shape{2, 3, 4}},
          {Shape{5, 1, 3}},
          {Shape{1, 9, 17}},
          {Shape{2, 33, 2}},
          {Shape{3, 2, 67}}};
}

// At least as many as the terms of any sum over axes of the input.
inline double Summed(const Shapes& s) {
  return static_cast<double>(s[0].size());
}

// A weight's logarithm is a difference below 4, off by 4 roundings of 1; exp
// adds 2 ULP of 1.03, the sum one a term and those of the terms.
inline double SoftmaxRoundings(const Shapes& s) {
  return 2 * (4 + 2 * 1.03) + Summed(s) + 2;
}
// Of 1: those of the sum pass into its logarithm, itself below log n and off by
// 2 ULP of 0.8; what is added up is below 4 + log n, twice.
inline double LogRoundings(const Shapes& s) {
  const double log = std::log(Summed(s) + 1);
  return SoftmaxRoundings(s) + 1.6 * log + 2 * (4 + log);
}

inline Tensor Ones(Tensor like) { return like.tape().Filled(like.shape(), 1); }

// Derivatives are a weight below 1 times the incoming ones, summed.
inline Tensor SpreadSum(Tensor x, Axes axes) {
  return BroadcastTo(Sum(x, axes, Keep::kYes), x.shape());
}

inline std::vector<OpRow> SoftmaxRows() {
  return {
      {"Softmax", [](X x) { return Softmax(x[0], {2}); }, SoftmaxInputs(),
       SoftmaxRoundings, [](X x) { return Ones(x[0]); },
       [](X x) { return SpreadSum(x[0], {2}); }},
      {"Softmax/apart",
       [](X x) {
         return Softmax(x[0], {0, 2});
       },
       SoftmaxInputs(), SoftmaxRoundings, [](X x) { return Ones(x[0]); },
       [](X x) {
         return SpreadSum(x[0], {0, 2});
       }},
      {"LogSoftmax", [](X x) { return LogSoftmax(x[0], {1}); }, SoftmaxInputs(),
       LogRoundings, [](X x) { return Ones(x[0]); },
       [](X x) { return SpreadSum(x[0], {1}); }},
      {"LogSumExp", [](X x) { return LogSumExp(x[0], {2}); }, SoftmaxInputs(),
       LogRoundings, [](X x) { return Ones(Sum(x[0], {2})); },
       [](X x) { return Sum(x[0], {2}); }},
      {"LogSumExp/apart",
       [](X x) {
         return LogSumExp(x[0], {0, 2}, Keep::kYes);
       },
       SoftmaxInputs(), LogRoundings,
       [](X x) {
         return Ones(Sum(x[0], {0, 2}, Keep::kYes));
       },
       [](X x) {
         return Sum(x[0], {0, 2}, Keep::kYes);
       }},
      // Half the roundings of the sum of squares, and the root's.
      {"Norm",
       [](X x) {
         return Norm(x[0], {1, 2});
       },
       SoftmaxInputs(), [](const Shapes& s) { return Summed(s) / 2 + 3; },
       [](X x) {
         return Sum(x[0], {1, 2});
       },
       [](X x) {
         return Sum(x[0], {1, 2});
       }},
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_SOFTMAX_H_
