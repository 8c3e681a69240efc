// Estimates from draws: that they are centred on what they estimate, and that
// they spread as the closed forms say.

#include "core/divergence/monte_carlo.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "core/base/key.h"
#include "tests/core/divergence/laws.h"
#include "tests/core/metric/point_sets.h"

namespace unnoise {
namespace {

constexpr double kE = 2.71828182845904523536;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double ExpAt(Point x) { return std::exp(x[0]); }

TEST(MonteCarlo, ARunningMeanIsTheMean) {
  const std::vector<float> draws = NormalPoints(1, 1000, 1e3);
  RunningMean running;
  EXPECT_EQ(running.std_error(), 0);
  std::vector<double> values;
  for (const float x : draws) {
    running.Add(x);
    values.push_back(x);
  }
  const Estimate mean = MeanOf(values);
  EXPECT_EQ(running.count(), 1000);
  EXPECT_NEAR(running.mean(), mean.value, 1e-12 * 1e3);
  EXPECT_NEAR(running.std_error(), mean.std_error, 1e-10 * mean.std_error);
  EXPECT_NEAR(running.std(), mean.std_error * std::sqrt(1000), 1e-10);
}

TEST(MonteCarlo, KullbackLeiblerIsUnbiasedAndNarrowsAsTheRoot) {
  const KnownDensity p = DensityOf(LineLaw(0, 1)),
                     q = DensityOf(LineLaw(0.5, 1.5));
  const double truth = NormalKl(NormalOnLine(0, 1), NormalOnLine(0.5, 1.5));
  double before = 0;
  for (const size_t n : {400u, 6400u, 102400u}) {
    const Estimate kl = MonteCarloKl(p, q, NormalPoints(n, n));
    EXPECT_NEAR(kl.value, truth, 4 * kl.std_error) << n;
    if (before > 0) {
      // Sixteen times as many; a spread of 400 values is known to 4 to 7 %.
      EXPECT_NEAR(before / kl.std_error, 4, 4 * 4 * 0.07) << n;
    }
    before = kl.std_error;
  }
  EXPECT_EQ(MonteCarloKl(p, UniformDensity(5, 6), NormalPoints(1, 10)).value,
            kInfinity);
  EXPECT_THROW(MonteCarloKl(p, q, {}), UsageError);
}

// p = N(0, 1), h = e^x, q = N(m, 1): Z = e^(1/2), the variance
// exp(2 - 2 m + m^2) - e, 0 at m = 1.
TEST(ImportanceSampling, TheVarianceIsTheClosedForm) {
  const KnownDensity p = DensityOf(LineLaw(0, 1));
  for (const double m : {-0.5, 0.0, 0.5, 1.0, 1.5}) {
    const double known = std::exp(2 - 2 * m + m * m) - kE;
    const ImportanceVariance found =
        ImportanceVarianceOf(ExpAt, p, DensityOf(LineLaw(m, 1)));
    EXPECT_EQ(found.second.status, IntegralStatus::kConverged) << m;
    EXPECT_NEAR(found.mean.value, std::exp(0.5), 3e-9) << m;
    // 1e-9 (1 + the second moment), and as much from the square of the mean.
    EXPECT_NEAR(found.variance, known, 2e-9 * (2 + known + kE)) << m;
  }
  EXPECT_EQ(
      ImportanceVarianceOf(ExpAt, p, DensityOf(LineLaw(0, 0.6))).second.status,
      IntegralStatus::kUnbounded)
      << "tails that are too thin";
}

TEST(ImportanceSampling, EstimatesAreCentredAndSpreadAsTheyShould) {
  constexpr size_t kCount = 20000;
  const KnownDensity p = DensityOf(LineLaw(0, 1));
  for (const float m : {0.0f, 0.5f, 1.0f}) {
    const KnownDensity q = DensityOf(LineLaw(m, 1));
    const ImportanceEstimate found =
        ImportanceSampling(ExpAt, p, q, NormalPoints(3, kCount, m));
    const double variance = std::max(std::exp(2 - 2 * m + m * m) - kE, 0.0);
    EXPECT_NEAR(found.mean.value, std::exp(0.5),
                4 * found.mean.std_error + 1e-12)
        << m;
    EXPECT_NEAR(found.self_normalised.value, std::exp(0.5),
                4 * found.self_normalised.std_error)
        << m;
    // Of heavy-tailed values: fourth moments are e^8 of squares at m = 0.
    EXPECT_NEAR(found.mean.std_error, std::sqrt(variance / kCount),
                0.25 * std::sqrt(variance / kCount) + 1e-12)
        << m;
    // 1 / (1 + chi squared of p from q), that is e^(-m^2); a ratio of means
    // that are known to 1 %.
    EXPECT_NEAR(found.effective_samples / kCount, std::exp(-m * m), 0.08) << m;
  }
  const ImportanceEstimate plain =
      ImportanceSampling(ExpAt, p, p, NormalPoints(3, kCount));
  EXPECT_EQ(plain.effective_samples, kCount) << "all weights are 1";
  EXPECT_NEAR(plain.largest_share, 1.0 / kCount, 1e-18);
}

TEST(ImportanceSampling, TheBestProposalHasNoVariance) {
  const KnownDensity p = DensityOf(LineLaw(0, 1));
  const KnownDensity best = OptimalProposal(ExpAt, p);
  // It is N(1, 1).
  const KnownDensity known = DensityOf(LineLaw(1, 1));
  for (const double x : {-2.0, 0.0, 0.7, 3.0}) {
    const double at[] = {x};
    EXPECT_NEAR(best.log_density(at), known.log_density(at), 1e-8);
  }
  EXPECT_NEAR(ImportanceVarianceOf(ExpAt, p, best).variance, 0, 2e-8);
  const ImportanceEstimate found =
      ImportanceSampling(ExpAt, p, best, NormalPoints(4, 100, 1));
  EXPECT_NEAR(found.mean.std_error, 0, 1e-12);
  EXPECT_NEAR(found.mean.value, std::exp(0.5), 1e-8);

  // Where h changes its sign, |h| p, and a variance of (E |h|)^2 - Z^2.
  const Function cubic = [](Point x) { return x[0] * x[0] * x[0] + 0.5; };
  const KnownDensity fold = OptimalProposal(cubic, p);
  const ImportanceVariance variance = ImportanceVarianceOf(cubic, p, fold);
  EXPECT_NEAR(variance.mean.value, 0.5, 1e-8);
  EXPECT_GT(variance.variance, 1);
  // No other is better: those nearby, and p itself, whose variance is 15.
  EXPECT_NEAR(ImportanceVarianceOf(cubic, p, p).variance, 15, 1e-7);
  for (const double std : {1.2, 1.7, 2.5}) {
    EXPECT_LT(
        variance.variance,
        ImportanceVarianceOf(cubic, p, DensityOf(LineLaw(0, std))).variance)
        << std;
  }
  EXPECT_THROW(OptimalProposal([](Point) { return 0.0; }, p), UsageError);
}

TEST(ImportanceSampling, WeightsNeedOnlyTheirRatios) {
  const std::vector<double> values = {1, 2, 4}, logs = {0, -1, -2},
                            far = {5000, 4999, 4998};
  const ImportanceEstimate a = ImportanceSampling(values, logs);
  const ImportanceEstimate b = ImportanceSampling(values, far);
  EXPECT_EQ(a.self_normalised.value, b.self_normalised.value);
  EXPECT_EQ(a.effective_samples, b.effective_samples);
  const double w1 = std::exp(-1), w2 = std::exp(-2), sum = 1 + w1 + w2;
  EXPECT_NEAR(a.self_normalised.value, (1 + 2 * w1 + 4 * w2) / sum, 1e-15);
  EXPECT_NEAR(a.effective_samples, sum * sum / (1 + w1 * w1 + w2 * w2), 1e-14);
  EXPECT_NEAR(a.largest_share, 1 / sum, 1e-15);
  EXPECT_NEAR(a.mean.value, (1 + 2 * w1 + 4 * w2) / 3, 1e-15);
  const std::vector<double> never(3, -kInfinity);
  EXPECT_EQ(ImportanceSampling(values, never).effective_samples, 0);
  EXPECT_THROW(ImportanceSampling({}, {}), UsageError);
  EXPECT_THROW(ImportanceSampling(values, std::span(logs).first(2)),
               UsageError);
}

}  // namespace
}  // namespace unnoise
