// Which times a sampler visits. Each way to space them is a row of the table in
// time_grid.cc.

#ifndef UNNOISE_SAMPLING_TIME_GRID_H_
#define UNNOISE_SAMPLING_TIME_GRID_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/describe.h"
#include "core/path/path.h"

namespace unnoise {

class TimeGrid : public Described {
 public:
  // t_0 < ... < t_steps, from t_min to t_max of the path unless the kind has
  // its own times. steps >= 1.
  virtual std::vector<double> Times(const Path& path, int64_t steps) const = 0;
};

template <>
std::span<const Row<TimeGrid>> Rows<TimeGrid>();

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_TIME_GRID_H_
