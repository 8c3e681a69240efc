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
#include "core/backend/linear_part.h"
#include "core/backend/product-inl.h"
#include "core/base/exact_erf-inl.h"
#include "core/base/exact_math-inl.h"
#include "core/base/pair_ops-inl.h"

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

// y [a.rows, b.cols] and gate (or null), rows `stride` apart.
template <class Arithmetic>
HWY_NOINLINE void ProductWith(const MatrixView& a, const MatrixView& b,
                              float* y, const float* gate, int64_t stride) {
  Multiply<Arithmetic>(
      a.rows, a.cols, b.cols,
      {static_cast<const float*>(a.data), a.row_stride, a.col_stride},
      {static_cast<const float*>(b.data), b.row_stride, b.col_stride}, y,
      stride, [](int64_t, int64_t, int64_t, int64_t) {}, false, gate);
}

inline void ProductKernel(bool fused, const MatrixView& a, const MatrixView& b,
                          float* y, const float* gate, int64_t stride) {
  return fused ? ProductWith<Fused>(a, b, y, gate, stride)
               : ProductWith<Rounded>(a, b, y, gate, stride);
}

// Vectors whose activations are computed side by side, as many rows of one
// column: of no use where there are no more than 16 registers.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
using GroupOps = PairOps<PairOps<LaneOps<hn::ScalableTag<float>>>>;
#else
using GroupOps = LaneOps<hn::ScalableTag<float>>;
#endif
using GroupLanes = WithFunctions<GroupOps>;
using GroupVectors = GroupOps::V;

// The vectors of a group lie `stride` apart.
template <class V>
struct Grouped {
  static constexpr int kVectors = 1;
  static HWY_INLINE V Load(const float* x, int64_t) {
    return hn::LoadU(hn::ScalableTag<float>(), x);
  }
  static HWY_INLINE void Store(V v, float* y, int64_t) {
    hn::StoreU(v, hn::ScalableTag<float>(), y);
  }
};
template <class X>
struct Grouped<Pair<X>> {
  using Part = Grouped<X>;
  static constexpr int kVectors = 2 * Part::kVectors;
  static HWY_INLINE Pair<X> Load(const float* x, int64_t stride) {
    return {Part::Load(x, stride),
            Part::Load(x + Part::kVectors * stride, stride)};
  }
  static HWY_INLINE void Store(Pair<X> v, float* y, int64_t stride) {
    Part::Store(v.first, y, stride);
    Part::Store(v.second, y + Part::kVectors * stride, stride);
  }
};

// What an activation does to a preactivation: its value and its slope.
template <class V>
struct ValueAndSlope {
  V value;
  V slope;
};

template <Activation kActivation, class A, class V>
HWY_INLINE ValueAndSlope<V> Activate(A a, V x) {
  const V one = a.Set(1), zero = a.Set(0);
  if constexpr (kActivation == Activation::kSilu) {
    const V s = a.Sigmoid(x);
    const V value = a.Mul(x, s);
    return {value, a.Add(s, a.Mul(value, a.Sub(one, s)))};
  } else if constexpr (kActivation == Activation::kTanh) {
    const V value = a.Tanh(x);
    return {value, a.Sub(one, a.Mul(value, value))};
  } else if constexpr (kActivation == Activation::kRelu) {
    const auto off = a.Le(x, zero);  // not where x is NaN
    return {a.Select(off, zero, x), a.Select(off, zero, one)};
  } else {
    return {x, one};
  }
}

// y[i][j] = activation(y[i][j] + bias[j]), slope likewise (or null), for the
// rows of a group and the columns of a vector.
template <Activation kActivation, class A>
HWY_INLINE void ActivateVectors(A a, const float* bias, float* y, float* slope,
                                int64_t stride) {
  using Rows = Grouped<typename A::V>;
  const auto result = Activate<kActivation>(
      a, a.Add(Rows::Load(y, stride), Rows::Load(bias, 0)));
  Rows::Store(result.value, y, stride);
  if (slope != nullptr) Rows::Store(result.slope, slope, stride);
}

// The same for a tile of rows `stride` apart.
template <Activation kActivation>
HWY_NOINLINE void ActivateTile(int64_t rows, int64_t n, const float* bias,
                               float* y, float* slope, int64_t stride) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  constexpr int kGroup = Grouped<GroupVectors>::kVectors;
  const auto at = [](float* x, int64_t place) {
    return x == nullptr ? nullptr : x + place;
  };
  int64_t j = 0;
  for (; j + lanes <= n; j += lanes) {
    int64_t i = 0;
    for (; kGroup > 1 && i + kGroup <= rows; i += kGroup) {
      const int64_t place = i * stride + j;
      ActivateVectors<kActivation>(GroupLanes(), bias + j, y + place,
                                   at(slope, place), stride);
    }
    for (; i < rows; ++i) {
      const int64_t place = i * stride + j;
      ActivateVectors<kActivation>(FloatLanes(), bias + j, y + place,
                                   at(slope, place), stride);
    }
  }
  if (j == n) return;
  for (int64_t i = 0; i < rows; ++i) {
    if constexpr (kActivation == Activation::kIdentity) {
      for (int64_t k = j; k < n; ++k) y[i * stride + k] += bias[k];
      if (slope != nullptr) std::fill_n(slope + i * stride + j, n - j, 1.0f);
      continue;
    }
    HWY_ALIGN float x[hn::MaxLanes(d)] = {};
    HWY_ALIGN float s[hn::MaxLanes(d)];
    float* y_row = y + i * stride + j;
    for (int64_t k = 0; k < n - j; ++k) x[k] = y_row[k] + bias[j + k];
    const auto result = Activate<kActivation>(FloatLanes(), hn::Load(d, x));
    hn::Store(result.value, d, x);
    hn::Store(result.slope, d, s);
    std::copy_n(x, n - j, y_row);
    if (slope != nullptr) std::copy_n(s, n - j, slope + i * stride + j);
  }
}

using TileActivation = void (*)(int64_t rows, int64_t n, const float* bias,
                                float* y, float* slope, int64_t stride);

inline TileActivation TileActivationOf(Activation activation) {
  switch (activation) {
    case Activation::kIdentity:
      return ActivateTile<Activation::kIdentity>;
    case Activation::kSilu:
      return ActivateTile<Activation::kSilu>;
    case Activation::kTanh:
      return ActivateTile<Activation::kTanh>;
    case Activation::kRelu:
      return ActivateTile<Activation::kRelu>;
  }
  return nullptr;  // not reached
}

// One product for all activations, which are called by address, a tile at a
// time: a product for each would be most of what the page downloads.
template <class Arithmetic>
HWY_NOINLINE void LinearActivationWith(TileActivation activate,
                                       const LinearPart& part) {
  Multiply<Arithmetic>(
      part.rows, part.in, part.out, {part.x, part.in, 1},
      {part.weight, 1, part.in}, part.y, part.y_stride,
      [&](int64_t row, int64_t height, int64_t column, int64_t width) {
        const int64_t at = row * part.y_stride + column;
        activate(height, width, part.bias + column, part.y + at,
                 part.slope == nullptr ? nullptr : part.slope + at,
                 part.y_stride);
      });
}

inline void LinearActivationKernel(bool fused, Activation activation,
                                   const LinearPart& part) {
  const TileActivation activate = TileActivationOf(activation);
  return fused ? LinearActivationWith<Fused>(activate, part)
               : LinearActivationWith<Rounded>(activate, part);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BACKEND_KERNELS_INL_H_
