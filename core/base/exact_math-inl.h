// Elementary functions on the arithmetic of lanes-inl.h: vectors of any lane
// count and single numbers, float and double, with the same bits from all.
// Branch-free, so speed does not depend on the values. Not here: the scalar
// API (exact_math.h), which is these functions on Scalar<T>.
//
// Method. Arguments are reduced exactly or in two or more parts (Cody and
// Waite 1980), then a polynomial follows whose leading terms are exact. The
// coefficients interpolate the stated function at the Chebyshev points of the
// reduced interval, computed with 60 decimal digits; each is then rounded to
// nearest. Functions of s = r^2 are interpolated in s.
//
// Stated errors are the largest seen by tests/core/base/exact_math_test.cc and
// longer sweeps against long double, in units in the last place of the result
// (ULP; the spacing of denormals is that of the smallest normal number).

// Per-target include guard
#if defined(UNNOISE_BASE_EXACT_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BASE_EXACT_MATH_INL_H_
#undef UNNOISE_BASE_EXACT_MATH_INL_H_
#else
#define UNNOISE_BASE_EXACT_MATH_INL_H_
#endif

#include <limits>

#include "core/base/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

// Pieces shared by the functions below; nobody else needs them.
namespace exact_detail {

template <class T>
inline constexpr T kInfinity = std::numeric_limits<T>::infinity();
template <class T>
inline constexpr T kNaN = std::numeric_limits<T>::quiet_NaN();

// ln 2 in two parts: the first short enough for k * kLn2High to be exact for
// every exponent k.
template <class T>
inline constexpr T kLn2High = Format<T>::kIsFloat ? T(0.693145751953125)
                                                  : T(0.6931471805601177);
template <class T>
inline constexpr T kLn2Low = Format<T>::kIsFloat ? T(1.42860677e-06)
                                                 : T(-1.7239444525614835e-13);

// min(x, limit) and max(x, limit) that keep NaN.
template <class A, class V = typename A::V>
HWY_INLINE V AtMost(A a, V x, typename A::T limit) {
  return a.Select(a.Lt(a.Set(limit), x), a.Set(limit), x);
}
template <class A, class V = typename A::V>
HWY_INLINE V AtLeast(A a, V x, typename A::T limit) {
  return a.Select(a.Lt(x, a.Set(limit)), a.Set(limit), x);
}

// e^x = 2^k (1 + fraction), k = round(x / ln 2); the low bits of `exponent`
// hold k + bias.
template <class A>
struct ExpParts {
  typename A::V fraction;
  typename A::Words exponent;
};

// |x| below about 2^10; bias < 2^12. kFine keeps what rounding takes from
// r, and float spends a coefficient more: for when the 1 cancels.
template <int kBias, bool kFine = false, class A, class V = typename A::V>
HWY_INLINE ExpParts<A> SplitExp(A a, V x) {
  using T = typename A::T;
  const V magic = a.Set(Format<T>::kMagic + T(kBias));
  const V sum = a.Add(a.Mul(x, a.Set(T(1.4426950408889634))), magic);
  const V k = a.Sub(sum, magic);
  const V high = a.Sub(x, a.Mul(k, a.Set(kLn2High<T>)));
  const V low = a.Mul(k, a.Set(kLn2Low<T>));
  const V r = a.Sub(high, low);
  // (e^r - 1 - r) / r^2 on |r| <= 1.0005 ln(2) / 2.
  V q;
  if constexpr (Format<T>::kIsFloat && kFine) {
    q = Polynomial(a, r, 0.5f, 0.166666672f, 0.041666463f, 0.00833331048f,
                   0.00139336858f, 0.000198910304f);
  } else if constexpr (Format<T>::kIsFloat) {
    q = Polynomial(a, r, 0.5f, 0.166665763f, 0.0416665561f, 0.00836320315f,
                   0.00139262131f);
  } else {
    q = Polynomial(a, r, 0.5, 0.16666666666666671, 0.041666666666666671,
                   0.0083333333333261116, 0.0013888888888883731,
                   0.00019841269874901259, 2.4801587325605324e-05,
                   2.7557255297969643e-06, 2.755727357010214e-07,
                   2.5105259538448494e-08, 2.0914717341716378e-09);
  }
  V tail = a.Mul(a.Mul(r, r), q);
  if constexpr (kFine) tail = a.Add(tail, a.Sub(a.Sub(high, r), low));
  return {a.Add(r, tail), a.Bits(sum)};
}

// 2^k as a number, from the low bits k + Format::kBias of w.
template <class A, class Words = typename A::Words>
HWY_INLINE typename A::V PowerOfTwo(A a, Words w) {
  return a.FromBits(
      a.template ShiftLeft<Format<typename A::T>::kMantissaBits>(w));
}

// Below this e^x rounds to zero; above kExpMax it overflows.
template <class T>
inline constexpr T kExpMin = Format<T>::kIsFloat ? T(-104) : T(-746);
template <class T>
inline constexpr T kExpMax = Format<T>::kIsFloat ? T(89) : T(710);

// e^x for x <= 0: Exp with one scaling less.
template <class A, class V = typename A::V>
HWY_INLINE V ExpOfNonPositive(A a, V x) {
  using T = typename A::T;
  // 2^k is scaled up so that it is normal; the last product scales down, and is
  // the only rounding if the result is denormal.
  constexpr int kUp = Format<T>::kIsFloat ? 64 : 128;
  const auto e = SplitExp<Format<T>::kBias + kUp, !Format<T>::kIsFloat>(
      a, AtLeast(a, x, kExpMin<T>));
  const V up = PowerOfTwo(a, e.exponent);
  const V scaled = a.Mul(a.Add(a.Set(T(1)), e.fraction), up);
  constexpr T kDown = Format<T>::kIsFloat ? T(0x1p-64) : T(0x1p-128);
  return a.Mul(scaled, a.Set(kDown));
}

// sin(r) - r and (as 1 - this) cos(r), |r| <= 1.001 pi / 4, s = r^2.
template <class A, class V = typename A::V>
HWY_INLINE V SinTail(A a, V r, V s) {
  using T = typename A::T;
  // (sin(r) / r - 1) / s.
  V p;
  if constexpr (Format<T>::kIsFloat) {
    p = Polynomial(a, s, -0.166666642f, 0.0083327461f, -0.000195873872f);
  } else {
    p = Polynomial(a, s, -0.16666666666666666, 0.0083333333333309254,
                   -0.00019841269836722418, 2.7557316083816358e-06,
                   -2.5051127944014184e-08, 1.5917848524808034e-10);
  }
  return a.Mul(a.Mul(r, s), p);
}
template <class A, class V = typename A::V>
HWY_INLINE V CosTail(A a, V s) {
  using T = typename A::T;
  // (cos(r) - 1 + s / 2) / s^2.
  V p;
  if constexpr (Format<T>::kIsFloat) {
    p = Polynomial(a, s, 0.0416666642f, -0.00138883002f, 2.45474366e-05f);
  } else {
    p = Polynomial(a, s, 0.041666666666666664, -0.0013888888888887382,
                   2.480158729874307e-05, -2.7557317260008837e-07,
                   2.0876143827993128e-09, -1.1382456778061164e-11);
  }
  return a.Sub(a.Mul(s, a.Set(T(0.5))), a.Mul(a.Mul(s, s), p));
}

// An angle as quadrant * pi/2 + remainder, given by the sine and cosine of the
// remainder and the quadrant's low bits.
template <class A>
struct Turned {
  typename A::V sin;
  typename A::V cos;
  typename A::Words quadrant;
};

// Sine of a turned angle: s, c, -s, -c by quadrant. One quadrant more makes it
// the cosine.
template <class A>
HWY_INLINE typename A::V SinOf(A a, const Turned<A>& t) {
  const auto value = a.SelectOdd(t.quadrant, t.cos, t.sin);
  constexpr int kBits = Format<typename A::T>::kBits;
  return FlipSign(a, value, a.template ShiftLeft<kBits - 2>(t.quadrant));
}
template <class A>
HWY_INLINE typename A::V CosOf(A a, Turned<A> t) {
  t.quadrant = a.AddWord(t.quadrant, a.SetWord(1));
  return SinOf(a, t);
}

// x >= 0 in radians; a larger x than the stated range is taken as 0, infinity
// as NaN.
template <class A, class V = typename A::V>
HWY_INLINE Turned<A> Turn(A a, V x) {
  using T = typename A::T;
  constexpr T kLimit = Format<T>::kIsFloat ? T(0x1p17) : T(0x1p30);
  x = a.Select(a.Le(x, a.Set(kLimit)), x, a.Mul(x, a.Set(T(0))));
  const V magic = a.Set(Format<T>::kMagic);
  const V sum = a.Add(a.Mul(x, a.Set(T(0.63661977236758134))), magic);
  const V k = a.Sub(sum, magic);
  const V one = a.Set(T(1));
  if constexpr (Format<T>::kIsFloat) {
    // k has 17 bits and the first part of pi/2 has 30: exact in double.
    const V r = a.SubMulWide(x, k, 0x1.921fb548p+0, -0x1.de973dcb3b39ap-31);
    const V s = a.Mul(r, r);
    return {a.Add(r, SinTail(a, r, s)), a.Sub(one, CosTail(a, s)), a.Bits(sum)};
  } else {
    // k has 30 bits, the first three parts of pi/2 have 23: all products but
    // the last are exact, and so are the first two differences. The rounding
    // error of the third is kept: x may come within 2^-60 of k pi/2.
    V r = a.Sub(x, a.Mul(k, a.Set(0x1.921fb4p+0)));
    r = a.Sub(r, a.Mul(k, a.Set(0x1.4442dp-24)));
    const V c = a.Mul(k, a.Set(0x1.846988p-48));
    const V d = a.Sub(r, c);
    const V back = a.Sub(d, r);  // about -c
    const V lost = a.Sub(a.Sub(r, a.Sub(d, back)), a.Add(c, back));
    const V rest = a.Sub(lost, a.Mul(k, a.Set(0x1.8cc51701b839ap-72)));
    r = a.Add(d, rest);
    const V low = a.Add(a.Sub(d, r), rest);
    const V s = a.Mul(r, r);
    // sin(r + low) = sin r + low (1 - s/2), cos(r + low) = cos r - r low.
    const V sin_low = a.Mul(low, a.Sub(one, a.Mul(s, a.Set(0.5))));
    return {a.Add(r, a.Add(SinTail(a, r, s), sin_low)),
            a.Sub(one, a.Add(CosTail(a, s), a.Mul(r, low))), a.Bits(sum)};
  }
}

// log(x (1 + c)) for finite x > 0 and c below half an ULP.
template <class A, class V = typename A::V>
HWY_INLINE V LogOfPositive(A a, V x, V c) {
  using T = typename A::T;
  using F = Format<T>;
  using Word = typename F::Word;
  // Denormals are scaled up; k makes up for it.
  constexpr T kUp = F::kIsFloat ? T(0x1p24) : T(0x1p53);
  const auto tiny = a.Lt(x, a.Set(std::numeric_limits<T>::min()));
  x = a.Select(tiny, a.Mul(x, a.Set(kUp)), x);
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)).
  constexpr Word kRootHalf =
      F::kIsFloat ? Word{0x3f3504f3} : static_cast<Word>(0x3fe6a09e667f3bcc);
  constexpr Word kOne = static_cast<Word>(F::kBias) << F::kMantissaBits;
  const auto shifted = a.AddWord(a.Bits(x), a.SetWord(kOne - kRootHalf));
  const V m = a.FromBits(
      a.AddWord(a.And(shifted, a.SetWord(F::kMantissa)), a.SetWord(kRootHalf)));
  // The exponent as a number: put below 2^mantissa_bits, then subtracted.
  constexpr T kBase = static_cast<T>(F::kMantissa + 1);
  const V biased = a.FromBits(a.Or(
      a.template ShiftRight<F::kMantissaBits>(shifted), a.Bits(a.Set(kBase))));
  const V bias =
      a.Select(tiny, a.Set(kBase + T(F::kBias + F::kMantissaBits + 1)),
               a.Set(kBase + T(F::kBias)));
  const V k = a.Sub(biased, bias);
  // With f = m - 1, z = f / (2 + f), h = f^2 / 2:
  //   log m = 2 atanh z = f - z f + z R = f - h + z (h + R),
  //   R = 2 (atanh z / z - 1), since f - 2z = z f and h - z h = z f.
  const V f = a.Sub(m, a.Set(T(1)));
  const V z = a.Div(f, a.Add(a.Set(T(2)), f));
  const V s = a.Mul(z, z);
  // R / s on |z| <= 1.0005 (sqrt(2) - 1) / (sqrt(2) + 1).
  V p;
  if constexpr (F::kIsFloat) {
    p = Polynomial(a, s, 0.666666865f, 0.399887592f, 0.295809865f);
  } else {
    p = Polynomial(a, s, 0.66666666666666696, 0.39999999999898889,
                   0.28571428626253909, 0.22222211089368121,
                   0.18182892433364725, 0.1533161169456573, 0.1461780749284935);
  }
  const V h = a.Mul(a.Mul(f, f), a.Set(T(0.5)));
  const V low = a.Add(a.Mul(k, a.Set(kLn2Low<T>)), c);
  const V tail = a.Add(a.Mul(z, a.Add(h, a.Mul(s, p))), low);
  return a.Add(a.Mul(k, a.Set(kLn2High<T>)), a.Sub(f, a.Sub(h, tail)));
}

