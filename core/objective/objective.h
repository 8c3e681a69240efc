// Losses that networks are trained on.

#ifndef UNNOISE_OBJECTIVE_OBJECTIVE_H_
#define UNNOISE_OBJECTIVE_OBJECTIVE_H_

#include "core/autodiff/tape.h"

namespace unnoise {

// Denoising loss: mean squared error to what the network was asked for.
//   output  [batch, dim]  network output at (xt, t)
//   target  [batch, dim]  what it should have said, the noise for example
// Returns a scalar [], mean over batch and dim. Throws ShapeError. Not finite
// if any input is not.
// Source: Ho, Jain, Abbeel 2020, eq. 14.
Tensor DenoisingLoss(Tensor output, Tensor target);

}  // namespace unnoise

#endif  // UNNOISE_OBJECTIVE_OBJECTIVE_H_
