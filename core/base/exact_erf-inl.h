// The error function and, in double only, its complement, on the arithmetic of
// lanes-inl.h; method, accuracy and rules are those of exact_math-inl.h. A file
// of its own, since few kernels need it.

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

// e^(x^2) erfc(x) for x >= 0, what is left of the complement when its decay is
// taken out; of a negative x, as of 0. Double only, 3.5 ULP.
template <class A, class V = typename A::V>
HWY_INLINE V Erfcx(A a, V x) {
  static_assert(!Format<typename A::T>::kIsFloat);
  using namespace exact_detail;
  x = AtLeast(a, x, 0.0);
  // (1 + 2x) e^(x^2) erfc(x) of t = (x - c) / (x + c), on t in [-1, 1]
  // (Shepherd and Laframboise 1981 have the form).
  const V z = AtMost(a, x, 0x1p+60);
  const V t = a.Div(a.Sub(z, a.Set(3.75)), a.Add(z, a.Set(3.75)));
  const V p = Polynomial(
      a, t, 1.2375126308378275, -0.14024059858554702, 0.003585415485479575,
      0.08227673849014977, -0.10880393014246645, 0.09230432116025894,
      -0.05869339857631061, 0.028362277420377335, -0.00974657968596217,
      0.001755625843431864, 0.000293714390578856, -0.00029015404203352704,
      5.1646493410028784e-05, 2.2384138525656797e-05, -1.1437980374495561e-05,
      -9.733875167494902e-07, 1.7419011945194704e-06, -5.741076073005052e-08,
      -2.485110865021335e-07, 2.339853431297606e-08, 3.1953986120589836e-08,
      -3.7981897977092205e-09, -2.6185201565053605e-09, 3.20526233788015e-10);
  return a.Div(p, a.Add(a.Set(1.0), a.Mul(x, a.Set(2.0))));
}

// 1 - erf(x), also where that is tiny. Double only, 3.5 ULP.
template <class A, class V = typename A::V>
HWY_INLINE V Erfc(A a, V x) {
  static_assert(!Format<typename A::T>::kIsFloat);
  using namespace exact_detail;
  const V small = a.Sub(a.Set(1.0), Erf(a, x));
  // x^2 = high^2 + rest, the first exact. Beyond 40 the result is 0.
  const V z = AtMost(a, AtLeast(a, x, 0.0), 40.0);
  const V high = a.FromBits(a.And(a.Bits(z), a.SetWord(~uint64_t{0x7ffffff})));
  const V rest = a.Mul(a.Sub(z, high), a.Add(z, high));
  // e^-rest, rest below 2^-15, by its series.
  const V fine = Polynomial(a, rest, 1.0, -1.0, 0.5, -1.0 / 6);
  const V decay = ExpOfNonPositive(a, a.Neg(a.Mul(high, high)));
  const V large = a.Mul(decay, a.Mul(fine, Erfcx(a, z)));
  return a.Select(a.Lt(x, a.Set(0.5)), small, large);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BASE_EXACT_ERF_INL_H_
