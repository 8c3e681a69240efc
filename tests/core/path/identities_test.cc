// What the theory of diffusion says of transitions, for every path: how they
// compose, what they weigh in the variational bound, what is left to chance.
// Numbers without an equation were computed independently, to the digits given.

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <utility>
#include <vector>

#include "core/path/path.h"

namespace unnoise {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();
// Of the chains of about ten operations below, on numbers of order 1.
constexpr double kRounding = 32 * kEps;

double Snr(const Coefficients& at) {
  return at.alpha * at.alpha / (at.sigma * at.sigma);
}

// Calls check(t, s) for transitions long and short of every path.
template <class F>
void ForTransitions(std::initializer_list<const char*> names, const F& check) {
  for (const char* name : names) {
    const Choice<Path> path(name);
    for (const auto& [s, t] :
         {std::pair{path->t_min, 0.01}, {0.1, 0.15}, {0.3, 0.8}, {0.6, 0.95}}) {
      SCOPED_TRACE(name);
      check(path->At(t), path->At(s));
    }
  }
}
constexpr std::initializer_list<const char*> kAll = {
    "linear_beta", "cosine", "straight", "constant_alpha", "sigmoid", "arc",
    "sub_vp",      "ve",     "edm",      "beta_table",     "table"};
constexpr std::initializer_list<const char*> kPreserving = {
    "linear_beta", "cosine", "constant_alpha", "sigmoid", "arc", "beta_table"};

// Rates evenly from 0.1 / steps to 20 / steps, from clean data.
std::vector<Coefficients> LinearSteps(int steps) {
  std::vector<Coefficients> path = {{1, 0, 0, 0}};
  const double first = 0.1 / steps, last = 20.0 / steps;
  double kept = 1;
  for (int i = 0; i < steps; ++i) {
    kept *= 1 - (first + (last - first) * i / (steps - 1));
    path.push_back({std::sqrt(kept), std::sqrt(1 - kept), 0, 0});
  }
  return path;
}

TEST(PathIdentities, EveryPathIsNamedHere) {
  EXPECT_EQ(kAll.size(), Rows<Path>().size());
  for (const char* name : kAll) EXPECT_GE(Choice<Path>().Find(name), 0);
}

// Down from t to s over any r between, given x0, is one long step.
TEST(PathIdentities, PosteriorStepsCompose) {
  for (const char* name : kAll) {
    const Choice<Path> path(name);
    const Coefficients s = path->At(0.1), r = path->At(0.45), t = path->At(0.8);
    const Transition tr = TransitionBetween(t, r);
    const Transition rs = TransitionBetween(r, s);
    const Transition ts = TransitionBetween(t, s);
    EXPECT_NEAR(rs.mean_xt * tr.mean_xt, ts.mean_xt, kRounding) << name;
    EXPECT_NEAR(rs.mean_xt * tr.mean_x0 + rs.mean_x0, ts.mean_x0, kRounding)
        << name;
    EXPECT_NEAR(rs.mean_xt * rs.mean_xt * tr.variance + rs.variance,
                ts.variance, kRounding)
        << name;
  }
}

// With x0 = (xt - sigma eps) / alpha the mean is
// (xt - step_variance / sigma_t eps) / ratio.
TEST(PathIdentities, PosteriorMeanInTermsOfTheNoise) {
  ForTransitions(kAll, [](const Coefficients& t, const Coefficients& s) {
    const Transition step = TransitionBetween(t, s);
    constexpr double kXt = -0.4, kEpsilon = 1.3;
    const double x0 = (kXt - t.sigma * kEpsilon) / t.alpha;
    const double mean = step.mean_xt * kXt + step.mean_x0 * x0;
    const double other =
        (kXt - step.step_variance / t.sigma * kEpsilon) / step.ratio;
    EXPECT_NEAR(mean, other, kRounding / t.alpha);  // x0 may be large
  });
}

// Precisions of the two Gaussian factors add up.
TEST(PathIdentities, PosteriorPrecisionIsTheSum) {
  ForTransitions(kAll, [](const Coefficients& t, const Coefficients& s) {
    const Transition step = TransitionBetween(t, s);
    const double precision =
        step.ratio * step.ratio / step.step_variance + 1 / (s.sigma * s.sigma);
    EXPECT_NEAR(step.variance * precision, 1, kRounding);
  });
}

TEST(PathIdentities, PosteriorVarianceIsBelowThatOfTheStep) {
  ForTransitions(kAll, [](const Coefficients& t, const Coefficients& s) {
    const Transition step = TransitionBetween(t, s);
    EXPECT_LT(step.variance, step.step_variance);
    EXPECT_GT(step.variance, 0);
  });
  const std::vector<Coefficients> path = LinearSteps(1000);
  EXPECT_EQ(TransitionBetween(path[1], path[0]).variance, 0);
  const Transition last = TransitionBetween(path[1000], path[999]);
  EXPECT_NEAR(last.variance / last.step_variance, 1, 1e-5);
}

// Data N(0, 1) on a path that preserves variance: unconditional on x0, the
// reverse of a step is N(ratio xt, step_variance); what the posterior leaves
// out is the spread of x0 itself, Var(x0 | xt) = sigma_t^2.
TEST(PathIdentities, UnitDataHaveTheVarianceOfTheStep) {
  ForTransitions(kPreserving, [](const Coefficients& t, const Coefficients& s) {
    const Transition step = TransitionBetween(t, s);
    EXPECT_NEAR(step.mean_xt + step.mean_x0 * t.alpha, step.ratio, kRounding);
    EXPECT_NEAR(step.variance + step.mean_x0 * step.mean_x0 * t.sigma * t.sigma,
                step.step_variance, kRounding);
  });
}

// What a squared error of the predicted x0 costs in the variational bound, in
// nats: half of what the step takes from the signal-to-noise ratio. The sum
// over a grid does not depend on what is between its ends.
TEST(PathIdentities, BoundWeighsTheFallOfTheSignalToNoiseRatio) {
  ForTransitions(kAll, [](const Coefficients& t, const Coefficients& s) {
    const Transition step = TransitionBetween(t, s);
    const double weight = step.mean_x0 * step.mean_x0 / (2 * step.variance);
    const double fall = 0.5 * (Snr(s) - Snr(t));
    EXPECT_NEAR(weight / fall, 1, kRounding * Snr(s) / fall);
  });
  for (const char* name : kAll) {
    const Choice<Path> path(name);
    const std::vector<double> grid = UniformGrid(*path, 100);
    double sum = 0;
    for (size_t i = 1; i < grid.size(); ++i) {
      const Transition step =
          TransitionBetween(path->At(grid[i]), path->At(grid[i - 1]));
      sum += step.mean_x0 * step.mean_x0 / (2 * step.variance);
    }
    const double first = Snr(path->At(grid.front()));
    EXPECT_NEAR(sum, 0.5 * (first - Snr(path->At(grid.back()))),
                100 * kRounding * first)
        << name;
  }
}

TEST(PathIdentities, BoundWeighsTheNoiseAsInAWorkedExample) {
  const std::vector<Coefficients> path = LinearSteps(1000);
  for (const auto& [i, known] : {std::pair{2, 0.59967},
                                 {11, 0.078977},
                                 {101, 0.010178},
                                 {501, 0.0055145},
                                 {1000, 0.0102045}}) {
    const Transition step = TransitionBetween(path[i], path[i - 1]);
    const double weight =
        step.mean_x0 * step.mean_x0 / (2 * step.variance) / Snr(path[i]);
    EXPECT_NEAR(weight / known, 1, 5e-5) << i;  // five digits are known
  }
}

// What is left of the data's variance, by products of ratios; computed
// independently to the digits given.
TEST(PathIdentities, LinearRatesForgetTheDataAsInAWorkedExample) {
  const auto left = [](int steps, int i) {
    const std::vector<Coefficients> path = LinearSteps(steps);
    double kept = 1;
    for (int k = 1; k <= i; ++k) {
      const double ratio = TransitionBetween(path[k], path[k - 1]).ratio;
      kept *= ratio * ratio;
    }
    return kept;
  };
  EXPECT_NEAR(left(1000, 1000), 4.0358e-5, 5e-10);
  EXPECT_NEAR(left(1000, 500), 0.078587, 5e-7);
  EXPECT_NEAR(left(200, 200), 3.03e-5, 5e-8);
  EXPECT_NEAR(left(100, 100), 2.04e-5, 5e-8);
  EXPECT_NEAR(left(50, 50), 7.74e-6, 5e-9);
}

// KL(law of xt || N(0, 1)) falls all the way, for data N(1.3, 0.2).
TEST(PathIdentities, LawsDrawNearToTheNoise) {
  for (const char* name : kPreserving) {
    const Choice<Path> path(name);
    double before = std::numeric_limits<double>::infinity();
    for (int i = 1; i <= 100; ++i) {
      const Coefficients at = path->At(i / 100.0);
      const double mean = 1.3 * at.alpha;
      const double variance = 0.2 * at.alpha * at.alpha + at.sigma * at.sigma;
      const double divergence =
          0.5 * (variance + mean * mean - 1 - std::log(variance));
      EXPECT_LT(divergence, before) << name << i;
      before = divergence;
    }
    EXPECT_LT(before, 1e-4) << name;
  }
}

}  // namespace
}  // namespace unnoise
