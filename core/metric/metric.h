// Metrics: how far one set of points is from another. Each is a row of the
// table in metrics.cc, with a stated definition.

#ifndef UNNOISE_METRIC_METRIC_H_
#define UNNOISE_METRIC_METRIC_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/key.h"

namespace unnoise {

// value: the distance between the samples and fresh data. std_error: its
// standard error over what the metric averages. data_data: the mean of the same
// distance over pairs of independent data sets of that size, which is what a
// perfect sampler scores on average, and the standard error of that mean.
struct MetricReport {
  double value;
  double std_error;
  double data_data;
  double data_data_std_error;
  int64_t n;
};

// Fills two sets of points of the data law, each [n, dim] in model units, from
// a key; the sets share no draw. The second may be empty.
using DataSource =
    std::function<void(Key key, std::span<float> a, std::span<float> b)>;

struct MetricInfo {
  std::string_view name;
  std::string_view title;
  std::string_view help;
  // samples [n, dim], finite, in model units; the key drives fresh data alone.
  // Throws UsageError.
  MetricReport (*evaluate)(int dim, std::span<const float> samples,
                           const DataSource& data, Key key);
};

std::span<const MetricInfo> Metrics();

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

#endif  // UNNOISE_METRIC_METRIC_H_
