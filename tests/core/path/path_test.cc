// Every path in the table: its derivatives, ends and transitions.

#include "core/path/path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/config.h"

namespace unnoise {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

std::vector<Choice<Path>> AllPaths() {
  std::vector<Choice<Path>> paths;
  for (const Row<Path>& row : Rows<Path>()) paths.emplace_back(row.name);
  return paths;
}

// Derivative by the central difference of order 8. The exact functions have no
// complex form, so the complex step, which would be exact, is not to be had.
template <class F>
double Derivative(F f, double t, double h) {
  constexpr double kWeights[] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
  double sum = 0;
  for (int k = 4; k >= 1; --k) {
    sum += kWeights[k - 1] * (f(t + k * h) - f(t - k * h));
  }
  return sum / h;
}

TEST(PathTest, DefaultsAreValid) {
  for (const Choice<Path>& path : AllPaths()) {
    Problems problems;
    static_cast<const Described&>(*path).Validate(problems);
    EXPECT_EQ(ToText(problems), "") << path.row().name;
  }
}

TEST(PathTest, LevelsOfManyAreThoseOfOne) {
  for (const Choice<Path>& path : AllPaths()) {
    std::vector<double> t;
    for (int i = 0; i < 107; ++i) {
      t.push_back(path->t_min + (path->t_max - path->t_min) * i / 106);
    }
    std::vector<double> alpha(t.size()), sigma(t.size());
    path->LevelsAt(t, alpha, sigma);
    for (size_t i = 0; i < t.size(); ++i) {
      const Coefficients at = path->At(t[i]);
      EXPECT_EQ(alpha[i], at.alpha) << path.row().name << " at " << t[i];
      EXPECT_EQ(sigma[i], at.sigma) << path.row().name << " at " << t[i];
    }
  }
}

TEST(PathTest, DerivativesMatchDifferences) {
  for (const Choice<Path>& path : AllPaths()) {
    for (const double t : {0.002, 0.01, 0.05, 0.2, 0.45, 0.8, 0.97}) {
      // The root at t = 0 sets the scale: at t / h = 32 the stencil is off by
      // (h/t)^8 * 1e4 ~ 1e-8 of the ninth derivative of sqrt at worst, and
      // rounding by 32 eps. Tables are smooth between their points, which are
      // multiples of 1/16 here.
      const double knots = std::fabs(t * 16 - std::round(t * 16)) / 16;
      const double h = (knots > 0 ? std::min(knots, 1 - t) : 1 - t) / 48;
      const Coefficients at = path->At(t);
      const double d_alpha =
          Derivative([&](double u) { return path->At(u).alpha; }, t, h);
      const double d_sigma =
          Derivative([&](double u) { return path->At(u).sigma; }, t, h);
      // alpha and sigma are rounded before a difference over h is taken: to
      // 4 ULP, or to 4 per unit of the exponents of `ve` and `edm`, below 10.
      const double rounding = 4 * kEps / h * (at.sigma > 1 ? 10 * at.sigma : 1);
      EXPECT_NEAR(at.d_alpha, d_alpha, 1e-8 * std::fabs(d_alpha) + rounding)
          << path.row().name << ' ' << t;
      EXPECT_NEAR(at.d_sigma, d_sigma, 1e-8 * std::fabs(d_sigma) + rounding)
          << path.row().name << ' ' << t;
    }
  }
}

TEST(PathTest, EndsAreDataAndNoise) {
  for (const Choice<Path>& path : AllPaths()) {
    const Coefficients data = path->At(0), noise = path->At(1);
    EXPECT_EQ(data.alpha, 1) << path.row().name;
    EXPECT_GE(noise.alpha, 0) << path.row().name;
    // Where the variance explodes it begins with a little.
    const bool explodes = path->PriorStd() > 2;
    EXPECT_LE(data.sigma, explodes ? 0.01 : 0) << path.row().name;
    EXPECT_LT(noise.alpha / noise.sigma, explodes ? 0.0201 : 0.01)
        << path.row().name;
    EXPECT_NEAR(noise.sigma / path->PriorStd(), 1, 1e-4) << path.row().name;
  }
}

TEST(PathTest, AlphaDoesNotRiseSigmaDoesNotFallAndTheirRatioFalls) {
  for (const Choice<Path>& path : AllPaths()) {
    Coefficients before = path->At(0);
    for (int i = 1; i <= 1000; ++i) {
      const Coefficients now = path->At(i / 1000.0);
      EXPECT_LE(now.alpha, before.alpha);
      EXPECT_GE(now.sigma, before.sigma);
      EXPECT_LT(now.alpha * before.sigma, before.alpha * now.sigma)
          << path.row().name << ' ' << i;
      before = now;
    }
  }
}

TEST(PathTest, TMaxIsTheLargestWithAlphaOfAThousandth) {
  for (const Choice<Path>& path : AllPaths()) {
    EXPECT_GE(path->At(path->t_max).alpha, 1e-3) << path.row().name;
    if (path->t_max < 1) {
      EXPECT_LT(path->At(path->t_max + 1e-5).alpha, 1e-3) << path.row().name;
    }
  }
}

TEST(PathTest, VariancePreservingPathsPreserveVariance) {
  for (const char* name : {"linear_beta", "cosine", "constant_alpha", "sigmoid",
                           "arc", "beta_table"}) {
    const Choice<Path> path(name);
    for (int i = 0; i <= 100; ++i) {
      const Coefficients at = path->At(i / 100.0);
      // alpha and sigma are within a few ULP each, and squaring doubles that.
      EXPECT_NEAR(at.alpha * at.alpha + at.sigma * at.sigma, 1, 16 * kEps)
          << name << ' ' << i;
    }
  }
}

TEST(PathTest, KnownValues) {
  // exp(-2.5375), from the integral of 0.1 + 19.9 t up to 1/2.
  const double linear = Choice<Path>("linear_beta")->At(0.5).alpha;
  EXPECT_NEAR(linear * linear, std::exp(-2.5375), 8 * kEps);
  EXPECT_NEAR(linear * linear, 0.07906, 5e-6);
  const double cosine = Choice<Path>("cosine")->At(0.5).alpha;
  EXPECT_NEAR(cosine * cosine, 0.4938, 5e-5);
  const Coefficients straight = Choice<Path>("straight")->At(0.25);
  EXPECT_EQ(straight.alpha, 0.75);
  EXPECT_EQ(straight.sigma, 0.25);

  const Coefficients linear_half = Choice<Path>("linear_beta")->At(0.5);
  const Coefficients sub_vp = Choice<Path>("sub_vp")->At(0.5);
  EXPECT_EQ(sub_vp.alpha, linear_half.alpha);
  EXPECT_NEAR(sub_vp.sigma, 1 - 0.0790638, 5e-7);  // 1 - exp(-2.5375)

  const Coefficients arc = Choice<Path>("arc")->At(1.0 / 3);
  EXPECT_NEAR(arc.alpha, std::sqrt(0.75), 2 * kEps);
  EXPECT_NEAR(arc.sigma, 0.5, 2 * kEps);

  // The logistic curve is odd about 0; S(-1.5) = 0.182425524, S(3) =
  // 0.952574127: (0.952574127 - 0.182425524) / 0.905148254.
  const Choice<Path> sigmoid("sigmoid");
  EXPECT_NEAR(sigmoid->At(0.5).alpha, std::sqrt(0.5), 4 * kEps);
  const double quarter = sigmoid->At(0.25).alpha;
  EXPECT_NEAR(quarter * quarter, 0.850853548, 5e-10);

  // Half the way of the logarithm is the geometric mean, sqrt(0.01 * 50).
  const Choice<Path> ve("ve");
  EXPECT_EQ(ve->At(0.5).alpha, 1);
  EXPECT_NEAR(ve->At(0.5).sigma, std::sqrt(0.5), 16 * kEps);
  EXPECT_NEAR(ve->At(0).sigma, 0.01, 1e-17);
  EXPECT_NEAR(ve->At(1).sigma, 50, 50 * 16 * kEps);

  // The 18 levels between 0.002 and 80 with rho = 7 that Karras et al. 2022
  // sample with, computed independently from the sevenths roots of the ends.
  const Choice<Path> edm("edm");
  EXPECT_NEAR(edm->At(1).sigma, 80, 80 * 64 * kEps);
  EXPECT_NEAR(edm->At(0).sigma, 0.002, 0.002 * 64 * kEps);
  EXPECT_NEAR(edm->At(16.0 / 17).sigma, 57.5860, 5e-5);
  EXPECT_NEAR(edm->At(8.0 / 17).sigma, 1.923340, 5e-6);

  // 0.97^10, as tabulated; x10 of a chain of 400 is at t = 10 / 400.
  const Choice<Path> chain("constant_alpha");
  for (const auto& [i, left] : {std::pair{1, 0.97},
                                {5, 0.858734},
                                {10, 0.737424},
                                {20, 0.543794},
                                {50, 0.218065},
                                {100, 0.047553},
                                {200, 0.002261}}) {
    const double alpha = chain->At(i / 400.0).alpha;
    EXPECT_NEAR(alpha * alpha, left, 5e-7) << i;
  }
}

TEST(PathTest, SigmaDoesNotCancelNearTheData) {
  // sigma^2 -> -d(alpha^2)/dt * t; 1 - alpha^2 would keep four digits here. The
  // next term of the series is 1e-10 of the first (100 t for linear_beta).
  for (const char* name :
       {"linear_beta", "cosine", "constant_alpha", "sigmoid", "beta_table"}) {
    const Choice<Path> path(name);
    constexpr double kT = 1e-12;
    const double slope = -2 * path->At(0).d_alpha;
    const double sigma = path->At(kT).sigma;
    EXPECT_NEAR(sigma * sigma / (slope * kT), 1, 2e-10) << name;
  }
}

// The posterior of xs given xt and x0 from nothing but its definition, on a
// grid: prior N(alpha_s x0, sigma_s^2), likelihood N(xt; ratio xs, beta).
std::pair<double, double> BruteForcePosterior(double prior_mean,
                                              double prior_variance,
                                              double ratio, double beta,
                                              double xt) {
  // The product is narrower than either factor.
  const double center =
      prior_mean + (xt / ratio - prior_mean) * prior_variance * ratio * ratio /
                       (prior_variance * ratio * ratio + beta);
  const double width =
      std::sqrt(1 / (1 / prior_variance + ratio * ratio / beta));
  double mass = 0, first = 0, second = 0;
  constexpr int kPoints = 2000;
  for (int i = -kPoints; i <= kPoints; ++i) {
    const double offset = 10 * width * i / kPoints;
    const double x = center + offset;
    const double a = x - prior_mean, b = xt - ratio * x;
    const double density = std::exp(
        -0.5 * a * a / prior_variance - 0.5 * b * b / beta +
        0.5 * (center - prior_mean) * (center - prior_mean) / prior_variance +
        0.5 * (xt - ratio * center) * (xt - ratio * center) / beta);
    mass += density;
    first += density * offset;
    second += density * offset * offset;
  }
  const double mean = first / mass;
  return {center + mean, second / mass - mean * mean};
}

TEST(PathTest, TransitionIsBayes) {
  constexpr double kX0 = 0.7, kXt = -0.4;
  for (const Choice<Path>& path : AllPaths()) {
    for (const auto& [s, t] :
         {std::pair{0.001, 0.02}, {0.1, 0.11}, {0.3, 0.9}, {0.9, 0.99}}) {
      const Coefficients cs = path->At(s), ct = path->At(t);
      const Transition step = TransitionBetween(ct, cs);
      const auto [mean, variance] =
          BruteForcePosterior(cs.alpha * kX0, cs.sigma * cs.sigma, step.ratio,
                              step.step_variance, kXt);
      // The trapezoid rule is exact to rounding for a Gaussian cut at ten
      // widths; sums of 4001 terms and the exponent's cancellation cost 1e-12.
      EXPECT_NEAR(step.mean_xt * kXt + step.mean_x0 * kX0, mean, 1e-11);
      EXPECT_NEAR(step.variance / variance, 1, 1e-10);
    }
  }
}

TEST(PathTest, TransitionReproducesAWorkedExample) {
  // Rates evenly from 1e-4 to 0.02 over 1000 steps, step 301, x0 = 0.7, xt =
  // -0.4; computed independently to ten digits.
  double kept = 1;
  Coefficients s{}, t{};
  for (int i = 1; i <= 301; ++i) {
    s = {std::sqrt(kept), std::sqrt(1 - kept), 0, 0};
    kept *= 1 - (1e-4 + (0.02 - 1e-4) * (i - 1) / 999);
    t = {std::sqrt(kept), std::sqrt(1 - kept), 0, 0};
  }
  const Transition step = TransitionBetween(t, s);
  EXPECT_NEAR(step.mean_xt * -0.4 + step.mean_x0 * 0.7, -0.3927788708, 5e-11);
  EXPECT_NEAR(step.variance, 0.0060518257, 5e-11);
}

TEST(PathTest, ChainIsTheClosedFormJump) {
  for (const Choice<Path>& path : AllPaths()) {
    const std::vector<double> grid = UniformGrid(*path, 100);
    Coefficients before = path->At(grid[0]);
    double alpha = before.alpha, variance = before.sigma * before.sigma;
    for (size_t i = 1; i < grid.size(); ++i) {
      const Coefficients now = path->At(grid[i]);
      const Transition step = TransitionBetween(now, before);
      alpha *= step.ratio;
      variance = step.ratio * step.ratio * variance + step.step_variance;
      before = now;
      // One rounding or two a step, and ratios below 1 forget them again.
      EXPECT_NEAR(alpha, now.alpha, 200 * kEps * now.alpha);
      EXPECT_NEAR(variance, now.sigma * now.sigma,
                  200 * kEps * std::max(1.0, now.sigma * now.sigma));
    }
  }
}

TEST(PathTest, TwoTransitionsCompose) {
  for (const Choice<Path>& path : AllPaths()) {
    const Coefficients a = path->At(0.1), b = path->At(0.4), c = path->At(0.8);
    const Transition ab = TransitionBetween(b, a);
    const Transition bc = TransitionBetween(c, b);
    const Transition ac = TransitionBetween(c, a);
    EXPECT_NEAR(ac.ratio, ab.ratio * bc.ratio, 4 * kEps);
    EXPECT_NEAR(ac.step_variance,
                bc.ratio * bc.ratio * ab.step_variance + bc.step_variance,
                8 * kEps * std::max(1.0, c.sigma * c.sigma));
  }
}

TEST(PathTest, TransitionToItselfStaysPut) {
  for (const Choice<Path>& path : AllPaths()) {
    const Coefficients at = path->At(0.3);
    const Transition step = TransitionBetween(at, at);
    EXPECT_EQ(step.ratio, 1);
    EXPECT_EQ(step.mean_xt, 1);
    EXPECT_EQ(step.mean_x0, 0);
    EXPECT_EQ(step.variance, 0);
  }
}

TEST(PathTest, GridRunsFromEndToEnd) {
  for (const Choice<Path>& path : AllPaths()) {
    for (const int64_t steps : {1, 2, 3, 7, 1000}) {
      const std::vector<double> grid = UniformGrid(*path, steps);
      ASSERT_EQ(grid.size(), static_cast<size_t>(steps) + 1);
      EXPECT_EQ(grid.front(), path->t_min);
      EXPECT_EQ(grid.back(), path->t_max);
      for (int64_t i = 1; i <= steps; ++i) EXPECT_LT(grid[i - 1], grid[i]);
    }
    EXPECT_THROW(UniformGrid(*path, 0), UsageError);
  }
}

TEST(PathTest, RefusesAnEmptyInterval) {
  Choice<Path> path("cosine");
  const Problems problems =
      FromJson(*ParseJson(R"({"t_min":0.4,"t_max":0.3})", ""), *path);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "t_min");
}

