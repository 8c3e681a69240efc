// The error function on the arithmetic of lanes-inl.h; method, accuracy and
// rules are those of exact_math-inl.h. A file of its own, since few kernels
// need it.

// Per-target include guard
#if defined(UNNOISE_BASE_EXACT_ERF_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BASE_EXACT_ERF_INL_H_
#undef UNNOISE_BASE_EXACT_ERF_INL_H_
#else
#define UNNOISE_BASE_EXACT_ERF_INL_H_
#endif

#include "core/base/exact_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

// 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x. Float 1.2 ULP,
// double 1.2.
template <class A, class V = typename A::V>
HWY_INLINE V Erf(A a, V x) {
  using T = typename A::T;
  using namespace exact_detail;
  constexpr bool kFloat = Format<T>::kIsFloat;
  const V one = a.Set(T(1));
  const V size = a.Abs(x);
  // Small: x + x q(x^2), q = erf(x) / x - 1 on x^2 <= 1.001 cut^2.
  constexpr T kCut = T(0.921875);
  const V s = a.Mul(x, x);
  V q;
  if constexpr (kFloat) {
    q = Polynomial(a, s, 0.128379166f, -0.376126349f, 0.112836987f,
                   -0.0268595684f, 0.00520140585f, -0.000814650033f,
                   8.38459528e-05f);
  } else {
    q = Polynomial(
        a, s, 0.1283791670955126, -0.37612638903183715, 0.11283791670952988,
        -0.02686617064466118, 0.005223977620097249, -0.0008548326664415236,
        0.00012055317666056882, -1.4925219162844569e-05, 1.6453982646240875e-06,
        -1.626382700868305e-07, 1.3983926042245746e-08, -8.339125662650283e-10);
  }
  const V small = a.Add(x, a.Mul(x, q));
  // Large: 1 - e^(-x^2) p(t), p = e^(x^2) erfc(x) of t = (x - c) / (x + c), up
  // to where the result rounds to 1. What is taken off is below 0.2, so that
  // its errors count little.
  constexpr T kOneFrom = kFloat ? T(4) : T(6);
  constexpr T kCentre = kFloat ? T(2) : T(2.5);
  const V z = AtMost(a, size, kOneFrom);
  const V t = a.Div(a.Sub(z, a.Set(kCentre)), a.Add(z, a.Set(kCentre)));
  V p;
  if constexpr (kFloat) {
    p = Polynomial(a, t, 0.255395681f, -0.427186042f, 0.241658866f,
                   -0.0789665282f, 0.00371428276f, 0.00679681264f,
                   -0.000719704782f);
  } else {
    p = Polynomial(
        a, t, 0.21080636406114356, -0.3717367339489729, 0.2517131932174565,
        -0.1250330523789364, 0.039922539074761836, -0.003993701159136897,
        -0.0026423659278066256, 0.000875915265751079, 0.00022837957324884384,
        -0.00012887460335705308, -3.4172463983434075e-05, 1.859565659924724e-05,
        7.486255341505494e-06, -2.2311457648717347e-06, -1.5656754168047144e-06,
        1.256582044547929e-09);
  }
  const V rest = a.Mul(ExpOfNonPositive(a, a.Neg(a.Mul(z, z))), p);
  const V large = FlipSign(a, a.Sub(one, rest), a.Bits(x));
  return a.Select(a.Lt(size, a.Set(kCut)), small, large);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BASE_EXACT_ERF_INL_H_
