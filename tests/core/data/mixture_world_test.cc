// Worlds of normal laws where other tests do not look: a finite set is a
// softmax, a mixture of one component is a normal law, bad laws.

#include "core/data/mixture_world.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/data/worlds.h"

namespace unnoise {
namespace {

TEST(MixtureWorldTest, AFiniteSetIsASoftmax) {
  const float points[] = {0, 1, 2, -1, 1, 3};
  const auto world = FiniteSetWorld(points, 2, DataUnits(2));
  EXPECT_TRUE(world->memorises());
  WeightedPoints law;
  for (int k = 0; k < 3; ++k) {
    law.Add(1.0 / 3, {double{points[2 * k]}, double{points[2 * k + 1]}});
  }
  for (const auto& [alpha, sigma] :
       {std::pair{1.0, 0.05}, {0.8, 0.6}, {0.0, 1.0}}) {
    const auto marginal = world->At(alpha, sigma);
    for (const auto& xt : {std::vector<double>{0.9, 1.1}, {-5, 2}}) {
      const Answer got = Ask(*marginal, xt);
      const Answer want = BruteForce(law, alpha, {sigma, sigma}, xt);
      EXPECT_NEAR(got.log_density, want.log_density,
                  1e-14 * std::fabs(want.log_density) + 1e-14);
      for (size_t i = 0; i < 2; ++i) {
        EXPECT_NEAR(got.mean[i], want.mean[i], 1e-12);
        EXPECT_NEAR(got.covariance[3 * i], want.covariance[3 * i], 1e-12);
      }
    }
  }
}

TEST(MixtureWorldTest, OneComponentIsANormalLaw) {
  // Of N(m, C): posterior covariance C - alpha^2 C S^-1 C, by hand in two
  // dimensions with S = alpha^2 C + sigma^2.
  const auto world =
      MakeWorld(NormalMixture{.dim = 2,
                              .weights = {1},
                              .means = {1, -1},
                              .covariances = {1, 0.6, 0.6, 0.5}});
  const double alpha = 0.7, noise = 0.51;
  const double a = 0.49 + noise, b = 0.49 * 0.6, d = 0.49 * 0.5 + noise;
  const double det = a * d - b * b;
  const auto law = world->At(alpha, std::sqrt(noise));
  const Answer at = Ask(*law, {1.3, 0.2});
  const double x = 1.3 - alpha, y = 0.2 + alpha;
  const double fx = (d * x - b * y) / det, fy = (a * y - b * x) / det;
  EXPECT_NEAR(at.score[0], -fx, 1e-14);
  EXPECT_NEAR(at.score[1], -fy, 1e-14);
  EXPECT_NEAR(at.mean[0], 1 + alpha * (fx + 0.6 * fy), 1e-14);
  EXPECT_NEAR(
      at.log_density,
      -std::log(2 * M_PI) - 0.5 * std::log(det) - 0.5 * (x * fx + y * fy),
      1e-14);
  // sigma^2 (1 - sigma^2 S^-1) / alpha^2 of the first axis.
  EXPECT_NEAR(at.covariance[0], noise * (1 - noise * d / det) / 0.49, 1e-14);
  // The entropy is 1 + log 2 pi + log det C / 2.
  EXPECT_NEAR(*world->Entropy(),
              1 + std::log(2 * M_PI) + 0.5 * std::log(0.5 - 0.36), 1e-14);
}

TEST(MixtureWorldTest, ModesMergeWhenVariancesReachTheirDistance) {
  // Two normal laws at -m and m of variance v are one peak if v + sigma^2 is at
  // least m^2: the density then bends down in the middle.
  const auto world = MakeWorld(NormalCloud{.dim = 1,
                                           .weights = {0.5, 0.5},
                                           .means = {-1.5, 1.5},
                                           .variances = {0.25}});
  for (const double square : {0.5, 1.9, 1.99, 2.01, 2.1, 4.0}) {
    const auto law = world->At(1, std::sqrt(square));
    const double near = Ask(*law, {1e-3}).score[0];
    EXPECT_EQ(near<0, square> 2) << square;
  }
}

TEST(MixtureWorldTest, RefusesWhatIsNoLaw) {
  EXPECT_THROW(MakeWorld(NormalMixture{}), UsageError);
  EXPECT_THROW(MakeWorld(NormalCloud{
                   .dim = 1, .weights = {-1}, .means = {0}, .variances = {1}}),
               UsageError);
  EXPECT_THROW(
      MakeWorld(NormalCloud{
          .dim = 2, .weights = {1}, .means = {0, 0}, .variances = {1}}),
      UsageError);
  // Without width in one direction: noise is needed.
  const auto flat = MakeWorld(NormalMixture{
      .dim = 2, .weights = {1}, .means = {0, 0}, .covariances = {1, 1, 1, 1}});
  EXPECT_FALSE(flat->has_density());
  EXPECT_FALSE(flat->Entropy().has_value());
  EXPECT_THROW(flat->At(1, 0), UsageError);
  EXPECT_TRUE(IsFinite(Ask(*flat->At(1, 0.1), {0.3, -2})));
}

}  // namespace
}  // namespace unnoise
