// What is made of derivatives: divergences and Laplacians of fields on a batch
// of points, and whole Jacobians and Hessians for tests. All can be
// differentiated again where `differentiable` says so (tape.h).

#ifndef UNNOISE_AUTODIFF_DERIVATIVES_H_
#define UNNOISE_AUTODIFF_DERIVATIVES_H_

#include "core/autodiff/tape.h"

namespace unnoise {

// A field: y [rows, dim] that was computed from x [rows, dim], each row of y
// from the same row of x alone.

// sum over i of dy_i / dx_i for each row -> [rows]. dim passes of forward mode:
// meant for dim <= 8. Throws ShapeError unless both have one shape of rank 2.
Tensor Divergence(Tensor y, Tensor x, bool differentiable = false);

// probe . (dy/dx probe) for each row -> [rows], one pass: an unbiased estimate
// of the divergence if the probe's elements are independent with mean 0 and
// variance 1. Its variance is least for +-1 (Rademacher). probe: shape of x.
// Source: Hutchinson 1990; Grathwohl et al. 2019, eq. 8.
Tensor HutchinsonDivergence(Tensor y, Tensor x, Tensor probe,
                            bool differentiable = false);

// Of u [rows], computed from x [rows, dim] row by row; x must need a gradient.
// du/dx -> [rows, dim].
Tensor RowGradient(Tensor u, Tensor x, bool differentiable = false);
// sum over i of d^2 u / dx_i^2 -> [rows]: the divergence of the gradient, exact
// or estimated.
Tensor Laplacian(Tensor u, Tensor x, bool differentiable = false);
Tensor HutchinsonLaplacian(Tensor u, Tensor x, Tensor probe,
                           bool differentiable = false);

// dy/dx -> [size of y, size of x], a row an element of y; x must need a
// gradient. For tests and small models: a walk back for each row.
Tensor Jacobian(Tensor y, Tensor x, bool differentiable = false);
// d^2 u / dx dx of one element u -> [size of x, size of x].
Tensor Hessian(Tensor u, Tensor x, bool differentiable = false);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_DERIVATIVES_H_