// `log`, an approximation for 0 < x < infinity, with the values outside.
template <class A, class V = typename A::V>
HWY_INLINE V LogEdges(A a, V x, V log) {
  using T = typename A::T;
  const V zero = a.Set(T(0));
  const V edge = a.Select(a.Lt(x, zero), a.Set(kNaN<T>),
                          a.Set(-kInfinity<T>));  // x <= 0
  log = a.Select(a.Le(x, zero), edge, log);
  // Infinity and NaN pass through.
  return a.Select(a.Lt(x, a.Set(kInfinity<T>)), log, x);
}

}  // namespace exact_detail

// e^x. Float 1.03 ULP, double 0.95.
template <class A, class V = typename A::V>
HWY_INLINE V Exp(A a, V x) {
  using T = typename A::T;
  using namespace exact_detail;
  x = AtMost(a, AtLeast(a, x, kExpMin<T>), kExpMax<T>);
  // 2^k in two factors, of exponents floor(k/2) and k - floor(k/2), as k goes
  // beyond what one can hold on both sides.
  const auto e = SplitExp<2 * Format<T>::kBias>(a, x);
  const auto half = a.template ShiftRight<1>(e.exponent);
  const V scaled = a.Mul(a.Add(a.Set(T(1)), e.fraction), PowerOfTwo(a, half));
  return a.Mul(scaled, PowerOfTwo(a, a.SubWord(e.exponent, half)));
}

