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

// c <= 0 ? b : a, same shapes (so NaN chooses a); no gradient flows to c.
Tensor Select(Tensor c, Tensor a, Tensor b);

// Arguments of Sin and Cos in radians.
Tensor Sin(Tensor x);
Tensor Cos(Tensor x);
Tensor Tanh(Tensor x);
Tensor Sigmoid(Tensor x);  // 1 / (1 + e^-x)
Tensor Exp(Tensor x);
Tensor Sqrt(Tensor x);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_ELEMENTWISE_H_
