// Rows of the conformance table: core/autodiff/resize.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_RESIZE_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_RESIZE_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

inline std::vector<Shapes> Images() {
  return {{Shape{2, 4, 2, 3}},
          {Shape{1, 2, 6, 1}},
          {Shape{0, 2, 2, 3}},
          {Shape{1, 2, 4, 0}},
          {Shape{3, 4, 4, 33}}};
}

// Weights of at most two pixels along each axis: rounded, multiplied, added,
// twice.
inline double TwoByTwo(const Shapes&) { return 6; }

inline std::vector<OpRow> ResizeRows() {
  return {
      PlainRow(
          "AveragePool",
          [](X x) {
            return AveragePool(x[0], {2, 2});
          },
          Images(), [](const Shapes&) { return 4.0; }),
      PlainRow(
          "AveragePool/oblong",
          [](X x) {
            return AveragePool(x[0], {2, 1});
          },
          Images(), [](const Shapes&) { return 4.0; }),
      PlainRow(
          "ResizeNearest/double",
          [](X x) {
            const Shape s = x[0].shape();
            return ResizeNearest(x[0], {2 * s[1], 3 * s[2]});
          },
          Images(), Exact),
      PlainRow(
          "ResizeNearest",
          [](X x) {
            const Shape s = x[0].shape();
            return ResizeNearest(x[0], {s[1] + 1, s[2] - 1});
          },
          Images(), Exact),
      PlainRow(
          "ResizeBilinear",
          [](X x) {
            const Shape s = x[0].shape();
            return ResizeBilinear(x[0], {s[1] + 1, s[2] - 1});
          },
          Images(), TwoByTwo),
      PlainRow(
          "ResizeBilinear/double",
          [](X x) {
            const Shape s = x[0].shape();
            return ResizeBilinear(x[0], {2 * s[1], s[2]});
          },
          Images(), TwoByTwo),
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_RESIZE_H_
