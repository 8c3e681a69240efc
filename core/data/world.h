// Exact worlds: laws of which everything is known at every level of noise. With
// xt = alpha x0 + sigma eps, a world gives the density of xt, its score and the
// posterior of x0, so that a sampler's error can be told from a network's.
// Not here: drawing, which is the data set's business.
//
// From the posterior mean follow the expected noise, (xt - alpha mean) / sigma
// = -sigma score, and the velocity, d_alpha mean + d_sigma noise.

#ifndef UNNOISE_DATA_WORLD_H_
#define UNNOISE_DATA_WORLD_H_

#include <memory>
#include <optional>
#include <span>

namespace unnoise {

// What is asked of one point xt; a span that is empty is not filled.
struct Truth {
  std::span<double> score = {};       // [dim] d log p(xt) / d xt
  std::span<double> mean = {};        // [dim] E[x0 | xt]
  std::span<double> covariance = {};  // [dim, dim] Cov[x0 | xt]
};

// The law of xt at one level of noise. Many threads may ask at once.
class Marginal {
 public:
  virtual ~Marginal() = default;
  // The log density at xt [dim], finite for every finite xt where sigma > 0;
  // without noise -infinity where there is none. Allocates nothing.
  virtual double At(std::span<const double> xt, const Truth& truth) const = 0;
};

class World {
 public:
  virtual ~World() = default;
  virtual int dim() const = 0;
  // The law of alpha x0 + sigma eps, which this world outlives. alpha in [0,
  // 1]; sigma >= 0, and above 0 where the law has no density
  // without noise. The world outlives the marginal. Throws UsageError.
  virtual std::unique_ptr<Marginal> At(double alpha, double sigma) const = 0;
  // Whether the law itself has a density: At(1, 0) is defined.
  virtual bool has_density() const = 0;
  // The differential entropy of the law in nats, where it is closed.
  virtual std::optional<double> Entropy() const = 0;
  // Whether the law is that of finitely many points: what a model that only
  // remembers them would learn.
  virtual bool memorises() const = 0;
};

}  // namespace unnoise

#endif  // UNNOISE_DATA_WORLD_H_
