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

// Mean and standard deviation (1 if it is 0) of one coordinate.
struct Spread {
  Spread(std::span<const float> points, size_t axis, size_t dim) {
    std::vector<double> x;
    for (size_t i = axis; i < points.size(); i += dim) x.push_back(points[i]);
    const Estimate estimate = MeanOf(x);
    mean = estimate.value;
    if (estimate.std_error > 0) {
      std = estimate.std_error * std::sqrt(static_cast<double>(x.size()));
    }
  }
  double mean;
  double std = 1;
};

// Costs [n, n] that differ from |a_i - b_j|^2 by a term of i and a term of j,
// `of_a` and `of_b` [n], so that the same assignment is the best: for each
// coordinate std_a std_b times the squared distance of the standardised
// values. Sets that differ by shift and scale are then near each other, and
// the solver has little to do.
struct Costs {
  Costs(size_t dim, std::span<const float> a, std::span<const float> b)
      : of_a(a.size() / dim), of_b(of_a.size()) {
    const size_t n = of_a.size();
    values.assign(n * n, 0);
    std::vector<double> x(n), y(n);
    for (size_t axis = 0; axis < dim; ++axis) {
      const Spread sa(a, axis, dim), sb(b, axis, dim);
      const double ratio = sb.std / sa.std, shift = sb.mean - sa.mean;
      for (size_t i = 0; i < n; ++i) {
        x[i] = a[i * dim + axis] - sa.mean;
        y[i] = b[i * dim + axis] - sb.mean;
        of_a[i] += (1 - ratio) * x[i] * x[i] - 2 * shift * x[i];
        of_b[i] += (1 - 1 / ratio) * y[i] * y[i] + shift * (2 * y[i] + shift);
        x[i] /= sa.std;
        y[i] /= sb.std;
      }
      const double weight = sa.std * sb.std;
      for (size_t i = 0; i < n; ++i) {
        for (size_t j = 0; j < n; ++j) {
          values[i * n + j] += weight * (x[i] - y[j]) * (x[i] - y[j]);
        }
      }
    }
  }
  std::vector<double> values, of_a, of_b;
};

MetricReport EvaluateExactW2(const MetricInput& input) {
  const auto samples = FirstSamples(input, kMaxPoints);
  const Estimate value = ExactW2(input.dim, samples, DataLike(input, samples));
  const Estimate data_data =
      DataAgainstData(input, samples.size(), kPairs,
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
  const auto finite = [](float x) { return std::isfinite(x); };
  Check(std::all_of(a.begin(), a.end(), finite) &&
            std::all_of(b.begin(), b.end(), finite),
        "a distance needs finite points");
  const Costs costs(size, a, b);
  Assignment best = SolveAssignment(n, costs.values);
  double sum = 0;
  for (size_t i = 0; i < n; ++i) {
    sum += SquaredDistance(a, i, b, best.column[i], size);
    best.row_price[i] += costs.of_a[i];
    best.column_price[i] += costs.of_b[i];
  }
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
