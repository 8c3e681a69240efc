// Modified Bessel functions of the first kind, scaled, and the spread of the
// von Mises law that they normalise; on the arithmetic of lanes-inl.h, double
// only. Method, accuracy and rules are those of exact_math-inl.h.

// Per-target include guard
#if defined(UNNOISE_BASE_EXACT_BESSEL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BASE_EXACT_BESSEL_INL_H_
#undef UNNOISE_BASE_EXACT_BESSEL_INL_H_
#else
#define UNNOISE_BASE_EXACT_BESSEL_INL_H_
#endif

#include "core/base/exact_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

namespace exact_detail {

// Up to here the series in x^2 / 4, whose terms are all positive; beyond, a
// polynomial in 1 / x.
inline constexpr double kBesselCut = 8;

// 2 cut / x - 1, in [-1, 1] for x >= cut.
template <class A, class V = typename A::V>
HWY_INLINE V BesselFar(A a, V x) {
  const V far = AtLeast(a, x, kBesselCut);
  return a.Sub(a.Div(a.Set(2 * kBesselCut), far), a.Set(1.0));
}

// s = x^2 / 4 and e^-x where the series are summed.
template <class A>
struct BesselNear {
  typename A::V x, s, decay;
};
template <class A, class V = typename A::V>
HWY_INLINE BesselNear<A> NearZero(A a, V x) {
  const V near = AtMost(a, x, kBesselCut);
  const V half = a.Mul(near, a.Set(0.5));
  return {near, a.Mul(half, half), ExpOfNonPositive(a, a.Neg(near))};
}

}  // namespace exact_detail

// e^-x I0(x) for x >= 0. 3.5 ULP.
template <class A, class V = typename A::V>
HWY_INLINE V I0e(A a, V x) {
  using namespace exact_detail;
  const BesselNear<A> near = NearZero(a, x);
  const V series = Polynomial(
      a, near.s, 1.0, 1.0, 0.25, 0.027777777777777776, 0.0017361111111111112,
      6.944444444444436e-05, 1.9290123456790645e-06, 3.936759889138514e-08,
      6.15118732685805e-10, 7.594058426299826e-12, 7.594058461668405e-14,
      6.276080873768989e-16, 4.3583949248528105e-18, 2.5788865986701077e-20,
      1.3160461234927695e-22, 5.835456401203627e-25, 2.3262115921049617e-27,
      6.955864951877626e-30, 3.708560404195234e-32);
  // sqrt(x) e^-x I0(x).
  const V far = Polynomial(
      a, BesselFar(a, x), 0.4021765094450081, 0.003360551983667854,
      0.00013621607439232746, 1.1143033791556743e-05, 1.4838475473607391e-06,
      2.973598432479169e-07, 8.87225351128584e-08, 3.932602459703109e-08,
      2.1545177650836005e-08, 7.553516470355896e-09, -6.729724111923548e-09,
      -1.3404241991980871e-08, -5.4685974495866e-09, 7.540601378890834e-09,
      7.58022133915272e-09, -3.4857887470034955e-09, -6.188265090497361e-09,
      1.497880830187091e-09, 3.881151253996067e-09, -5.562201990080394e-10,
      -1.7789375042917173e-09, 1.4672236659214398e-10, 5.181936971288284e-10,
      -1.9216763724933513e-11, -7.06893851181878e-11);
  return a.Select(a.Lt(x, a.Set(kBesselCut)), a.Mul(near.decay, series),
                  a.Div(far, a.Sqrt(x)));
}

// e^-x I1(x) for x >= 0. 4 ULP.
template <class A, class V = typename A::V>
HWY_INLINE V I1e(A a, V x) {
  using namespace exact_detail;
  const BesselNear<A> near = NearZero(a, x);
  // I1(x) / (x / 2).
  const V series = Polynomial(
      a, near.s, 1.0, 0.5, 0.08333333333333333, 0.006944444444444444,
      0.00034722222222222224, 1.157407407407407e-05, 2.755731922398615e-07,
      4.920949861424908e-09, 6.83465258535105e-11, 7.594058427228947e-13,
      6.903689496599653e-15, 5.2300675560571174e-17, 3.352610064632602e-19,
      1.8420712648612253e-21, 8.773176098144418e-24, 3.6488131496064965e-26,
      1.3643601110074505e-28, 3.923296116969608e-31, 1.911993010525925e-33);
  const V small = a.Mul(a.Mul(near.decay, a.Mul(near.x, a.Set(0.5))), series);
  const V far = Polynomial(
      a, BesselFar(a, x), 0.38939845902587233, -0.009749577193235728,
      -0.00021923576383430274, -1.5038547201176271e-05, -1.8349101134666435e-06,
      -3.483855609009937e-07, -1.0001323461066435e-07, -4.312935369971356e-08,
      -2.337059627111857e-08, -8.426622829598154e-09, 6.715795128085017e-09,
      1.4029693589852716e-08, 6.040877342160988e-09, -7.630751970065577e-09,
      -8.044231276166508e-09, 3.406636130196794e-09, 6.4870195719816896e-09,
      -1.4171698018664596e-09, -4.047785403711858e-09, 5.146498826087142e-10,
      1.8513716745511988e-09, -1.342266320082222e-10, -5.388285995923524e-10,
      1.7502497778701306e-11, 7.347992441734663e-11);
  return a.Select(a.Lt(x, a.Set(kBesselCut)), small, a.Div(far, a.Sqrt(x)));
}

// The derivative of I1(x) / I0(x), which is the variance of the cosine of an
// angle of von Mises' law of concentration x: 1 - A / x - A^2 with A = I1 / I0,
// 1/2 at 0 and 1 / 2x^2 far out, where that would cancel. 600 ULP.
template <class A, class V = typename A::V>
HWY_INLINE V BesselRatioSlope(A a, V x) {
  using namespace exact_detail;
  // The quotient A / x would be 0 / 0 at 0; below 2^-30 it is 1/2 to rounding.
  const V near = AtLeast(a, AtMost(a, x, kBesselCut), 0x1p-30);
  const V ratio = a.Div(I1e(a, near), I0e(a, near));
  const V small =
      a.Sub(a.Sub(a.Set(1.0), a.Div(ratio, near)), a.Mul(ratio, ratio));
  // 2 x^2 times it.
  const V p = Polynomial(
      a, BesselFar(a, x), 1.0346387989951131, 0.038585092261089214,
      0.004630155786784453, 0.0008488611728566497, 0.0002199023572065208,
      8.084663755154283e-05, 4.255655880596049e-05, 2.6851850326880835e-05,
      1.0491367078452582e-05, -1.0905531022172411e-05, -2.3450177299931363e-05,
      -9.934886393085582e-06, 1.607089853395293e-05, 1.6035974532281185e-05,
      -9.348905162259532e-06, -1.4433008219084193e-05, 5.584895082830946e-06,
      9.63070427228873e-06, -3.2563448282930036e-06, -4.5880831516740465e-06,
      1.5363990472665812e-06, 1.3697285749631092e-06, -4.730340728020698e-07,
      -1.8992009884660811e-07, 6.810403816484692e-08);
  const V far = a.Div(a.Div(a.Mul(p, a.Set(0.5)), x), x);
  return a.Select(a.Lt(x, a.Set(kBesselCut)), small, far);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BASE_EXACT_BESSEL_INL_H_
