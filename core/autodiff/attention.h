// Scaled dot-product attention.

#ifndef UNNOISE_AUTODIFF_ATTENTION_H_
#define UNNOISE_AUTODIFF_ATTENTION_H_

#include <cstdint>

#include "core/autodiff/tape.h"

namespace unnoise {

// softmax(q k^T / sqrt(d) + mask) v over the last two axes: q [..., m, d], k
// [..., n, d], v [..., n, e] -> [..., m, e]; the axes before them, such as
// batch and heads, are equal. The mask, if there is one, broadcasts to [..., m,
// n]: where it is -infinity, a key is never looked at; a row that may look at
// nothing is NaN.
// Source: Vaswani et al. 2017, eq. 1.
Tensor Attention(Tensor q, Tensor k, Tensor v, Tensor mask = Tensor());

// The mask [length, length] by which each place sees itself and those before:
// -infinity above the diagonal, 0 elsewhere.
Tensor CausalMask(Tape& tape, int64_t length);

// [n, length, heads d] -> [n, heads, length, d], and back.
Tensor SplitHeads(Tensor x, int64_t heads);
Tensor MergeHeads(Tensor x);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_ATTENTION_H_
