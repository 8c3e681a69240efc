// The inner loop of Sinkhorn's iterations. Not for callers: sinkhorn.h.

#ifndef UNNOISE_METRIC_SOFT_SUMS_H_
#define UNNOISE_METRIC_SOFT_SUMS_H_

#include <cstddef>

namespace unnoise {

// sums[i] = sum over j of exp(base[i] + height[j] - |x_i - y_j|^2), j in order:
// x [dim, n], y [m, dim].
void SoftSums(size_t dim, size_t n, size_t m, const double* x, const double* y,
              const double* base, const double* height, double* sums);

// tops[i] = max over j of height[j] - |x_i - y_j|^2.
void Tops(size_t dim, size_t n, size_t m, const double* x, const double* y,
          const double* height, double* tops);

}  // namespace unnoise

#endif  // UNNOISE_METRIC_SOFT_SUMS_H_
