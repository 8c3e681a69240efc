// The clock of exponential integrators: lambda = log(alpha / sigma), half the
// logarithm of the signal-to-noise ratio.

#ifndef UNNOISE_SAMPLING_HALF_LOG_SNR_H_
#define UNNOISE_SAMPLING_HALF_LOG_SNR_H_

#include "core/path/path.h"

namespace unnoise {

// Infinite where sigma or alpha is 0. Source: Lu et al. 2022, section 3.
double HalfLogSnr(const Coefficients& at);

// The time between a < b where lambda has this value, the end nearest to it if
// there is none, by halving.
double TimeOfHalfLogSnr(const Path& path, double a, double b, double lambda);

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_HALF_LOG_SNR_H_
