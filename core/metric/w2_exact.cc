#include "core/metric/w2_exact.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/check.h"
#include "core/metric/assignment.h"
#include "core/metric/rows.h"

namespace unnoise {
namespace {

constexpr size_t kMaxPoints = 1000;
constexpr int kPairs = 4;  // each takes as long as the value itself

MetricReport EvaluateExactW2(const MetricInput& input) {
  const auto samples = FirstSamples(input, kMaxPoints);
  const Estimate value = ExactW2(input.dim, samples, DataLike(input, samples));
  const Estimate data_data = DataAgainstData(
      input, samples.size(), kPairs,
      [&](std::span<const float> a, std::span<const float> b) {
        return ExactW2(input.dim, a, b).value;
      });
  return {.value = value.value,
          .std_error = value.std_error,
          .data_data = data_data.value,
          .data_data_std_error = data_data.std_error,
          .n = static_cast<int64_t>(samples.size()) / input.dim,
          .repeats = kPairs};
}

}  // namespace

Estimate ExactW2(int dim, std::span<const float> a, std::span<const float> b) {
  const size_t size = static_cast<size_t>(std::max(dim, 1));
  const size_t n = a.size() / size;
  Check(dim >= 1 && n >= 2 && n <= 10000 && a.size() == n * size &&
            b.size() == a.size(),
        "exact transport needs two sets of 2 to 10,000 whole points each");
  std::vector<double> cost(n * n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      cost[i * n + j] = SquaredDistance(a, i, b, j, size);
    }
  }
  const Assignment best = SolveAssignment(n, cost);
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += cost[i * n + best.column[i]];
  const double distance = std::sqrt(sum / static_cast<double>(n));
  if (distance == 0) return {0, 0};
  const double u = MeanOf(best.row_price).std_error;
  const double v = MeanOf(best.column_price).std_error;
  return {distance, std::sqrt(u * u + v * v) / (2 * distance)};
}

MetricInfo W2ExactRow() {
  return {"w2_exact", "Wasserstein-2",
          "The least root mean square way on which the samples can be carried "
          "to the data, each sample to a data point of its own. From the first "
          "1,000 points of each set; two sets of real data are apart too, so "
          "compare it with those.",
          Needs::kNothing, EvaluateExactW2};
}

}  // namespace unnoise
