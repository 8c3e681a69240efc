// The family of the truth end to end: from noise, by reverse steps on the exact
// denoiser, particles have the law of the noised data at every time on the way.

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/base/config.h"
#include "core/data/dataset.h"
#include "core/family/family.h"
#include "core/sampling/sampling.h"
#include "core/sampling/world_denoiser.h"
#include "tests/core/data/worlds.h"

namespace unnoise {
namespace {

constexpr int64_t kCount = 1000;

struct Statistic {
  double mean = 0, variance = 0;

  void Add(double x, int64_t n) {
    const double step = x - mean;
    mean += step / static_cast<double>(n);
    variance += step * (x - mean) / static_cast<double>(kCount);
  }
};

// Coordinates, their squares, and the log density at t, whose mean tells
// particles that are too near to the law's shape from such that are too far.
constexpr int kStatistics = 5;
struct Statistics {
  Statistic of[kStatistics];

  Statistics(std::span<const float> x, double t, Density& density) {
    std::vector<double> log_density(kCount);
    density.LogDensity(t, x, log_density);
    for (int64_t i = 0; i < kCount; ++i) {
      const double a = x[2 * i], b = x[2 * i + 1];
      const double values[] = {a, b, a * a, b * b, log_density[i]};
      for (int k = 0; k < kStatistics; ++k) of[k].Add(values[k], i + 1);
    }
  }
};

TEST(ExactWorldTest, ReverseStepsHaveTheNoisedLawAtEveryTime) {
  for (const char* name : {"two_moons", "rings", "checkerboard"}) {
    const Choice<Dataset> data = MakeData(name);
    const Choice<Path> path("cosine");
    Choice<Sampler> sampler("ddpm");
    sampler->steps = 400;
    const auto denoiser = MakeWorldDenoiser(
        data->MakeWorld(StandardiserOf(*data)), *path, SerialPool());
    std::vector<float> x(2 * kCount);
    data->Draw(KeyFromSeed(31), 0, x);
    StandardiserOf(*data).ToModel(x);
    const std::vector<double> times = sampler->Times(*path);
    // The law on the way up, by the path; the particles on the way down.
    Noising up(*path, times, 2, KeyFromSeed(32), 0, x);
    std::vector<std::vector<float>> noised = {
        {up.particles().begin(), up.particles().end()}};
    while (up.Step()) {
      noised.emplace_back(up.particles().begin(), up.particles().end());
    }
    Sampling down(*sampler, *path, *denoiser, KeyFromSeed(33), 0, kCount);
    while (true) {
      const size_t position = static_cast<size_t>(down.position());
      if (position % 25 == 0) {
        const double t = down.grid()[position].t;
        const Statistics got(down.particles(), t, *denoiser->density());
        const Statistics want(noised[position], t, *denoiser->density());
        for (int k = 0; k < kStatistics; ++k) {
          const double error =
              std::sqrt((got.of[k].variance + want.of[k].variance) / kCount);
          EXPECT_NEAR(got.of[k].mean, want.of[k].mean, 4 * error)
              << name << " at " << t << ", statistic " << k;
        }
      }
      if (!down.Step()) break;
    }
    EXPECT_TRUE(down.done());
  }
}

}  // namespace
}  // namespace unnoise
