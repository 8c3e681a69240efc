// A world as a denoiser: what it says agrees with the world, point by point,
// whatever the times.

#include "core/sampling/world_denoiser.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/base/key.h"
#include "core/data/dataset.h"
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

// Against differences of the posterior mean, which is known in double
// precision.
TEST(WorldDenoiser, TracesAreThoseOfTheJacobians) {
  const Choice<Path> path("cosine");
  for (const char* name : {"gaussian_mixture", "two_moons", "spiral",
                           "checkerboard", "swiss_roll_3d"}) {
    const Choice<Dataset> data(name);
    const size_t dim = static_cast<size_t>(data->dim());
    const Affine units = StandardiserOf(*data);
    const auto world = data->MakeWorld(units);
    const auto denoiser =
        MakeWorldDenoiser(data->MakeWorld(units), *path, SerialPool());
    for (const double t : {0.1, 0.4, 0.9}) {
      const Coefficients at = path->At(t);
      const auto law = world->At(at.alpha, at.sigma);
      std::vector<float> x(dim), v(dim), found(2 * dim), traces(2), probed(2);
      FillNormal(KeyFromSeed(6), 0, x);
      FillNormal(KeyFromSeed(7), 0, v);
      double trace = 0, along = 0, square = 0;
      constexpr double kStep = 1e-4;
      for (size_t j = 0; j < dim; ++j) {
        std::vector<double> up(x.begin(), x.end()), down = up, above(dim),
                                                    below(dim);
        up[j] += kStep;
        down[j] -= kStep;
        law->At(up, {.mean = above});
        law->At(down, {.mean = below});
        for (size_t i = 0; i < dim; ++i) {
          const double slope = (above[i] - below[i]) / (2 * kStep);
          if (i == j) trace += slope;
          along += v[i] * slope * v[j];
        }
        square += double{v[j]} * v[j];
      }
      const auto ask = [&](std::span<const float> probes,
                           std::vector<float>& out) {
        denoiser->jacobian_trace()->PredictAt(
            {&t, 1}, x, probes,
            {std::span(found).first(dim), std::span(found).last(dim)},
            {std::span(out).first(1), std::span(out).last(1)});
      };
      ask({}, traces);
      ask(v, probed);
      // A third derivative times the step's square, where clouds are 0.1 wide
      // and less; and rounding to float.
      const double tolerance = 1e-4 * (1 + std::fabs(trace)) / at.sigma;
      EXPECT_NEAR(traces[0], trace, tolerance) << name << t;
      EXPECT_NEAR(probed[0], along, tolerance * (1 + square)) << name << t;
      // As alpha data + sigma noise = xt.
      EXPECT_NEAR(at.alpha * traces[0] + at.sigma * traces[1],
                  static_cast<double>(dim), 1e-5 * (1 + std::fabs(trace)))
          << name << t;
      EXPECT_NEAR(at.alpha * probed[0] + at.sigma * probed[1], square,
                  1e-5 * (1 + square + std::fabs(along)))
          << name << t;
    }
  }
}

// Laws are not asked about points that are not finite, where their sums over
// curves would have no end.
TEST(WorldDenoiser, PointsThatAreNotFiniteGiveNone) {
  const Choice<Path> path("cosine");
  const Choice<Dataset> data("two_moons");
  const auto denoiser = MakeWorldDenoiser(
      data->MakeWorld(StandardiserOf(*data)), *path, SerialPool());
  const float infinite = std::numeric_limits<float>::infinity();
  const std::vector<float> x = {0, infinite, 0.5f, -0.5f};
  std::vector<float> out(4), noise(4), traces(4);
  const double t = 0.5;
  denoiser->jacobian_trace()->PredictAt(
      {&t, 1}, x, {}, {out, noise},
      {std::span(traces).first(2), std::span(traces).last(2)});
  std::vector<double> density(2);
  denoiser->density()->LogDensity(t, x, density);
  for (const double value :
       {double{out[0]}, double{noise[1]}, double{traces[0]}, density[0]}) {
    EXPECT_TRUE(std::isnan(value));
  }
  for (const double value :
       {double{out[2]}, double{noise[3]}, double{traces[1]}, density[1]}) {
    EXPECT_TRUE(std::isfinite(value));
  }
}

}  // namespace
}  // namespace unnoise
