// Elementary functions that give the same bits on every machine, compiler and
// SIMD width: only + - * / sqrt, integer operations and selects, in a stated
// order, never contracted. The vector forms are in exact_math-inl.h; these are
// the scalar ones, made from the same source.
//
// Accuracy, in units in the last place over the whole range unless said
// otherwise, is stated in exact_math-inl.h and held by
// tests/core/base/exact_math_test.cc. NaN gives NaN, of the machine's own sign
// and payload; overflow gives +-infinity; results below the normal range may be
// denormal and are correctly scaled.

#ifndef UNNOISE_BASE_EXACT_MATH_H_
#define UNNOISE_BASE_EXACT_MATH_H_

#include <span>

namespace unnoise::exact {

float Exp(float x);
double Exp(double x);
float Expm1(float x);
double Expm1(double x);
float Log(float x);
double Log(double x);
float Log1p(float x);
double Log1p(double x);
// Radians. Stated accuracy for |x| <= 2^17 (float) and 2^30 (double); a finite
// x beyond that is taken as 0. Infinity gives NaN.
float Sin(float x);
double Sin(double x);
// Of each in place, several at a time.
void Sin(std::span<double> x);
float Cos(float x);
double Cos(double x);
float Tanh(float x);
double Tanh(double x);
// 1 / (1 + e^-x).
float Sigmoid(float x);
double Sigmoid(double x);
// The error function (exact_erf-inl.h).
float Erf(float x);
double Erf(double x);
// 1 - erf(x), also where that is tiny; e^(x^2) erfc(x) for x >= 0.
double Erfc(double x);
double Erfcx(double x);
// e^-x I0(x) and e^-x I1(x), modified Bessel functions of the first kind, and
// the derivative of I1(x) / I0(x), for x >= 0 (exact_bessel-inl.h).
double I0e(double x);
double I1e(double x);
double BesselRatioSlope(double x);

}  // namespace unnoise::exact

#endif  // UNNOISE_BASE_EXACT_MATH_H_
