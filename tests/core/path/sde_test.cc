// The equation of every path, back from it, and the three ways forward: their
// laws by affine recursion, without chance, and once by particles.

#include "core/path/sde.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "core/base/config.h"
#include "core/path/measures.h"

namespace unnoise {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

Choice<Path> Make(const char* name, const char* fields) {
  Choice<Path> path(name);
  const Problems problems = FromJson(*ParseJson(fields, ""), *path);
  EXPECT_EQ(ToText(problems), "") << name;
  return path;
}

// The law of a chain of steps from s to t, `count` of them, each made by
// `step`.
using MakeStep = NormalStep (*)(const Path&, double, double);
NormalStep LawOf(MakeStep step, const Path& path, double s, double t,
                 int count) {
  NormalStep law{1, 0};
  for (int i = 0; i < count; ++i) {
    const double from = s + (t - s) * i / count;
    const double to = s + (t - s) * (i + 1) / count;
    law = Then(law, step(path, from, to));
  }
  return law;
}

TEST(PathSde, KnownEquations) {
  for (const double t : {0.01, 0.3, 0.9}) {
    const double beta = 0.1 + 19.9 * t, total = (0.1 + 9.95 * t) * t;
    const LinearSde linear = SdeAt(Choice<Path>("linear_beta")->At(t));
    EXPECT_NEAR(linear.drift, -0.5 * beta, 4 * kEps * beta);
    EXPECT_NEAR(linear.diffusion2, beta, 16 * kEps * beta);
    // Song et al. 2021, eq. 27.
    const LinearSde sub_vp = SdeAt(Choice<Path>("sub_vp")->At(t));
    EXPECT_EQ(sub_vp.drift, linear.drift);
    EXPECT_NEAR(sub_vp.diffusion2, -beta * std::expm1(-2 * total),
                16 * kEps * beta);
    // Song et al. 2021, eq. 30.
    const Coefficients at = Choice<Path>("ve")->At(t);
    const LinearSde ve = SdeAt(at);
    EXPECT_EQ(ve.drift, 0);
    EXPECT_NEAR(ve.diffusion2 / (2 * at.sigma * at.sigma * std::log(5000)), 1,
                16 * kEps);
    const LinearSde straight = SdeAt(Choice<Path>("straight")->At(t));
    EXPECT_NEAR(straight.drift * (1 - t), -1, 4 * kEps);
    EXPECT_NEAR(straight.diffusion2 * (1 - t), 2 * t, 16 * kEps);
    // dx = -gamma x dt + sqrt(2 gamma) dw, of relaxation over 400 transitions.
    const double gamma = -200 * std::log(0.97);
    const LinearSde chain = SdeAt(Choice<Path>("constant_alpha")->At(t));
    EXPECT_NEAR(chain.drift, -gamma, 16 * kEps * gamma);
    EXPECT_NEAR(chain.diffusion2, 2 * gamma, 64 * kEps * gamma);
  }
}

// g^2 = -2 sigma^2 d lambda / dt; where variance is kept it is -2 f.
TEST(PathSde, DiffusionIsTheFallOfTheSignalToNoiseRatio) {
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    for (const double t : {0.01, 0.2, 0.5, 0.9}) {
      const Coefficients at = path->At(t);
      const LinearSde sde = SdeAt(at);
      EXPECT_GT(sde.diffusion2, 0) << row.name << t;
      EXPECT_LE(sde.drift, 0) << row.name << t;
      EXPECT_NEAR(
          -2 * at.sigma * at.sigma * HalfLogSnrSlope(at) / sde.diffusion2, 1,
          16 * kEps)
          << row.name << t;
      if (std::fabs(at.alpha * at.alpha + at.sigma * at.sigma - 1) < 1e-14) {
        EXPECT_NEAR(-2 * sde.drift / sde.diffusion2, 1, 64 * kEps) << row.name;
      }
    }
  }
}

TEST(PathSde, RefusesTheEndsWithoutFiniteCoefficients) {
  EXPECT_THROW(SdeAt(Choice<Path>("linear_beta")->At(0)), UsageError);
  EXPECT_THROW(SdeAt(Choice<Path>("straight")->At(1)), UsageError);
  const LinearSde start = SdeAt(Choice<Path>("straight")->At(0));
  EXPECT_EQ(start.drift, -1);
  EXPECT_EQ(start.diffusion2, 0);
}

