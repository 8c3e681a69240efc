#include "core/metric/kernel_distance.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "core/base/exact_math.h"
#include "core/metric/rows.h"

namespace unnoise {
namespace {

constexpr size_t kMaxPoints = 2000;
// A pair of sets of 2,000 points takes 8 million values of the kernel.
constexpr int kEnergyPairs = 10;
constexpr int kMmdPairs = 4;

template <size_t K>
using Values = std::array<double, K>;

// For every point the sum of the kernels with the others of its own set and
// with those of the other one.
template <size_t K>
struct Sums {
  explicit Sums(size_t n) : within(n), across(n) {}
  std::vector<Values<K>> within, across;
};

template <size_t K>
void Add(const Values<K>& value, Values<K>& x, Values<K>& y) {
  for (size_t k = 0; k < K; ++k) {
    x[k] += value[k];
    y[k] += value[k];
  }
}

// Mean over pairs within a set, mean over pairs across, and the variance of the
// mean that the points of this set bring.
struct Part {
  double within;
  double across;
  double variance;
};

template <size_t K>
Part PartOf(const Sums<K>& sums, size_t k, size_t other) {
  const size_t n = sums.within.size();
  std::vector<double> projections(n);
  double within = 0, across = 0;
  for (size_t i = 0; i < n; ++i) {
    const double own = sums.within[i][k] / static_cast<double>(n - 1);
    const double cross = sums.across[i][k] / static_cast<double>(other);
    projections[i] = own - cross;
    within += own;
    across += cross;
  }
  const double error = MeanOf(projections).std_error;
  return {within / static_cast<double>(n), across / static_cast<double>(n),
          4 * error * error};
}

// mean k(x, x') + mean k(y, y') - 2 mean k(x, y) for K functions of the squared
// distance. Sums run over i and then over j > i (or all j).
template <size_t K, class Kernels>
std::array<Estimate, K> TwoSample(int dim, std::span<const float> a,
                                  std::span<const float> b,
                                  const Kernels& kernels) {
  const size_t size = static_cast<size_t>(std::max(dim, 1));
  const size_t n = a.size() / size, m = b.size() / size;
  Check(dim >= 1 && n >= 2 && m >= 2 && a.size() == n * size &&
            b.size() == m * size,
        "each set needs two whole points or more");
  const auto finite = [](float x) { return std::isfinite(x); };
  Check(std::all_of(a.begin(), a.end(), finite) &&
            std::all_of(b.begin(), b.end(), finite),
        "a distance needs finite points");

  Sums<K> x(n), y(m);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = i + 1; j < n; ++j) {
      Add(kernels(SquaredDistance(a, i, a, j, size)), x.within[i], x.within[j]);
    }
    for (size_t j = 0; j < m; ++j) {
      Add(kernels(SquaredDistance(a, i, b, j, size)), x.across[i], y.across[j]);
    }
  }
  for (size_t i = 0; i < m; ++i) {
    for (size_t j = i + 1; j < m; ++j) {
      Add(kernels(SquaredDistance(b, i, b, j, size)), y.within[i], y.within[j]);
    }
  }
  std::array<Estimate, K> estimates;
  for (size_t k = 0; k < K; ++k) {
    const Part px = PartOf(x, k, m), py = PartOf(y, k, n);
    estimates[k] = {px.within + py.within - (px.across + py.across),
                    std::sqrt(px.variance + py.variance)};
  }
  return estimates;
}

MetricReport EvaluateEnergyDistance(const MetricInput& input) {
  const auto samples = FirstSamples(input, kMaxPoints);
  const Estimate value =
      EnergyDistance(input.dim, samples, DataLike(input, samples));
  const Estimate data_data =
      DataAgainstData(input, samples.size(), kEnergyPairs,
                      [&](std::span<const float> a, std::span<const float> b) {
                        return EnergyDistance(input.dim, a, b).value;
                      });
  return {.value = value.value,
          .std_error = value.std_error,
          .data_data = data_data.value,
          .data_data_std_error = data_data.std_error,
          .n = static_cast<int64_t>(samples.size()) / input.dim,
          .repeats = kEnergyPairs};
}

