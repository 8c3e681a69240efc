// Rows of the conformance table: core/autodiff/softmax.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_SOFTMAX_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_SOFTMAX_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

// Derivatives cancel against each other along the axes: relative to what a sum
// of all would have.
inline Tensor SpreadSum(Tensor x) { return BroadcastTo(SumAll(x), x.shape()); }

inline std::vector<OpRow> SoftmaxRows() {
  const std::vector<Shapes> shapes = {
      {Shape{2, 3, 4}}, {Shape{5, 1, 3}}, {Shape{1, 9, 17}}};
  // Differences, exponentials and logarithms of numbers below 4, and their sum.
  const auto some = [](const Shapes& s) { return Count(s) + 16; };
  const Build spread = [](X x) { return SpreadSum(x[0]); };
  const Build beyond = [](X x) { return ScaleShift(x[0], 1, 4); };
  return {
      {"Softmax/last", [](X x) { return Softmax(x[0], {2}); }, shapes, some,
       [](X x) { return Softmax(x[0], {2}); }, spread},
      {"Softmax/apart",
       [](X x) {
         return Softmax(x[0], {0, 2});
       },
       shapes, some,
       [](X x) {
         return Softmax(x[0], {0, 2});
       },
       spread},
      {"LogSoftmax", [](X x) { return LogSoftmax(x[0], {1}); }, shapes, some,
       beyond, spread},
      {"LogSumExp",
       [](X x) {
         return LogSumExp(x[0], {1, 2});
       },
       shapes, some,
       [](X x) {
         return ScaleShift(Sum(x[0], {1, 2}), 1, 4);
       },
       [](X x) {
         return Sum(x[0], {1, 2});
       }},
      PlainRow(
          "Norm", [](X x) { return Norm(x[0], {2}, Keep::kYes); }, shapes,
          [](const Shapes& s) { return Count(s) + 2; }),
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_SOFTMAX_H_
