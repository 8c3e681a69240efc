// A density as divergences see it: functions of a point, and where its mass
// lies. Not a data set: nothing is drawn here, and no law is known by name.

#ifndef UNNOISE_DIVERGENCE_DENSITY_H_
#define UNNOISE_DIVERGENCE_DENSITY_H_

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/data/gaussian_mixture.h"
#include "core/divergence/quadrature.h"

namespace unnoise {

// A point of the line or the plane.
using Point = std::span<const double>;

// A law with a density on the line (dim 1) or the plane (dim 2), normalised.
struct KnownDensity {
  int dim = 1;
  // Natural logarithm of the density; -infinity where there is none.
  std::function<double(Point x)> log_density;
  // Its gradient, out [dim]; empty if it is not known.
  std::function<void(Point x, std::span<double> out)> score = nullptr;
  // On the line: the probability of (-infinity, x]; empty if it is not known.
  std::function<double(double x)> cdf = nullptr;
  // For each axis, where the mass lies and how fast the density changes there.
  std::vector<std::vector<Bump>> bumps;
  // For each axis, where the density jumps or bends; may be empty.
  std::vector<std::vector<double>> corners = {};
};

// alpha x0 + sigma eps for x0 of a mixture of normal laws on the line or the
// plane. Throws UsageError for any other, and if that has no density.
KnownDensity DensityOf(const MixtureLaw& law, double alpha = 1,
                       double sigma = 0);

// The law that a data set is drawn from, in data units; nothing for sets of
// more than two coordinates and for those without a density that is known.
std::optional<KnownDensity> DensityOf(const Dataset& data);

// The uniform law on [low, high], low < high; its score is 0 inside.
KnownDensity UniformDensity(double low, double high);

// Where to integrate functions of both. Throws UsageError for densities of
// different dimensions.
Domain DomainOf(const KnownDensity& p, const KnownDensity& q);

}  // namespace unnoise

#endif  // UNNOISE_DIVERGENCE_DENSITY_H_
