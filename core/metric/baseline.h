// What metrics share: means with standard errors, sets of data, and what real
// data score against real data.

#ifndef UNNOISE_METRIC_BASELINE_H_
#define UNNOISE_METRIC_BASELINE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/metric/metric.h"

namespace unnoise {

struct Estimate {
  double value;
  double std_error;
};

// The mean of independent values and its standard error, 0 for a single one.
Estimate MeanOf(std::span<const double> values);

// The first samples, at most `limit` of them. Throws UsageError for fewer than
// two, for a part of a point and for numbers that are not finite.
std::span<const float> FirstSamples(const MetricInput& input, size_t limit);

// As many points of data as `samples` has, from the stream "fresh" of the key.
std::vector<float> DataLike(const MetricInput& input,
                            std::span<const float> samples);

// The mean of `distance` over `pairs` pairs of sets of data of `size` numbers
// each, which share no point.
using Distance =
    std::function<double(std::span<const float> a, std::span<const float> b)>;
Estimate DataAgainstData(const MetricInput& input, size_t size, int pairs,
                         const Distance& distance);

// |a[i] - b[j]|^2, summed from the first axis to the last.
inline double SquaredDistance(std::span<const float> a, size_t i,
                              std::span<const float> b, size_t j, size_t dim) {
  const float* x = a.data() + i * dim;
  const float* y = b.data() + j * dim;
  double sum = 0;
  for (size_t axis = 0; axis < dim; ++axis) {
    const double difference = double{x[axis]} - y[axis];
    sum += difference * difference;
  }
  return sum;
}

}  // namespace unnoise

#endif  // UNNOISE_METRIC_BASELINE_H_
