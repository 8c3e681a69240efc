// Fused kernels of group normalisation, beside the interface of backend.h: a
// program that normalises nothing links none of them (README.md).
//
// Order of arithmetic: sums over the places of a sample in ascending order for
// each channel, then over the channels of a group.

#ifndef UNNOISE_BACKEND_GROUP_NORM_H_
#define UNNOISE_BACKEND_GROUP_NORM_H_

#include <cstdint>

#include "core/backend/backend.h"

namespace unnoise {

// x [samples, places, channels], channels in `groups` of as many neighbours.
struct NormGrid {
  int64_t samples, places, channels, groups;
  double epsilon;
  bool silu;  // whether the result goes through SiLU

  int64_t size() const { return samples * places * channels; }
};

class GroupNormKernels {
 public:
  virtual ~GroupNormKernels() = default;

  // y = (x - mean) / sqrt(variance + epsilon) * scale + shift, with mean and
  // variance of a group of a sample, scale and shift [channels]; then SiLU if
  // said so. stats [samples, 2, channels] gets mean and 1 / sqrt(...) of each
  // channel's group.
  virtual void Forward(const Backend& backend, const NormGrid& grid,
                       const void* x, const void* scale, const void* shift,
                       void* stats, void* y) const = 0;
  // dx from dy. parts [samples, 4, channels] gets in its first two rows what
  // each sample adds to the derivatives of shift and scale; the others are
  // scratch.
  virtual void Backward(const Backend& backend, const NormGrid& grid,
                        const void* x, const void* scale, const void* shift,
                        const void* stats, const void* dy, void* parts,
                        void* dx) const = 0;
};

// Those that work on the memory of `backend`, or null: there primitives are
// composed, which define the result; y bit for bit, dx to within rounding.
const GroupNormKernels* GroupNormKernelsOf(const Backend& backend, DType dtype);

const GroupNormKernels& SimdGroupNormKernels();

}  // namespace unnoise

#endif  // UNNOISE_BACKEND_GROUP_NORM_H_
