// The sine of many numbers (exact_math.h) on vectors, compiled for every SIMD
// target; all give the bits of the sine of one.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/base/exact_sin.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file again for each target.
#include <cstddef>

#include "core/base/exact_math-inl.h"
#include "core/base/exact_math.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

// The whole vectors of x [n]; returns how many numbers these are.
template <class Wide>
HWY_INLINE std::size_t SinWhole(Wide* x, std::size_t n) {
  std::size_t i = 0;
  if constexpr (kHasDoubleLanes) {
    const hn::ScalableTag<Wide> d;
    const Lanes<hn::ScalableTag<Wide>> a;
    for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) {
      hn::StoreU(a.Sin(hn::LoadU(d, x + i)), d, x + i);
    }
  }
  return i;
}

HWY_ATTR std::size_t SinVectors(double* x, std::size_t n) {
  return SinWhole<double>(x, n);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unnoise {

HWY_EXPORT(SinVectors);

void exact::Sin(std::span<double> x) {
  const std::size_t done = HWY_DYNAMIC_DISPATCH(SinVectors)(x.data(), x.size());
  for (double& value : x.subspan(done)) value = Sin(value);
}

}  // namespace unnoise
#endif  // HWY_ONCE
