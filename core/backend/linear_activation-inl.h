// Layers and plain products on one target. A layer is a product whose tiles get
// their bias and activation while they are in the first-level cache, and the
// activation's slope for the way back.

// Per-target include guard
#if defined(UNNOISE_BACKEND_LINEAR_ACTIVATION_INL_H_) == \
    defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BACKEND_LINEAR_ACTIVATION_INL_H_
#undef UNNOISE_BACKEND_LINEAR_ACTIVATION_INL_H_
#else
#define UNNOISE_BACKEND_LINEAR_ACTIVATION_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "core/backend/backend.h"
#include "core/backend/linear_part.h"
#include "core/backend/product-inl.h"
#include "core/base/exact_math-inl.h"
#include "core/base/pair_ops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

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
      ActivateVectors<kActivation>(Lanes<hn::ScalableTag<float>>(), bias + j,
                                   y + place, at(slope, place), stride);
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
    const auto result =
        Activate<kActivation>(Lanes<hn::ScalableTag<float>>(), hn::Load(d, x));
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

// What becomes of a tile when its sums are done: nothing, or a layer's.
struct Finish {
  TileActivation activate = nullptr;
  const float* bias = nullptr;
  float* slope = nullptr;  // or null; lies as y does
};

// y [rows, cols] = a b, rows y_stride apart; `gate` as in Multiply. One product
// for layers of every activation, which are called by address, a tile at a
// time, and for plain products: one for each would be most of what the page
// downloads.
template <class Arithmetic>
HWY_NOINLINE void MultiplyAndFinish(int64_t rows, int64_t inner, int64_t cols,
                                    FloatView a, FloatView b, float* y,
                                    int64_t y_stride, const float* gate,
                                    const Finish& finish) {
  Multiply<Arithmetic>(
      rows, inner, cols, a, b, y, y_stride,
      [&](int64_t row, int64_t height, int64_t column, int64_t width) {
        if (finish.activate == nullptr) return;
        const int64_t at = row * y_stride + column;
        finish.activate(height, width, finish.bias + column, y + at,
                        finish.slope == nullptr ? nullptr : finish.slope + at,
                        y_stride);
      },
      false, gate);
}

inline void LinearActivationKernel(bool fused, Activation activation,
                                   const LinearPart& part) {
  const auto multiply =
      fused ? MultiplyAndFinish<Fused> : MultiplyAndFinish<Rounded>;
  multiply(part.rows, part.in, part.out, {part.x, part.in, 1},
           {part.weight, 1, part.in}, part.y, part.y_stride, nullptr,
           {TileActivationOf(activation), part.bias, part.slope});
}

// y [a.rows, b.cols] and gate (or null), rows `stride` apart.
inline void ProductKernel(bool fused, const MatrixView& a, const MatrixView& b,
                          float* y, const float* gate, int64_t stride) {
  const auto multiply =
      fused ? MultiplyAndFinish<Fused> : MultiplyAndFinish<Rounded>;
  multiply(a.rows, a.cols, b.cols,
           {static_cast<const float*>(a.data), a.row_stride, a.col_stride},
           {static_cast<const float*>(b.data), b.row_stride, b.col_stride}, y,
           stride, gate, {});
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BACKEND_LINEAR_ACTIVATION_INL_H_
