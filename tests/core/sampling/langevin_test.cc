// Langevin dynamics without a correction: laws and bounds on Gaussian data,
// where every step is affine, and the weights of modes on a mixture.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "core/base/pool.h"
#include "core/data/mixture_world.h"
#include "core/sampling/sampling.h"
#include "core/sampling/world_denoiser.h"
#include "tests/core/sampling/gaussian_data.h"

namespace unnoise {
namespace {

// Spread 1: the law is N(alpha, 1) at every level of a path that keeps the
// variance.
constexpr GaussianData kUnit{1, 1};

std::string Fields(double step, const char* unit, double t) {
  return "{\"step\":" + std::to_string(step) + ",\"unit\":\"" + unit +
         "\",\"t\":" + std::to_string(t) + ",\"steps\":2000}";
}

// Little Book, section 6.1.2; Chan 2024, example 3.1: steps leave a variance of
// 1 / (1 - step / 2), 4/3 for 1/2 and 1.05263 for 0.1.
TEST(Ula, StepsWidenTheLawAsInAWorkedExample) {
  const Choice<Path> path("cosine");
  for (const auto& [step, variance] :
       {std::pair{0.5, 4.0 / 3}, std::pair{0.1, 1 / 0.95}}) {
    const auto sampler = MakeSampler("ula", Fields(step, "data", 0.3));
    const std::vector<double> grid = sampler->Times(*path);
    EXPECT_EQ(grid, std::vector<double>(2001, 0.3));
    const Law law = LawOf(*sampler, *path, grid, kUnit, {0, 1});
    // A transition in floats is off by some 1e-7, which the contraction by 1 -
    // step keeps from adding up to more than 1 / step of it; the factor is
    // measured on numbers up to 1 / sigma.
    EXPECT_NEAR(law.mean, kUnit.MeanAt(path->At(0.3)), 1e-5) << step;
    EXPECT_NEAR(law.variance, variance, 2e-5) << step;
  }
}

// After N steps mean and variance are those of the recursion m + r (mean - m),
// r^2 variance + 2 step with r = 1 - step / v; 10^5 particles lie within 4
// standard errors of it.
TEST(Ula, ParticlesHaveTheLawOfTheRecursion) {
  constexpr int64_t kCount = 100000;
  for (const char* name : {"cosine", "ve"}) {
    const Choice<Path> path(name);
    const GaussianData data;
    GaussianDataDenoiser denoiser(*path, data);
    const double t = 0.4;
    const Coefficients at = path->At(t);
    const double v = data.VarianceAt(at), width = path->PriorStd();
    for (const int steps : {1, 10}) {
      const double step = 0.7 * at.sigma * at.sigma, r = 1 - step / v;
      const auto sampler =
          MakeSampler("ula", R"({"step":0.7,"t":0.4,"steps":)" +
                                 std::to_string(steps) + "}");
      Sampling sampling(*sampler, *path, denoiser, KeyFromSeed(4), 0, kCount);
      while (sampling.Step()) {
      }
      EXPECT_EQ(sampling.evaluations(), steps);
      double mean = 0, variance = width * width;
      for (int i = 0; i < steps; ++i) {
        mean = data.MeanAt(at) + r * (mean - data.MeanAt(at));
        variance = r * r * variance + 2 * step;
      }
      double first = 0, second = 0;
      for (const float x : sampling.particles()) {
        first += x - mean;
        second += (x - mean) * (x - mean);
      }
      EXPECT_NEAR(first / kCount, 0, 4 * std::sqrt(variance / kCount)) << name;
      EXPECT_NEAR(second / kCount, variance,
                  4 * variance * std::sqrt(2.0 / kCount))
          << name;
    }
  }
}

// The unit of the data counts in the points' own lengths, that of the level in
// its noise.
TEST(Ula, UnitsAreTheSameStepInOtherNumbers) {
  Choice<Path> path("straight");
  path->t_min = 0.25;  // sigma is t, and both numbers are binary fractions
  GaussianDataDenoiser denoiser(*path, {});
  const auto run = [&](const char* fields) {
    const auto sampler = MakeSampler("ula", fields);
    Sampling sampling(*sampler, *path, denoiser, KeyFromSeed(4), 0, 5);
    while (sampling.Step()) {
    }
    EXPECT_EQ(sampling.grid()[0].t, 0.25);  // t_min, not below
    return std::vector<float>(sampling.particles().begin(),
                              sampling.particles().end());
  };
  EXPECT_EQ(run(R"({"t":0,"steps":20,"step":0.5})"),
            run(R"({"t":0,"steps":20,"step":0.03125,"unit":"data"})"));
}

// Beyond twice the variance nothing holds the points: a value, not a picture.
// Source: Roberts, Tweedie 1996, section 3; Chan 2024, example 3.1.
TEST(Langevin, TooLongStepsAreAnOutcome) {
  const Choice<Path> path("cosine");
  GaussianDataDenoiser denoiser(*path, kUnit);
  const auto run = [&](const char* name, double step, const char* more = "") {
    const auto sampler =
        MakeSampler(name, "{\"step\":" + std::to_string(step) +
                              ",\"unit\":\"data\",\"steps\":2000" + more + "}");
    Sampling sampling(*sampler, *path, denoiser, KeyFromSeed(4), 0, 50);
    while (sampling.Step()) {
    }
    EXPECT_TRUE(sampling.finite()) << name << step;
    EXPECT_FALSE(sampling.Step());
    return sampling.outcome();
  };
  EXPECT_EQ(run("ula", 1.98), Outcome::kGood);
  EXPECT_EQ(run("ula", 2.02), Outcome::kUnstable);
  EXPECT_EQ(run("ula", 10), Outcome::kUnstable);
  // A leap of velocities may be twice the standard deviation.
  EXPECT_EQ(run("underdamped", 1.98), Outcome::kGood);
  EXPECT_EQ(run("underdamped", 2.05), Outcome::kUnstable);
  // Levels of more noise take longer steps, by (sigma / last sigma)^2: at t_min
  // sigma is 0.0065, and 1e-3 is far too long already.
  EXPECT_EQ(run("annealed_langevin", 1e-3), Outcome::kUnstable);
  const auto sampler = MakeSampler("annealed_langevin");
  Sampling sampling(*sampler, *path, denoiser, KeyFromSeed(4), 0, 50);
  while (sampling.Step()) {
  }
  EXPECT_EQ(sampling.outcome(), Outcome::kGood);
}

TEST(Langevin, WhatIsNoNumberIsUnstableAtOnce) {
  class Wild final : public Denoiser {
   public:
    int dim() const override { return 1; }
    Density* density() override { return nullptr; }
    JacobianTrace* jacobian_trace() override { return nullptr; }
    void PredictAt(std::span<const double>, std::span<const float>,
                   Prediction out) override {
      for (float& x : out.noise) x = std::numeric_limits<float>::quiet_NaN();
    }
  };
  const Choice<Path> path("cosine");
  for (const char* name :
       {"ula", "underdamped", "annealed_langevin", "predictor_corrector"}) {
    Wild wild;
    Sampling sampling(*MakeSampler(name), *path, wild, {}, 0, 1);
    EXPECT_FALSE(sampling.Step()) << name;
    EXPECT_EQ(sampling.outcome(), Outcome::kUnstable) << name;
  }
}

// Half a push, half a way, friction and noise, half a way, half a push, as
// matrices on (place - m, velocity).
struct Baoab {
  double step, friction, variance;
  using Pair = std::array<double, 2>;

