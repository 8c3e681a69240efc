// The sliced Wasserstein distance of two sets of points.

#ifndef UNNOISE_METRIC_SLICED_WASSERSTEIN_H_
#define UNNOISE_METRIC_SLICED_WASSERSTEIN_H_

#include <span>
#include <vector>

namespace unnoise {

// The sliced Wasserstein-1 distance between two sets of as many points, a and b
// [n, dim], finite: the mean over `directions` [count, dim] (unit vectors) of
// the mean absolute difference of the sorted projections. Fills `per_direction`
// [count] unless it is empty. Throws UsageError.
// Source: Bonneel, Rabin, Peyre, Pfister 2015, section 2.
double SlicedWasserstein(int dim, std::span<const float> a,
                         std::span<const float> b,
                         std::span<const float> directions,
                         std::span<double> per_direction);

// The directions that the metric "sliced_wasserstein" uses, [count, dim]: 128,
// uniform on the sphere, always the same; on a line there is but one.
std::vector<float> SliceDirections(int dim);

}  // namespace unnoise

#endif  // UNNOISE_METRIC_SLICED_WASSERSTEIN_H_
