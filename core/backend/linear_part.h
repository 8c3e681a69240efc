// What one thread is asked to do of LinearActivation (backend.h): the same for
// every SIMD target, so that it can be handed to their kernels.

#ifndef UNNOISE_BACKEND_LINEAR_PART_H_
#define UNNOISE_BACKEND_LINEAR_PART_H_

#include <cstdint>

namespace unnoise {

// y [rows, out] and slope (or null), rows y_stride apart, from x [rows, in],
// weight [out, in] and bias [out].
struct LinearPart {
  const float* x;
  const float* weight;
  const float* bias;
  int64_t rows;
  int64_t in;
  int64_t out;
  float* y;
  float* slope;
  int64_t y_stride;
};

}  // namespace unnoise

#endif  // UNNOISE_BACKEND_LINEAR_PART_H_
