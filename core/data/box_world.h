// Exact worlds of boxes: points uniform in boxes whose sides are along the
// axes, with or without normal noise, in error functions.

#ifndef UNNOISE_DATA_BOX_WORLD_H_
#define UNNOISE_DATA_BOX_WORLD_H_

#include <memory>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/interval.h"
#include "core/data/world.h"

namespace unnoise {

struct BoxLaw {
  // Boxes of every interval of the first axis with every one of the second and
  // so on, all as likely.
  struct Part {
    double weight = 1;
    std::vector<std::vector<Interval>> axes;  // [dim][at least one]
  };
  int dim = 1;
  std::vector<Part> parts;  // weights sum to 1; no boxes overlap
  double noise = 0;         // standard deviation on each axis
};

// A data set whose density jumps where an axis has one of these values, the
// same for each axis, increasing; elsewhere it is constant.
class HasEdges {
 public:
  virtual ~HasEdges() = default;
  virtual std::vector<double> Edges() const = 0;
};

// Throws UsageError for numbers that are no law.
std::unique_ptr<World> MakeWorld(BoxLaw law, const Affine& units);

}  // namespace unnoise

#endif  // UNNOISE_DATA_BOX_WORLD_H_
