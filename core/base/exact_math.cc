// The scalar API of exact_math.h: the functions of exact_math-inl.h on single
// numbers, compiled once for the baseline target.

#include "core/base/exact_math.h"

#include "core/base/exact_bessel-inl.h"
#include "core/base/exact_erf-inl.h"
#include "core/base/exact_math-inl.h"

namespace unnoise::exact {
namespace {
constexpr HWY_NAMESPACE::Scalar<float> kFloat;
constexpr HWY_NAMESPACE::Scalar<double> kDouble;
}  // namespace

float Exp(float x) { return kFloat.Exp(x); }
double Exp(double x) { return kDouble.Exp(x); }
float Expm1(float x) { return kFloat.Expm1(x); }
double Expm1(double x) { return kDouble.Expm1(x); }
float Log(float x) { return kFloat.Log(x); }
double Log(double x) { return kDouble.Log(x); }
float Log1p(float x) { return kFloat.Log1p(x); }
double Log1p(double x) { return kDouble.Log1p(x); }
float Sin(float x) { return kFloat.Sin(x); }
double Sin(double x) { return kDouble.Sin(x); }
float Cos(float x) { return kFloat.Cos(x); }
double Cos(double x) { return kDouble.Cos(x); }
float Tanh(float x) { return kFloat.Tanh(x); }
double Tanh(double x) { return kDouble.Tanh(x); }
float Sigmoid(float x) { return kFloat.Sigmoid(x); }
double Sigmoid(double x) { return kDouble.Sigmoid(x); }
float Erf(float x) { return HWY_NAMESPACE::Erf(kFloat, x); }
double Erf(double x) { return HWY_NAMESPACE::Erf(kDouble, x); }
double Erfc(double x) { return HWY_NAMESPACE::Erfc(kDouble, x); }
double Erfcx(double x) { return HWY_NAMESPACE::Erfcx(kDouble, x); }
double I0e(double x) { return HWY_NAMESPACE::I0e(kDouble, x); }
double I1e(double x) { return HWY_NAMESPACE::I1e(kDouble, x); }
double BesselRatioSlope(double x) {
  return HWY_NAMESPACE::BesselRatioSlope(kDouble, x);
}

}  // namespace unnoise::exact
