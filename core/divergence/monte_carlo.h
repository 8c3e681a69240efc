// Means estimated from draws: by plain averaging, and by importance sampling
// from another law. With what they should spread by, by quadrature.

#ifndef UNNOISE_DIVERGENCE_MONTE_CARLO_H_
#define UNNOISE_DIVERGENCE_MONTE_CARLO_H_

#include <cstdint>
#include <functional>
#include <span>

#include "core/divergence/density.h"
#include "core/divergence/quadrature.h"
#include "core/metric/baseline.h"

namespace unnoise {

// A mean that grows value by value, for a curve with its error band. Source:
// Welford 1962.
class RunningMean {
 public:
  void Add(double value);
  int64_t count() const { return count_; }
  double mean() const { return mean_; }
  // Of independent values, 0 for fewer than two: sqrt of the unbiased variance.
  double std() const;
  double std_error() const;

 private:
  int64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // of what is off the mean
};

using Function = std::function<double(Point x)>;

// The estimate of KL(p, q) from draws of p, points [n, dim]: the mean of
// log p - log q. Unbiased; infinite if q has no mass at one of them. Throws
// UsageError for no whole point.
Estimate MonteCarloKl(const KnownDensity& p, const KnownDensity& q,
                      std::span<const float> points);

// The estimate of Z = E_p h from n draws of q, by weights w = p / q:
struct ImportanceEstimate {
  Estimate mean;             // of h w; unbiased where q covers h p
  Estimate self_normalised;  // sum of h w / sum of w, for p up to a factor
  // (sum of w)^2 / sum of w^2: as many draws of p would do as well, for smooth
  // h. From 1 to n; 0 if no weight is above 0. Source: Kong 1992.
  double effective_samples = 0;
  double largest_share = 0;  // of one draw in the sum of weights
};

// values h(y_i) and log_weights log p(y_i) - log q(y_i), [n] each; n >= 1.
// Weights are scaled by the greatest before they are summed, so that log p may
// lack any constant where only the self-normalised mean is used. Throws
// UsageError.
ImportanceEstimate ImportanceSampling(std::span<const double> values,
                                      std::span<const double> log_weights);
// The same for functions and draws of q, points [n, dim].
ImportanceEstimate ImportanceSampling(const Function& h, const KnownDensity& p,
                                      const KnownDensity& q,
                                      std::span<const float> points);

// The variance of one draw h(y) p(y) / q(y), y from q: integral of h^2 p^2 / q
// less Z^2. Unbounded for a q with thin tails.
struct ImportanceVariance {
  Integral mean;    // Z
  Integral second;  // E_q (h p / q)^2
  double variance = 0;
};
ImportanceVariance ImportanceVarianceOf(const Function& h,
                                        const KnownDensity& p,
                                        const KnownDensity& q,
                                        const QuadratureOptions& options = {});

// The proposal of least variance, |h| p / E_p |h|, whose variance is
// (E_p |h|)^2 - Z^2: none where h keeps its sign. `bumps` say where it lies;
// where they are those of p, h must not move the mass far. Throws UsageError if
// E_p |h| is 0 or does not converge. Source: Kahn, Marshall 1953.
KnownDensity OptimalProposal(const Function& h, const KnownDensity& p,
                             const QuadratureOptions& options = {});

}  // namespace unnoise

#endif  // UNNOISE_DIVERGENCE_MONTE_CARLO_H_
