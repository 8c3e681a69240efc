// Keyed draws as constants of a tape: pure functions of key and shape, the same
// on every machine (core/base/key.h). Element i takes word i of the key's
// stream, in row-major order; no derivative passes.

#ifndef UNNOISE_AUTODIFF_RANDOM_H_
#define UNNOISE_AUTODIFF_RANDOM_H_

#include "core/autodiff/tape.h"
#include "core/base/key.h"

namespace unnoise {

// Standard normal (FillNormal).
Tensor RandomNormal(Tape& tape, Key key, const Shape& shape);
// Uniform on (0, 1) (FillUniform).
Tensor RandomUniform(Tape& tape, Key key, const Shape& shape);
// 1 with probability p, else 0: whether UniformAt is below p, in [0, 1]; throws
// UsageError beyond.
Tensor RandomBernoulli(Tape& tape, Key key, const Shape& shape, double p);
// 1 or -1, each with probability 1/2: by the top bit.
Tensor RandomRademacher(Tape& tape, Key key, const Shape& shape);

// logits [..., c], c > 0 -> one-hot rows of the same shape; class j of a row
// with probability proportional to e^logit. The largest of logit - log(-log u)
// wins, u by UniformAt; the first of equal ones (Gumbel's maximum, in double).
// A logit of -infinity is never drawn where another is larger; NaN never wins.
Tensor RandomCategorical(Key key, Tensor logits);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_RANDOM_H_
