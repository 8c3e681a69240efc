// The metric mode_coverage. The number of points that a mode should get is the
// mean over the same sets of data that data_data is from. The standard error
// is that of the bootstrap over the samples (Efron 1979).

#include "core/metric/mode_coverage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "core/metric/baseline.h"
#include "core/metric/rows.h"

namespace unnoise {
namespace {

constexpr size_t kMaxPoints = 100000;
constexpr int kSets = 20;
constexpr int kResamples = 50;

struct Counts {
  explicit Counts(size_t modes) : in(modes) {}
  void Add(int32_t mode) {
    ++points;
    if (mode < 0) return;
    ++in[static_cast<size_t>(mode)];
    ++inside;
  }
  double InsideShare() const { return inside / points; }

  std::vector<double> in;  // each mode
  double inside = 0;       // any mode
  double points = 0;
};

std::vector<int32_t> ModesOfModelPoints(const MetricInput& input,
                                        std::span<const float> points) {
  std::vector<float> in_data_units(points.begin(), points.end());
  if (!input.units.scale.empty()) input.units.ToData(in_data_units);
  return ModesOf(input.dim, in_data_units, input.modes);
}

Counts Count(size_t modes, std::span<const int32_t> labels) {
  Counts counts(modes);
  for (const int32_t mode : labels) counts.Add(mode);
  return counts;
}

double BootstrapError(Key key, std::span<const int32_t> labels,
                      std::span<const double> expected) {
  std::array<double, kResamples> values;
  const uint32_t n = static_cast<uint32_t>(labels.size());
  for (uint64_t k = 0; k < kResamples; ++k) {
    const Key draw = Fold(Fold(key, "bootstrap"), k);
    Counts counts(expected.size());
    for (uint32_t i = 0; i < n; ++i) counts.Add(labels[IndexAt(draw, i, n)]);
    values[k] = Coverage(counts.in, expected);
  }
  // The spread of a value, not of their mean.
  return MeanOf(values).std_error * std::sqrt(double{kResamples});
}

MetricReport EvaluateModeCoverage(const MetricInput& input) {
  const auto samples = FirstSamples(input, kMaxPoints);
  const size_t modes =
      input.modes.centers.size() / static_cast<size_t>(input.dim);
  const std::vector<int32_t> labels = ModesOfModelPoints(input, samples);
  const Counts counts = Count(modes, labels);

  std::vector<Counts> sets;
  std::vector<float> a(samples.size()), b(samples.size());
  for (uint64_t i = 0; i < kSets / 2; ++i) {
    input.data(Fold(Fold(input.key, "pairs"), i), a, b);
    sets.push_back(Count(modes, ModesOfModelPoints(input, a)));
    sets.push_back(Count(modes, ModesOfModelPoints(input, b)));
  }
  std::vector<double> expected(modes);
  for (const Counts& set : sets) {
    for (size_t k = 0; k < modes; ++k) expected[k] += set.in[k] / kSets;
  }
  std::array<double, kSets> coverage, inside;
  for (size_t i = 0; i < kSets; ++i) {
    coverage[i] = Coverage(sets[i].in, expected);
    inside[i] = sets[i].InsideShare();
  }
  double least = std::numeric_limits<double>::infinity();
  for (size_t k = 0; k < modes; ++k) {
    if (expected[k] > 0) least = std::min(least, counts.in[k] / expected[k]);
  }
  const Estimate data_data = MeanOf(coverage);
  MetricReport report{.value = Coverage(counts.in, expected),
                      .std_error = BootstrapError(input.key, labels, expected),
                      .data_data = data_data.value,
                      .data_data_std_error = data_data.std_error,
                      .n = static_cast<int64_t>(labels.size()),
                      .repeats = kSets,
                      .more = {{"modes", static_cast<double>(modes)},
                               {"in_modes", counts.InsideShare()},
                               {"data_in_modes", MeanOf(inside).value}}};
  if (std::isfinite(least)) report.more.push_back({"least_share", least});
  return report;
}

}  // namespace

std::vector<int32_t> ModesOf(int dim, std::span<const float> points,
                             const Modes& modes) {
  const size_t size = static_cast<size_t>(std::max(dim, 1));
  Check(dim >= 1 && points.size() % size == 0 && !modes.centers.empty() &&
            modes.centers.size() % size == 0,
        "points and centres have as many coordinates");
  const size_t count = modes.centers.size() / size;
  std::vector<int32_t> labels(points.size() / size, -1);
  for (size_t i = 0; i < labels.size(); ++i) {
    double nearest = std::numeric_limits<double>::infinity();
    for (size_t k = 0; k < count; ++k) {
      const double square = SquaredDistance(points, i, modes.centers, k, size);
      if (square >= nearest) continue;
      nearest = square;
      if (square <= modes.radius * modes.radius) {
        labels[i] = static_cast<int32_t>(k);
      }
    }
  }
  return labels;
}

double Coverage(std::span<const double> counts,
                std::span<const double> expected) {
  Check(!counts.empty() && counts.size() == expected.size(),
        "there is an expected number for each mode");
  double covered = 0;
  for (size_t k = 0; k < counts.size(); ++k) {
    covered += counts[k] > 0 && counts[k] >= expected[k] / 4;
  }
  return covered / static_cast<double>(counts.size());
}

MetricInfo ModeCoverageRow() {
  return {"mode_coverage", "Mode coverage",
          "The share of the data's modes that get samples: at least a quarter "
          "of what real data put there. Beside it the share of samples that "
          "lie in any mode, and the worst mode's part of its due. From the "
          "first 100,000 samples.",
          Needs::kModes, EvaluateModeCoverage};
}

}  // namespace unnoise
