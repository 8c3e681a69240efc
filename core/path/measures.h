// What is measured of a path: its signal-to-noise ratio, the time at which that
// has a given value, and how far noised data are from the law that sampling
// starts from. Its stochastic differential equation is in sde.h.

#ifndef UNNOISE_PATH_MEASURES_H_
#define UNNOISE_PATH_MEASURES_H_

#include "core/path/path.h"

namespace unnoise {

// alpha^2 / sigma^2, in [0, infinity]: infinite where sigma is 0.
// Source: Kingma et al. 2021, eq. 2.
double Snr(const Coefficients& at);

// lambda = log(alpha / sigma), half the logarithm of the signal-to-noise ratio;
// falls along a path. +infinity where sigma is 0, -infinity where alpha is 0.
// Source: Lu et al. 2022, section 3.
double HalfLogSnr(const Coefficients& at);

// d lambda / dt, below 0; -infinity or not a number where lambda is infinite.
double HalfLogSnrSlope(const Coefficients& at);

// The t in [t_min, t_max] where lambda has this value, the end nearest to it if
// there is none, to within rounding of lambda. By Newton's method, kept between
// two times that enclose the answer.
double TimeOfHalfLogSnr(const Path& path, double lambda);
// The same in [low, high], which need not be within [t_min, t_max].
double TimeOfHalfLogSnr(const Path& path, double low, double high,
                        double lambda);

// The divergence, in nats and of each coordinate, of the law at t from the law
// that sampling starts from: KL(N(alpha mean, alpha^2 variance + sigma^2) ||
// N(0, PriorStd^2)), for normal data N(mean, variance). For other data of this
// mean and variance it is what their law would cost if only those counted.
double KlToPrior(const Path& path, double t, double mean, double variance);

}  // namespace unnoise

#endif  // UNNOISE_PATH_MEASURES_H_
