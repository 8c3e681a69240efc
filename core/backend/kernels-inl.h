// The float kernels of the SIMD backend on one target, with the order of
// arithmetic that backend.h states.

// Per-target include guard
#if defined(UNNOISE_BACKEND_KERNELS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BACKEND_KERNELS_INL_H_
#undef UNNOISE_BACKEND_KERNELS_INL_H_
#else
#define UNNOISE_BACKEND_KERNELS_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/backend/backend.h"
#include "core/base/exact_erf-inl.h"
#include "core/base/exact_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// y[i] = f(x_0[i], ..., x_j[i]) for i < n. The tail runs on a copied vector, so
// nothing outside the arrays is read or written.
template <class F, class... Xs>
HWY_INLINE void ForEach(int64_t n, const F& f, float* y, const Xs*... xs) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(f(hn::LoadU(d, xs + i)...), d, y + i);
  }
  if (i == n) return;
  HWY_ALIGN float tail[sizeof...(Xs)][hn::MaxLanes(d)] = {};
  int which = 0;
  (std::copy_n(xs + i, n - i, tail[which++]), ...);
  which = 0;
  // Braces fix the order of evaluation.
  const auto load = [&] { return hn::Load(d, tail[which++]); };
  struct Loaded {
    hn::Vec<decltype(d)> v[sizeof...(Xs)];
  } const loaded{{(static_cast<void>(xs), load())...}};
  HWY_ALIGN float result[hn::MaxLanes(d)];
  if constexpr (sizeof...(Xs) == 1) {
    hn::Store(f(loaded.v[0]), d, result);
  } else if constexpr (sizeof...(Xs) == 2) {
    hn::Store(f(loaded.v[0], loaded.v[1]), d, result);
  } else {
    hn::Store(f(loaded.v[0], loaded.v[1], loaded.v[2]), d, result);
  }
  std::copy_n(result, n - i, y + i);
}

using FloatLanes = Lanes<hn::ScalableTag<float>>;
using FloatVector = hn::Vec<hn::ScalableTag<float>>;

inline void UnaryKernel(UnaryOp op, const float* x, int64_t n, float* y) {
  const FloatLanes a;
  using V = FloatVector;
  switch (op) {
    case UnaryOp::kSin:
      return ForEach(
          n, [&](V v) HWY_ATTR { return a.Sin(v); }, y, x);
    case UnaryOp::kCos:
      return ForEach(
          n, [&](V v) HWY_ATTR { return a.Cos(v); }, y, x);
    case UnaryOp::kTanh:
      return ForEach(
          n, [&](V v) HWY_ATTR { return a.Tanh(v); }, y, x);
    case UnaryOp::kSigmoid:
      return ForEach(
          n, [&](V v) HWY_ATTR { return a.Sigmoid(v); }, y, x);
    case UnaryOp::kExp:
      return ForEach(
          n, [&](V v) HWY_ATTR { return a.Exp(v); }, y, x);
    case UnaryOp::kSqrt:
      return ForEach(
          n, [&](V v) HWY_ATTR { return a.Sqrt(v); }, y, x);
    case UnaryOp::kLog:
      return ForEach(
          n, [&](V v) HWY_ATTR { return a.Log(v); }, y, x);
    case UnaryOp::kSoftplus:
      return ForEach(
          n,
          [&](V v) HWY_ATTR {
            const V part = a.Select(a.Le(v, a.Set(0)), a.Set(0), v);
            return a.Add(part, a.Log1p(a.Exp(a.Neg(a.Abs(v)))));
          },
          y, x);
    case UnaryOp::kErf:
      return ForEach(
          n, [&](V v) HWY_ATTR { return Erf(a, v); }, y, x);
    case UnaryOp::kExpm1:
      return ForEach(
          n, [&](V v) HWY_ATTR { return a.Expm1(v); }, y, x);
    case UnaryOp::kLog1p:
      return ForEach(
          n, [&](V v) HWY_ATTR { return a.Log1p(v); }, y, x);
    case UnaryOp::kRsqrt:
      return ForEach(
          n, [&](V v) HWY_ATTR { return a.Div(a.Set(1), a.Sqrt(v)); }, y, x);
  }
}

inline void BinaryKernel(BinaryOp op, const float* p, const float* q, int64_t n,
                         float* y) {
  using V = FloatVector;
  switch (op) {
    case BinaryOp::kAdd:
      return ForEach(
          n, [](V u, V v) HWY_ATTR { return hn::Add(u, v); }, y, p, q);
    case BinaryOp::kSub:
      return ForEach(
          n, [](V u, V v) HWY_ATTR { return hn::Sub(u, v); }, y, p, q);
    case BinaryOp::kMul:
      return ForEach(
          n, [](V u, V v) HWY_ATTR { return hn::Mul(u, v); }, y, p, q);
    case BinaryOp::kDiv:
      return ForEach(
          n, [](V u, V v) HWY_ATTR { return hn::Div(u, v); }, y, p, q);
  }
}

