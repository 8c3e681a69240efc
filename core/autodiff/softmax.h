// Exponentials against each other along axes, and the Euclidean norm.

#ifndef UNNOISE_AUTODIFF_SOFTMAX_H_
#define UNNOISE_AUTODIFF_SOFTMAX_H_

#include "core/autodiff/reduce.h"

namespace unnoise {

// All over the given axes (reduce.h), one or more, less the maximum before
// exponentials are taken, so that none overflows. Where every x is -infinity,
// or one is infinity, LogSumExp is that infinity and its derivative NaN, and so
// are Softmax and LogSoftmax; a single -infinity counts as nothing. So a row
// that is masked out whole is NaN, as PyTorch's: weights sum to 1, which no row
// of zeros does, and Tape::TrapNan then finds the mask.

// e^x / sum e^x, same shape.
Tensor Softmax(Tensor x, Axes axes);
// Its logarithm.
Tensor LogSoftmax(Tensor x, Axes axes);
// log sum e^x.
Tensor LogSumExp(Tensor x, Axes axes, Keep keep = Keep::kNo);

// sqrt(sum x^2); derivative 0 where that is 0. Squares may overflow and
// underflow.
Tensor Norm(Tensor x, Axes axes, Keep keep = Keep::kNo);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_SOFTMAX_H_
