// The bends of networks, composed of elementwise ops.

#ifndef UNNOISE_AUTODIFF_ACTIVATION_H_
#define UNNOISE_AUTODIFF_ACTIVATION_H_

#include "core/autodiff/tape.h"

namespace unnoise {

Tensor Silu(Tensor x);  // x Sigmoid(x)
Tensor Relu(Tensor x);  // max(x, 0); derivative 0 at 0

// By name, and its slope: activation'(x).
Tensor Apply(Activation activation, Tensor x);
Tensor SlopeOf(Activation activation, Tensor x);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_ACTIVATION_H_
