// Exact worlds of normal laws: mixtures with full covariances, and clouds,
// whose components share one diagonal covariance (a finite set of points has
// the covariance 0). Any units: see In.

#ifndef UNNOISE_DATA_MIXTURE_WORLD_H_
#define UNNOISE_DATA_MIXTURE_WORLD_H_

#include <memory>
#include <span>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/world.h"

namespace unnoise {

// Components of a mixture of normal laws.
struct NormalMixture {
  int dim = 1;
  std::vector<double> weights;      // [components] >= 0, sum 1
  std::vector<double> means;        // [components, dim]
  std::vector<double> covariances;  // [components, dim, dim]

  // The same law in the units of a model: (x - shift) / scale.
  NormalMixture In(const Affine& units) const;
};

// Components of the same width.
struct NormalCloud {
  int dim = 1;
  std::vector<double> weights;    // [components] >= 0, sum 1
  std::vector<double> means;      // [components, dim]
  std::vector<double> variances;  // [dim] >= 0, of every component

  NormalCloud In(const Affine& units) const;
};

// Both throw UsageError for numbers that are no law.
std::unique_ptr<World> MakeWorld(NormalMixture law);
std::unique_ptr<World> MakeWorld(NormalCloud law);

// A finite set, every point [count, dim] as likely as the others.
std::unique_ptr<World> FiniteSetWorld(std::span<const float> points, int dim,
                                      const Affine& units);

}  // namespace unnoise

#endif  // UNNOISE_DATA_MIXTURE_WORLD_H_
