// Rows of the conformance table: core/autodiff/layout.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_LAYOUT_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_LAYOUT_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

inline std::vector<OpRow> LayoutRows() {
  return {
      PlainRow(
          "Reshape",
          [](X x) {
            return Reshape(x[0], {x[0].shape().size(), 1});
          },
          Matrices(), Exact),
      PlainRow(
          "BroadcastTo",
          [](X x) {
            return BroadcastTo(x[0], {3, 5, 2, 7});
          },
          {{Shape{}},
           {Shape{1}},
           {Shape{7}},
           {Shape{2, 1}},
           {Shape{5, 1, 7}},
           {Shape{3, 1, 1, 7}},
           {Shape{1, 5, 1, 1}}},
          Exact),
      PlainRow(
          "Permute",
          [](X x) {
            return Permute(x[0], {2, 0, 1});
          },
          {{Shape{2, 3, 4}}, {Shape{1, 19, 5}}, {Shape{17, 0, 2}}}, Exact),
      PlainRow(
          "Permute/transpose",
          [](X x) {
            return Permute(x[0], {1, 0});
          },
          Matrices(), Exact),
      PlainRow(
          "Slice",
          [](X x) {
            const int64_t begin[] = {1, 0, 2};
            return Slice(x[0], begin, {2, 3, x[0].shape()[2] - 3});
          },
          {{Shape{3, 3, 5}}, {Shape{4, 4, 3}}, {Shape{3, 3, 21}}}, Exact),
      PlainRow(
          "SliceAxis",
          [](X x) {
            const int64_t cols = x[0].shape()[1];
            return SliceAxis(x[0], 1, cols / 3, cols - cols / 4);
          },
          Matrices(), Exact),
      PlainRow(
          "Pad",
          [](X x) {
            const int64_t begin[] = {1, 0, 2};
            return Pad(x[0], begin, {4, 3, 24});
          },
          {{Shape{2, 3, 5}}, {Shape{3, 0, 3}}, {Shape{1, 1, 22}}}, Exact),
      PlainRow(
          "Concat",
          [](X x) {
            return Concat({x[0], x[1]}, 1);
          },
          {{Shape{3, 2}, Shape{3, 5}},
           {Shape{2, 0}, Shape{2, 3}},
           {Shape{2, 17}, Shape{2, 0}},
           {Shape{0, 2}, Shape{0, 3}},
           {Shape{2, 2, 3}, Shape{2, 1, 3}}},
          Exact),
      PlainRow(
          "Concat/three",
          [](X x) {
            return Concat({x[0], x[1], x[0]}, 0);
          },
          {{Shape{3, 2}, Shape{1, 2}}, {Shape{2}, Shape{5}}}, Exact),
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_LAYOUT_H_