  Pair Push(Pair at) const {
    return {at[0], at[1] - 0.5 * step / variance * at[0]};
  }
  Pair Half(Pair at) const { return {at[0] + 0.5 * step * at[1], at[1]}; }
  Pair Whole(Pair at) const {
    at = Half(Push(at));
    at[1] *= std::exp(-friction * step);
    return Push(Half(at));
  }
  // What a draw of 1 becomes.
  Pair Fresh() const {
    return Push(Half({0, std::sqrt(1 - std::exp(-2 * friction * step))}));
  }
  // The covariance {xx, xv, vv} a step later.
  std::array<double, 3> Covariance(const std::array<double, 3>& c) const {
    const Pair x = Whole({1, 0}), v = Whole({0, 1}), z = Fresh();
    const auto moved = [&](int i, int j) {
      return x[i] * x[j] * c[0] + (x[i] * v[j] + v[i] * x[j]) * c[1] +
             v[i] * v[j] * c[2] + z[i] * z[j];
    };
    return {moved(0, 0), moved(0, 1), moved(1, 1)};
  }
};

TEST(Underdamped, ParticlesHaveTheLawOfTheScheme) {
  constexpr int64_t kCount = 100000;
  const Choice<Path> path("cosine");
  const GaussianData data;
  GaussianDataDenoiser denoiser(*path, data);
  const Coefficients at = path->At(0.2);
  const double v = data.VarianceAt(at), m = data.MeanAt(at);
  for (const double friction : {0.2, 3.0}) {
    // Friction counts in the unit of the step, the level's sigma.
    const Baoab scheme{0.8 * at.sigma, friction / at.sigma, v};
    for (const int steps : {1, 2, 9}) {
      const auto sampler = MakeSampler(
          "underdamped", R"({"step":0.8,"t":0.2,"friction":)" +
                             std::to_string(friction) +
                             ",\"steps\":" + std::to_string(steps) + "}");
      Sampling sampling(*sampler, *path, denoiser, KeyFromSeed(14), 0, kCount);
      while (sampling.Step()) {
      }
      EXPECT_EQ(sampling.evaluations(), steps + 1);
      Baoab::Pair mean = {-m, 0};
      std::array<double, 3> covariance = {1, 0, 1};
      for (int i = 0; i < steps; ++i) {
        mean = scheme.Whole(mean);
        covariance = scheme.Covariance(covariance);
      }
      double first = 0, second = 0;
      for (const float x : sampling.particles()) {
        const double off = x - m - mean[0];
        first += off;
        second += off * off;
      }
      EXPECT_NEAR(first / kCount, 0, 4 * std::sqrt(covariance[0] / kCount))
          << friction << ' ' << steps;
      EXPECT_NEAR(second / kCount, covariance[0],
                  4 * covariance[0] * std::sqrt(2.0 / kCount))
          << friction << ' ' << steps;
    }
  }
}

// The scheme's own fixed point: the variance of the places is right for every
// step, that of the velocities is 1 - (step / 2)^2 / v.
// Source: Leimkuhler, Matthews 2013, on the harmonic oscillator.
TEST(Underdamped, PlacesKeepTheirVarianceWhateverTheStep) {
  for (const double step : {0.1, 1.0, 1.9}) {
    const Baoab scheme{step, 0.7, 1};
    const auto after = scheme.Covariance({1, 0, 1 - 0.25 * step * step});
    EXPECT_NEAR(after[0], 1, 1e-14);
    EXPECT_NEAR(after[1], 0, 1e-14);
    EXPECT_NEAR(after[2], 1 - 0.25 * step * step, 1e-14);
  }
  // And the sampler's: 300 steps forget the start, whose part is below e^-30.
  constexpr int64_t kCount = 50000;
  const Choice<Path> path("cosine");
  GaussianDataDenoiser denoiser(*path, kUnit);
  const auto sampler = MakeSampler(
      "underdamped", R"({"step":1.6,"unit":"data","t":0.3,"steps":300})");
  Sampling sampling(*sampler, *path, denoiser, KeyFromSeed(2), 0, kCount);
  while (sampling.Step()) {
  }
  const double m = kUnit.MeanAt(path->At(0.3));
  double second = 0;
  for (const float x : sampling.particles()) second += (x - m) * (x - m);
  EXPECT_NEAR(second / kCount, 1, 4 * std::sqrt(2.0 / kCount));
}

// Without noise a leap is the leapfrog of a spring: cos(n angle) with
// cos(angle) = 1 - step^2 / (2 v), if there is next to no friction.
TEST(Underdamped, WithoutChanceAndFrictionItSwings) {
  const Choice<Path> path("cosine");
  GaussianDataDenoiser denoiser(*path, {0, 1});
  const auto sampler =
      MakeSampler("underdamped",
                  R"({"step":0.5,"unit":"data","friction":0.001,"steps":20})");
  const std::vector<float> x =
      Mean(*sampler, *path, sampler->Times(*path), denoiser, {1, -2});
  const double angle = std::acos(1 - 0.125);
  // Friction takes up to 1 - exp(-0.001 * 10) of it.
  EXPECT_NEAR(x[0], std::cos(20 * angle), 0.01);
  EXPECT_NEAR(x[1], -2 * std::cos(20 * angle), 0.02);
}

// The mixture of Chan 2024, example 3.2: 0.6 N(2, 0.25) and 0.4 N(-2, 0.04).
std::unique_ptr<World> Uneven() {
  return MakeWorld(NormalMixture{.dim = 1,
                                 .weights = {0.6, 0.4},
                                 .means = {2, -2},
                                 .covariances = {0.25, 0.04}});
}

// The part of the particles on the right of the antimode, from even starts on
// [-3, 3].
double RightOf(const Sampler& sampler, const Path& path,
               const std::vector<double>& grid, size_t count) {
  Pool pool(1);
  const auto denoiser = MakeWorldDenoiser(Uneven(), path, pool);
  std::vector<float> x(count);
  for (size_t i = 0; i < count; ++i) {
    x[i] = static_cast<float>(-3 + 6 * (static_cast<double>(i) + 0.5) /
                                       static_cast<double>(count));
  }
  const std::vector<Coefficients> at = Along(path, grid);
  const auto stepper =
      sampler.Start({path, grid, at, *denoiser, static_cast<int64_t>(count)});
  for (int64_t from = std::ssize(grid) - 1; from > 0; --from) {
    EXPECT_EQ(
        stepper->Step(
            from, x, {Fold(KeyFromSeed(6), static_cast<uint64_t>(from)), 0, 1}),
        Outcome::kGood);
  }
  double right = 0;
  for (const float value : x) right += value > -0.82071f;
  return right / static_cast<double>(count);
}

Choice<Path> Exploding(double low, double high) {
  Choice<Path> path("ve");
  const std::string fields = "{\"sigma_min\":" + std::to_string(low) +
                             ",\"sigma_max\":" + std::to_string(high) + "}";
  EXPECT_EQ(ToText(FromJson(*ParseJson(fields, ""), *path)), "");
  path->t_min = 0;
  return path;
}

// Of a part of n independent particles.
double FourErrors(double part, size_t n) {
  return 4 * std::sqrt(part * (1 - part) / static_cast<double>(n));
}

// Plain Langevin keeps the weights of the basins that the start gave, 0.63678
// of it to the right mode, where 0.6 would be right. Chan 2024, example 3.3:
// tabulated by propagation of the density, to 3 digits.
TEST(Langevin, PlainStepsKeepTheWeightsOfTheStart) {
  constexpr size_t kCount = 20000;
  const Choice<Path> path = Exploding(0.0011, 1);
  for (const auto& [step, part] : {std::pair{0.05, 0.640}, {0.01, 0.631}}) {
    const auto sampler = MakeSampler(
        "ula", "{\"unit\":\"data\",\"t\":0,\"steps\":100,\"step\":" +
                   std::to_string(step) + "}");
    EXPECT_NEAR(RightOf(*sampler, *path, sampler->Times(*path), kCount), part,
                FourErrors(part, kCount) + 5e-4)
        << step;
  }
}

// Chan 2024, section 3.3, on the same start: levels from 4 down to 0.05, whose
// steps alpha_i = c sigma_i^2 are twice ours; by propagation, to 3 digits. 600
// steps of the second row come near 0.6, ten thousands of the plain ones not.
TEST(AnnealedLangevin, FindsTheWeightsOfTheModesAsInAWorkedExample) {
  struct Row {
    double c;
    int levels, repeats;
    double right;
    size_t count;
  };
  for (const auto& [c, levels, repeats, right, count] :
       {Row{0.1, 10, 20, 0.572, 20000}, Row{0.1, 30, 20, 0.591, 6000},
        Row{0.5, 30, 20, 0.602, 6000}}) {
    // One level above 4, which the start stands in for.
    const double ratio = std::pow(80, 1.0 / (levels - 1));
    const Choice<Path> path = Exploding(0.05, 4 * ratio);
    std::vector<double> grid;
    for (int i = 0; i <= levels; ++i) grid.push_back(i / double(levels));
    const auto sampler =
        MakeSampler("annealed_langevin",
                    "{\"step\":" + std::to_string(c / 2) +
                        ",\"repeats\":" + std::to_string(repeats) + "}");
    EXPECT_NEAR(RightOf(*sampler, *path, grid, count), right,
                FourErrors(right, count) + 5e-4)
        << c << ' ' << levels;
  }
}

}  // namespace
}  // namespace unnoise
