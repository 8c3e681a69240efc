// Exact worlds whose coordinates fall into groups that are independent.

#ifndef UNNOISE_DATA_PRODUCT_WORLD_H_
#define UNNOISE_DATA_PRODUCT_WORLD_H_

#include <memory>
#include <vector>

#include "core/data/world.h"

namespace unnoise {

struct Factor {
  std::unique_ptr<World> world;
  std::vector<int> axes;  // which coordinates of the whole are the factor's
};

// Every coordinate belongs to one factor. Throws UsageError.
std::unique_ptr<World> ProductWorld(std::vector<Factor> factors);

}  // namespace unnoise

#endif  // UNNOISE_DATA_PRODUCT_WORLD_H_
