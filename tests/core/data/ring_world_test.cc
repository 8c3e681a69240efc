// Rings in closed form: against sums over points of the circles, against the
// quadrature that stretched units take, and where a text gives numbers.

#include "core/data/ring_world.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/exact_math.h"
#include "core/data/plane.h"
#include "tests/core/data/worlds.h"

namespace unnoise {
namespace {

TEST(RingWorldTest, IsTheSumOverThePointsOfTheCircles) {
  // Equal parts of a circle: exact to rounding for noise above their length.
  const RingLaw law{{0.5, 1.2, 2}, 0};
  const Affine units{{0.3, -0.2}, {1.4, 1.4}};
  WeightedPoints points;
  for (const double radius : law.radii) {
    for (int k = 0; k < 4000; ++k) {
      const double a = 2 * kPi * k / 4000;
      points.Add(1 / 12000.0, {(radius * std::cos(a) - 0.3) / 1.4,
                               (radius * std::sin(a) + 0.2) / 1.4});
    }
  }
  const auto world = MakeWorld(law, units);
  for (const auto& [alpha, sigma] :
       {std::pair{1.0, 0.02}, {0.9, 0.3}, {0.2, 0.98}, {0.0, 1.0}}) {
    const auto marginal = world->At(alpha, sigma);
    for (const auto& xt :
         {std::vector<double>{-0.3 * alpha / 1.4, 0.2 * alpha / 1.4},
          {0.7, 0.9},
          {-1, 0.1},
          {3, -2}}) {
      const Answer got = Ask(*marginal, xt);
      const Answer want = BruteForce(points, alpha, {sigma, sigma}, xt);
      // Terms of up to (4 / 0.02)^2, with their rounding.
      EXPECT_NEAR(got.log_density, want.log_density, 1e-10);
      for (size_t i = 0; i < 2; ++i) {
        EXPECT_NEAR(got.mean[i], want.mean[i], 1e-11);
        EXPECT_NEAR(got.score[i], want.score[i], 1e-11 / sigma / sigma);
        for (size_t j = 0; j < 2; ++j) {
          EXPECT_NEAR(got.covariance[2 * i + j], want.covariance[2 * i + j],
                      1e-11);
        }
      }
    }
  }
}

TEST(RingWorldTest, StretchedUnitsAreContinuous) {
  // The sum along the curve, taken as soon as the scales differ.
  const RingLaw law{{1, 2}, 0.05};
  const auto closed = MakeWorld(law, {{0, 0}, {1.3, 1.3}});
  const auto curve = MakeWorld(law, {{0, 0}, {1.3, 1.3 * (1 + 1e-15)}});
  for (const auto& [alpha, sigma] :
       {std::pair{1.0, 0.001}, {0.9, 0.3}, {0.2, 0.98}}) {
    const auto a = closed->At(alpha, sigma), b = curve->At(alpha, sigma);
    for (const auto& xt :
         {std::vector<double>{0, 0}, {0.7, 0.9}, {-1, 0.1}, {3, -2}}) {
      const Answer one = Ask(*a, xt), other = Ask(*b, xt);
      EXPECT_NEAR(one.log_density, other.log_density, 1e-9);
      for (size_t i = 0; i < 2; ++i) {
        EXPECT_NEAR(one.mean[i], other.mean[i], 1e-9);
        for (size_t j = 0; j < 2; ++j) {
          EXPECT_NEAR(one.covariance[2 * i + j], other.covariance[2 * i + j],
                      1e-9);
        }
      }
    }
  }
}

TEST(RingWorldTest, DensityHasItsPeakWhereATextSays) {
  // A ring of radius 2: the radius of greatest density for four levels of
  // noise.
  const auto world = MakeWorld(RingLaw{{2}, 0}, DataUnits(2));
  for (const auto& [sigma, peak] : {std::pair{0.3, 1.977106902227046},
                                    {0.6, 1.9029204580151784},
                                    {1.0, 1.662924049508514},
                                    {1.3, 1.0553661784213586}}) {
    const auto marginal = world->At(1, sigma);
    // Rounding of 2 / sigma^2.
    EXPECT_NEAR(Ask(*marginal, {peak, 0}).score[0], 0, 1e-13);
    EXPECT_NEAR(Ask(*marginal, {0, -peak}).score[1], 0, 1e-13);
    EXPECT_GT(Ask(*marginal, {0.95 * peak, 0}).score[0], 0);
  }
}

TEST(RingWorldTest, TheHoleClosesAtRadiusOverRootTwo) {
  const auto world = MakeWorld(RingLaw{{2}, 0}, DataUnits(2));
  for (const double sigma : {1.0, 1.41, 1.415, 2.0}) {
    // The middle is a peak if the density falls from it.
    const double near = Ask(*world->At(1, sigma), {0.01, 0}).score[0];
    EXPECT_EQ(near<0, sigma> std::sqrt(2.0)) << sigma;
  }
}

TEST(RingWorldTest, AThinRingFarOutIsALine) {
  // Across the radius it is flat, with a posterior as wide as the noise; along
  // it half the fourth power of it remains, by the curvature.
  const auto world = MakeWorld(RingLaw{{2}, 0}, DataUnits(2));
  const double sigma = 1e-4;
  const Answer at = Ask(*world->At(1, sigma), {2, 0});
  const double square = sigma * sigma;
  EXPECT_NEAR(at.covariance[3] / square, 1, 1e-7);
  EXPECT_NEAR(at.covariance[0] / (square * square / 8), 1, 1e-7);
  EXPECT_NEAR(at.mean[0], 2 - square / 4, 1e-15);
}

TEST(RingWorldTest, RefusesWhatIsNoLaw) {
  EXPECT_THROW(MakeWorld(RingLaw{}, DataUnits(2)), UsageError);
  EXPECT_THROW(MakeWorld(RingLaw{{1}, -1}, DataUnits(2)), UsageError);
  EXPECT_THROW(MakeWorld(RingLaw{{1}, 0}, DataUnits(2))->At(1, 0), UsageError);
}

}  // namespace
}  // namespace unnoise
