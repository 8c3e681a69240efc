#include "core/path/measures.h"

#include "core/base/exact_math.h"

namespace unnoise {

double Snr(const Coefficients& at) {
  const double ratio = at.alpha / at.sigma;
  return ratio * ratio;
}

double HalfLogSnr(const Coefficients& at) {
  // Not the logarithm of the ratio, which overflows before its parts do.
  return exact::Log(at.alpha) - exact::Log(at.sigma);
}

double HalfLogSnrSlope(const Coefficients& at) {
  return at.d_alpha / at.alpha - at.d_sigma / at.sigma;
}

double TimeOfHalfLogSnr(const Path& path, double lambda) {
  return TimeOfHalfLogSnr(path, path.t_min, path.t_max, lambda);
}

double TimeOfHalfLogSnr(const Path& path, double low, double high,
                        double lambda) {
  if (!(HalfLogSnr(path.At(low)) > lambda)) return low;
  if (!(HalfLogSnr(path.At(high)) < lambda)) return high;
  double t = low + 0.5 * (high - low);
  constexpr int kMost = 200;  // halving alone takes some 70
  for (int i = 0; i < kMost; ++i) {
    const Coefficients at = path.At(t);
    const double above = HalfLogSnr(at) - lambda;
    if (above == 0) return t;
    (above > 0 ? low : high) = t;
    double next = t - above / HalfLogSnrSlope(at);
    if (!(next > low && next < high)) next = low + 0.5 * (high - low);
    if (next == t || !(next > low && next < high)) return t;
    t = next;
  }
  return t;
}

double KlToPrior(const Path& path, double t, double mean, double variance) {
  const Coefficients at = path.At(t);
  const double prior = path.PriorStd();
  const double power = prior * prior;
  const double shift = at.alpha * mean;
  // Variance over that of the prior, less 1; near 0 at the end of a path.
  const double excess = (at.alpha * at.alpha * variance +
                         (at.sigma - prior) * (at.sigma + prior)) /
                        power;
  return 0.5 * (shift * shift / power + excess - exact::Log1p(excess));
}

}  // namespace unnoise
