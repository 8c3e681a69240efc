// Energy distance and MMD where they are known.

#include "core/metric/kernel_distance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "tests/core/metric/point_sets.h"

namespace unnoise {
namespace {

constexpr double kPi = 3.14159265358979323846;
// Of a mean of some thousand terms of order 1, both sides in double.
constexpr double kRounding = 1e-13;

TEST(KernelDistanceTest, AgreesWithAnIndependentProgram) {
  const GoldenSets sets;
  const Estimate energy = EnergyDistance(2, sets.a, sets.b);
  EXPECT_NEAR(energy.value, sets.kEnergy, kRounding);
  EXPECT_NEAR(energy.std_error, sets.kEnergyError, kRounding);
  const auto mmd = SquaredMmd(2, sets.a, sets.b);
  for (size_t k = 0; k < mmd.size(); ++k) {
    EXPECT_NEAR(mmd[k].value, sets.kMmd[k], kRounding) << k;
  }
}

TEST(KernelDistanceTest, CountsEachPairOnce) {
  // 2 * 3 - 2 - 0, sets of different sizes.
  const std::vector<float> a = {-1, 1}, b = {3, 3, 3};
  EXPECT_EQ(EnergyDistance(1, a, b).value, 4);
  EXPECT_EQ(EnergyDistance(1, b, a).value, 4);
  // Equal sets are no independent draws: 2 mean over all - 2 mean over others.
  EXPECT_EQ(EnergyDistance(1, a, a).value, -2);
  EXPECT_EQ(EnergyDistance(1, b, b).value, 0);
  EXPECT_EQ(EnergyDistance(1, b, b).std_error, 0);
  for (const Estimate& mmd : SquaredMmd(1, b, b)) EXPECT_EQ(mmd.value, 0);
  // Far apart, and each in one point: every kernel is 1 within and 0 across.
  for (const Estimate& mmd : SquaredMmd(1, b, std::vector<float>{90, 90})) {
    EXPECT_EQ(mmd.value, 2);
  }
}

// The same sets with a point as its own pair: 2 * 3 - 2 / 2 - 0, and equal sets
// are not apart.
TEST(KernelDistanceTest, OfTheSetsAsTheyAre) {
  const std::vector<float> a = {-1, 1}, b = {3, 3, 3};
  EXPECT_EQ(EnergyDistanceOfSets(1, a, b), 5);
  EXPECT_EQ(EnergyDistanceOfSets(1, b, a), 5);
  EXPECT_EQ(EnergyDistanceOfSets(1, a, a), 0);
  EXPECT_EQ(EnergyDistanceOfSets(2, std::vector<float>{0, 0},
                                 std::vector<float>{3, 4}),
            10);
  EXPECT_THROW(EnergyDistanceOfSets(2, a, b), UsageError);
  EXPECT_EQ(MeanDistance(1, std::vector<float>{0, 1, 3}), 2);
  EXPECT_THROW(MeanDistance(2, a), UsageError);
}

// E |z| for z of N(m, variance).
double FoldedMean(double m, double variance) {
  return std::sqrt(2 * variance / kPi) * std::exp(-m * m / (2 * variance)) +
         m * std::erf(m / std::sqrt(2 * variance));
}

// 2 * integral (F - G)^2 (Szekely 2003) for N(0, 1) and N(m, 1), by the
// trapezoid rule, whose error for smooth rapidly falling integrands is far
// below double precision at this step.
double EnergyByQuadrature(double m) {
  double sum = 0;
  constexpr double kStep = 1.0 / 64;
  for (double x = -12; x < 12 + m; x += kStep) {
    const double difference = 0.5 * std::erfc(-x / std::sqrt(2.0)) -
                              0.5 * std::erfc(-(x - m) / std::sqrt(2.0));
    sum += difference * difference * kStep;
  }
  return 2 * sum;
}

// E exp(-|z|^2 / (2 h^2)), z of N(shift, 2 I).
double MeanKernel(double h, int dim, double square_shift) {
  return std::pow(h * h / (h * h + 2), dim / 2.0) *
         std::exp(-square_shift / (2 * (h * h + 2)));
}

TEST(KernelDistanceTest, EnergyOfTwoNormalLawsIsUnbiased) {
  for (const float m : {0.0f, 0.5f, 2.0f}) {
    const double expected = 2 * FoldedMean(m, 2) - 2 * FoldedMean(0, 2);
    EXPECT_NEAR(EnergyByQuadrature(m), expected, 1e-12);
    std::vector<double> values;
    double errors = 0;
    for (uint64_t seed = 0; seed < 200; ++seed) {
      const Estimate energy = EnergyDistance(1, NormalPoints(seed, 40),
                                             NormalPoints(1000 + seed, 60, m));
      values.push_back(energy.value);
      errors += energy.std_error / 200;
    }
    const Estimate mean = MeanOf(values);
    EXPECT_NEAR(mean.value, expected, 4 * mean.std_error) << m;
    // The stated error against the spread that is seen (known to 5 %, one
    // standard deviation): right where the laws differ, too large where not.
    const double spread = mean.std_error * std::sqrt(200.0);
    EXPECT_GT(errors, 0.8 * spread) << m;
    EXPECT_LT(errors, (m == 0 ? 3 : 1.25) * spread) << m;
  }
}

TEST(KernelDistanceTest, MmdOfTwoNormalLawsIsUnbiased) {
  constexpr int kDim = 2;
  for (const float m : {0.0f, 1.0f}) {
    std::array<std::vector<double>, 4> values;
    double errors = 0;
    for (uint64_t seed = 0; seed < 100; ++seed) {
      const auto mmd = SquaredMmd(kDim, NormalPoints(seed, 60),
                                  NormalPoints(1000 + seed, 60, m));
      for (size_t k = 0; k < 4; ++k) values[k].push_back(mmd[k].value);
      errors += mmd[3].std_error / 100;
    }
    double sum = 0;
    for (size_t k = 0; k < 3; ++k) {
      const double h = kBandwidths[k] * std::sqrt(1.0 * kDim);
      const double expected = 2 * MeanKernel(h, kDim, 0) -
                              2 * MeanKernel(h, kDim, 1.0 * kDim * m * m);
      sum += expected;
      const Estimate mean = MeanOf(values[k]);
      EXPECT_NEAR(mean.value, expected, 4 * mean.std_error) << m << " " << k;
    }
    const Estimate mean = MeanOf(values[3]);
    EXPECT_NEAR(mean.value, sum / 3, 4 * mean.std_error) << m;
    const double spread = mean.std_error * 10;  // known to 7 %
    EXPECT_GT(errors, 0.72 * spread) << m;
    EXPECT_LT(errors, (m == 0 ? 3 : 1.28) * spread) << m;
  }
}

TEST(KernelDistanceTest, RefusesWhatDoesNotFit) {
  const std::vector<float> one(2), two(4), part(5);
  EXPECT_THROW(EnergyDistance(2, one, two), UsageError);
  EXPECT_THROW(EnergyDistance(2, two, part), UsageError);
  EXPECT_THROW(EnergyDistance(0, two, two), UsageError);
  const std::vector<float> bad = {0, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_THROW(EnergyDistance(1, two, bad), UsageError);
  EXPECT_THROW(SquaredMmd(1, bad, two), UsageError);
  EXPECT_NO_THROW(EnergyDistance(2, two, two));
}

TEST(KernelDistanceTest, MetricsLookAtTheFirstTwoThousandPoints) {
  const std::vector<float> samples = NormalPoints(1, 2100);
  const DataSource data = NormalSource();
  for (const MetricInfo& metric : Metrics()) {
    if (metric.name != "energy_distance") continue;
    const MetricReport report =
        metric.evaluate({1, samples, data, KeyFromSeed(1)});
    EXPECT_EQ(report.n, 2000);
    const MetricReport first = metric.evaluate(
        {1, std::span(samples).first(2000), data, KeyFromSeed(1)});
    EXPECT_EQ(report.value, first.value);
    // Unbiased: data against data is 0 on average.
    EXPECT_NEAR(report.data_data, 0, 4 * report.data_data_std_error);
    EXPECT_NEAR(report.value, 0, 4 * report.std_error);
  }
}

}  // namespace
}  // namespace unnoise
