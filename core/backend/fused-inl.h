// The two arithmetics of a product: a b + c rounded twice, the same everywhere,
// and rounded once where the target can (fused multiply-add), faster but with
// other bits. The one file that may name the fused operation: whoever asks for
// it gives up the promise of same bits (Experiment::fast).

// Per-target include guard
#if defined(UNNOISE_BACKEND_FUSED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BACKEND_FUSED_INL_H_
#undef UNNOISE_BACKEND_FUSED_INL_H_
#else
#define UNNOISE_BACKEND_FUSED_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

struct Rounded {
  template <class V>
  static HWY_INLINE V MultiplyAdd(V a, V b, V c) {
    return hwy::HWY_NAMESPACE::Add(hwy::HWY_NAMESPACE::Mul(a, b), c);
  }
};

// HWY_NATIVE_FMA is 0 or 1. A target without the operation, WebAssembly for
// one, has one arithmetic, and compiles its kernels once.
#if HWY_NATIVE_FMA
struct Fused {
  template <class V>
  static HWY_INLINE V MultiplyAdd(V a, V b, V c) {
    return hwy::HWY_NAMESPACE::MulAdd(a, b, c);
  }
};
#else
using Fused = Rounded;
#endif

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BACKEND_FUSED_INL_H_
