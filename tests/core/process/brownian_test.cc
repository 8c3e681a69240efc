// Brownian motions on a dyadic grid: their law, and that refinement keeps them.

#include "core/process/brownian.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace unnoise {
namespace {

// W at every point of the grid, [steps + 1][size].
std::vector<std::vector<double>> PathsOf(double t_max, int64_t steps,
                                         uint64_t first, size_t size,
                                         uint64_t seed = 5) {
  BrownianPaths paths(t_max, steps, KeyFromSeed(seed), first, size);
  std::vector<std::vector<double>> all = {
      {paths.to().begin(), paths.to().end()}};
  for (int64_t i = 0; i < steps; ++i) {
    paths.Advance();
    EXPECT_EQ(std::vector<double>(paths.from().begin(), paths.from().end()),
              all.back());
    all.emplace_back(paths.to().begin(), paths.to().end());
  }
  return all;
}

TEST(BrownianPaths, HalvingTheStepKeepsThePathToTheBit) {
  for (const int64_t steps : {1, 3, 5, 8, 12, 100}) {
    const auto coarse = PathsOf(2.5, steps, 7, 3);
    const auto fine = PathsOf(2.5, 2 * steps, 7, 3);
    const auto finest = PathsOf(2.5, 8 * steps, 7, 3);
    for (size_t i = 0; i < coarse.size(); ++i) {
      EXPECT_EQ(coarse[i], fine[2 * i]) << steps << " " << i;
      EXPECT_EQ(coarse[i], finest[8 * i]) << steps << " " << i;
    }
  }
}

TEST(BrownianPaths, AMotionDependsOnItsIndexAlone) {
  const auto all = PathsOf(1, 12, 0, 6);
  const auto some = PathsOf(1, 12, 4, 2);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i][4], some[i][0]);
    EXPECT_EQ(all[i][5], some[i][1]);
  }
}

// 20000 motions: the variance of a sample covariance of W(s), W(t) is (s t +
// min(s, t)^2) / n; four standard deviations.
TEST(BrownianPaths, CovarianceIsTheEarlierTime) {
  constexpr size_t kSize = 20000;
  constexpr double kEnd = 3;
  for (const int64_t steps : {6, 8}) {
    const auto w = PathsOf(kEnd, steps, 0, kSize, 11);
    for (size_t i = 0; i < w.size(); ++i) {
      for (size_t j = i; j < w.size(); ++j) {
        double sum = 0;
        for (size_t k = 0; k < kSize; ++k) sum += w[i][k] * w[j][k];
        const double s = kEnd * static_cast<double>(i) / steps,
                     t = kEnd * static_cast<double>(j) / steps;
        EXPECT_NEAR(sum / kSize, s, 4 * std::sqrt((s * t + s * s) / kSize))
            << steps << ": " << s << ", " << t;
      }
    }
  }
}

// The sum of squared increments has mean t and variance 2 t^2 / steps.
TEST(BrownianPaths, QuadraticVariationIsTheTime) {
  constexpr int64_t kSteps = 1 << 14;
  const auto w = PathsOf(2, kSteps, 0, 4);
  for (size_t k = 0; k < 4; ++k) {
    double sum = 0;
    for (size_t i = 1; i < w.size(); ++i) {
      sum += (w[i][k] - w[i - 1][k]) * (w[i][k] - w[i - 1][k]);
    }
    EXPECT_NEAR(sum, 2, 4 * std::sqrt(2 * 4.0 / kSteps));
  }
}

}  // namespace
}  // namespace unnoise
