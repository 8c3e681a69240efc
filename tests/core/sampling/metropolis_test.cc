// Proposals that are taken or left: one step by hand, laws that stay what they
// are however long the steps, orders of the leapfrog.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/pool.h"
#include "core/data/mixture_world.h"
#include "core/run/experiment.h"
#include "core/sampling/sampling.h"
#include "core/sampling/world_denoiser.h"
#include "tests/core/sampling/gaussian_data.h"
#include "tests/core/threads.h"

namespace unnoise {
namespace {

// In one dimension 0.6 N(1, 0.25) and 0.4 N(-1, 0.09), noised.
struct Mixture {
  static constexpr double kWeight[] = {0.6, 0.4}, kMean[] = {1, -1},
                          kVariance[] = {0.25, 0.09};
  Coefficients at;

  double Part(int k, double x) const {
    const double v = at.alpha * at.alpha * kVariance[k] + at.sigma * at.sigma;
    const double off = x - at.alpha * kMean[k];
    return kWeight[k] * std::exp(-off * off / (2 * v)) /
           std::sqrt(2 * M_PI * v);
  }
  double Density(double x) const { return Part(0, x) + Part(1, x); }
  double Score(double x) const {
    double slope = 0;
    for (int k = 0; k < 2; ++k) {
      slope -= Part(k, x) * (x - at.alpha * kMean[k]) /
               (at.alpha * at.alpha * kVariance[k] + at.sigma * at.sigma);
    }
    return slope / Density(x);
  }
  // Its own particles from the streams of a key.
  std::vector<float> Draw(size_t count, Key key) const {
    std::vector<float> x(count);
    FillNormal(key, 0, x);
    for (size_t i = 0; i < count; ++i) {
      const int k = UniformAt(Fold(key, "part"), i) < kWeight[0] ? 0 : 1;
      const double v = at.alpha * at.alpha * kVariance[k] + at.sigma * at.sigma;
      x[i] = static_cast<float>(at.alpha * kMean[k] + std::sqrt(v) * x[i]);
    }
    return x;
  }
};

std::unique_ptr<World> MixtureWorld() {
  return MakeWorld(NormalMixture{.dim = 1,
                                 .weights = {0.6, 0.4},
                                 .means = {1, -1},
                                 .covariances = {0.25, 0.09}});
}

constexpr double kLevel = 0.1;

// `steps` transitions at the level from x; the part that was accepted.
double Chains(const Sampler& sampler, const Path& path, Denoiser& denoiser,
              int steps, Key key, std::vector<float>& x) {
  const std::vector<double> grid(static_cast<size_t>(steps) + 1, kLevel);
  const std::vector<Coefficients> at = Along(path, grid);
  const auto stepper =
      sampler.Start({path, grid, at, denoiser, std::ssize(x) / denoiser.dim()});
  EXPECT_FALSE(stepper->acceptance());
  for (int64_t from = steps; from > 0; --from) {
    const Key own = Fold(key, static_cast<uint64_t>(from));
    EXPECT_EQ(stepper->Step(from, x, {own, 0, denoiser.dim()}), Outcome::kGood);
  }
  return *stepper->acceptance();
}

// Roberts and Tweedie 1996, section 1.4.2: y = x + h s(x) + sqrt(2 h) z is
// taken with probability p(y) q(y, x) / (p(x) q(x, y)), q the density of the
// proposal: the flow from x to y is that from y to x.
TEST(Mala, OneStepIsMetropolisAndHastingsByHand) {
  const Choice<Path> path("cosine");
  Pool pool(1);
  const auto denoiser = MakeWorldDenoiser(MixtureWorld(), *path, pool);
  const Mixture law{path->At(kLevel)};
  const double h = 3 * law.at.sigma * law.at.sigma;
  constexpr size_t kCount = 3000;
  std::vector<float> x(kCount), z(kCount);
  FillNormal(KeyFromSeed(3), 0, x);
  const std::vector<float> before = x;
  const Key key = KeyFromSeed(5), own = Fold(key, 1);
  const double rate = Chains(*MakeSampler("mala", R"({"step":3})"), *path,
                             *denoiser, 1, key, x);
  FillNormal(own, 0, z);
  int moved = 0;
  for (size_t i = 0; i < kCount; ++i) {
    const double from = before[i];
    const double to = from + h * law.Score(from) + std::sqrt(2 * h) * z[i];
    const auto log_q = [&](double a, double b) {
      const double off = b - a - h * law.Score(a);
      return -off * off / (4 * h);
    };
    const double ratio = std::log(law.Density(to) / law.Density(from)) +
                         log_q(to, from) - log_q(from, to);
    const double u = std::log(UniformAt(Fold(own, "accept"), i));
    const bool taken = u < ratio;
    moved += taken;
    // Scores and points are rounded to floats, the former some 1 / sigma times.
    if (std::fabs(u - ratio) < 1e-4 * (1 + std::fabs(ratio))) continue;
    EXPECT_NEAR(x[i], taken ? to : from, 1e-5) << i;
    EXPECT_TRUE(taken || x[i] == before[i]) << i;
  }
  EXPECT_NEAR(rate, moved / double(kCount), 0.002);
  EXPECT_GT(moved, 300);
  EXPECT_LT(moved, 2900);
}

// Particles of the law remain particles of it, in mean, variance, the weight of
// a mode and beyond where Langevin's steps alone would take them. Steps are so
// long that a third and more is left.
TEST(Metropolis, TheLawStaysWhatItIs) {
  constexpr size_t kCount = 40000;
  for (const char* name : {"cosine", "ve"}) {
    const Choice<Path> path(name);
    Pool pool(ThreadsUpTo(2));
    const auto denoiser = MakeWorldDenoiser(MixtureWorld(), *path, pool);
    const Mixture law{path->At(kLevel)};
    double mean = 0, square = 0, right = 0, fourth = 0;
    constexpr double kWidth = 1e-3;
    for (double x = -6 + kWidth / 2; x < 6; x += kWidth) {
      const double p = kWidth * law.Density(x);
      mean += p * x;
      square += p * x * x;
      fourth += p * x * x * x * x;
      if (x > 0) right += p;
    }
    for (const auto& [sampler_name, fields] :
         {std::pair{"mala", R"({"unit":"data","step":0.25})"},
          {"hmc", R"({"unit":"data","step":0.5,"leaps":4})"}}) {
      const auto sampler = MakeSampler(sampler_name, fields);
      std::vector<float> x = law.Draw(kCount, KeyFromSeed(9));
      const double rate =
          Chains(*sampler, *path, *denoiser, 20, KeyFromSeed(10), x);
      EXPECT_LT(rate, 0.95) << name << sampler_name;
      EXPECT_GT(rate, 0.2) << name << sampler_name;
      double first = 0, second = 0, above = 0;
      for (const float value : x) {
        first += value;
        second += double{value} * value;
        above += value > 0;
      }
      const double n = kCount;
      EXPECT_NEAR(first / n, mean, 4 * std::sqrt((square - mean * mean) / n))
          << name << sampler_name;
      EXPECT_NEAR(second / n, square,
                  4 * std::sqrt((fourth - square * square) / n))
          << name << sampler_name;
      EXPECT_NEAR(above / n, right, 4 * std::sqrt(right * (1 - right) / n))
          << name << sampler_name;
    }
  }
}

double Slope(const std::vector<double>& x, const std::vector<double>& y) {
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  const double n = static_cast<double>(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    mean_x += std::log(x[i]) / n;
    mean_y += std::log(y[i]) / n;
  }
  for (size_t i = 0; i < x.size(); ++i) {
    const double off = std::log(x[i]) - mean_x;
    xx += off * off;
    xy += off * (std::log(y[i]) - mean_y);
  }
  return xy / xx;
}

// Without a push the leapfrog of a spring swings exactly as cos(n angle) does,
// cos(angle) = 1 - h^2 / (2 v); the error against cos(n h / sqrt(v)) is of
// order h^2 for ways of the same length.
TEST(Hmc, TheLeapfrogIsThatOfASpringAndOfSecondOrder) {
  const Choice<Path> path("cosine");
  GaussianDataDenoiser denoiser(*path, {0, 1});  // v = 1
  std::vector<double> lengths, errors;
  for (const int leaps : {4, 8, 16, 32}) {
    const double h = 2.0 / leaps;
    const auto sampler = MakeSampler(
        "hmc", R"({"unit":"data","steps":1,"step":)" + std::to_string(h) +
                   ",\"leaps\":" + std::to_string(leaps) + "}");
    const double end =
        Mean(*sampler, *path, sampler->Times(*path), denoiser, {1.5f})[0];
    const double angle = std::acos(1 - 0.5 * h * h);
    // Places are rounded to floats after each leap.
    EXPECT_NEAR(end, 1.5 * std::cos(leaps * angle), 1e-6) << leaps;
    lengths.push_back(h);
    errors.push_back(std::fabs(end - 1.5 * std::cos(2.0)));
  }
  EXPECT_NEAR(Slope(lengths, errors), 2, 0.1);
}

// What is left is the mean of 1 - exp(-rise) over rises: of the order of the
// error of the energy, h^2.
// Source: Neal 2011, section 4.4, of ways of the same length.
TEST(Hmc, TheErrorOfTheEnergyIsOfSecondOrder) {
  const Choice<Path> path("cosine");
  GaussianDataDenoiser denoiser(*path, {0, 1}, 1);
  std::vector<double> lengths, left;
  for (const int leaps : {3, 4, 6, 8}) {
    const auto sampler = MakeSampler(
        "hmc", R"({"unit":"data","step":)" + std::to_string(2.0 / leaps) +
                   ",\"leaps\":" + std::to_string(leaps) + "}");
    std::vector<float> x(400000);
    FillNormal(KeyFromSeed(1), 0, x);
    lengths.push_back(2.0 / leaps);
    left.push_back(1 - Chains(*sampler, *path, denoiser, 1, KeyFromSeed(2), x));
  }
  // The least is some 0.005 of 400000 particles, to 2 percent, which four steps
  // turn into 0.05 of the slope; the next order, h^2 / 10 of it, bends it too.
  EXPECT_NEAR(Slope(lengths, left), 2, 0.3) << left[0] << ' ' << left[3];
}

// Steps that fly off are left, whatever became of them on the way, and no model
// is asked about a point that is no number.
TEST(Metropolis, WhatFliesOffStaysWhereItWas) {
  class Careful final : public Denoiser {
   public:
    explicit Careful(Denoiser& inner) : inner_(inner) {}
    int dim() const override { return inner_.dim(); }
    Density* density() override { return inner_.density(); }
    JacobianTrace* jacobian_trace() override { return nullptr; }
    void PredictAt(std::span<const double> t, std::span<const float> xt,
                   Prediction out) override {
      for (const float x : xt) EXPECT_LE(std::fabs(x), 1e6f);
      inner_.PredictAt(t, xt, out);
    }

   private:
    Denoiser& inner_;
  };
  const Choice<Path> path("cosine");
  GaussianDataDenoiser denoiser(*path, {0, 0.1}, 2);
  Careful careful(denoiser);
  const auto sampler =
      MakeSampler("hmc", R"({"unit":"data","step":10,"leaps":50})");
  std::vector<float> x(200);
  FillNormal(KeyFromSeed(1), 0, x);
  const std::vector<float> before = x;
  EXPECT_EQ(Chains(*sampler, *path, careful, 3, KeyFromSeed(2), x), 0);
  EXPECT_EQ(x, before);
}

// Proposals a thousand deviations away are never taken: the samples are where
// they started, which is told.
TEST(Metropolis, SamplesThatNeverMovedAreAnOutcome) {
  const Choice<Path> path("cosine");
  const auto denoiser = MakeWorldDenoiser(
      MakeWorld(NormalMixture{
          .dim = 1, .weights = {1}, .means = {2}, .covariances = {1e-6}}),
      *path, SerialPool());
  for (const char* name : {"mala", "hmc"}) {
    const auto sampler =
        MakeSampler(name, R"({"t":0.001,"unit":"data","step":1,"steps":50})");
    Sampling sampling(*sampler, *path, *denoiser, KeyFromSeed(4), 0, 200);
    while (sampling.Step()) {
    }
    EXPECT_EQ(sampling.outcome(), Outcome::kStuck) << name;
    EXPECT_FALSE(sampling.done()) << name;
  }
}

TEST(Metropolis, ThreadsChangeNoBit) {
  const Choice<Path> path("ve");
  for (const char* name : {"mala", "hmc"}) {
    std::vector<std::vector<float>> ends;
    for (const int threads : {1, 3}) {
      Pool pool(ThreadsUpTo(threads));
      const auto denoiser = MakeWorldDenoiser(MixtureWorld(), *path, pool);
      const auto sampler = MakeSampler(name, R"({"steps":12,"t":0.4})");
      Sampling sampling(*sampler, *path, *denoiser, KeyFromSeed(1), 0, 700);
      while (sampling.Step()) {
      }
      ends.emplace_back(sampling.particles().begin(),
                        sampling.particles().end());
      EXPECT_GT(*sampling.acceptance(), 0.1) << name;
    }
    EXPECT_EQ(ends[0], ends[1]) << name;
  }
  Pool pool(1);
  const auto denoiser = MakeWorldDenoiser(MixtureWorld(), *path, pool);
  Sampling sampling(*MakeSampler("ula"), *path, *denoiser, {}, 0, 1);
  EXPECT_FALSE(sampling.acceptance());
}

// A network gives only the slope of a density.
TEST(Metropolis, NeedsADensity) {
  class Network final : public Denoiser {
   public:
    int dim() const override { return 1; }
    Density* density() override { return nullptr; }
    JacobianTrace* jacobian_trace() override { return nullptr; }
    void PredictAt(std::span<const double>, std::span<const float>,
                   Prediction) override {}
  };
  const Choice<Path> path("cosine");
  Network network;
  for (const Row<Sampler>& row : Rows<Sampler>()) {
    const Choice<Sampler> sampler(row.name);
    const auto start = [&] {
      Sampling(*sampler, *path, network, KeyFromSeed(1), 0, 1);
    };
    if (sampler->needs_density()) {
      EXPECT_THROW(start(), UsageError) << row.name;
    } else {
      start();
    }
    const auto problems = [&](const char* family) {
      const std::vector<std::string> words = {
          std::string("family=") + family, "sampler=" + std::string(row.name)};
      const Result<Experiment> read = ReadExperiment("", "", words, nullptr);
      return read ? Problems() : read.problems();
    };
    EXPECT_TRUE(problems("exact").empty()) << row.name;
    const Problems trained = problems("ddpm");
    ASSERT_EQ(trained.size(), sampler->needs_density() ? 1u : 0u) << row.name;
    if (trained.empty()) continue;
    EXPECT_EQ(trained[0].path, "sampler.kind");
    EXPECT_NE(trained[0].message.find("family=exact"), std::string::npos);
  }
}

TEST(Metropolis, StepsAreLengthsAboveZero) {
  for (const char* name :
       {"ula", "mala", "hmc", "underdamped", "annealed_langevin"}) {
    for (const char* step : {"0", "-1", "nan", "1e9", "null"}) {
      const std::vector<std::string> words = {
          "family=exact", std::string("sampler=") + name,
          std::string("sampler.step=") + step};
      const Result<Experiment> read = ReadExperiment("", "", words, nullptr);
      ASSERT_FALSE(read) << name << step;
      EXPECT_EQ(read.problems()[0].path, "sampler.step") << name << step;
    }
  }
}

}  // namespace
}  // namespace unnoise
