// How near samples come to the points that were learned from.

#ifndef UNNOISE_METRIC_NEAREST_TRAINING_H_
#define UNNOISE_METRIC_NEAREST_TRAINING_H_

#include <cstdint>
#include <limits>
#include <span>

namespace unnoise {

inline constexpr size_t kNoPoint = std::numeric_limits<size_t>::max();

// The squared distance of point i of `points` [n, dim] to the nearest point of
// `training` [m, dim] other than point `except` of it; infinite if there is no
// other.
double SquaredDistanceToNearest(int dim, std::span<const float> points,
                                size_t i, std::span<const float> training,
                                size_t except = kNoPoint);

}  // namespace unnoise

#endif  // UNNOISE_METRIC_NEAREST_TRAINING_H_
