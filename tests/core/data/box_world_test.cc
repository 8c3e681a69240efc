// Boxes: cut normal laws against values from 60 digits, worlds of boxes against
// brute force, edges.

#include "core/data/box_world.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/data/worlds.h"

namespace unnoise {
namespace {

TEST(IntervalTest, DensityAndPosteriorReproduceQuadrature) {
  struct Case {
    Interval interval;
    double x, alpha, total;
    double log_density, mean, variance;
  };
  // By adaptive quadrature with 60 digits (mpmath 1.3).
  const Case cases[] = {
      {{-1, 1},
       0.3,
       1,
       0.25,
       -0.7824351622385576,
       0.22557011090047527,
       0.17750771195353696},
      {{-1, 1}, 0.3, 1, 1e-06, -0.6931471805599453, 0.3, 1e-06},
      {{-1, 1},
       1.4,
       0.9,
       0.04,
       -5.669434942180808,
       0.9282789338524651,
       0.0043937679714131095},
      {{-1, 1},
       6,
       1,
       0.01,
       -1255.5245083199798,
       0.998001596809436,
       3.990431868038996e-06},
      {{0.5, 2},
       -40,
       0.7,
       0.09,
       -9050.994348167174,
       0.5031860524920432,
       1.0149808785716057e-05},
      {{0, 1},
       0.2,
       0.01,
       1,
       -0.9379550414274281,
       0.5001624994480356,
       0.08333303971228953},
      {{-1, 1},
       1.0001,
       1,
       1e-08,
       -2.534168825569041,
       0.9999474864723839,
       1.9909766557036166e-09},
      {{0, 1},
       100,
       1,
       0.0001,
       -49005010.11922858,
       0.9999989898990105,
       1.020303988145865e-12},
      {{-2, 2},
       2.5,
       1,
       0.5,
       -2.814452671926964,
       1.5836471808636499,
       0.11847391287406302},
      {{-1, 1},
       3,
       1,
       9,
       -2.517752303678975,
       0.10869306600991092,
       0.3214426588810498},
      {{0, 1},
       1.7,
       1,
       0.09,
       -4.623810711235901,
       0.8985434090122246,
       0.008685648415070257},
      {{0, 3},
       -0.1,
       0.5,
       0.01,
       -2.246486753117428,
       0.10502705523219624,
       0.007963906622813951},
  };
  for (const Case& c : cases) {
    const SeenInterval seen = See(c.interval, c.x, c.alpha, c.total);
    const IntervalMoments at = Posterior(seen);
    // The rule's 1e-11, and rounding of the exponent.
    EXPECT_NEAR(LogDensity(seen), c.log_density,
                1e-11 + 1e-15 * std::fabs(c.log_density))
        << c.x;
    EXPECT_NEAR(at.mean, c.mean, 2e-11 * std::sqrt(c.variance) + 2e-16) << c.x;
    EXPECT_NEAR(at.variance / c.variance, 1, 1e-10) << c.x;
  }
}

TEST(IntervalTest, IsContinuousWhereTheMethodChanges) {
  // Along x, for several levels of noise, through all the ways to sum: what a
  // step of 1e-9 changes is what the slope says, and the errors of both.
  for (const double total : {1e-4, 0.03, 0.25, 1.0, 4.0}) {
    for (double x = -6; x < 6; x += 0.0137) {
      const SeenInterval a = See({-1, 1}, x, 1, total);
      const SeenInterval b = See({-1, 1}, x + 1e-9, 1, total);
      const IntervalMoments one = Posterior(a), other = Posterior(b);
      EXPECT_NEAR(LogDensity(a), LogDensity(b), 1e-9 * 8 / total + 2e-11);
      EXPECT_NEAR(one.mean, other.mean, 2e-9 + 1e-10);
      EXPECT_NEAR(one.variance / other.variance, 1, 1e-9 * 20 / total + 1e-9)
          << x << ' ' << total;
    }
  }
}

TEST(IntervalTest, FarAwayIsExponential) {
  for (const double x : {1e3, 1e6, 1e12}) {
    const SeenInterval seen = See({-1, 1}, x, 1, 1e-6);
    const IntervalMoments at = Posterior(seen);
    EXPECT_TRUE(std::isfinite(LogDensity(seen)));
    EXPECT_LE(at.mean, 1);
    EXPECT_GE(at.mean, 1 - 1e-8);
    // The rate of decay is the distance over the variance of the noise.
    const double rate = (x - 1) / 1e-6;
    EXPECT_NEAR(at.variance * rate * rate, 1, 1e-6);
  }
}

TEST(BoxWorldTest, CheckerboardIsTheSumOverItsSquares) {
  // Midpoints err by step^2 / 24 times second derivatives of the terms, which
  // are below 24 for these.
  constexpr int kSide = 100;  // parts of each square's side
  const Affine units{{0.2, -0.1}, {0.9, 1.3}};
  WeightedPoints points;
  for (int column = 0; column < 4; ++column) {
    for (int row = column % 2; row < 4; row += 2) {
      for (int i = 0; i < kSide; ++i) {
        for (int j = 0; j < kSide; ++j) {
          points.Add(1.0 / 8 / kSide / kSide,
                     {(column - 2 + (i + 0.5) / kSide - 0.2) / 0.9,
                      (row - 2 + (j + 0.5) / kSide + 0.1) / 1.3});
        }
      }
    }
  }
  const auto world = MakeData("checkerboard")->MakeWorld(units);
  for (const auto& [alpha, sigma] :
       {std::pair{1.0, 0.2}, {0.8, 0.6}, {0.1, 0.99}, {0.0, 1.0}}) {
    const auto marginal = world->At(alpha, sigma);
    for (const auto& xt : {std::vector<double>{0.1, 0.2},
                           {-1.1, 0.4},
                           {1.5, 1.5},
                           {2.4, -0.3}}) {
      const Answer got = Ask(*marginal, xt);
      const Answer want = BruteForce(points, alpha, {sigma, sigma}, xt);
      const double step = 1 / (0.9 * kSide * sigma);
      const double tolerance = step * step;
      EXPECT_NEAR(got.log_density, want.log_density, tolerance);
      for (size_t i = 0; i < 2; ++i) {
        EXPECT_NEAR(got.mean[i], want.mean[i], tolerance);
        for (size_t j = 0; j < 2; ++j) {
          EXPECT_NEAR(got.covariance[2 * i + j], want.covariance[2 * i + j],
                      tolerance);
        }
      }
    }
  }
}

TEST(BoxWorldTest, NoiseOfTheLawAddsToThatOfThePath) {
  // Uniform plus normal: known at alpha and sigma as the plain interval is at
  // sqrt(alpha^2 s^2 + sigma^2).
  const std::vector<std::vector<Interval>> sides = {{{-1, 2}}};
  const auto noisy = MakeWorld(BoxLaw{1, {{1, sides}}, 0.4}, DataUnits(1));
  const auto plain = MakeWorld(BoxLaw{1, {{1, sides}}, 0}, DataUnits(1));
  const double alpha = 0.8, sigma = 0.3;
  const double width = std::sqrt(alpha * alpha * 0.16 + sigma * sigma);
  const auto a = noisy->At(alpha, sigma), b = plain->At(alpha, width);
  for (const double x : {-3.0, 0.1, 1.7}) {
    const Answer one = Ask(*a, {x}), other = Ask(*b, {x});
    EXPECT_NEAR(one.log_density, other.log_density, 1e-14);
    EXPECT_NEAR(one.score[0], other.score[0], 1e-13);
    EXPECT_NEAR(one.mean[0], (x + sigma * sigma * other.score[0]) / alpha,
                1e-13);
  }
  EXPECT_TRUE(noisy->has_density());
  EXPECT_FALSE(noisy->Entropy().has_value());
  // An interval without length is a point.
  const auto point = MakeWorld(BoxLaw{1, {{1, {{{2, 2}}}}}, 0.5}, DataUnits(1));
  EXPECT_NEAR(Ask(*point->At(1, 0), {2}).log_density,
              -0.5 * std::log(2 * M_PI * 0.25), 1e-14);
}

TEST(BoxWorldTest, WithoutNoiseIsTheBoxItself) {
  const auto world = MakeData("uniform")->MakeWorld(DataUnits(2));
  const auto law = world->At(0.5, 0);
  EXPECT_NEAR(Ask(*law, {0.3, -0.9}).log_density, -std::log(4.0), 1e-15);
  EXPECT_EQ(law->At(std::vector<double>{0.3, -1.1}, {}), -INFINITY);
  EXPECT_NEAR(*world->Entropy(), std::log(16.0), 1e-15);
  const auto board = MakeData("checkerboard")->MakeWorld(DataUnits(2));
  const auto clean = board->At(1, 0);
  EXPECT_NEAR(clean->At(std::vector<double>{0.5, 0.5}, {}), -std::log(8.0),
              1e-15);
  EXPECT_EQ(clean->At(std::vector<double>{0.5, 1.5}, {}), -INFINITY);
  EXPECT_NEAR(*board->Entropy(), std::log(8.0), 1e-15);
}

TEST(BoxWorldTest, RefusesWhatIsNoLaw) {
  const auto units = DataUnits(1);
  EXPECT_THROW(MakeWorld(BoxLaw{}, units), UsageError);
  EXPECT_THROW(MakeWorld(BoxLaw{1, {{1, {{{2, 1}}}}}, 0}, units), UsageError);
  EXPECT_THROW(MakeWorld(BoxLaw{1, {{1, {{}}}}, 0}, units), UsageError);
  EXPECT_THROW(MakeWorld(BoxLaw{2, {{1, {{{0, 1}}}}}, 0}, units), UsageError);
  const auto flat = MakeWorld(BoxLaw{1, {{1, {{{1, 1}}}}}, 0}, units);
  EXPECT_FALSE(flat->has_density());
  EXPECT_THROW(flat->At(1, 0), UsageError);
  EXPECT_THROW(MakeData("uniform")->MakeWorld(DataUnits(2))->At(0, 0),
               UsageError);
}

TEST(UniformTest, TakesItsEndsInAnyOrder) {
  const Choice<Dataset> data =
      MakeData("uniform", R"({"dim":1,"low":3,"high":-1})");
  EXPECT_DOUBLE_EQ(data->ExactMoments().mean[0], 1);
  std::vector<float> x(1000);
  data->Draw(KeyFromSeed(1), 0, x);
  for (const float value : x) {
    EXPECT_GE(value, -1);
    EXPECT_LE(value, 3);
  }
  EXPECT_NEAR(*data->MakeWorld(DataUnits(1))->Entropy(), std::log(4.0), 1e-15);
}

TEST(UniformTest, FindsWhatDoesNotFit) {
  Choice<Dataset> data("uniform");
  EXPECT_EQ(ToText(FromJson(*ParseJson(R"({"low":2})", ""), *data)),
            "high: this is low again; move one of them.");
  EXPECT_NE(ToText(FromJson(*ParseJson(R"({"dim":9})", ""), *data)), "");
}

}  // namespace
}  // namespace unnoise
