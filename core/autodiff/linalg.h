// Small dense matrices: determinants, inverses and triangular solves, by Eigen
// on one thread. Arithmetic is double (complex<double> on a complex tape); a
// float tape's results are rounded once. Matrices lie in the last two axes, as
// many as there are places in those before.

#ifndef UNNOISE_AUTODIFF_LINALG_H_
#define UNNOISE_AUTODIFF_LINALG_H_

#include <cstdint>

#include "core/autodiff/product.h"

namespace unnoise {

// log |det x| of x [..., n, n] -> [...]; -infinity if x is singular, whose
// derivative is not finite. Derivative: the inverse, transposed (Magnus,
// Neudecker 1999, section 8.3).
Tensor LogDet(Tensor x);

// [..., n, n], the same shape; not finite if x is singular.
Tensor Inverse(Tensor x);

// The part of a matrix that is taken, the other is not looked at.
enum class Triangle : uint8_t { kLower, kUpper };

// y [..., n, k] with a y = b, or a^T y = b: a [..., n, n] a triangle, b [...,
// n, k] behind the same extents. Not finite where the diagonal of a holds a
// zero.
Tensor TriangularSolve(Tensor a, Tensor b, Triangle triangle,
                       Transpose transpose_a = Transpose::kNo);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_LINALG_H_
