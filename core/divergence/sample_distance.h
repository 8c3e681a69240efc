// Distances of two sets of points, of which no density is known: the table that
// `unnoise compare` goes by. Unlike core/metric it holds no set to be the truth
// and draws nothing: both are what they are.

#ifndef UNNOISE_DIVERGENCE_SAMPLE_DISTANCE_H_
#define UNNOISE_DIVERGENCE_SAMPLE_DISTANCE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/metric/metric.h"

namespace unnoise {

// Points [n, dim] and [m, dim], n, m >= 2, finite, in one unit.
struct SamplePair {
  int dim = 1;
  std::span<const float> a, b;
};

// The standard error is that of the choice of points, or as the row's file
// says. n_a, n_b: points of each set that were looked at, the first ones.
struct SampleDistance {
  double value = 0;
  double std_error = 0;
  int64_t n_a = 0;
  int64_t n_b = 0;
  std::vector<MetricReport::Number> more = {};
};

struct SampleDistanceInfo {
  std::string_view name;
  std::string_view title;
  std::string_view help;
  bool line_only;  // of points with one coordinate
  SampleDistance (*evaluate)(const SamplePair& pair);  // throws UsageError
};

std::span<const SampleDistanceInfo> SampleDistances();

// Those of these names in the order of the table, all for no names. A problem
// at "metrics" for a name that none has.
Result<std::vector<const SampleDistanceInfo*>> FindSampleDistances(
    std::span<const std::string> names);

// Why a distance cannot be had of points of dim coordinates, as a sentence;
// empty if it can.
std::string_view WhyNot(const SampleDistanceInfo& distance, int dim);

}  // namespace unnoise

#endif  // UNNOISE_DIVERGENCE_SAMPLE_DISTANCE_H_
