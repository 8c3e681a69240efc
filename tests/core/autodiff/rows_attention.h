// Rows of the conformance table: core/autodiff/attention.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_ATTENTION_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_ATTENTION_H_

#include <cmath>

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

// Sum over j of |v_j|, which bounds any mean of them, for each row of q; and
// that times sum over j of |q k_j|, whose derivatives bound those with respect
// to q and k (a mean of differences of v times k).
inline Tensor AttentionBound(X x) {
  const int rank = x[0].shape().rank();
  Tensor scores = BatchProduct(x[0], x[1], Transpose::kNo, Transpose::kYes);
  Tensor ones = x[0].tape().Filled(scores.shape(), 1);
  Tensor values = BatchProduct(ones, x[2]);
  Tensor looks = Sum(scores, {rank - 1}, Keep::kYes);
  return Add(Mul(BroadcastTo(looks, values.shape()), values), values);
}

// An error of d + 2 roundings of a score, below 4 sqrt(d), is a relative one of
// a weight, twice with that of the sum of weights; the sums over n come in
// twice, exp and the rest with some.
inline double AttentionRoundings(const Shapes& s) {
  const int rank = s[0].rank();
  const auto d = static_cast<double>(s[0][rank - 1]);
  const auto n = static_cast<double>(s[1][rank - 2]);
  return 2 * (d + 2) * 4 * std::sqrt(d) + 2 * n + 10;
}

inline std::vector<OpRow> AttentionRows() {
  return {
      {"Attention",
       [](X x) { return Attention(x[0], x[1], x[2]); },
       {{Shape{3, 2}, Shape{4, 2}, Shape{4, 3}},
        {Shape{2, 2, 3, 2}, Shape{2, 2, 2, 2}, Shape{2, 2, 2, 1}},
        {Shape{3, 9, 17}, Shape{3, 33, 17}, Shape{3, 33, 5}},
        {Shape{0, 2, 3}, Shape{0, 2, 3}, Shape{0, 2, 3}}},
       AttentionRoundings,
       AttentionBound,
       AttentionBound},
      {"CausalMask",
       [](X x) {
         const Shape shape = x[0].shape();
         Tensor mask = CausalMask(x[0].tape(), shape[shape.rank() - 2]);
         return Attention(x[0], x[1], x[2], mask);
       },
       {{Shape{3, 2}, Shape{3, 2}, Shape{3, 3}},
        {Shape{2, 2, 3, 2}, Shape{2, 2, 3, 2}, Shape{2, 2, 3, 1}}},
       AttentionRoundings,
       AttentionBound,
       AttentionBound},
      PlainRow(
          "SplitHeads", [](X x) { return SplitHeads(x[0], 2); },
          {{Shape{2, 3, 4}}, {Shape{1, 5, 34}}}, Exact),
      PlainRow(
          "MergeHeads", [](X x) { return MergeHeads(x[0]); },
          {{Shape{2, 3, 2, 4}}, {Shape{1, 2, 5, 17}}}, Exact),
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_ATTENTION_H_
