#include "core/optim/loops.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/optim/loops.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file again for each target.
#include "core/base/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

using FloatTag = hn::ScalableTag<float>;

// The formulas, for vectors and for the numbers that are left over.
template <class A, class V>
HWY_INLINE V WithoutTiny(A a, V x) {
  return a.Select(a.Lt(a.Abs(x), a.Set(kTiny)), a.Set(0), x);
}

template <class A, class V>
HWY_INLINE void AdamOf(A a, const AdamNumbers& n, V& m, V& v, V& u) {
  m = WithoutTiny(a, a.Add(a.Mul(a.Set(n.beta1), m),  //
                           a.Mul(a.Set(n.rest1), u)));
  v = WithoutTiny(
      a, a.Add(a.Mul(a.Set(n.beta2), v), a.Mul(a.Set(n.rest2), a.Mul(u, u))));
  const V root = a.Sqrt(a.Mul(v, a.Set(n.v_scale)));
  u = a.Div(a.Mul(m, a.Set(n.m_scale)), a.Add(root, a.Set(n.epsilon)));
}

template <class A, class V>
HWY_INLINE V MeanOf(A a, float gain, V x, V mean) {
  return WithoutTiny(a, a.Add(mean, a.Mul(a.Set(gain), a.Sub(x, mean))));
}

template <class A, class V>
HWY_INLINE V DescendOf(A a, float rate, V u, V x) {
  return a.Sub(x, a.Mul(a.Set(rate), u));
}

// Calls body(arithmetic, i) for each vector, then for each number left over.
template <class Body>
HWY_INLINE void ForVectors(size_t n, const Body& body) {
  const size_t lanes = hn::Lanes(FloatTag());
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) body(LaneOps<FloatTag>(), i);
  for (; i < n; ++i) body(ScalarOps<float>(), i);
}

HWY_INLINE hn::Vec<FloatTag> Load(LaneOps<FloatTag>, const float* x) {
  return hn::LoadU(FloatTag(), x);
}
HWY_INLINE float Load(ScalarOps<float>, const float* x) { return *x; }
HWY_INLINE void Store(LaneOps<FloatTag>, hn::Vec<FloatTag> value, float* x) {
  hn::StoreU(value, FloatTag(), x);
}
HWY_INLINE void Store(ScalarOps<float>, float value, float* x) { *x = value; }

HWY_ATTR void AdamVectors(const AdamNumbers& numbers, size_t n, float* m,
                          float* v, float* u) {
  ForVectors(n, [&](auto a, size_t i) HWY_ATTR {
    auto mi = Load(a, m + i), vi = Load(a, v + i), ui = Load(a, u + i);
    AdamOf(a, numbers, mi, vi, ui);
    Store(a, mi, m + i);
    Store(a, vi, v + i);
    Store(a, ui, u + i);
  });
}

HWY_ATTR void MeanVectors(float gain, size_t n, const float* x, float* mean) {
  ForVectors(n, [&](auto a, size_t i) HWY_ATTR {
    Store(a, MeanOf(a, gain, Load(a, x + i), Load(a, mean + i)), mean + i);
  });
}

HWY_ATTR void DescendVectors(float rate, size_t n, const float* u, float* x) {
  ForVectors(n, [&](auto a, size_t i) HWY_ATTR {
    Store(a, DescendOf(a, rate, Load(a, u + i), Load(a, x + i)), x + i);
  });
}

// Whole groups of 16 into the 16 lanes. Wide: double, where there are vectors
// of it.
template <class Wide>
HWY_INLINE void SquareLanes(size_t n, const float* x, double* sums) {
  if constexpr (kHasDoubleLanes) {
    const hn::ScalableTag<Wide> d;
    const hn::Rebind<float, decltype(d)> narrow;
    constexpr size_t kLanes = hn::MaxLanes(d);
    hn::Vec<decltype(d)> sum[16 / kLanes];
    for (auto& s : sum) s = hn::Zero(d);
    for (size_t i = 0; i < n; i += 16) {
      for (size_t v = 0; v < 16 / kLanes; ++v) {
        const auto value =
            hn::PromoteTo(d, hn::LoadU(narrow, x + i + v * kLanes));
        sum[v] = hn::Add(sum[v], hn::Mul(value, value));
      }
    }
    for (size_t v = 0; v < 16 / kLanes; ++v) {
      hn::StoreU(sum[v], d, sums + v * kLanes);
    }
  } else {
    for (size_t i = 0; i < n; ++i) {
      const Wide value = x[i];
      sums[i % 16] += value * value;
    }
  }
}

HWY_ATTR void SquareVectors(size_t n, const float* x, double* sums) {
  SquareLanes<double>(n, x, sums);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unnoise {

HWY_EXPORT(AdamVectors);
HWY_EXPORT(MeanVectors);
HWY_EXPORT(DescendVectors);
HWY_EXPORT(SquareVectors);

void AdamLoop(const AdamNumbers& numbers, std::span<float> m,
              std::span<float> v, std::span<float> u) {
  HWY_DYNAMIC_DISPATCH(AdamVectors)
  (numbers, u.size(), m.data(), v.data(), u.data());
}

void MeanLoop(float gain, std::span<const float> x, std::span<float> mean) {
  HWY_DYNAMIC_DISPATCH(MeanVectors)(gain, x.size(), x.data(), mean.data());
}

void DescendLoop(float rate, std::span<const float> u, std::span<float> x) {
  HWY_DYNAMIC_DISPATCH(DescendVectors)(rate, x.size(), u.data(), x.data());
}

double SumOfSquares(std::span<const float> x) {
  constexpr size_t kLanes = 16;
  double lanes[kLanes] = {};
  const size_t whole = x.size() / kLanes * kLanes;
  HWY_DYNAMIC_DISPATCH(SquareVectors)(whole, x.data(), lanes);
  for (size_t i = whole; i < x.size(); ++i) {
    const double value = x[i];
    lanes[i - whole] += value * value;
  }
  for (size_t half = kLanes / 2; half > 0; half /= 2) {
    for (size_t l = 0; l < half; ++l) lanes[l] += lanes[l + half];
  }
  return lanes[0];
}

}  // namespace unnoise
#endif  // HWY_ONCE
