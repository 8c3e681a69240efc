// The sliced Wasserstein distance where it is known.

#include "core/metric/sliced_wasserstein.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "core/metric/metric.h"

namespace unnoise {
namespace {

constexpr float kLine[] = {1};

double OnALine(const std::vector<float>& a, const std::vector<float>& b) {
  return SlicedWasserstein(1, a, b, kLine, {});
}

std::vector<float> Normal(uint64_t seed, size_t size) {
  std::vector<float> x(size);
  FillNormal(KeyFromSeed(seed), 0, x);
  return x;
}

TEST(SlicedWassersteinTest, IsExactOnALine) {
  EXPECT_EQ(OnALine({0, 10}, {10, 0}), 0);
  EXPECT_EQ(OnALine({0}, {10}), 10);
  EXPECT_EQ(OnALine({0, 1, 3}, {5, 6, 8}), 5);
  EXPECT_EQ(OnALine({-1, 1}, {0, 0}), 1);
  EXPECT_EQ(OnALine({-0.0f, 0.0f}, {0.0f, -0.0f}), 0);
  EXPECT_EQ(OnALine({-3e38f, 2, -1e-40f}, {2, -1e-40f, -3e38f}), 0);
}

TEST(SlicedWassersteinTest, AgreesWithSortingByComparison) {
  for (const size_t n : {1, 2, 3, 10, 1000}) {
    std::vector<float> a = Normal(1, n), b = Normal(2, n);
    for (size_t i = 0; i < n; i += 3) a[i] *= 1e-30f, b[i] *= 1e30f;
    const double distance = OnALine(a, b);
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    double sum = 0;
    for (size_t i = 0; i < n; ++i) sum += std::fabs(double{a[i]} - b[i]);
    EXPECT_EQ(distance, sum / static_cast<double>(n));
  }
}

TEST(SlicedWassersteinTest, AShiftCostsItsLengthInEachDirection) {
  for (const int dim : {2, 3, 10}) {
    const std::vector<float> directions = SliceDirections(dim);
    ASSERT_EQ(directions.size(), 128u * static_cast<size_t>(dim));
    std::vector<float> a = Normal(1, 500u * static_cast<size_t>(dim)), b = a;
    for (size_t i = 0; i < b.size(); ++i) {
      b[i] += static_cast<float>(i % static_cast<size_t>(dim)) + 0.5f;
    }
    std::vector<double> each(128);
    const double distance = SlicedWasserstein(dim, a, b, directions, each);
    double sum = 0;
    for (size_t k = 0; k < 128; ++k) {
      double shift = 0;
      for (int axis = 0; axis < dim; ++axis) {
        shift += (axis + 0.5) * directions[k * static_cast<size_t>(dim) +
                                           static_cast<size_t>(axis)];
      }
      // Projections are sums of `dim` floats of size up to 20.
      EXPECT_NEAR(each[k], std::fabs(shift), 1e-5) << dim;
      sum += each[k];
    }
    EXPECT_DOUBLE_EQ(distance, sum / 128);
    EXPECT_EQ(SlicedWasserstein(dim, b, a, directions, {}), distance);
    EXPECT_EQ(SlicedWasserstein(dim, a, a, directions, {}), 0);
  }
}

TEST(SlicedWassersteinTest, OrderOfPointsDoesNotMatter) {
  std::vector<float> a = Normal(1, 200), b = Normal(2, 200);
  const std::vector<float> directions = SliceDirections(2);
  const double distance = SlicedWasserstein(2, a, b, directions, {});
  for (size_t i = 0; i < 100; i += 2) {
    std::swap(a[i], a[198 - i]);
    std::swap(a[i + 1], a[199 - i]);
  }
  EXPECT_EQ(SlicedWasserstein(2, a, b, directions, {}), distance);
}

TEST(SlicedWassersteinTest, KnowsTwoGaussians) {
  // W1(N(0, 1), N(0, s^2)) = (s - 1) E|z| = (s - 1) sqrt(2 / pi), s > 1.
  constexpr size_t kCount = 100000;
  std::vector<float> b = Normal(2, kCount);
  for (float& x : b) x *= 1.5f;
  const double expected = 0.5 * std::sqrt(2 / 3.14159265358979323846);
  // As both quantile curves cross once only, the distance is near the
  // difference of mean |x|, whose deviation is sqrt(1 - 2 / pi) sqrt(1 + s^2)
  // / sqrt(n); the middle, where they mix, adds less than 1 / sqrt(n).
  const double error = std::sqrt(0.3634 * (1 + 2.25) / kCount);
  EXPECT_NEAR(OnALine(Normal(1, kCount), b), expected,
              4 * error + 1 / std::sqrt(1.0 * kCount));
}

TEST(SlicedWassersteinTest, DirectionsAreFixedUnitVectors) {
  EXPECT_EQ(SliceDirections(1), std::vector<float>{1});
  for (const int dim : {2, 64}) {
    const std::vector<float> directions = SliceDirections(dim);
    double mean = 0;
    for (size_t k = 0; k < 128; ++k) {
      double square = 0;
      for (size_t axis = 0; axis < static_cast<size_t>(dim); ++axis) {
        const double x = directions[k * static_cast<size_t>(dim) + axis];
        square += x * x;
        if (axis == 0) mean += x * x / 128;
      }
      EXPECT_NEAR(square, 1, 1e-6);  // each coordinate is rounded to float
    }
    // E x^2 = 1 / dim, Var x^2 = 2 (dim - 1) / (dim^2 (dim + 2)).
    const double variance =
        2.0 * (dim - 1) / (1.0 * dim * dim * (dim + 2)) / 128;
    EXPECT_NEAR(mean, 1.0 / dim, 4 * std::sqrt(variance));
  }
}

TEST(SlicedWassersteinTest, RefusesWhatDoesNotFit) {
  const std::vector<float> directions = SliceDirections(2);
  const std::vector<float> four(4), six(6);
  EXPECT_THROW(SlicedWasserstein(2, four, six, directions, {}), UsageError);
  EXPECT_THROW(SlicedWasserstein(2, {}, {}, directions, {}), UsageError);
  EXPECT_THROW(SlicedWasserstein(4, four, four, {}, {}), UsageError);
  std::vector<double> few(3);
  EXPECT_THROW(SlicedWasserstein(2, four, four, directions, few), UsageError);
  EXPECT_THROW(OnALine({std::numeric_limits<float>::quiet_NaN()}, {0}),
               UsageError);
  EXPECT_THROW(OnALine({0}, {std::numeric_limits<float>::infinity()}),
               UsageError);
}

TEST(MetricsTest, ReportComparesWithDataAgainstData) {
  const DataSource data = [](Key key, std::span<float> a, std::span<float> b) {
    FillNormal(key, 0, a);
    FillNormal(key, a.size(), b);
  };
  const MetricInfo& metric = Metrics()[0];
  EXPECT_EQ(metric.name, "sliced_wasserstein");
  std::vector<float> samples = Normal(77, 2000);
  const MetricReport good = metric.evaluate({2, samples, data, KeyFromSeed(5)});
  EXPECT_EQ(good.n, 1000);
  EXPECT_GT(good.data_data, 0);
  EXPECT_GT(good.std_error, 0);
  // Perfect samples score like data: a single pair against the mean of 20,
  // whose standard error is sqrt(20) times less than the spread of a pair.
  EXPECT_NEAR(good.value, good.data_data,
              4 * std::sqrt(21.0) * good.data_data_std_error);
  // The same key, the same report; another key, other data.
  const MetricReport again =
      metric.evaluate({2, samples, data, KeyFromSeed(5)});
  EXPECT_EQ(again.value, good.value);
  EXPECT_EQ(again.data_data, good.data_data);
  EXPECT_NE(metric.evaluate({2, samples, data, KeyFromSeed(6)}).data_data,
            good.data_data);
  // Samples that are off by one score so: E |<d, e>| = 2 / pi in the plane.
  for (size_t i = 0; i < samples.size(); i += 2) samples[i] += 1;
  const MetricReport bad = metric.evaluate({2, samples, data, KeyFromSeed(5)});
  EXPECT_NEAR(bad.value, 0.6366, 4 * bad.std_error + good.value);
  EXPECT_EQ(bad.data_data, good.data_data);
}

TEST(MetricsTest, OnALineThereIsOneDirection) {
  const DataSource data = [](Key, std::span<float> a, std::span<float> b) {
    std::fill(a.begin(), a.end(), 1.f);
    std::fill(b.begin(), b.end(), 1.f);
  };
  const std::vector<float> samples = {3, 4};
  const MetricReport report = Metrics()[0].evaluate({1, samples, data, {}});
  EXPECT_EQ(report.value, 2.5);
  EXPECT_EQ(report.std_error, 0);
  EXPECT_EQ(report.data_data, 0);
  EXPECT_EQ(report.n, 2);
}

}  // namespace
}  // namespace unnoise
