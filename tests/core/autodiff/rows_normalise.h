// Rows of the conformance table: core/autodiff/normalise.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_NORMALISE_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_NORMALISE_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

// Large, so that the rate 1 / sqrt(variance + epsilon) is at most kMaxRate and
// the derivatives of what is normalised stay near those of its parts.
inline constexpr double kEpsilon = 0.5;
inline constexpr double kMaxRate = 1.4143;
inline constexpr int64_t kNormGroups = 2;

// Elements of a group.
inline double GroupSize(const Shapes& s) {
  double size = 1;
  for (int i = 1; i < s[0].rank(); ++i) size *= static_cast<double>(s[0][i]);
  return size / kNormGroups;
}

// On absolute values: x + mean bounds what is centred, a. The mean is off by
// N + 1 roundings of itself; an error of it leaves the variance as it is to
// first order, so that is off by N + 4 roundings, the rate by half as many and
// 3; then come product, scale and shift.
inline double NormRoundings(const Shapes& s) { return 2 * GroupSize(s) + 14; }

inline Tensor CentredBound(X x, int64_t groups) {
  const Shape shape = x[0].shape();
  const int64_t n = shape[0], c = shape[shape.rank() - 1];
  int64_t places = 1;
  for (int i = 1; i < shape.rank() - 1; ++i) places *= shape[i];
  const Shape apart{n, places, groups, c / groups};
  Tensor sum = Sum(Reshape(x[0], apart), {1, 3}, Keep::kYes);
  const double count = static_cast<double>(places * (c / groups));
  Tensor mean = ScaleShift(sum, 1 / count, 0);
  return Add(x[0], Reshape(BroadcastTo(mean, apart), shape));
}

// kMaxRate a scale + shift.
inline Tensor NormBound(X x, int64_t groups) {
  Tensor centred = CentredBound(x, groups);
  Tensor scaled = Mul(centred, BroadcastTo(x[1], x[0].shape()));
  Tensor shift = BroadcastTo(x[2], x[0].shape());
  return Add(ScaleShift(scaled, kMaxRate, 0), shift);
}

// That, and kMaxRate^3 a scale mean(a^2), whose derivative holds the terms that
// go through the variance.
inline Tensor NormGradientBound(X x, int64_t groups) {
  Tensor centred = CentredBound(x, groups);
  Tensor squares = Mul(centred, centred);
  const Tensor again[] = {squares, x[1], x[2]};
  Tensor means = Sub(CentredBound(again, groups), squares);
  Tensor scaled = Mul(centred, BroadcastTo(x[1], x[0].shape()));
  Tensor through = ScaleShift(Mul(scaled, means), 2.83, 0);
  return Add(NormBound(x, groups), through);
}

inline std::vector<Shapes> Normalised() {
  std::vector<Shapes> all;
  for (const Shape& x : {Shape{2, 3, 2, 4}, Shape{3, 2}, Shape{1, 5, 6},
                         Shape{2, 1, 2, 34}, Shape{3, 7, 70}, Shape{0, 3, 4}}) {
    const Shape c{x[x.rank() - 1]};
    all.push_back({x, c, c});
  }
  return all;
}

inline std::vector<OpRow> NormaliseRows() {
  const Build bound = [](X x) { return NormBound(x, kNormGroups); };
  const Build gradient = [](X x) { return NormGradientBound(x, kNormGroups); };
  return {
      {"GroupNorm",
       [](X x) { return GroupNorm(x[0], kNormGroups, x[1], x[2], kEpsilon); },
       Normalised(), NormRoundings, bound, gradient},
      {"GroupNormComposed",
       [](X x) {
         return GroupNormComposed(x[0], kNormGroups, x[1], x[2], kEpsilon);
       },
       Normalised(), NormRoundings, bound, gradient},
      // Slopes below 1.1, 8 roundings of its own; its slope bends by at most
      // 1/2, over which an error of what is below 4 kMaxRate 2 + 2 moves it.
      {"GroupNorm/silu",
       [](X x) {
         return GroupNorm(x[0], kNormGroups, x[1], x[2], kEpsilon,
                          Activation::kSilu);
       },
       Normalised(), [](const Shapes& s) { return 1.1 * NormRoundings(s) + 8; },
       bound,
       [](X x) { return ScaleShift(NormGradientBound(x, kNormGroups), 8, 0); }},
      {"GroupNorm/tanh",
       [](X x) {
         return GroupNorm(x[0], kNormGroups, x[1], x[2], kEpsilon,
                          Activation::kTanh);
       },
       Normalised(), [](const Shapes& s) { return NormRoundings(s) + 8; },
       bound,
       [](X x) { return ScaleShift(NormGradientBound(x, kNormGroups), 8, 0); }},
      {"LayerNorm",
       [](X x) { return LayerNorm(x[0], x[1], x[2], kEpsilon); },
       {{Shape{3, 4}, Shape{4}, Shape{4}},
        {Shape{2, 2, 5}, Shape{5}, Shape{5}},
        {Shape{9, 35}, Shape{35}, Shape{35}}},
       [](const Shapes& s) { return 2.0 * static_cast<double>(s[1][0]) + 14; },
       [](X x) {
         const int64_t c = x[1].shape()[0];
         const Shape rows{x[0].shape().size() / c, c};
         const Tensor flat[] = {Reshape(x[0], rows), x[1], x[2]};
         return Reshape(NormBound(flat, 1), x[0].shape());
       },
       [](X x) {
         const int64_t c = x[1].shape()[0];
         const Shape rows{x[0].shape().size() / c, c};
         const Tensor flat[] = {Reshape(x[0], rows), x[1], x[2]};
         return Reshape(NormGradientBound(flat, 1), x[0].shape());
       }},
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_NORMALISE_H_