inline void ScaleShiftKernel(float scale, float shift, const float* x,
                             int64_t n, float* y) {
  const hn::ScalableTag<float> d;
  const auto s = hn::Set(d, scale), t = hn::Set(d, shift);
  using V = FloatVector;
  ForEach(
      n, [&](V v) HWY_ATTR { return hn::Add(hn::Mul(s, v), t); }, y, x);
}

inline void SelectKernel(const float* c, const float* p, const float* q,
                         int64_t n, float* y) {
  const hn::ScalableTag<float> d;
  const auto zero = hn::Zero(d);
  using V = FloatVector;
  ForEach(
      n,
      [&](V w, V u, V v)
          HWY_ATTR { return hn::IfThenElse(hn::Le(w, zero), v, u); },
      y, c, p, q);
}

// What a reduction begins with, and takes a term into. As in backend.h, a
// maximum that is NaN stays so.
struct SumOp {
  static constexpr float kStart = 0;
  static HWY_INLINE FloatVector Step(FloatVector sum, FloatVector x) {
    return hn::Add(sum, x);
  }
  static float Step(float sum, float x) { return sum + x; }
};
struct MaxOp {
  static constexpr float kStart = -std::numeric_limits<float>::infinity();
  static HWY_INLINE FloatVector Step(FloatVector most, FloatVector x) {
    const auto number = hn::Eq(most, most);
    const auto keep = hn::Or(hn::Le(x, most), hn::Not(number));
    return hn::IfThenElse(keep, most, x);
  }
  static float Step(float most, float x) {
    return x <= most || most != most ? most : x;
  }
};

// kVectors vectors of columns: x [n, ...] -> y, rows `stride` apart.
template <class Op, int kVectors>
HWY_INLINE void ReduceVectors(const float* x, int64_t n, int64_t stride,
                              float* y) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  FloatVector sum[kVectors];
  for (auto& s : sum) s = hn::Set(d, Op::kStart);
  for (int64_t row = 0; row < n; ++row) {
    for (int v = 0; v < kVectors; ++v) {
      sum[v] = Op::Step(sum[v], hn::LoadU(d, x + row * stride + v * lanes));
    }
  }
  for (int v = 0; v < kVectors; ++v) hn::StoreU(sum[v], d, y + v * lanes);
}

// x [n, inner] -> y [inner], rows `stride` apart.
template <class Op>
HWY_INLINE void ReduceRows(const float* x, int64_t n, int64_t inner,
                           int64_t stride, float* y) {
  const int64_t lanes =
      static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>()));
  constexpr int kVectors = 4;
  int64_t column = 0;
  for (; column + kVectors * lanes <= inner; column += kVectors * lanes) {
    ReduceVectors<Op, kVectors>(x + column, n, stride, y + column);
  }
  for (; column + lanes <= inner; column += lanes) {
    ReduceVectors<Op, 1>(x + column, n, stride, y + column);
  }
  for (; column < inner; ++column) {
    float sum = Op::kStart;
    for (int64_t row = 0; row < n; ++row) {
      sum = Op::Step(sum, x[row * stride + column]);
    }
    y[column] = sum;
  }
}

// x [outer, n] -> y [outer]. Several rows at a time, since each is one chain of
// terms that wait for each other.
template <class Op>
HWY_INLINE void ReduceLast(const float* x, int64_t outer, int64_t n, float* y) {
  constexpr int kRows = 8;
  int64_t row = 0;
  for (; row + kRows <= outer; row += kRows) {
    const float* from = x + row * n;
    float sum[kRows];
    for (float& s : sum) s = Op::kStart;
    for (int64_t k = 0; k < n; ++k) {
      for (int i = 0; i < kRows; ++i) {
        sum[i] = Op::Step(sum[i], from[i * n + k]);
      }
    }
    std::copy_n(sum, kRows, y + row);
  }
  for (; row < outer; ++row) {
    float sum = Op::kStart;
    for (int64_t k = 0; k < n; ++k) sum = Op::Step(sum, x[row * n + k]);
    y[row] = sum;
  }
}

inline void ReduceKernel(ReduceOp op, const float* x, int64_t n, int64_t inner,
                         int64_t stride, float* y) {
  return op == ReduceOp::kSum ? ReduceRows<SumOp>(x, n, inner, stride, y)
                              : ReduceRows<MaxOp>(x, n, inner, stride, y);
}

inline void ReduceLastKernel(ReduceOp op, const float* x, int64_t outer,
                             int64_t n, float* y) {
  return op == ReduceOp::kSum ? ReduceLast<SumOp>(x, outer, n, y)
                              : ReduceLast<MaxOp>(x, outer, n, y);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BACKEND_KERNELS_INL_H_
