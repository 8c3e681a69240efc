// A mixture of round normal laws and what noise makes of it: moments,
// quantiles, draws; its density and score are those of an exact world
// (core/data/world.h). What rows of core/process aim at or start from.

#ifndef UNNOISE_PROCESS_MIXTURE_H_
#define UNNOISE_PROCESS_MIXTURE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/describe.h"
#include "core/base/key.h"
#include "core/data/world.h"

namespace unnoise {

// At one level of noise.
class NoisedMixture {
 public:
  NoisedMixture(std::unique_ptr<World> world, double scale, double added);

  double Density(std::span<const double> x) const;
  // The gradient of log density at x, both [dim].
  void Score(std::span<const double> x, std::span<double> score) const;

 private:
  std::unique_ptr<World> world_;
  std::unique_ptr<Marginal> law_;  // of world_
};

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

  // The law of scale X + sqrt(added) eps, X of this law and eps standard
  // normal: its density and score.
  NoisedMixture Noised(double scale = 1, double added = 0) const;
  // Its mean [dim] and covariance [dim, dim].
  void Moments(double scale, double added, std::vector<double>& mean,
               std::vector<double>& covariance) const;

  // In one dimension: the probability of at most x, and where that is u, 0 < u
  // < 1, by bisection to the last bits.
  double Cdf(double x) const;
  double Quantile(double u) const;

  // Coordinate `axis` of x [dim] anew, from its law given the others: the part
  // by u in (0, 1), the place within it by z, a standard normal number.
  double Conditional(size_t axis, std::span<const double> x, double u,
                     double z) const;

  // Points first, first + 1, ... into the first dim() of each `size` numbers.
  void Draw(Key key, uint64_t first, size_t size, std::span<double> x) const;

 private:
  double total() const;

  NumberArray weights_, means_, stds_;
};

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_MIXTURE_H_