// From f and g^2 back to alpha and sigma, and so to every transition.
TEST(PathSde, IntegratingTheEquationGivesThePath) {
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    // Ends and steps meet the points of the tables, between which alone the
    // method has its order; 64 steps between two of them. (h = 1/1024: h^4
    // times the fifth power of rates up to 40 is 1e-4 of rounding at 1e-9.)
    constexpr double kS = 1.0 / 16, kT = 7.0 / 8;
    const NormalStep law = Integrate(
        [&](double t) { return SdeAt(path->At(t)); }, kS, kT, 13 * 64);
    const NormalStep known = ChainStep(*path, kS, kT);
    EXPECT_NEAR(law.factor / known.factor, 1, 1e-9) << row.name;
    EXPECT_NEAR(law.variance / known.variance, 1, 1e-9) << row.name;
    // From the data's own noise on: alpha and sigma themselves.
    const NormalStep whole = Then(JumpTo(*path, kS), law);
    const Coefficients at = path->At(kT);
    EXPECT_NEAR(whole.factor / at.alpha, 1, 1e-9) << row.name;
    EXPECT_NEAR(std::sqrt(whole.variance) / at.sigma, 1, 1e-9) << row.name;
  }
}

// dx = x cos(t) dt + dw has no path of ours: factor e^(sin t), and the variance
// e^(2 sin t) times the integral of e^(-2 sin), here by the trapezoid rule.
TEST(PathSde, IntegratesAnyLinearEquation) {
  const NormalStep law = Integrate(
      [](double t) {
        return LinearSde{std::cos(t), 1};
      },
      0, 2, 1000);
  double integral = 0;
  constexpr int kParts = 200000;
  for (int i = 0; i <= kParts; ++i) {
    const double weight = i == 0 || i == kParts ? 0.5 : 1;
    integral += weight * 2 / kParts * std::exp(-2 * std::sin(2.0 * i / kParts));
  }
  EXPECT_NEAR(law.factor, std::exp(std::sin(2.0)), 1e-11);  // h^4 / 180
  EXPECT_NEAR(law.variance, std::exp(2 * std::sin(2.0)) * integral, 1e-9);
  const auto none = [](double) { return LinearSde{0, 1}; };
  EXPECT_THROW(Integrate(none, 0, 1, 0), UsageError);
  EXPECT_THROW(Integrate(none, 1, 1, 5), UsageError);
}

TEST(PathSde, ChainIsTheJump) {
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    for (const int count : {1, 7, 100}) {
      const NormalStep chain =
          Then(JumpTo(*path, 0.02), LawOf(ChainStep, *path, 0.02, 0.9, count));
      const NormalStep jump = JumpTo(*path, 0.9);
      // A rounding or two a step.
      EXPECT_NEAR(chain.factor / jump.factor, 1, 8 * kEps * count) << row.name;
      EXPECT_NEAR(chain.variance / jump.variance, 1, 8 * kEps * count)
          << row.name;
    }
  }
}

TEST(PathSde, EulerMaruyamaTendsToTheJumpAtFirstOrder) {
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    const NormalStep known = ChainStep(*path, 0.125, 0.75);
    const auto law = [&](int count) {
      return LawOf(EulerMaruyamaStep, *path, 0.125, 0.75, count);
    };
    const NormalStep once = law(5120), twice = law(10240);
    // Twice the steps, half the error; the next order is 1 / steps of it, and
    // rates may be 40. Steps meet the points of the tables. On the straight
    // line factors (1 - t) / (1 - s) telescope, and where the variance explodes
    // there are none: nothing but rounding is wrong.
    const double error = once.factor - known.factor;
    if (std::fabs(error) > 1e-12) {
      EXPECT_NEAR(error / (twice.factor - known.factor), 2, 0.02) << row.name;
    } else {
      EXPECT_TRUE(row.name == "straight" || known.factor == 1) << row.name;
    }
    EXPECT_NEAR(
        (once.variance - known.variance) / (twice.variance - known.variance), 2,
        0.05)
        << row.name;
  }
}

