// The learning rate over a run, and the running mean of the weights.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/optim/optimizer.h"

namespace unnoise {
namespace {

// A dozen double operations.
constexpr double kTolerance = 12 * 0x1p-53;

TEST(RateSchedule, ClimbsThenFollowsHalfACosineThenStays) {
  RateSchedule rate;
  rate.peak = 0.5;
  rate.warmup = 100;
  rate.horizon = 1100;
  rate.floor = 0.1;
  EXPECT_NEAR(rate.At(0), 0.5 / 100, kTolerance);  // a first step that moves
  EXPECT_NEAR(rate.At(49), 0.25, kTolerance);
  EXPECT_NEAR(rate.At(99), 0.5, kTolerance);
  EXPECT_NEAR(rate.At(100), 0.5, kTolerance);
  for (int step : {100, 101, 350, 600, 850, 1099}) {
    const double done = (step - 100) / 1000.0;
    const double cosine = 0.5 * (1 + std::cos(M_PI * done));
    EXPECT_NEAR(rate.At(step), 0.5 * (0.1 + 0.9 * cosine), kTolerance) << step;
  }
  EXPECT_NEAR(rate.At(600), 0.5 * 0.55, kTolerance);  // half way
  EXPECT_NEAR(rate.At(1100), 0.05, kTolerance);
  EXPECT_EQ(rate.At(1101), rate.At(1100));
  EXPECT_EQ(rate.At(1000000000), rate.At(1100));
}

TEST(RateSchedule, WorksWithoutWarmUpAndWithoutAFall) {
  RateSchedule rate;
  rate.peak = 0.5;
  rate.floor = 0.5;
  rate.warmup = 0;
  rate.horizon = 10;
  EXPECT_NEAR(rate.At(0), 0.5, kTolerance);
  for (int64_t warmup : {10, 20}) {  // as long as the horizon, and longer
    rate.warmup = warmup;
    for (int step = 0; step < 30; ++step) {
      EXPECT_NEAR(rate.At(step),
                  step < warmup ? 0.5 * (step + 1) / warmup : 0.25, kTolerance);
    }
  }
}

TEST(EmaConfig, FollowsItsClosedForm) {
  EmaConfig ema;
  ema.decay = 0.9;
  const std::vector<float> weights = {2, -1, 0.3f};
  const std::vector<float> start = {0, 5, 0.3f};
  std::vector<float> average = start;
  double memory = 1;  // what is left of the start
  for (int step = 0; step < 200; ++step) {
    ema.Update(step, weights, average, SerialPool());
    memory *= std::min(0.9, (1.0 + step) / (10.0 + step));
    for (size_t i = 0; i < average.size(); ++i) {
      const double expected =
          weights[i] + (double{start[i]} - weights[i]) * memory;
      // Three roundings a step, remembered for at most 10 steps, of numbers up
      // to 6.
      ASSERT_NEAR(average[i], expected, 3 * 10 * 0x1p-24 * 6)
          << "step " << step;
    }
  }
  EXPECT_EQ(average[2], weights[2]);  // no drift where nothing changes
}

TEST(EmaConfig, DecayOfZeroIsTheLastWeights) {
  EmaConfig ema;
  ema.decay = 0;
  const std::vector<float> weights = {1, -1e-6f, 1.0f / 3};
  std::vector<float> average = {1e8f, 7, -0.1f};
  ema.Update(5, weights, average, SerialPool());
  EXPECT_EQ(average, weights);
}

TEST(EmaConfig, IsNeverDenormal) {
  EmaConfig ema;
  ema.decay = 0.9;
  const std::vector<float> weights = {0};
  std::vector<float> average = {1};
  for (int step = 0; step < 2000; ++step) {
    ema.Update(step, weights, average, SerialPool());
    ASSERT_NE(std::fpclassify(average[0]), FP_SUBNORMAL) << "step " << step;
  }
  EXPECT_EQ(average[0], 0);
}

}  // namespace
}  // namespace unnoise
