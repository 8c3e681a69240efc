// A world as a denoiser: what it says agrees with the world, point by point,
// whatever the times.

#include "core/sampling/world_denoiser.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/key.h"
#include "core/data/mixture_world.h"

namespace unnoise {
namespace {

NormalMixture Law() {
  return {.dim = 2,
          .weights = {0.25, 0.75},
          .means = {-1, 0.5, 2, -1},
          .covariances = {1, 0.3, 0.3, 0.5, 0.2, 0, 0, 0.1}};
}

TEST(WorldDenoiser, SplitsEveryPointIntoDataAndNoise) {
  const Choice<Path> path("cosine");
  const auto denoiser =
      MakeWorldDenoiser(MakeWorld(Law()), *path, SerialPool());
  std::vector<float> x(2 * 100), data(x.size()), noise(x.size());
  FillNormal(KeyFromSeed(3), 0, x);
  for (const double t : {0.001, 0.2, 0.7, 0.999}) {
    denoiser->Predict(t, x, {data, noise});
    const Coefficients at = path->At(t);
    for (size_t i = 0; i < x.size(); ++i) {
      // Each of the two was rounded to float once.
      EXPECT_NEAR(at.alpha * data[i] + at.sigma * noise[i], x[i],
                  1e-6 * (1 + std::fabs(data[i]) + std::fabs(noise[i])))
          << t;
    }
  }
}

TEST(WorldDenoiser, ATimeForEachPointIsTheSameBits) {
  const Choice<Path> path("straight");
  const auto denoiser =
      MakeWorldDenoiser(MakeWorld(Law()), *path, SerialPool());
  constexpr size_t kCount = 300;
  std::vector<float> x(2 * kCount), data(x.size()), noise(x.size());
  std::vector<float> one_data(2), one_noise(2);
  FillNormal(KeyFromSeed(4), 0, x);
  std::vector<double> times(kCount);
  for (size_t i = 0; i < kCount; ++i) times[i] = 0.002 + 0.003 * i;
  denoiser->PredictAt(times, x, {data, noise});
  for (size_t i = 0; i < kCount; ++i) {
    denoiser->Predict(times[i], std::span(x).subspan(2 * i, 2),
                      {one_data, one_noise});
    for (size_t axis = 0; axis < 2; ++axis) {
      EXPECT_EQ(data[2 * i + axis], one_data[axis]);
      EXPECT_EQ(noise[2 * i + axis], one_noise[axis]);
    }
  }
}

TEST(WorldDenoiser, KnowsTheDensityThatItsNoiseIsTheSlopeOf) {
  const Choice<Path> path("linear_beta");
  const auto denoiser =
      MakeWorldDenoiser(MakeWorld(Law()), *path, SerialPool());
  Density* density = denoiser->density();
  ASSERT_NE(density, nullptr);
  constexpr double kTime = 0.4;
  // Exact in float, so that the difference is that of the density alone.
  constexpr float kStep = 0x1p-10f;
  const std::vector<float> x = {0.5f, -0.25f};
  std::vector<float> data(2), noise(2);
  denoiser->Predict(kTime, x, {data, noise});
  for (size_t axis = 0; axis < 2; ++axis) {
    std::vector<float> sides = {x[0], x[1], x[0], x[1]};
    sides[axis] += kStep;
    sides[2 + axis] -= kStep;
    std::vector<double> value(2);
    density->LogDensity(kTime, sides, value);
    const double slope = (value[0] - value[1]) / (2 * double{kStep});
    // Central differences are off by a sixth of kStep^2 third derivatives,
    // which are some units here.
    EXPECT_NEAR(-noise[axis] / path->At(kTime).sigma, slope, 1e-5);
  }
}

TEST(WorldDenoiser, WithoutNoiseKeepsThePoint) {
  const Choice<Path> path("straight");
  const auto denoiser = MakeWorldDenoiser(
      FiniteSetWorld(std::vector<float>{1, 2}, 1, {.shift = {0}, .scale = {1}}),
      *path, SerialPool());
  std::vector<float> data(1), noise(1);
  denoiser->Predict(0, std::vector<float>{1.25f}, {data, noise});
  EXPECT_EQ(data[0], 1.25f);
  EXPECT_EQ(noise[0], 0);
}

TEST(WorldDenoiser, NeedsAWorld) {
  const Choice<Path> path("straight");
  EXPECT_THROW(MakeWorldDenoiser(nullptr, *path, SerialPool()), UsageError);
}

}  // namespace
}  // namespace unnoise
