// The metric nearest_training: whether a model copies what it learned from.
// Real points that it did not learn from set the measure: the held-out ones,
// or, where none are, each training point with respect to the others. A tenth
// of those lie within a distance `close` of a training point; the value is the
// share of samples that do. Standard errors are those of shares of as many
// points. Source: after the nearest-neighbour checks of Meehan, Chaudhuri,
// Dasgupta 2020, section 3.

#include "core/metric/nearest_training.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/check.h"
#include "core/metric/baseline.h"
#include "core/metric/rows.h"

namespace unnoise {
namespace {

// Every looked-at point meets every training point: about two seconds at worst.
constexpr size_t kMaxPoints = 1000;
constexpr size_t kMinPoints = 30;
constexpr size_t kMaxCoordinates = size_t{1} << 30;

// Squared distances of `count` points, evenly spaced in the set (files of
// points are often sorted).
std::vector<double> Distances(const MetricInput& input,
                              std::span<const float> points, size_t count,
                              bool is_training) {
  const uint64_t all = points.size() / static_cast<size_t>(input.dim);
  std::vector<double> squares;
  for (uint64_t i = 0; i < count; ++i) {
    const size_t point = static_cast<size_t>(i * all / count);
    squares.push_back(SquaredDistanceToNearest(input.dim, points, point,
                                               input.training,
                                               is_training ? point : kNoPoint));
  }
  return squares;
}

Estimate ShareWithin(std::span<const double> squares, double square) {
  std::vector<double> within;
  for (const double x : squares) within.push_back(x <= square);
  return MeanOf(within);
}

double MedianRoot(std::span<const double> sorted) {
  return std::sqrt(sorted[(sorted.size() - 1) / 2]);
}

MetricReport EvaluateNearestTraining(const MetricInput& input) {
  const size_t dim = static_cast<size_t>(std::max(input.dim, 1));
  Check(input.training.size() / dim >= 2 && input.training.size() % dim == 0,
        "there are two whole training points or more");
  const size_t limit = std::clamp(kMaxCoordinates / input.training.size(),
                                  kMinPoints, kMaxPoints);
  const auto samples = FirstSamples(input, limit);
  std::vector<double> own =
      Distances(input, samples, samples.size() / dim, false);

  const bool held_out = !input.held_out.empty();
  const auto others = held_out ? input.held_out : input.training;
  std::vector<double> real =
      Distances(input, others, std::min(others.size() / dim, limit), !held_out);
  std::sort(own.begin(), own.end());
  std::sort(real.begin(), real.end());

  const double close = real[(real.size() - 1) / 10];
  const Estimate value = ShareWithin(own, close);
  const Estimate data_data = ShareWithin(real, close);
  const double median = MedianRoot(own), data_median = MedianRoot(real);
  MetricReport report{.value = value.value,
                      .std_error = value.std_error,
                      .data_data = data_data.value,
                      .data_data_std_error = data_data.std_error,
                      .n = static_cast<int64_t>(own.size()),
                      .repeats = 1,
                      .more = {{"close", std::sqrt(close)},
                               {"median", median},
                               {"data_median", data_median}}};
  if (data_median > 0) report.more.push_back({"ratio", median / data_median});
  return report;
}

}  // namespace

double SquaredDistanceToNearest(int dim, std::span<const float> points,
                                size_t i, std::span<const float> training,
                                size_t except) {
  const size_t size = static_cast<size_t>(std::max(dim, 1));
  Check(dim >= 1 && points.size() / size > i && training.size() % size == 0,
        "points and training points have as many coordinates");
  double nearest = std::numeric_limits<double>::infinity();
  for (size_t j = 0; j < training.size() / size; ++j) {
    if (j == except) continue;
    nearest = std::min(nearest, SquaredDistance(points, i, training, j, size));
  }
  return nearest;
}

MetricInfo NearestTrainingRow() {
  return {"nearest_training", "Nearest training point",
          "The share of samples that lie as close to a training point as only "
          "a tenth of unseen points do (held-out ones, or else each training "
          "point and the others). Far above a tenth: the model copies. Beside "
          "it the median distances. From at most 1,000 samples.",
          Needs::kTraining, EvaluateNearestTraining};
}

}  // namespace unnoise