// x_i = (1 - beta dt / 2) x_(i-1), ten steps over [0, 1], beside e^(-beta / 2):
// the texts' worked example, in which the two do not coincide.
TEST(PathSde, EulersStepsAndTheExactDecayInAWorkedExample) {
  struct Case {
    const char* fields;
    double euler, exact;
  };
  for (const auto& [fields, euler, exact] :
       {Case{R"({"beta_min":1,"beta_max":1})", 0.598737, 0.606531},
        {R"({"beta_min":2,"beta_max":2})", 0.348678, 0.367879},
        {R"({"beta_min":5,"beta_max":5})", 0.056314, 0.082085}}) {
    const Choice<Path> path = Make("linear_beta", fields);
    // t = 0 has no finite coefficients; these do not change with t.
    NormalStep law{1, 0};
    for (int i = 0; i < 10; ++i) {
      law = Then(law, EulerMaruyamaStep(*path, 0.5, 0.6));
    }
    EXPECT_NEAR(law.factor, euler, 5e-7);
    EXPECT_NEAR(JumpTo(*path, 1).factor, exact, 5e-7);
  }
}

// dx = -x/2 dt + 0.1 dw in unit steps: x_i = x_(i-1) / 2 + 0.1 z settles at the
// variance 0.01 / 0.75, where the equation's own is 0.01.
TEST(PathSde, UnitStepsOfARelaxationInAWorkedExample) {
  NormalStep law{1, 0};
  for (int i = 0; i < 60; ++i) law = Then(law, {0.5, 0.01});
  EXPECT_NEAR(law.variance, 0.0133333, 5e-8);
  const NormalStep exact = Integrate(
      [](double) {
        return LinearSde{-0.5, 0.01};
      },
      0, 60, 6000);
  EXPECT_NEAR(exact.variance, 0.01, 1e-11);
}

// Particles by all three ways have the law of the recursion, within four
// standard errors of 20,000.
TEST(PathSde, ParticlesHaveTheLaw) {
  constexpr int kCount = 20000, kSteps = 20;
  constexpr double kS = 0.05, kT = 0.8, kX0 = 1.5;
  for (const char* name : {"linear_beta", "sub_vp", "ve", "table"}) {
    const Choice<Path> path(name);
    const auto check = [&](const std::vector<NormalStep>& steps, Key key) {
      std::vector<float> x(kCount, static_cast<float>(kX0));
      NormalStep law{1, 0};
      for (size_t i = 0; i < steps.size(); ++i) {
        Take(steps[i], Fold(key, i), 0, x);
        law = Then(law, steps[i]);
      }
      double first = 0, second = 0;
      for (const float value : x) {
        const double off = value - law.factor * kX0;
        first += off / kCount;
        second += off * off / kCount;
      }
      EXPECT_NEAR(first, 0, 4 * std::sqrt(law.variance / kCount)) << name;
      EXPECT_NEAR(second / law.variance, 1, 4 * std::sqrt(2.0 / kCount))
          << name;
      return law;
    };
    std::vector<NormalStep> chain = {JumpTo(*path, kS)}, sde = chain;
    for (int i = 0; i < kSteps; ++i) {
      const double from = kS + (kT - kS) * i / kSteps;
      const double to = kS + (kT - kS) * (i + 1) / kSteps;
      chain.push_back(ChainStep(*path, from, to));
      sde.push_back(EulerMaruyamaStep(*path, from, to));
    }
    const NormalStep by_chain = check(chain, KeyFromSeed(1));
    const NormalStep by_jump = check({JumpTo(*path, kT)}, KeyFromSeed(2));
    check(sde, KeyFromSeed(3));
    EXPECT_NEAR(by_chain.variance / by_jump.variance, 1, 200 * kEps);
  }
}

TEST(PathSde, HowParticlesAreCutChangesNothing) {
  std::vector<float> whole(700, 1.0f);
  Take({0.5, 2}, KeyFromSeed(9), 40, whole);
  std::vector<float> part(100, 1.0f);
  Take({0.5, 2}, KeyFromSeed(9), 40 + 333, part);
  for (size_t i = 0; i < part.size(); ++i) EXPECT_EQ(part[i], whole[333 + i]);
}

}  // namespace
}  // namespace unnoise
