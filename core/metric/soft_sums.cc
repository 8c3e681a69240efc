// Vectors run over i, so that no sum depends on how many lanes there are. All
// SIMD targets give the same bits.

#include "core/metric/soft_sums.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/metric/soft_sums.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file again for each target.
#include "core/base/exact_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

HWY_INLINE double LoadDouble(Scalar<double>, const double* p) { return *p; }
HWY_INLINE void StoreDouble(Scalar<double>, double v, double* p) { *p = v; }
template <class D>
HWY_INLINE hn::Vec<D> LoadDouble(Lanes<D>, const double* p) {
  return hn::LoadU(D(), p);
}
template <class D, class V>
HWY_INLINE void StoreDouble(Lanes<D>, V v, double* p) {
  hn::StoreU(v, D(), p);
}

// The exponent of each pair of i and j, less base: height - |x - y|^2.
template <class A, class V = typename A::V>
HWY_INLINE V Exponent(A a, size_t dim, size_t n, const double* x,
                      const double* y, double height) {
  V square = a.Set(0);
  for (size_t axis = 0; axis < dim; ++axis) {
    const V gap = a.Sub(LoadDouble(a, x + axis * n), a.Set(y[axis]));
    square = a.Add(square, a.Mul(gap, gap));
  }
  return a.Sub(a.Set(height), square);
}

template <class A, class V = typename A::V>
HWY_INLINE void SumAt(A a, size_t i, size_t dim, size_t n, size_t m,
                      const double* x, const double* y, const double* base,
                      const double* height, double* sums) {
  const V start = LoadDouble(a, base + i);
  V sum = a.Set(0);
  for (size_t j = 0; j < m; ++j) {
    const V e = Exponent(a, dim, n, x + i, y + j * dim, height[j]);
    sum = a.Add(sum, a.Exp(a.Add(start, e)));
  }
  StoreDouble(a, sum, sums + i);
}

template <class A, class V = typename A::V>
HWY_INLINE void TopAt(A a, size_t i, size_t dim, size_t n, size_t m,
                      const double* x, const double* y, const double* height,
                      double* tops) {
  V top = Exponent(a, dim, n, x + i, y, height[0]);
  for (size_t j = 1; j < m; ++j) {
    const V e = Exponent(a, dim, n, x + i, y + j * dim, height[j]);
    top = a.Select(a.Lt(top, e), e, top);
  }
  StoreDouble(a, top, tops + i);
}

// Calls body(arithmetic, i) for each vector, if there are any of Wide = double,
// and then for each number left over.
template <class Wide, class Body>
HWY_INLINE void ForLanes(size_t n, const Body& body) {
  size_t i = 0;
  if constexpr (kHasDoubleLanes) {
    using D = hn::ScalableTag<Wide>;
    const size_t lanes = hn::Lanes(D());
    for (; i + lanes <= n; i += lanes) body(Lanes<D>(), i);
  }
  for (; i < n; ++i) body(Scalar<Wide>(), i);
}

HWY_ATTR void SoftSumsOf(size_t dim, size_t n, size_t m, const double* x,
                         const double* y, const double* base,
                         const double* height, double* sums) {
  ForLanes<double>(n, [=](auto a, size_t i) HWY_ATTR {
    SumAt(a, i, dim, n, m, x, y, base, height, sums);
  });
}

HWY_ATTR void TopsOf(size_t dim, size_t n, size_t m, const double* x,
                     const double* y, const double* height, double* tops) {
  ForLanes<double>(n, [=](auto a, size_t i) HWY_ATTR {
    TopAt(a, i, dim, n, m, x, y, height, tops);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unnoise {

HWY_EXPORT(SoftSumsOf);
HWY_EXPORT(TopsOf);

void SoftSums(size_t dim, size_t n, size_t m, const double* x, const double* y,
              const double* base, const double* height, double* sums) {
  HWY_DYNAMIC_DISPATCH(SoftSumsOf)(dim, n, m, x, y, base, height, sums);
}

void Tops(size_t dim, size_t n, size_t m, const double* x, const double* y,
          const double* height, double* tops) {
  HWY_DYNAMIC_DISPATCH(TopsOf)(dim, n, m, x, y, height, tops);
}

}  // namespace unnoise
#endif  // HWY_ONCE
