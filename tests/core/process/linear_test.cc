// Brownian motion and linear equations: particles against their closed forms,
// schemes against each other.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/core/process/moves.h"

namespace unnoise {
namespace {

using Words = std::vector<std::string>;

// Every row that is normal at all times, with a start that has some width.
const std::vector<std::pair<std::string, Words>> kNormal = {
    {"brownian_motion", {"sigma=0.7", "x0=[1,-1]", "spread=0.3", "steps=8"}},
    {"reverse_brownian_motion", {"sigma=0.7", "spread=0.3", "steps=8"}},
    {"reverse_brownian_motion", {"drift=none", "x0=[2]", "steps=8"}},
    {"white_noise", {"strength=0.3", "t_max=2", "steps=8"}},
    {"linear_sde",
     {"f=[0.5,-1]", "h=[1,0,-1]", "g=[0.2,1]", "spread=0.5", "t_max=2",
      "steps=6"}},
    {"ornstein_uhlenbeck",
     {"rate=1.5", "mean=0.4", "sigma=0.6", "x0=[2,-1]", "steps=7"}},
    {"linear_system",
     {"matrix=[[-0.3,2],[-1,-0.5]]", "sigma=0.4", "spread=0.2", "steps=6"}},
    {"stokes_friction", {"stiffness=2", "steps=9"}},
    {"coloured_noise", {"rate=2", "pull=0.5", "steps=9"}},
};

TEST(NormalProcess, ParticlesHaveTheMomentsOfTheClosedFormAtEveryTime) {
  for (const auto& [name, words] : kNormal) {
    const ProcessChoice choice = Make(name, words);
    const Process& process = *choice.process;
    const auto moved = Moved(process, 20000, 3);
    for (size_t i = 0; i < moved.size(); ++i) {
      const double t = process.TimeAt(static_cast<int64_t>(i));
      ExpectNormalMoments(moved[i], *process.MomentsAt(t),
                          name + " at " + std::to_string(t));
    }
  }
}

// Drift and diffusion say how mean and covariance change: central differences
// of the closed form, error of order 1e-8 at this h.
TEST(NormalProcess, MomentsChangeByDriftAndDiffusion) {
  constexpr double kH = 1e-4;
  for (const auto& [name, words] : kNormal) {
    const ProcessChoice choice = Make(name, words);
    const Process& process = *choice.process;
    const size_t dim = static_cast<size_t>(process.dim());
    std::vector<double> drift(dim), shifted(dim), diffusion(dim * dim);
    const double t = 0.6;
    const StateMoments m = *process.MomentsAt(t);
    if (!process.Coefficients(t, m.mean, drift, diffusion)) continue;
    const StateMoments before = *process.MomentsAt(t - kH),
                       after = *process.MomentsAt(t + kH);
    Matrix slope(dim * dim);  // of the drift, which is affine
    for (size_t j = 0; j < dim; ++j) {
      std::vector<double> x = m.mean;
      x[j] += 1;
      process.Coefficients(t, x, shifted, diffusion);
      for (size_t i = 0; i < dim; ++i)
        slope[i * dim + j] = shifted[i] - drift[i];
    }
    const Matrix ac = Times(slope, m.covariance, dim);
    for (size_t i = 0; i < dim; ++i) {
      EXPECT_NEAR((after.mean[i] - before.mean[i]) / (2 * kH), drift[i], 2e-7)
          << name;
      for (size_t j = 0; j < dim; ++j) {
        const size_t ij = i * dim + j;
        EXPECT_NEAR((after.covariance[ij] - before.covariance[ij]) / (2 * kH),
                    ac[ij] + ac[j * dim + i] + 2 * diffusion[ij], 2e-7)
            << name << " " << i << j;
      }
    }
  }
}

TEST(BrownianMotionProcess, HalvingTheStepKeepsThePathToTheBit) {
  const auto coarse =
      Moved(*Make("brownian_motion", {"x0=[0.3]", "steps=6"}).process, 4);
  const auto fine =
      Moved(*Make("brownian_motion", {"x0=[0.3]", "steps=48"}).process, 4);
  for (size_t i = 0; i < coarse.size(); ++i) EXPECT_EQ(coarse[i], fine[8 * i]);
}

// With the score the law gathers to where the motion began; with the noise
// alone it spreads on by as much again. Chan 2024, example 4.5; Anderson 1982.
TEST(ReverseBrownianMotionProcess, TheScoreGathersWhatNoiseScatters) {
  const Words words = {"sigma=0.05", "t_max=500", "steps=50", "spread=0.3"};
  const auto back = Make("reverse_brownian_motion", words);
  EXPECT_NEAR(back.process->MomentsAt(0)->covariance[0], 0.09 + 1.25, 1e-12);
  EXPECT_NEAR(back.process->MomentsAt(500)->covariance[0], 0.09, 1e-12);
  Words none = words;
  none.push_back("drift=none");
  EXPECT_NEAR(Make("reverse_brownian_motion", none)
                  .process->MomentsAt(500)
                  ->covariance[0],
              0.09 + 1.25, 1e-12);
  EXPECT_EQ(ProblemsOf("reverse_brownian_motion", {"spread=0"}).size(), 1u);
}

// Little Book, chapter 5: stationary variance sigma^2 / (2 a) of the process
// and sigma^2 / (2 a - a^2 dt) of Euler's scheme, at a = 1.3, sigma = 0.8.
TEST(OrnsteinUhlenbeckProcess, EulersSchemeHasItsOwnStationaryVariance) {
  const auto variance = [](double dt, const std::string& scheme) {
    const ProcessChoice choice =
        Make("ornstein_uhlenbeck", {"rate=1.3", "sigma=0.8", scheme});
    double v = 0;
    for (int i = 0; i < 3000; ++i) {
      const Normal kernel = *choice.process->KernelAt(0, dt, 1);
      v = kernel.mean * kernel.mean * v + kernel.variance;
    }
    return v;
  };
  EXPECT_NEAR(variance(0.5, "scheme=euler"), 0.364672, 5e-7);
  EXPECT_NEAR(variance(0.1, "scheme=euler"), 0.263266, 5e-7);
  EXPECT_NEAR(variance(0.5, "scheme=exact"), 0.246154, 5e-7);
  EXPECT_NEAR(variance(0.1, "scheme=exact"), 0.246154, 5e-7);
}

// Chan 2024, example 4.4: rate 1/2, sigma 0.1; with unit steps the recursion is
// x = 0.5 x + 0.1 z, of variance 0.01333 against the process's 0.01.
TEST(OrnsteinUhlenbeckProcess, UnitStepsAreFarOffInAWorkedExample) {
  const ProcessChoice choice =
      Make("ornstein_uhlenbeck", {"rate=0.5", "sigma=0.1", "x0=[1]",
                                  "t_max=100", "steps=100", "scheme=euler"});
  const Normal kernel = *choice.process->KernelAt(0, 1, 1);
  EXPECT_DOUBLE_EQ(kernel.mean, 0.5);
  EXPECT_NEAR(kernel.variance / (1 - 0.25), 0.0133333, 5e-8);
  EXPECT_NEAR(choice.process->MomentsAt(1e3)->covariance[0], 0.01, 1e-12);
  const auto moved = Moved(*choice.process, 20000);
  ExpectNormalMoments(moved.back(), {{0}, {0.01 / 0.75}}, "unit steps");
}

// The mean over many of |Euler's end - the exact one| on the same Brownian path
// falls as the step, because the noise is additive: slope 1 on log axes, within
// 0.15 for the last few steps. The exact end is X0 e^(-t) + the sum of what a
// path of 2^12 steps leaves, whose own error is far below.
TEST(OrnsteinUhlenbeckProcess, EulersSchemeIsOfStrongOrderOneOnTheSamePath) {
  const auto ends = [](int steps) {
    return Moved(*Make("ornstein_uhlenbeck",
                       {"rate=1", "sigma=1", "x0=[1]", "t_max=1",
                        "scheme=euler", "steps=" + std::to_string(steps)})
                      .process,
                 500)
        .back();
  };
  const std::vector<float> finest = ends(4096);
  std::vector<double> errors;
  for (const int steps : {8, 16, 32, 64}) {
    const std::vector<float> end = ends(steps);
    double sum = 0;
    for (size_t i = 0; i < end.size(); ++i) {
      sum += std::fabs(double{end[i]} - finest[i]);
    }
    errors.push_back(sum);
  }
  const double order = std::log2(errors[0] / errors[3]) / 3;
  EXPECT_NEAR(order, 1, 0.15);
}

// Chan 2024, sections 5.1 and 5.4: velocity decays as exp(-gamma t) with gamma
// = 6 pi mu R / m without heat, and has variance temperature / mass with it; a
// spring holds position to temperature / stiffness.
TEST(StokesFrictionProcess, FrictionMaxwellAndEquipartition) {
  const double gamma = 6 * M_PI * 0.5 * 0.1 / 2;
  const ProcessChoice cold = Make(
      "stokes_friction", {"temperature=0", "mass=2", "x0=[0,3]", "t_max=4"});
  EXPECT_NEAR(cold.process->MomentsAt(4)->mean[1], 3 * std::exp(-4 * gamma),
              1e-13);
  EXPECT_EQ(cold.process->MomentsAt(4)->covariance[3], 0);
  const ProcessChoice warm =
      Make("stokes_friction",
           {"temperature=1.7", "mass=2", "stiffness=3", "x0=[1,3]"});
  const StateMoments end = *warm.process->MomentsAt(500);
  EXPECT_NEAR(end.covariance[3], 1.7 / 2, 1e-12);
  EXPECT_NEAR(end.covariance[0], 1.7 / 3, 1e-12);
  EXPECT_NEAR(end.covariance[1], 0, 1e-12);
  // Its limit as a density: the ratio at two velocities is Boltzmann's.
  const double slow = *warm.process->StationaryAt(std::vector{0.0, 0.0}),
               fast = *warm.process->StationaryAt(std::vector{0.0, 1.0});
  EXPECT_NEAR(fast / slow, std::exp(-0.5 * 2 / 1.7), 1e-12);
  EXPECT_FALSE(Make("stokes_friction", {"stiffness=0"})
                   .process->StationaryAt(std::vector{0.0, 0.0}));
}

// Chan 2024, theorem 5.3 and remark after 5.4: G S + S G^T = Q at equilibrium.
TEST(LinearSystemProcess, EquilibriumSolvesLyapunovsEquation) {
  const ProcessChoice choice =
      Make("linear_system", {"matrix=[[-0.3,2],[-1,-0.5]]", "sigma=0.4"});
  const StateMoments end = *choice.process->MomentsAt(200);
  const Matrix a = {-0.3, 2, -1, -0.5};
  const Matrix as = Times(a, end.covariance, 2);
  for (size_t i = 0; i < 2; ++i) {
    for (size_t j = 0; j < 2; ++j) {
      EXPECT_NEAR(as[2 * i + j] + as[2 * j + i], i == j ? -0.16 : 0, 1e-13);
    }
  }
}

// Little Book, chapter 5: each axis of a diagonal contraction on its own.
TEST(LinearSystemProcess, ContractionIsExactForAnyStep) {
  for (const char* steps : {"steps=1", "steps=10"}) {
    const auto moved = Moved(*Make("linear_system", {steps}).process, 1);
    EXPECT_FLOAT_EQ(moved.back()[0], 2 * std::exp(-8.0f));
    EXPECT_FLOAT_EQ(moved.back()[1], std::exp(-2.0f));
  }
}

TEST(LinearProcess, StiffStepsOfEulersSchemeAreRefusedWithAdvice) {
  const Problems problems =
      ProblemsOf("ornstein_uhlenbeck",
                 {"rate=100", "scheme=euler", "t_max=5", "steps=100"});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "steps");
  EXPECT_NE(problems[0].message.find("give 400 steps"), std::string::npos)
      << problems[0].message;
  EXPECT_TRUE(ProblemsOf("ornstein_uhlenbeck",
                         {"rate=100", "scheme=euler", "t_max=5", "steps=400"})
                  .empty());
  EXPECT_TRUE(
      ProblemsOf("ornstein_uhlenbeck", {"rate=100", "steps=1"}).empty());
}

}  // namespace
}  // namespace unnoise
