// Ops whose element i depends on elements i alone.

#ifndef UNNOISE_AUTODIFF_ELEMENTWISE_H_
#define UNNOISE_AUTODIFF_ELEMENTWISE_H_

#include "core/autodiff/tape.h"

namespace unnoise {

// Both of the same shape (layout.h broadcasts).
Tensor Add(Tensor a, Tensor b);
Tensor Sub(Tensor a, Tensor b);
Tensor Mul(Tensor a, Tensor b);
Tensor Div(Tensor a, Tensor b);

// scale x + shift.
Tensor ScaleShift(Tensor x, double scale, double shift);

// c <= 0 ? b : a, same shapes (so NaN chooses a); no gradient flows to c. Of a
// mask of ones and zeros: a where it is 1, b where it is 0.
Tensor Select(Tensor c, Tensor a, Tensor b);

// Arguments of Sin and Cos in radians.
Tensor Sin(Tensor x);
Tensor Cos(Tensor x);
Tensor Tanh(Tensor x);
Tensor Sigmoid(Tensor x);  // 1 / (1 + e^-x)
Tensor Exp(Tensor x);
Tensor Expm1(Tensor x);  // e^x - 1, accurate near 0
Tensor Log(Tensor x);    // natural; -infinity at 0, NaN below
Tensor Log1p(Tensor x);  // log(1 + x), accurate near 0; -infinity at -1
Tensor Sqrt(Tensor x);
// 1 / sqrt(x), by two roundings; infinity at 0, NaN below.
Tensor Rsqrt(Tensor x);
Tensor Erf(Tensor x);
Tensor Softplus(Tensor x);  // log(1 + e^x)

Tensor Abs(Tensor x);  // derivative 0 at 0
// Of the same shape. NaN in either gives NaN; where both are equal, b gets the
// derivative.
Tensor Maximum(Tensor a, Tensor b);
Tensor Minimum(Tensor a, Tensor b);
// x between two numbers, low < high, with derivative 1 at both and 0 beyond.
// Throws UsageError if they are in another order.
Tensor Clamp(Tensor x, double low, double high);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_ELEMENTWISE_H_