MetricReport EvaluateMmd(const MetricInput& input) {
  constexpr std::string_view kNames[] = {"h_0.1", "h_0.3", "h_1"};
  static_assert(std::size(kNames) == kBandwidths.size());
  const auto samples = FirstSamples(input, kMaxPoints);
  const auto values = SquaredMmd(input.dim, samples, DataLike(input, samples));
  const Estimate data_data =
      DataAgainstData(input, samples.size(), kMmdPairs,
                      [&](std::span<const float> a, std::span<const float> b) {
                        return SquaredMmd(input.dim, a, b).back().value;
                      });
  MetricReport report{.value = values.back().value,
                      .std_error = values.back().std_error,
                      .data_data = data_data.value,
                      .data_data_std_error = data_data.std_error,
                      .n = static_cast<int64_t>(samples.size()) / input.dim,
                      .repeats = kMmdPairs};
  for (size_t k = 0; k < kBandwidths.size(); ++k) {
    report.more.push_back({kNames[k], values[k].value});
  }
  return report;
}

}  // namespace

Estimate EnergyDistance(int dim, std::span<const float> a,
                        std::span<const float> b) {
  return TwoSample<1>(dim, a, b, [](double square) {
    return Values<1>{-std::sqrt(square)};
  })[0];
}

double MeanDistance(int dim, std::span<const float> points) {
  const size_t size = static_cast<size_t>(std::max(dim, 1));
  const size_t n = points.size() / size;
  Check(dim >= 1 && n >= 2 && points.size() == n * size,
        "a set needs two whole points or more");
  double sum = 0;  // each pair once
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = i + 1; j < n; ++j) {
      sum += std::sqrt(SquaredDistance(points, i, points, j, size));
    }
  }
  const double whole = static_cast<double>(n);
  return 2 * sum / (whole * (whole - 1));
}

double EnergyDistanceOfSets(int dim, std::span<const float> a,
                            std::span<const float> b) {
  const size_t size = static_cast<size_t>(std::max(dim, 1));
  const size_t n = a.size() / size, m = b.size() / size;
  Check(dim >= 1 && n >= 1 && m >= 1 && a.size() == n * size &&
            b.size() == m * size,
        "each set needs whole points");
  double across = 0;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < m; ++j) {
      across += std::sqrt(SquaredDistance(a, i, b, j, size));
    }
  }
  // Of all pairs, the mean: a point and itself are not apart.
  const auto within = [&](std::span<const float> x, size_t count) {
    if (count < 2) return 0.0;
    const double whole = static_cast<double>(count);
    return MeanDistance(dim, x) * (whole - 1) / whole;
  };
  const double pairs = static_cast<double>(n) * static_cast<double>(m);
  // Rounding may take equal sets a little below.
  return std::max(0.0, 2 * across / pairs - within(a, n) - within(b, m));
}

std::array<Estimate, kBandwidths.size() + 1> SquaredMmd(
    int dim, std::span<const float> a, std::span<const float> b) {
  constexpr size_t kCount = kBandwidths.size();
  Values<kCount> factors;
  for (size_t k = 0; k < kCount; ++k) {
    factors[k] = -1 / (2 * kBandwidths[k] * kBandwidths[k] * dim);
  }
  return TwoSample<kCount + 1>(dim, a, b, [&](double square) {
    Values<kCount + 1> values;
    double sum = 0;
    for (size_t k = 0; k < kCount; ++k) {
      values[k] = exact::Exp(square * factors[k]);
      sum += values[k];
    }
    values[kCount] = sum / kCount;
    return values;
  });
}

MetricInfo EnergyDistanceRow() {
  return {"energy_distance", "Energy distance",
          "How much farther samples lie from data than samples from samples "
          "and data from data; 0 only for equal laws. From the first 2,000 "
          "points of each set, without bias, so that a perfect model scores "
          "0 on average and often a little below.",
          Needs::kNothing, EvaluateEnergyDistance};
}

MetricInfo MmdRow() {
  return {"mmd", "Squared MMD",
          "How well smooth bumps of three widths (0.1, 0.3 and 1 times the "
          "root of the dimension) tell samples from data: the mean of the "
          "three squared maximum mean discrepancies. From the first 2,000 "
          "points of each set, without bias, so that a perfect model scores "
          "0 on average and often a little below.",
          Needs::kNothing, EvaluateMmd};
}

}  // namespace unnoise
