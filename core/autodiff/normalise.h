// Normalisation with learned scale and shift.

#ifndef UNNOISE_AUTODIFF_NORMALISE_H_
#define UNNOISE_AUTODIFF_NORMALISE_H_

#include <cstdint>

#include "core/autodiff/tape.h"

namespace unnoise {

// x [n, ..., c] -> activation((x - mean) / sqrt(variance + epsilon) * scale +
// shift), with mean and variance (over the count) of each sample's `groups` of
// neighbouring channels; scale and shift [c], epsilon > 0. The mean is taken
// off before squares are summed; sums run over places for each channel, then
// over the channels of a group. Defined by GroupNormComposed; one fused pass
// where the backend has it, with the same bits for identity and SiLU.
// Source: Wu, He 2018, eq. 1 and 7.
Tensor GroupNorm(Tensor x, int64_t groups, Tensor scale, Tensor shift,
                 double epsilon, Activation activation = Activation::kIdentity);
Tensor GroupNormComposed(Tensor x, int64_t groups, Tensor scale, Tensor shift,
                         double epsilon,
                         Activation activation = Activation::kIdentity);

// Each row of x [..., c] by itself; scale and shift [c].
// Source: Ba, Kiros, Hinton 2016, eq. 4.
Tensor LayerNorm(Tensor x, Tensor scale, Tensor shift, double epsilon);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_NORMALISE_H_
