// Metrics: how far the samples of a model are from the data. Each is a row of
// the table in metrics.cc and a file of its own, with a stated definition.

#ifndef UNNOISE_METRIC_METRIC_H_
#define UNNOISE_METRIC_METRIC_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/key.h"
#include "core/base/problem.h"
#include "core/data/dataset.h"

namespace unnoise {

// Fills two sets of points of the data, each [n, dim] in model units, from a
// key; the sets share no point. Samples are held against sets like `a`; `b` may
// be empty.
using DataSource =
    std::function<void(Key key, std::span<float> a, std::span<float> b)>;

// What a metric may look at. Points are in model units, finite, row-major.
struct MetricInput {
  int dim = 0;
  std::span<const float> samples;  // [n, dim]
  const DataSource& data;
  Key key = {};  // drives fresh data and resampling alone
  // What was learned from, [any, dim]; empty where data never end.
  std::span<const float> training = {};
  // What was kept back, [any, dim], perhaps empty.
  std::span<const float> held_out = {};
  Modes modes = {};   // in data units
  Affine units = {};  // from data to model units; the same units if empty
};

// value: the metric of the samples. data_data: the mean of the same over
// `repeats` draws of real data in place of the samples, which is what a perfect
// sampler scores on average. Each with its standard error; what it covers is
// said where the metric is. n: points of each set that were looked at. more:
// further numbers by name.
struct MetricReport {
  struct Number {
    std::string_view name;
    double value;
  };

  double value = 0;
  double std_error = 0;
  double data_data = 0;
  double data_data_std_error = 0;
  int64_t n = 0;
  int64_t repeats = 0;
  std::vector<Number> more = {};
};

// What a metric cannot do without, beyond samples and data.
enum class Needs { kNothing, kModes, kTraining };

struct MetricInfo {
  std::string_view name;
  std::string_view title;
  std::string_view help;
  Needs needs;
  // `input` has what the metric needs. Throws UsageError where it does not, for
  // points that are not finite and for fewer than two.
  MetricReport (*evaluate)(const MetricInput& input);
};

std::span<const MetricInfo> Metrics();

// The metrics of these names in the order of the table, all for no names. A
// problem at "metrics" for a name that none has.
Result<std::vector<const MetricInfo*>> FindMetrics(
    std::span<const std::string> names);

// Why a metric does not apply, as a sentence; empty if it does.
std::string_view WhyNot(const MetricInfo& metric, const MetricInput& input);

}  // namespace unnoise

#endif  // UNNOISE_METRIC_METRIC_H_
