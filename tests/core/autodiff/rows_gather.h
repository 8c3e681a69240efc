// Rows of the conformance table: core/autodiff/gather.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_GATHER_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_GATHER_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

inline constexpr int32_t kSomeRows[] = {2, 0, 2, 1};

inline std::vector<OpRow> GatherRows() {
  return {
      PlainRow(
          "Gather", [](X x) { return Gather(x[0], kSomeRows); },
          {{Shape{3}}, {Shape{3, 5}}, {Shape{4, 2, 17}}, {Shape{3, 0}}}, Exact),
      PlainRow(
          "ScatterAdd", [](X x) { return ScatterAdd(x[0], kSomeRows, 5); },
          {{Shape{4}}, {Shape{4, 5}}, {Shape{4, 2, 17}}, {Shape{4, 0}}}, Count),
      PlainRow(
          "CumSum/first", [](X x) { return CumSum(x[0], 0); }, Matrices(),
          Count),
      PlainRow(
          "CumSum/middle",
          [](X x) { return CumSum(x[0], 1, Running::kReverse); },
          {{Shape{2, 3, 4}}, {Shape{5, 1, 3}}, {Shape{2, 9, 17}}}, Count),
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_GATHER_H_