// e^x - 1. Float 1.5 ULP, double 1.5.
template <class A, class V = typename A::V>
HWY_INLINE V Expm1(A a, V x) {
  using T = typename A::T;
  using namespace exact_detail;
  // Beyond kLarge the 1 does not matter, below kSmall e^x does not.
  constexpr T kLarge = Format<T>::kIsFloat ? T(20) : T(40);
  const auto e = SplitExp<Format<T>::kBias, true>(
      a, AtMost(a, AtLeast(a, x, -kLarge), kLarge));
  const V scale = PowerOfTwo(a, e.exponent);
  const V y = a.Add(a.Mul(scale, e.fraction), a.Sub(scale, a.Set(T(1))));
  // Tiny x as they are, to keep the sign of zero.
  constexpr T kTiny = Format<T>::kIsFloat ? T(0x1p-25) : T(0x1p-54);
  const V z = a.Select(a.Lt(a.Abs(x), a.Set(kTiny)), x, y);
  return a.Select(a.Lt(a.Set(kLarge), x), Exp(a, x), z);
}

// Natural logarithm; -infinity at 0, NaN below. Float 0.8 ULP, double 0.85.
template <class A, class V = typename A::V>
HWY_INLINE V Log(A a, V x) {
  using namespace exact_detail;
  const V zero = a.Set(typename A::T(0));
  return LogEdges(a, x, LogOfPositive(a, x, zero));
}

