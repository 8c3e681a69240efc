// Processes whose drift or noise depends on the state: schemes against exact
// solutions, laws against stationary densities.

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <array>
#include <cmath>

#include "core/process/kernel.h"
#include "tests/core/process/moves.h"

namespace unnoise {
namespace {

using Words = std::vector<std::string>;

// Ends of x on the same Brownian path as the exact solution x0 exp((growth -
// sigma^2 / 2) t + sigma W), Ito's; the mean error over many.
double StrongError(const std::string& scheme, const std::string& sense,
                   int steps) {
  const ProcessChoice choice =
      Make("multiplicative_noise",
           {"growth=0.4", "sigma=0.8", "scheme=" + scheme, "sense=" + sense,
            "steps=" + std::to_string(steps)});
  constexpr size_t kCount = 2000;
  Motion motion(*choice.process, KeyFromSeed(4), 0, kCount);
  BrownianPaths w(1, steps, KeyFromSeed(4), 0, kCount);
  while (motion.Step()) w.Advance();
  const double drift = sense == "ito" ? 0.4 - 0.32 : 0.4;
  double sum = 0;
  for (size_t i = 0; i < kCount; ++i) {
    sum += std::fabs(motion.states()[i] - std::exp(drift + 0.8 * w.to()[i]));
  }
  return sum / kCount;
}

// Regression over 16 to 256 steps; 2000 paths settle the slope to 0.1. Kloeden
// and Platen 1992, chapter 10.
TEST(MultiplicativeNoise, SchemesHaveTheirStrongOrders) {
  for (const char* sense : {"ito", "stratonovich"}) {
    const auto order = [&](const char* scheme) {
      return std::log2(StrongError(scheme, sense, 16) /
                       StrongError(scheme, sense, 256)) /
             4;
    };
    EXPECT_NEAR(order("euler"), 0.5, 0.1) << sense;
    EXPECT_NEAR(order("milstein"), 1, 0.1) << sense;
    EXPECT_NEAR(order("heun"), 1, 0.15) << sense;
  }
}

// Chan 2024, theorem 5.9 with noise of strength 2 and sigma = 0.5, which is
// sigma = sqrt(1/2) here: the mean at t = 1 is exp(0.25) = 1.284 in
// Stratonovich's sense and 1 in Ito's.
TEST(MultiplicativeNoise, TheSenseDecidesTheMean) {
  const std::string sigma = "sigma=0.70710678118654752";
  const auto mean = [&](const char* sense) {
    return Make("multiplicative_noise", {sigma, sense})
        .process->MomentsAt(1)
        ->mean[0];
  };
  EXPECT_NEAR(mean("sense=stratonovich"), 1.2840254, 1e-7);
  EXPECT_EQ(mean("sense=ito"), 1);
  for (const char* sense : {"ito", "stratonovich"}) {
    for (const char* scheme : {"euler", "milstein", "heun"}) {
      const ProcessChoice choice =
          Make("multiplicative_noise",
               {sigma, std::string("sense=") + sense,
                std::string("scheme=") + scheme, "steps=200"});
      const StateMoments law = *choice.process->MomentsAt(1);
      const auto moved = Moved(*choice.process, 40000);
      // Four standard errors, and a bias of order 1 / steps.
      EXPECT_NEAR(SampleMoments(moved.back(), 1).mean[0], law.mean[0],
                  4 * std::sqrt(law.covariance[0] / 40000) + 0.005)
          << sense << " " << scheme;
    }
  }
}

TEST(MultiplicativeNoise, DensityHasItsMoments) {
  const ProcessChoice choice =
      Make("multiplicative_noise", {"growth=0.3", "sense=stratonovich"});
  const StateMoments law = *choice.process->MomentsAt(0.8);
  double mass = 0, mean = 0, square = 0;
  constexpr double kWidth = 1e-3;
  for (double x = kWidth / 2; x < 60; x += kWidth) {
    const double p = kWidth * *choice.process->DensityAt(0.8, {{x}});
    mass += p;
    mean += p * x;
    square += p * x * x;
  }
  EXPECT_NEAR(mass, 1, 1e-6);
  EXPECT_NEAR(mean, law.mean[0], 1e-5);
  EXPECT_NEAR(square - mean * mean, law.covariance[0], 1e-4);
}

// Long after the start the law is exp(-2 U / sigma^2), up to what steps of dt
// do to it, which is of order dt.
TEST(DoubleWellProcess, TendsToItsStationaryLaw) {
  const Cells cells{-2.5, 2.5, 200};
  const auto distance = [&](double dt) {
    const ProcessChoice choice = Make("double_well");
    const Process& process = *choice.process;
    std::vector<double> law(cells.count);
    double total = 0;
    for (size_t i = 0; i < cells.count; ++i) {
      law[i] = *process.StationaryAt({{cells.center(i)}});
      total += law[i];
    }
    for (double& p : law) p /= total;
    std::vector<double> mass = NormalMass(cells, {0, 0.01});
    for (double t = 0; t < 20; t += dt) {
      mass = MovedMass(process, t, dt, cells, mass);
    }
    return TotalVariation(mass, law);
  };
  const double coarse = distance(0.04), fine = distance(0.02);
  EXPECT_LT(fine, 0.03);
  EXPECT_NEAR(coarse / fine, 2, 0.3);
}

TEST(DoubleWellProcess, StiffStepsAreRefusedAndExplosionsSeen) {
  const Problems problems =
      ProblemsOf("double_well", {"height=100", "t_max=10", "steps=100"});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "steps");
  // 2 place^2 / (8 height) = 0.0025: more than 4000 steps.
  EXPECT_NE(problems[0].message.find("at least 4001 steps"), std::string::npos)
      << problems[0].message;
  EXPECT_TRUE(
      ProblemsOf("double_well", {"height=100", "t_max=10", "steps=8000"})
          .empty());
  const ProcessChoice far = Make("double_well", {"x0=[100]"});
  Motion motion(*far.process, KeyFromSeed(1), 0, 1);
  while (motion.Step()) {
  }
  EXPECT_FALSE(motion.finite());
}

// Little Book, section 6.1.2; Chan 2024, example 3.1: steps of dt leave a
// variance of s^2 / (1 - dt / (2 s^2)); 4/3 at dt = 1/2 and 1.05263 at 0.1.
TEST(LangevinProcess, StepsWidenTheLawAsInAWorkedExample) {
  const Words one = {"weights=[1]", "means=[[0]]", "stds=[1]"};
  const ProcessChoice choice = Make("langevin", one);
  for (const auto& [dt, variance] :
       {std::pair{0.5, 4.0 / 3}, std::pair{0.1, 1 / 0.95}}) {
    double v = 0;
    for (int i = 0; i < 2000; ++i) {
      const Normal kernel = *choice.process->KernelAt(0, dt, 1);
      v = kernel.mean * kernel.mean * v + kernel.variance;
    }
    EXPECT_NEAR(v, variance, 1e-12);
  }
  // And refused where it would explode: dt = 2.5 > 2 s^2.
  Words stiff = one;
  stiff.insert(stiff.end(), {"t_max=250", "steps=100"});
  EXPECT_EQ(ProblemsOf("langevin", stiff).size(), 1u);
}

// Chan 2024, example 5.7: the law tends to the density to the power 1 / T.
TEST(LangevinProcess, TemperatureIsAPowerOfTheDensity) {
  const Words words = {"weights=[0.5,0.5]", "means=[[-1],[1.5]]",
                       "stds=[0.7,0.5]", "temperature=2"};
  const ProcessChoice choice = Make("langevin", words);
  const Process& process = *choice.process;
  Words unit = words;
  unit.back() = "temperature=1";
  const ProcessChoice plain = Make("langevin", unit);
  for (const double x : {-3.0, 0.0, 2.5}) {
    EXPECT_NEAR(*process.StationaryAt({{x}}),
                std::sqrt(*plain.process->StationaryAt({{x}})), 1e-14);
  }
  const Cells cells{-8, 8, 320};
  std::vector<double> law(cells.count), mass = NormalMass(cells, {0, 4});
  double total = 0;
  for (size_t i = 0; i < cells.count; ++i) {
    law[i] = *process.StationaryAt({{cells.center(i)}});
    total += law[i];
  }
  for (double& p : law) p /= total;
  for (int i = 0; i < 1000; ++i) {
    mass = MovedMass(process, 0, 0.02, cells, mass);
  }
  EXPECT_LT(TotalVariation(mass, law), 0.02);  // dt / s^2 is 0.08
}

// Chan 2024, example 3.2: without noise x = 2 - 2 0.8^t for steps of 0.05,
// though the peak at -2 is the higher one.
TEST(ScoreAscent, ClimbsToTheNearestPeakAsInAWorkedExample) {
  const auto moved = Moved(*Make("score_ascent", {"start=normal", "spread=0",
                                                  "t_max=25", "steps=500"})
                                .process,
                           1);
  EXPECT_NEAR(moved[1][0], 0.4, 1e-6);
  EXPECT_NEAR(moved[2][0], 0.72, 1e-6);
  EXPECT_NEAR(moved[3][0], 0.976, 1e-6);
  EXPECT_NEAR(moved[5][0], 1.344640, 1e-6);
  EXPECT_NEAR(moved[10][0], 1.785252, 1e-6);
  EXPECT_NEAR(moved[20][0], 1.976942, 1e-6);
  const ProcessChoice choice = Make("langevin");
  const auto density = [&](double x) {
    return *choice.process->StationaryAt({{x}});
  };
  EXPECT_NEAR(density(moved[1][0]), 0.002861, 1e-6);
  EXPECT_NEAR(density(moved[5][0]), 0.202785, 1e-6);
  EXPECT_NEAR(density(moved[500][0]), 0.478731, 1e-6);
  EXPECT_NEAR(density(-2), 0.797885, 1e-6);
}

// Chan 2024, example 3.3: 100 or 2000 steps from a uniform start; the mass on
// the right, and the distance from the mixture. Values of an independent
// propagation on a grid; this one's error at these cells is below 1e-3, and
// that of the last value, where the law is roughest, 2e-3.
TEST(LangevinProcess, LawsAfterSomeStepsAreThoseOfAWorkedExample) {
  struct Case {
    double dt;
    int steps;
    double right, distance;
  };
  const ProcessChoice choice = Make("langevin");
  const Process& process = *choice.process;
  const Cells cells{-5, 5, 500};
  std::vector<double> target(cells.count);
  for (size_t i = 0; i < cells.count; ++i) {
    target[i] = cells.width() * *process.StationaryAt({{cells.center(i)}});
  }
  for (const Case& c : {Case{.05, 100, .640, .117}, Case{.01, 100, .631, .038},
                        Case{.001, 100, .629, .247}}) {
    std::vector<double> mass(cells.count, 0);
    for (size_t i = 0; i < cells.count; ++i) {
      if (std::fabs(cells.center(i)) < 3) mass[i] = cells.width() / 6;
    }
    for (int i = 0; i < c.steps; ++i) {
      mass = MovedMass(process, 0, c.dt, cells, mass);
    }
    double right = 0;
    for (size_t i = 0; i < cells.count; ++i) {
      if (cells.center(i) > -0.82071) right += mass[i];
    }
    EXPECT_NEAR(right, c.right, 1e-3) << c.dt;
    EXPECT_NEAR(TotalVariation(mass, target), c.distance, 3e-3) << c.dt;
  }
}

// The same after 2000 steps: the masses are those of the valleys that the
// starts lay in, and long steps widen and leak. The law of one step does not
// change, so that of 2000 is a power of it.
TEST(LangevinProcess, WeightsComeFromTheStartAsInAWorkedExample) {
  const ProcessChoice choice = Make("langevin");
  const Cells cells{-5, 5, 500};
  const size_t n = cells.count;
  Eigen::VectorXd target(n), start(n);
  for (size_t i = 0; i < n; ++i) {
    const double x = cells.center(i);
    target[i] = cells.width() * *choice.process->StationaryAt({{x}});
    start[i] = std::fabs(x) < 3 ? cells.width() / 6 : 0;
  }
  struct Case {
    double dt, right, right_mean, right_std, left_mean, left_std, distance;
  };
  for (const Case& c : {Case{.05, .729, 2, .528, -2, .326, .175},
                        Case{.001, .629, 2, .501, -2, .201, .030}}) {
    Eigen::MatrixXd step(n, n);
    for (size_t i = 0; i < n; ++i) {
      std::vector<double> point(n, 0);
      point[i] = 1;
      const std::vector<double> moved =
          MovedMass(*choice.process, 0, c.dt, cells, point);
      step.col(i) = Eigen::Map<const Eigen::VectorXd>(moved.data(), n);
    }
    Eigen::VectorXd mass = start;
    for (int i = 0; i < 2000; ++i) mass = step * mass;
    const auto side = [&](bool right) {
      std::vector<double> part(n, 0);
      double total = 0;
      for (size_t i = 0; i < n; ++i) {
        if ((cells.center(i) > -0.82071) != right) continue;
        total += part[i] = mass[i];
      }
      const Normal law = MomentsOf(cells, part);
      return std::array{total, law.mean, std::sqrt(law.variance)};
    };
    const auto [right, right_mean, right_std] = side(true);
    const auto [left, left_mean, left_std] = side(false);
    // The last digit, and cells of h = 0.02, which add h^2 / 12 to the noise
    // 2 dt of each step, 1.7 % of the least and half of that to a deviation.
    const double rough = 0.5 * cells.width() * cells.width() / 24 / c.dt;
    EXPECT_NEAR(right, c.right, 1e-3) << c.dt;
    EXPECT_NEAR(left, 1 - c.right, 1e-3) << c.dt;
    EXPECT_NEAR(right_mean, c.right_mean, 6e-3) << c.dt;
    EXPECT_NEAR(left_mean, c.left_mean, 6e-3) << c.dt;
    EXPECT_NEAR(right_std, c.right_std, 6e-4 + rough * c.right_std) << c.dt;
    EXPECT_NEAR(left_std, c.left_std, 6e-4 + rough * c.left_std) << c.dt;
    EXPECT_NEAR(0.5 * (mass - target).lpNorm<1>(), c.distance, 1e-3 + rough)
        << c.dt;
  }
}

// In 2-D too, particles have the law: means and covariance of a wide mixture,
// whose short steps of 0.01 widen it by less than 1 %.
TEST(LangevinProcess, SamplesAMixtureInThePlane) {
  const auto moved =
      Moved(*Make("langevin", {"weights=[1,1]", "means=[[1,0],[-1,0.5]]",
                               "stds=[0.8,0.8]", "start=normal", "x0=[0,0]",
                               "spread=1", "t_max=10", "steps=1000"})
                 .process,
            10000);
  const StateMoments sample = SampleMoments(moved.back(), 2);
  EXPECT_NEAR(sample.mean[0], 0, 4 * std::sqrt(1.64 / 10000));
  EXPECT_NEAR(sample.mean[1], 0.25, 4 * std::sqrt(0.7 / 10000));
  EXPECT_NEAR(sample.covariance[0], 1.64, 0.1);
  EXPECT_NEAR(sample.covariance[1], -0.25, 0.05);
  EXPECT_NEAR(sample.covariance[3], 0.7025, 0.05);
}

// Chan 2024, example 4.2: f never rises along the flow, on any landscape; on a
// bowl it has the closed form, to the order of the step.
TEST(GradientFlowProcess, GoesDownhill) {
  const auto height = [](int landscape, double x, double y) {
    const double across = y - x * x, well = x * x - 1;
    if (landscape == 0) return 0.5 * (x * x + 5 * y * y);
    if (landscape == 1) return (1 - x) * (1 - x) + 5 * across * across;
    return 0.25 * well * well + 2.5 * y * y;
  };
  int landscape = 0;
  for (const char* name :
       {"landscape=bowl", "landscape=bend", "landscape=wells"}) {
    const auto moved = Moved(
        *Make("gradient_flow", {name, "steps=3000", "x0=[1.5,0.5]"}).process,
        50);
    for (size_t i = 1; i < moved.size(); ++i) {
      for (size_t k = 0; k < 100; k += 2) {
        const double before =
            height(landscape, moved[i - 1][k], moved[i - 1][k + 1]);
        EXPECT_LE(height(landscape, moved[i][k], moved[i][k + 1]),
                  before + 1e-6 * (1 + before));
      }
    }
    ++landscape;
  }
  const ProcessChoice bowl = Make("gradient_flow", {"spread=0", "steps=3000"});
  const auto end = Moved(*bowl.process, 1).back();
  const StateMoments law = *bowl.process->MomentsAt(3);
  EXPECT_NEAR(end[0], law.mean[0], 1e-3);
  EXPECT_NEAR(end[1], law.mean[1], 1e-3);
}

}  // namespace
}  // namespace unnoise
