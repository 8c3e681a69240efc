// A mixture of round normal laws and what noise makes of it: density, score,
// draws. What rows of core/process aim at or start from.

#ifndef UNNOISE_PROCESS_MIXTURE_H_
#define UNNOISE_PROCESS_MIXTURE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/describe.h"
#include "core/base/key.h"

namespace unnoise {

class RoundMixture {
 public:
  // means [k][dim]
  RoundMixture(std::vector<double> weights,
               std::vector<std::vector<double>> means,
               std::vector<double> stds);

  // The fields weights, means and stds.
  void Visit(Visitor& visitor);
  // That they fit together, in at most `most` dimensions.
  void Validate(size_t most, Problems& problems) const;

  size_t dim() const { return means_.elements.at(0).numbers.size(); }
  double narrowest() const;

  // Of scale X + sqrt(added) eps, X of this law and eps standard normal, at x
  // [dim]. `score` [dim] is the gradient of log density.
  double Density(std::span<const double> x, double scale = 1,
                 double added = 0) const;
  void Score(std::span<const double> x, double scale, double added,
             std::span<double> score) const;
  // Mean [dim] and covariance [dim, dim] of the same.
  void Moments(double scale, double added, std::vector<double>& mean,
               std::vector<double>& covariance) const;

  // In one dimension: the probability of at most x, and where that is u, 0 < u
  // < 1, by bisection to the last bits.
  double Cdf(double x) const;
  double Quantile(double u) const;

  // Points first, first + 1, ... into the first dim() of each `size` numbers.
  void Draw(Key key, uint64_t first, size_t size, std::span<double> x) const;

 private:
  // Of component k at x, up to the factor (2 pi)^(-dim / 2): log of weight
  // times density. -infinity for a weight of 0.
  double LogPart(size_t k, std::span<const double> x, double scale,
                 double added) const;
  double total() const;

  NumberArray weights_, means_, stds_;
};

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_MIXTURE_H_