// log(1 + x); -infinity at -1, NaN below. Float 0.85 ULP, double 0.85.
template <class A, class V = typename A::V>
HWY_INLINE V Log1p(A a, V x) {
  using T = typename A::T;
  using namespace exact_detail;
  // u + lost = 1 + x exactly.
  const V one = a.Set(T(1));
  const V u = a.Add(one, x);
  const V back = a.Sub(u, one);
  const V lost = a.Add(a.Sub(one, a.Sub(u, back)), a.Sub(x, back));
  const V y = LogEdges(a, u, LogOfPositive(a, u, a.Div(lost, u)));
  constexpr T kTiny = Format<T>::kIsFloat ? T(0x1p-25) : T(0x1p-54);
  return a.Select(a.Lt(a.Abs(x), a.Set(kTiny)), x, y);
}

// x in radians, |x| <= 2^17 (float) or 2^30 (double); beyond that x is taken as
// 0, so that the result is defined; infinity gives NaN. Float 1.5 ULP, double
// 1.3.
template <class A, class V = typename A::V>
HWY_INLINE V Sin(A a, V x) {
  using namespace exact_detail;
  return FlipSign(a, SinOf(a, Turn(a, a.Abs(x))), a.Bits(x));
}
template <class A, class V = typename A::V>
HWY_INLINE V Cos(A a, V x) {
  using namespace exact_detail;
  return CosOf(a, Turn(a, a.Abs(x)));
}

