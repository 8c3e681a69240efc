// The adaptive solver on flows that are known: it keeps its tolerance, shows
// the particles truly at times between its steps, treats each by itself, and
// says when it cannot go on.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/sampling/sampling.h"
#include "core/sampling/time_grid.h"
#include "tests/core/sampling/gaussian_data.h"

namespace unnoise {
namespace {

Choice<Sampler> Tolerant(double tolerance) {
  const std::string text = std::to_string(tolerance);
  return MakeSampler("dopri5", "{\"rtol\":" + text + ",\"atol\":" + text + "}");
}

// The worst error of six points, over all times of an even grid, and how often
// the model was asked.
struct Outing {
  double error;
  double evaluations;
};
Outing Follow(const Path& path, const Sampler& sampler,
              const std::vector<double>& grid) {
  const GaussianData data;
  GaussianDataDenoiser denoiser(path, data);
  Sampling sampling(sampler, path, grid, denoiser, KeyFromSeed(5), 0, 6);
  const std::vector<float> start(sampling.particles().begin(),
                                 sampling.particles().end());
  const Coefficients top = path.At(grid.back());
  Outing run{0, 0};
  while (sampling.Step()) {
    const Coefficients at =
        path.At(grid[static_cast<size_t>(sampling.position())]);
    for (size_t i = 0; i < start.size(); ++i) {
      run.error = std::max(run.error, std::fabs(sampling.particles()[i] -
                                                data.Flow(top, at, start[i])));
    }
  }
  EXPECT_TRUE(sampling.done());
  run.evaluations = sampling.evaluations();
  return run;
}

TEST(DormandPrince, KeepsItsTolerance) {
  for (const char* name : {"linear_beta", "cosine", "straight", "arc"}) {
    const Choice<Path> path(name);
    for (const double tolerance : {1e-3, 1e-4, 1e-5}) {
      const Outing run =
          Follow(*path, *Tolerant(tolerance), UniformGrid(*path, 7));
      // Errors of single steps add up, over some 10 to 30 of them, and float
      // rounding of the model's answers is added.
      EXPECT_LT(run.error, 10 * tolerance + 3e-6) << name << tolerance;
      EXPECT_LT(run.evaluations, 400) << name << tolerance;
    }
  }
}

// One step, however long: of a point so close to 0 that no error of its exceeds
// what is allowed, so that the way is taken at once. Returns x at the grid's
// times, in units of where it starts.
std::vector<double> OneStep(const Path& path, Denoiser& denoiser,
                            const std::vector<double>& grid, double x) {
  constexpr float kSmall = 0x1p-17f;
  const auto sampler = MakeSampler("dopri5", R"({"rtol":0.1,"atol":0.1})");
  const std::vector<Coefficients> at = Along(path, grid);
  const auto stepper = sampler->Start({path, grid, at, denoiser, 1});
  std::vector<float> state = {static_cast<float>(x) * kSmall};
  std::vector<double> states;
  for (int64_t from = std::ssize(grid) - 1; from > 0; --from) {
    stepper->Step(from, state, {});
    states.push_back(state[0] / kSmall);
  }
  return states;
}

// On the straight path the slope is noise less data: here dx/dt = rate(t) x.
class Linear final : public Denoiser {
 public:
  explicit Linear(double (*rate)(double)) : rate_(rate) {}
  int dim() const override { return 1; }
  Density* density() override { return nullptr; }
  JacobianTrace* jacobian_trace() override { return nullptr; }
  void PredictAt(std::span<const double> t, std::span<const float> xt,
                 Prediction out) override {
    out.data[0] = static_cast<float>(-rate_(t[0]) * xt[0]);
    out.noise[0] = 0;
  }

