// The bends of networks, composed of elementwise ops.

#ifndef UNNOISE_AUTODIFF_ACTIVATION_H_
#define UNNOISE_AUTODIFF_ACTIVATION_H_

#include "core/autodiff/tape.h"

namespace unnoise {

Tensor Silu(Tensor x);  // x Sigmoid(x)
Tensor Relu(Tensor x);  // max(x, 0); derivative 0 at 0
// x above 0, slope x from there down.
Tensor LeakyRelu(Tensor x, double slope = 0.01);
// x above 0, alpha (e^x - 1) from there down.
// Source: Clevert, Unterthiner, Hochreiter 2016, eq. 15.
Tensor Elu(Tensor x, double alpha = 1);
// x Phi(x), the normal distribution function; and its approximation by tanh.
// Far below 0 they are 0 to within roundings of x.
// Source: Hendrycks, Gimpel 2016, section 2.
Tensor Gelu(Tensor x);
Tensor GeluTanh(Tensor x);

// By name, and its slope: activation'(x).
Tensor Apply(Activation activation, Tensor x);
Tensor SlopeOf(Activation activation, Tensor x);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_ACTIVATION_H_
