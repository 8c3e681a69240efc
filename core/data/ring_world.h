// Exact worlds of circles about a common centre, with normal noise: closed in
// Bessel functions, as the posterior of the angle is von Mises' law.

#ifndef UNNOISE_DATA_RING_WORLD_H_
#define UNNOISE_DATA_RING_WORLD_H_

#include <memory>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/world.h"

namespace unnoise {

struct RingLaw {
  std::vector<double> radii;  // each as likely as the others
  double noise = 0;           // standard deviation on each axis
};

// In units that scale both axes alike the closed form; else the circles are
// ellipses, and are summed along (curve_world.h). Throws UsageError.
std::unique_ptr<World> MakeWorld(const RingLaw& law, const Affine& units);

}  // namespace unnoise

#endif  // UNNOISE_DATA_RING_WORLD_H_