// For x0 and eps of unit variance, Cov(eps, xt) / Var(xt) and Cov(x0, xt) /
// Var(xt) are the best linear coefficients; whatever F is, the two parts make
// up xt. Rounding: a few operations, 8 eps.
TEST(PathTest, PreconditioningIsTheLinearOptimumAndConsistent) {
  for (const Choice<Path>& path : AllPaths()) {
    for (const double t : {path->t_min, 0.2, 0.5, 0.9, path->t_max}) {
      const Coefficients at = path->At(t);
      const Preconditioning by = PreconditioningAt(at);
      const double variance = at.alpha * at.alpha + at.sigma * at.sigma;
      const double rounding = 8 * kEps * std::max(1.0, at.sigma);
      EXPECT_NEAR(by.noise_skip * variance, at.sigma, rounding);
      EXPECT_NEAR(by.data_skip * variance, at.alpha, rounding);
      EXPECT_NEAR(at.alpha * by.data_skip + at.sigma * by.noise_skip, 1,
                  8 * kEps);
      EXPECT_NEAR(at.alpha * by.data_out + at.sigma * by.noise_out, 0,
                  rounding);
      EXPECT_EQ(by.noise_out, at.alpha * by.input);
    }
  }
}

// Xt of unit data have variance alpha^2 + sigma^2, of which no more than 1
// reaches the network; what it then has to say, Var(eps | xt) = alpha^2 /
// (alpha^2 + sigma^2) over noise_out^2, has variance 1 as well. Elsewhere
// nothing is scaled, not even by rounding: models that were trained stay.
TEST(PathTest, TheNetworkIsGivenNoMoreThanUnitVariance) {
  for (const Choice<Path>& path : AllPaths()) {
    const bool explodes = path->PriorStd() > 2;
    for (int i = 0; i <= 1000; ++i) {
      const Coefficients at = path->At(i / 1000.0);
      const Preconditioning by = PreconditioningAt(at);
      if (!explodes && path.row().name != "table") {
        EXPECT_EQ(by.input, 1) << path.row().name << ' ' << i;
        continue;
      }
      const double variance = at.alpha * at.alpha + at.sigma * at.sigma;
      EXPECT_NEAR(by.input * by.input * std::max(1.0, variance), 1, 1e-12);
      if (!explodes) continue;
      EXPECT_NEAR(
          at.alpha * at.alpha / variance / (by.noise_out * by.noise_out), 1,
          8 * kEps);
    }
  }
  // Karras et al. 2022, table 1, c_in, c_out and c_skip for data of deviation
  // 1 at sigma = 2: 1 / sqrt(5), 2 / sqrt(5), 1 / 5. F there is minus ours.
  const Preconditioning by = PreconditioningAt({1, 2, 0, 1});
  EXPECT_NEAR(by.input, 1 / std::sqrt(5.0), kEps);
  EXPECT_NEAR(-by.data_out, 2 / std::sqrt(5.0), 2 * kEps);
  EXPECT_NEAR(by.data_skip, 0.2, kEps);
}

TEST(PathTest, SamplingStartsFromTheNoiseAtTheEnd) {
  for (const char* name : {"ve", "edm", "table"}) {
    Choice<Path> path(name);
    EXPECT_EQ(path->PriorStd(), path->At(path->t_max).sigma) << name;
    path->t_max = 0.7;
    EXPECT_EQ(path->PriorStd(), path->At(0.7).sigma) << name;
  }
  for (const char* name : {"linear_beta", "cosine", "straight", "sub_vp",
                           "constant_alpha", "sigmoid", "arc", "beta_table"}) {
    Choice<Path> path(name);
    path->t_max = 0.7;
    EXPECT_EQ(path->PriorStd(), 1) << name;
  }
}

}  // namespace
}  // namespace unnoise
