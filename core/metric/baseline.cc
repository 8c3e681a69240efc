#include "core/metric/baseline.h"

#include <algorithm>
#include <cmath>

#include "core/base/check.h"

namespace unnoise {

Estimate MeanOf(std::span<const double> values) {
  const double n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, n > 1 ? std::sqrt(squares / (n - 1) / n) : 0};
}

std::span<const float> FirstSamples(const MetricInput& input, size_t limit) {
  Check(input.dim >= 1, "points have at least one coordinate");
  const size_t dim = static_cast<size_t>(input.dim);
  Check(input.samples.size() % dim == 0 && input.samples.size() / dim >= 2,
        "a metric needs two whole points or more");
  const auto first =
      input.samples.first(std::min(input.samples.size() / dim, limit) * dim);
  Check(std::all_of(first.begin(), first.end(),
                    [](float x) { return std::isfinite(x); }),
        "a metric needs finite points");
  return first;
}

std::vector<float> DataLike(const MetricInput& input,
                            std::span<const float> samples) {
  std::vector<float> data(samples.size());
  input.data(Fold(input.key, "fresh"), data, {});
  return data;
}

Estimate DataAgainstData(const MetricInput& input, size_t size, int pairs,
                         const Distance& distance) {
  std::vector<float> a(size), b(size);
  std::vector<double> distances;
  for (int i = 0; i < pairs; ++i) {
    input.data(Fold(Fold(input.key, "pairs"), static_cast<uint64_t>(i)), a, b);
    distances.push_back(distance(a, b));
  }
  return MeanOf(distances);
}

}  // namespace unnoise
