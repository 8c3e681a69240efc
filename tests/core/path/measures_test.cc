// Signal-to-noise ratios, their times, and the distance to the start of
// sampling, on every path.

#include "core/path/measures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace unnoise {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(PathMeasures, KnownRatios) {
  const Coefficients straight = Choice<Path>("straight")->At(0.25);
  EXPECT_EQ(Snr(straight), 9);
  EXPECT_NEAR(HalfLogSnr(straight), std::log(3), 4 * kEps);
  // alpha^2 = exp(-2.5375) = 0.0790638.
  const Coefficients linear = Choice<Path>("linear_beta")->At(0.5);
  EXPECT_NEAR(Snr(linear), 0.0790638 / 0.9209362, 1e-6);
  EXPECT_NEAR(HalfLogSnr(Choice<Path>("ve")->At(0)), std::log(100),
              4 * kEps * 5);
}

TEST(PathMeasures, EndsAreInfiniteNotNumbersThatAreWrong) {
  const Choice<Path> path("straight");
  EXPECT_EQ(Snr(path->At(0)), kInfinity);
  EXPECT_EQ(HalfLogSnr(path->At(0)), kInfinity);
  EXPECT_EQ(Snr(path->At(1)), 0);
  EXPECT_EQ(HalfLogSnr(path->At(1)), -kInfinity);
  // The ratio overflows, its logarithm does not.
  EXPECT_NEAR(HalfLogSnr({1e-200, 1e200, 0, 0}), -400 * std::log(10), 1e-12);
}

TEST(PathMeasures, SlopeIsTheDerivative) {
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    for (const double t : {0.05, 0.2, 0.45, 0.8}) {
      // Error h^2 / 6 of a third derivative below 1e5 at t = 0.05.
      constexpr double kH = 1e-6;
      const double difference =
          (HalfLogSnr(path->At(t + kH)) - HalfLogSnr(path->At(t - kH))) /
          (2 * kH);
      EXPECT_NEAR(HalfLogSnrSlope(path->At(t)) / difference, 1, 1e-7)
          << row.name << t;
    }
  }
}

TEST(PathMeasures, TimeIsFoundForEveryRatio) {
  for (const Row<Path>& row : Rows<Path>()) {
    Choice<Path> path(row.name);
    path->t_min = 1e-6;
    const double first = HalfLogSnr(path->At(path->t_min));
    const double last = HalfLogSnr(path->At(path->t_max));
    double before = path->t_min;
    for (int i = 1; i < 200; ++i) {
      const double lambda = first + (last - first) * i / 200;
      const double t = TimeOfHalfLogSnr(*path, lambda);
      const Coefficients at = path->At(t);
      // Two logarithms of numbers right to 64 eps at worst (the powers of
      // `edm`), and what the spacing of numbers t leaves open.
      EXPECT_NEAR(HalfLogSnr(at), lambda,
                  (64 + 4 * std::fabs(lambda)) * kEps -
                      2 * kEps * t * HalfLogSnrSlope(at))
          << row.name << ' ' << i;
      EXPECT_GT(t, before) << row.name << ' ' << i;
      before = t;
    }
    EXPECT_LT(before, path->t_max);
  }
}

// Lu et al. 2022, appendix D.4, for the linear rate; on paper for the others.
TEST(PathMeasures, TimesInClosedForm) {
  for (const double lambda : {3.5, 1.0, 0.1, 0.0, -1.0, -4.0}) {
    EXPECT_NEAR(TimeOfHalfLogSnr(*Choice<Path>("straight"), lambda),
                1 / (1 + std::exp(lambda)), 8 * kEps);
    EXPECT_NEAR(
        TimeOfHalfLogSnr(*Choice<Path>("linear_beta"), lambda),
        2 * std::log1p(std::exp(-2 * lambda)) /
            (0.1 +
             std::sqrt(0.01 + 2 * 19.9 * std::log1p(std::exp(-2 * lambda)))),
        16 * kEps);
    if (lambda < -3.9) continue;  // beyond its end
    EXPECT_NEAR(TimeOfHalfLogSnr(*Choice<Path>("ve"), lambda),
                (-lambda - std::log(0.01)) / std::log(5000), 16 * kEps);
  }
}