 private:
  double (*rate_)(double);
};

TEST(DormandPrince, HasOrderFive) {
  const Choice<Path> path("straight");
  Linear denoiser([](double t) { return 12 * t; });
  // Relative to exp(-6 (0.9^2 - 0.1^2)), where it should end.
  const auto error = [&](int steps) {
    double x = 1;
    for (int i = steps; i > 0; --i) {
      const double t = 0.1 + 0.8 * i / steps;
      x = OneStep(*path, denoiser, {t - 0.8 / steps, t}, x)[0];
    }
    return std::fabs(x * std::exp(4.8) - 1);
  };
  // The next order bends the line, here by less than one, and at 24 steps
  // rounding is a tenth of it.
  EXPECT_NEAR(std::log(error(12) / error(24)) / std::log(2), 5, 0.7)
      << error(12) << ' ' << error(24);
}

// dx/dt = -x: the step's polynomial in its length z is known.
TEST(DormandPrince, IsWhatThePaperSaysOnTheLinearEquation) {
  const Choice<Path> path("straight");
  Linear denoiser([](double) { return -1.0; });
  constexpr double kZ = 0.8;
  const std::vector<double> x = OneStep(
      *path, denoiser,
      {0.9 - kZ, 0.9 - 0.75 * kZ, 0.9 - 0.5 * kZ, 0.9 - 0.25 * kZ, 0.9}, 1);
  double power = 1, known = 0;
  for (const double denominator : {1, 1, 2, 6, 24, 120, 600}) {
    known += power / denominator;
    power *= kZ;
  }
  // Source: Hairer, Wanner 1996, section IV.2. Six float roundings.
  EXPECT_NEAR(x[3], known, 6 * 1.2e-7);
  // And of the dense output, of order 4, the error at the quarters; computed
  // independently in double precision.
  double worst = 0;
  for (size_t i = 0; i < 3; ++i) {
    worst = std::max(
        worst,
        std::fabs(x[i] - std::exp(0.25 * static_cast<double>(i + 1) * kZ)));
  }
  EXPECT_NEAR(worst, 3.057014e-5, 6 * 1.2e-7);
}

// The grid only looks: between steps the error is of the same size, and the
// last state the same to the bit.
TEST(DormandPrince, TheGridOnlyLooks) {
  const Choice<Path> path("cosine");
  const auto sampler = Tolerant(1e-4);
  const Outing once = Follow(*path, *sampler, {0.05, 0.95});
  std::vector<double> grid;
  for (int i = 0; i <= 90; ++i) grid.push_back(0.05 + 0.01 * i);
  grid.back() = 0.95;
  const Outing often = Follow(*path, *sampler, grid);
  EXPECT_EQ(often.evaluations, once.evaluations);
  EXPECT_LT(often.error, 1e-3);
  GaussianDataDenoiser denoiser(*path, {});
  EXPECT_EQ(Mean(*sampler, *path, {0.05, 0.95}, denoiser, {0.3f, -1}),
            Mean(*sampler, *path, grid, denoiser, {0.3f, -1}));
}

TEST(DormandPrince, EveryParticleGoesByItself) {
  const Choice<Path> path("linear_beta");
  GaussianDataDenoiser denoiser(*path, {}, 2);
  const auto sampler = Tolerant(1e-4);
  const auto run = [&](uint64_t first, int64_t count) {
    Sampling sampling(*sampler, *path, UniformGrid(*path, 5), denoiser,
                      KeyFromSeed(6), first, count);
    std::vector<float> all;
    while (sampling.Step()) {
      all.insert(all.end(), sampling.particles().begin(),
                 sampling.particles().end());
    }
    return all;
  };
  const std::vector<float> whole = run(0, 30);
  for (const int64_t i : {0, 11, 29}) {
    const std::vector<float> one = run(static_cast<uint64_t>(i), 1);
    for (size_t time = 0; time < 5; ++time) {
      for (size_t k = 0; k < 2; ++k) {
        EXPECT_EQ(one[2 * time + k],
                  whole[60 * time + 2 * static_cast<size_t>(i) + k]);
      }
    }
  }
}

// dx/dt = speed x^2 sign of the way: it leaves all numbers before the end.
class Exploding final : public Denoiser {
 public:
  explicit Exploding(double speed) : speed_(speed) {}
  int dim() const override { return 1; }
  Density* density() override { return nullptr; }
  JacobianTrace* jacobian_trace() override { return nullptr; }
  void PredictAt(std::span<const double>, std::span<const float> xt,
                 Prediction out) override {
    // On the straight path the slope is noise less data.
    for (size_t i = 0; i < xt.size(); ++i) {
      out.data[i] = static_cast<float>(speed_ * xt[i] * xt[i]);
      out.noise[i] = 0;
    }
  }

 private:
  double speed_;
};

TEST(DormandPrince, SaysWhenItCannotGoOn) {
  const Choice<Path> path("straight");
  const std::vector<double> grid = {0.1, 0.5, 0.9};
  const std::vector<Coefficients> at = Along(*path, grid);
  const auto outcome = [&](Denoiser& denoiser, const char* fields, float& x) {
    const auto sampler = MakeSampler("dopri5", fields);
    const auto stepper = sampler->Start({*path, grid, at, denoiser, 1});
    return stepper->Step(2, std::span(&x, 1), {});
  };
  // From 1 at speed 5 it is infinite after 0.2 of time.
  Exploding fast(5);
  float x = 1;
  EXPECT_EQ(outcome(fast, R"({"max_steps":100000})", x),
            Outcome::kStepTooSmall);
  EXPECT_EQ(x, 1);  // where it was before
  EXPECT_EQ(outcome(fast, R"({"max_steps":10})", x), Outcome::kTooManySteps);
  Exploding slow(0.5);
  EXPECT_EQ(outcome(slow, "{}", x), Outcome::kGood);
  // x' = x^2 / 2 over 0.4 of time.
  EXPECT_NEAR(x, 1 / (1 - 0.2), 1e-4);

  class Nowhere final : public Denoiser {
   public:
    int dim() const override { return 1; }
    Density* density() override { return nullptr; }
    JacobianTrace* jacobian_trace() override { return nullptr; }
    void PredictAt(std::span<const double>, std::span<const float>,
                   Prediction out) override {
      out.data[0] = out.noise[0] = std::numeric_limits<float>::quiet_NaN();
    }
  } nowhere;
  EXPECT_EQ(outcome(nowhere, "{}", x), Outcome::kStepTooSmall);
}

TEST(DormandPrince, GoesBothWays) {
  const Choice<Path> path("cosine");
  const GaussianData data;
  GaussianDataDenoiser denoiser(*path, data);
  const auto sampler = Tolerant(1e-5);
  // Time runs up on a grid that descends: from data to noise.
  const std::vector<float> there =
      Mean(*sampler, *path, {0.95, 0.5, 0.01}, denoiser, {0.3f});
  EXPECT_NEAR(there[0], data.Flow(path->At(0.01), path->At(0.95), 0.3f), 1e-4);
  EXPECT_NEAR(Mean(*sampler, *path, {0.01, 0.95}, denoiser, there)[0], 0.3,
              1e-4);
}

}  // namespace
}  // namespace unnoise