// sin and cos of 2 pi u, u in [0, 1]. Float 1.95 ULP, double 1.85.
template <class A, class V = typename A::V>
HWY_INLINE void SinCosTurns(A a, V u, V* sin, V* cos) {
  using T = typename A::T;
  using namespace exact_detail;
  const V magic = a.Set(Format<T>::kMagic);
  const V sum = a.Add(a.Mul(u, a.Set(T(4))), magic);
  const V quarters = a.Mul(a.Sub(sum, magic), a.Set(T(0.25)));
  const V eighth = a.Sub(u, quarters);  // exact, in [-1/8, 1/8]
  const V r = a.Mul(eighth, a.Set(T(6.2831853071795865)));
  const V s = a.Mul(r, r);
  const Turned<A> t = {a.Add(r, SinTail(a, r, s)),
                       a.Sub(a.Set(T(1)), CosTail(a, s)), a.Bits(sum)};
  *sin = SinOf(a, t);
  *cos = CosOf(a, t);
}

// Hyperbolic tangent. Float 2.2 ULP, double 2.3.
template <class A, class V = typename A::V>
HWY_INLINE V Tanh(A a, V x) {
  using T = typename A::T;
  using namespace exact_detail;
  // With e = e^(-2|x|): tanh |x| = (1 - e) / (1 + e) = 1 - 2 e / (1 + e), the
  // first for small |x|, where 1 - e has no cancellation, the second beyond.
  constexpr T kOneFrom = Format<T>::kIsFloat ? T(20) : T(40);
  const V y = a.Mul(a.Abs(x), a.Set(T(-2)));
  const auto e = SplitExp<Format<T>::kBias, true>(a, AtLeast(a, y, -kOneFrom));
  const V one = a.Set(T(1));
  const V scale = PowerOfTwo(a, e.exponent);
  const V rest = a.Mul(scale, e.fraction);
  const V sum = a.Add(scale, rest);
  const V difference = a.Sub(a.Sub(one, scale), rest);
  const auto small = a.Lt(a.Set(T(-1.1)), y);
  const V top = a.Select(small, difference, a.Mul(sum, a.Set(T(-2))));
  const V base = a.Select(small, a.Set(T(0)), one);
  return FlipSign(a, a.Add(base, a.Div(top, a.Add(one, sum))), a.Bits(x));
}

// 1 / (1 + e^-x), also where that is tiny. Float 2.3 ULP, double 2.3.
template <class A, class V = typename A::V>
HWY_INLINE V Sigmoid(A a, V x) {
  using T = typename A::T;
  using namespace exact_detail;
  // e^-|x| cannot overflow: 1 / (1 + e) for x >= 0, e / (1 + e) below.
  const V one = a.Set(T(1));
  const V e = ExpOfNonPositive(a, a.Neg(a.Abs(x)));
  const V top = a.Select(a.Lt(x, a.Set(T(0))), e, one);
  return a.Div(top, a.Add(one, e));
}

// The tags that formulas take: an arithmetic with the functions as members, so
// that tags made elsewhere (complex numbers, a GPU) can bring their own.
template <class Ops>
struct WithFunctions : Ops {
  using V = typename Ops::V;
  HWY_INLINE V Exp(V x) const { return HWY_NAMESPACE::Exp(Ops(), x); }
  HWY_INLINE V Expm1(V x) const { return HWY_NAMESPACE::Expm1(Ops(), x); }
  HWY_INLINE V Log(V x) const { return HWY_NAMESPACE::Log(Ops(), x); }
  HWY_INLINE V Log1p(V x) const { return HWY_NAMESPACE::Log1p(Ops(), x); }
  HWY_INLINE V Sin(V x) const { return HWY_NAMESPACE::Sin(Ops(), x); }
  HWY_INLINE V Cos(V x) const { return HWY_NAMESPACE::Cos(Ops(), x); }
  HWY_INLINE V Tanh(V x) const { return HWY_NAMESPACE::Tanh(Ops(), x); }
  HWY_INLINE V Sigmoid(V x) const { return HWY_NAMESPACE::Sigmoid(Ops(), x); }
};

template <class D>
using Lanes = WithFunctions<LaneOps<D>>;
template <class T>
using Scalar = WithFunctions<ScalarOps<T>>;

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BASE_EXACT_MATH_INL_H_