TEST(PathMeasures, RatiosBeyondAnEndGiveTheEnd) {
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    EXPECT_EQ(TimeOfHalfLogSnr(*path, 1e3), path->t_min);
    EXPECT_EQ(TimeOfHalfLogSnr(*path, kInfinity), path->t_min);
    EXPECT_EQ(TimeOfHalfLogSnr(*path, -1e3), path->t_max);
    EXPECT_EQ(TimeOfHalfLogSnr(*path, -kInfinity), path->t_max);
    for (const double t : {path->t_min, path->t_max}) {
      EXPECT_EQ(TimeOfHalfLogSnr(*path, HalfLogSnr(path->At(t))), t);
    }
  }
}

// Any two paths are one another's stretched copies: where the ratios agree, so
// do the laws after division by alpha, and so do a network's input and task.
TEST(PathMeasures, ExplodingAndPreservingPathsAreTheSameWhereRatiosAgree) {
  const Choice<Path> preserving("cosine"), exploding("ve");
  for (const double t : {0.1, 0.3, 0.5, 0.9}) {
    const Coefficients vp = preserving->At(t);
    const Coefficients ve =
        exploding->At(TimeOfHalfLogSnr(*exploding, HalfLogSnr(vp)));
    // Lambda is right to some 64 eps, which is relative to sigma.
    constexpr double kRounding = 256 * kEps;
    EXPECT_NEAR(ve.sigma * vp.alpha / vp.sigma, 1, kRounding) << t;
    const Preconditioning of_vp = PreconditioningAt(vp);
    const Preconditioning of_ve = PreconditioningAt(ve);
    EXPECT_NEAR(of_ve.input, vp.alpha, kRounding);  // x_ve = x_vp / alpha
    EXPECT_NEAR(of_ve.noise_skip, of_vp.noise_skip * vp.alpha, kRounding);
    EXPECT_NEAR(of_ve.data_skip, of_vp.data_skip * vp.alpha, kRounding);
    EXPECT_NEAR(of_ve.noise_out, of_vp.noise_out, kRounding);
    EXPECT_NEAR(of_ve.data_out, of_vp.data_out, kRounding);
  }
}

double NormalDensity(double x, double mean, double variance) {
  return std::exp(-0.5 * (x - mean) * (x - mean) / variance) /
         std::sqrt(2 * std::acos(-1) * variance);
}

TEST(PathMeasures, DivergenceByQuadrature) {
  constexpr double kMean = 1.3, kVariance = 0.2;
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    for (const double t : {0.5, 0.8, path->t_max}) {
      const Coefficients at = path->At(t);
      const double mean = kMean * at.alpha;
      const double variance =
          kVariance * at.alpha * at.alpha + at.sigma * at.sigma;
      const double prior = path->PriorStd() * path->PriorStd();
      // Ten deviations on either side, by the trapezoid rule: exact to
      // rounding of 4001 terms of size |log ratio|, below 100.
      double sum = 0;
      const double h = std::sqrt(variance) / 200;
      for (int i = -2000; i <= 2000; ++i) {
        const double x = mean + i * h;
        const double log_ratio =
            0.5 * (x * x / prior - (x - mean) * (x - mean) / variance +
                   std::log(prior / variance));
        sum += h * NormalDensity(x, mean, variance) * log_ratio;
      }
      EXPECT_NEAR(KlToPrior(*path, t, kMean, kVariance), sum, 1e-11)
          << row.name << t;
    }
    EXPECT_LT(KlToPrior(*path, path->t_max, kMean, kVariance), 1e-3)
        << row.name;
  }
}

TEST(PathMeasures, DivergenceOfUnitDataIsNothingWhereVarianceIsKept) {
  for (const char* name : {"linear_beta", "arc", "beta_table"}) {
    const Choice<Path> path(name);
    for (const double t : {0.001, 0.3, 1.0}) {
      EXPECT_NEAR(KlToPrior(*path, t, 0, 1), 0, kEps * kEps * 1e4) << name;
    }
  }
  // 1 + 50^2 against 50^2: half of e - log(1 + e), e = 1/2500.
  EXPECT_NEAR(KlToPrior(*Choice<Path>("ve"), 1, 0, 1), 3.99893e-8, 5e-13);
}

}  // namespace
}  // namespace unnoise
