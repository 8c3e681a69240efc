// Rows of the conformance table: core/autodiff/reduce.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_REDUCE_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_REDUCE_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

// Where axes lie: first, last, between, all.
inline std::vector<Shapes> Blocks() {
  return {{Shape{2, 3, 4}}, {Shape{5, 1, 3}},  {Shape{1, 9, 17}},
          {Shape{3, 0, 2}}, {Shape{2, 33, 2}}, {Shape{11, 2, 3}}};
}

inline std::vector<OpRow> ReduceRows() {
  return {
      PlainRow(
          "Sum/first", [](X x) { return Sum(x[0], {0}); }, Matrices(), Count),
      PlainRow(
          "Sum/last", [](X x) { return Sum(x[0], {1}); }, Matrices(), Count),
      PlainRow(
          "Sum/middle", [](X x) { return Sum(x[0], {1}, Keep::kYes); },
          Blocks(), Count),
      PlainRow(
          "Sum/apart",
          [](X x) {
            return Sum(x[0], {0, 2});
          },
          Blocks(), Count),
      PlainRow(
          "Mean",
          [](X x) {
            return Mean(x[0], {1, 2}, Keep::kYes);
          },
          {{Shape{2, 3, 4}}, {Shape{5, 1, 3}}, {Shape{1, 9, 17}}}, Count),
      PlainRow(
          "Max/last", [](X x) { return Max(x[0], {1}); },
          {{Shape{3, 4}}, {Shape{9, 5}}, {Shape{17, 1}}, {Shape{0, 3}}}, Exact),
      PlainRow(
          "Max/apart",
          [](X x) {
            return Max(x[0], {0, 2}, Keep::kYes);
          },
          {{Shape{2, 3, 4}}, {Shape{5, 1, 3}}, {Shape{1, 9, 17}}}, Exact),
      PlainRow(
          "SumTo",
          [](X x) {
            return SumTo(x[0], {3, 1});
          },
          {{Shape{2, 3, 4}}, {Shape{3, 17}}, {Shape{3, 1}}, {Shape{5, 3, 1}}},
          Count),
      PlainRow(
          "SumAll", [](X x) { return SumAll(x[0]); }, Lengths(1), Count),
      PlainRow(
          "MeanAll", [](X x) { return MeanAll(x[0]); },
          {{Shape{1}}, {Shape{17}}, {Shape{3, 5}}, {Shape{2, 3, 4}}}, Count),
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_REDUCE_H_
