// Densities on a grid: mass, positivity, order of the error against closed
// forms, stationary laws, and particles on the same clock.

#include "core/process/fokker_planck.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/core/process/moves.h"

namespace unnoise {
namespace {

using Words = std::vector<std::string>;

FokkerPlanck Flow(const ProcessChoice& choice, std::vector<Cells> axes) {
  Result<FokkerPlanck> flow = FokkerPlanck::Make(*choice.process, axes);
  EXPECT_TRUE(flow.ok()) << ToText(flow.problems());
  return *flow;
}

double Sum(std::span<const double> mass) {
  return std::accumulate(mass.begin(), mass.end(), 0.0);
}

// Sum over cells of |density - the closed form in the centre| times width.
double ErrorOf(const ProcessChoice& choice, const FokkerPlanck& flow) {
  const Cells& cells = flow.axes()[0];
  double error = 0;
  for (size_t i = 0; i < cells.count; ++i) {
    error += std::fabs(flow.mass()[i] -
                       cells.width() * *choice.process->DensityAt(
                                           flow.t(), {{cells.center(i)}}));
  }
  return error;
}

TEST(FokkerPlanck, KeepsMassToRoundingAndNoCellBecomesNegative) {
  for (const auto& [name, words] : std::vector<std::pair<std::string, Words>>{
           {"ornstein_uhlenbeck", {"x0=[2]", "rate=3"}},
           {"double_well", {"sigma=0.1", "height=5", "t_max=2"}},
           {"multiplicative_noise", {"sense=stratonovich"}},
           {"linear_sde", {}},
           {"ode", {"spread=0.1"}},
           {"brownian_motion", {"sigma=0.3", "x0=[4.8]"}},
           {"reverse_brownian_motion", {}}}) {
    const ProcessChoice choice = Make(name, words);
    FokkerPlanck flow = Flow(choice, {{-5, 5, 100}});
    EXPECT_NEAR(Sum(flow.mass()), 1, 1e-14) << name;
    for (int i = 1; i <= 10; ++i) {
      flow.AdvanceTo(0.1 * i * choice.process->t_max);
      EXPECT_EQ(flow.t(), 0.1 * i * choice.process->t_max);
      // Rounding of each of some thousand steps.
      EXPECT_NEAR(Sum(flow.mass()), 1, 1e-12) << name;
      for (const double p : flow.mass()) ASSERT_GE(p, 0) << name;
    }
  }
}

TEST(FokkerPlanck, ErrorIsOfTheSecondOrderOfTheCells) {
  for (const auto& [name, words] : std::vector<std::pair<std::string, Words>>{
           {"ornstein_uhlenbeck",
            {"x0=[1]", "spread=0.5", "sigma=1.2", "t_max=0.7"}},
           {"brownian_motion", {"spread=0.5", "sigma=0.8", "t_max=0.7"}},
           {"linear_sde",
            {"f=[0.5,-1]", "h=[1]", "g=[0.8,0.3]", "spread=0.5", "x0=[-1]",
             "t_max=0.7"}}}) {
    const ProcessChoice choice = Make(name, words);
    const auto error = [&](size_t count) {
      FokkerPlanck flow = Flow(choice, {{-7, 7, count}});
      flow.AdvanceTo(0.7);
      return ErrorOf(choice, flow);
    };
    EXPECT_NEAR(std::log2(error(70) / error(280)) / 2, 2, 0.1) << name;
    EXPECT_LT(error(280), 2e-3) << name;
  }
}

// Without noise the flux is upwind, of order 1: Liouville's equation carries a
// normal law to N(x0 exp(-t), spread^2 exp(-2 t)). Little Book, section 5.2.
TEST(FokkerPlanck, WithoutNoiseItIsLiouvillesEquation) {
  const ProcessChoice choice = Make("ode", {"x0=[2]", "spread=0.5", "t_max=1"});
  const auto error = [&](size_t count) {
    FokkerPlanck flow = Flow(choice, {{-1, 5, count}});
    flow.AdvanceTo(1);
    const std::vector<double> law =
        NormalMass(flow.axes()[0], {2 * std::exp(-1.0), 0.25 * std::exp(-2.0)});
    return TotalVariation(flow.mass(), law);
  };
  EXPECT_NEAR(std::log2(error(400) / error(1600)) / 2, 1, 0.15);
}

// A point that spreads is the heat kernel: N(x0, sigma^2 t), to the width of
// the cell in which it starts.
TEST(FokkerPlanck, APointBecomesTheHeatKernel) {
  const ProcessChoice choice =
      Make("brownian_motion", {"sigma=1", "t_max=0.5", "x0=[0.005]"});
  FokkerPlanck flow = Flow(choice, {{-5, 5, 1000}});
  flow.AdvanceTo(0.5);
  EXPECT_LT(ErrorOf(choice, flow), 1e-4);
  // d Var / dt is sigma^2 to rounding: the second difference of x^2 is exact.
  EXPECT_NEAR(MomentsOf(flow.axes()[0], flow.mass()).variance, 0.5, 1e-9);
}

// The stationary law is kept, and reached; there no probability flows. Chan
// 2024, theorem 5.10; error of order h^2.
TEST(FokkerPlanck, StationaryLawsStandStillWithoutACurrent) {
  for (const auto& [name, words] : std::vector<std::pair<std::string, Words>>{
           {"double_well", {"spread=0.5", "sigma=1.2", "t_max=10"}},
           {"langevin",
            {"start=normal", "spread=1", "temperature=2", "stds=[0.5,0.4]",
             "means=[[1],[-1]]", "t_max=10", "steps=1000"}},
           {"ornstein_uhlenbeck", {"t_max=10"}}}) {
    const ProcessChoice choice = Make(name, words);
    FokkerPlanck flow = Flow(choice, {{-5, 5, 200}});
    const Cells& cells = flow.axes()[0];
    std::vector<double> law(cells.count);
    for (size_t i = 0; i < cells.count; ++i) {
      law[i] = *choice.process->StationaryAt({{cells.center(i)}});
    }
    const double total = Sum(law);
    for (double& p : law) p /= total;
    flow.AdvanceTo(10);
    EXPECT_LT(TotalVariation(flow.mass(), law), 3e-3) << name;
    for (const double current : flow.Current(0)) {
      EXPECT_NEAR(current, 0, 1e-4) << name;
    }
  }
}

// A current is what the mass to the right gains: the continuity equation.
TEST(FokkerPlanck, TheCurrentIsTheFlowOfProbability) {
  const ProcessChoice choice = Make("double_well", {"x0=[0.4]", "t_max=1"});
  FokkerPlanck flow = Flow(choice, {{-3, 3, 120}});
  flow.AdvanceTo(0.3);
  constexpr double kDt = 1e-4;
  const std::vector<double> before(flow.mass().begin(), flow.mass().end());
  const std::vector<double> current = flow.Current(0);
  flow.AdvanceTo(0.3 + kDt);
  double gained = 0;  // of all cells right of a face
  for (size_t face = 119; face > 0; --face) {
    gained += flow.mass()[face] - before[face];
    EXPECT_NEAR(gained / kDt, current[face], 2e-3) << face;
  }
}

// A drift so weak that the flux is at the edge of what is told from none: it
// moves the mean by h t = 1e-5, to the rounding of some thousand steps.
TEST(FokkerPlanck, FeelsTheWeakestDrift) {
  const ProcessChoice choice = Make(
      "linear_sde", {"f=[0]", "h=[1e-5]", "g=[1]", "spread=0.5", "x0=[0]"});
  FokkerPlanck flow = Flow(choice, {{-8, 8, 160}});
  flow.AdvanceTo(1);
  EXPECT_NEAR(MomentsOf(flow.axes()[0], flow.mass()).mean, 1e-5, 1e-9);
}

// In the plane a cell changes by what flows through its four faces.
TEST(FokkerPlanck, CurrentsOfThePlaneAreThoseThroughTheFaces) {
  constexpr size_t kX = 30, kY = 20;
  const ProcessChoice choice =
      Make("linear_system",
           {"matrix=[[-0.5,1.5],[-1.5,-0.5]]", "sigma=0.7", "spread=0.4"});
  FokkerPlanck flow = Flow(choice, {{-3, 3, kX}, {-3, 3, kY}});
  flow.AdvanceTo(0.2);
  const std::vector<double> before(flow.mass().begin(), flow.mass().end());
  const std::vector<double> x = flow.Current(0), y = flow.Current(1);
  ASSERT_EQ(x.size(), kY * (kX + 1));
  ASSERT_EQ(y.size(), kX * (kY + 1));
  constexpr double kDt = 1e-5;
  flow.AdvanceTo(0.2 + kDt);
  for (size_t i = 0; i < kX; ++i) {
    for (size_t j = 0; j < kY; ++j) {
      const size_t cell = i * kY + j;
      const size_t in_x = j * (kX + 1) + i, in_y = i * (kY + 1) + j;
      EXPECT_NEAR((flow.mass()[cell] - before[cell]) / kDt,
                  x[in_x] - x[in_x + 1] + y[in_y] - y[in_y + 1], 1e-4);
    }
  }
}

// The same noise in both senses: the density's mean grows as the particles' do.
TEST(FokkerPlanck, SensesOfMultiplicativeNoiseHaveTheirMeans) {
  for (const char* sense : {"sense=ito", "sense=stratonovich"}) {
    const ProcessChoice choice = Make(
        "multiplicative_noise", {sense, "sigma=0.6", "spread=0.1", "t_max=1"});
    FokkerPlanck flow = Flow(choice, {{0, 9, 450}});
    flow.AdvanceTo(1);
    const StateMoments law = *choice.process->MomentsAt(1);
    const Normal found = MomentsOf(flow.axes()[0], flow.mass());
    // The other sense would be off by 0.2 in both.
    EXPECT_NEAR(found.mean, law.mean[0], 4e-3) << sense;
    EXPECT_NEAR(found.variance, law.covariance[0], 0.01) << sense;
  }
}

// In the plane: a rotating, contracting cloud. Moments to the order of cells.
TEST(FokkerPlanck, MovesAndTurnsACloudInThePlane) {
  const ProcessChoice choice =
      Make("linear_system", {"matrix=[[-0.5,1.5],[-1.5,-0.5]]", "sigma=0.7",
                             "x0=[1.5,0]", "spread=0.4", "t_max=1"});
  const auto errors = [&](size_t count) {
    FokkerPlanck flow = Flow(choice, {{-4, 4, count}, {-4, 4, count}});
    flow.AdvanceTo(1);
    EXPECT_NEAR(Sum(flow.mass()), 1, 1e-12);
    double error = 0;
    for (size_t i = 0; i < flow.mass().size(); ++i) {
      const double x[] = {flow.axes()[0].center(i / count),
                          flow.axes()[1].center(i % count)};
      const double width = flow.axes()[0].width();
      EXPECT_GE(flow.mass()[i], 0);
      error += std::fabs(flow.mass()[i] -
                         width * width * *choice.process->DensityAt(1, x));
    }
    return error;
  };
  const double coarse = errors(40), fine = errors(80);
  EXPECT_NEAR(std::log2(coarse / fine), 2, 0.2);
  EXPECT_LT(fine, 0.03);
}

// A ball in a fluid, whose noise enters one axis only: its velocity has
// Maxwell's law and its mean place moves on. Numbers to the first order in h.
TEST(FokkerPlanck, TakesNoiseOnOneAxis) {
  const ProcessChoice choice = Make(
      "stokes_friction",
      {"temperature=0.5", "viscosity=1", "x0=[0,1]", "spread=0.3", "t_max=2"});
  FokkerPlanck flow = Flow(choice, {{-4, 6, 200}, {-4, 4, 80}});
  flow.AdvanceTo(2);
  std::vector<double> place(200, 0), speed(80, 0);
  for (size_t i = 0; i < flow.mass().size(); ++i) {
    place[i / 80] += flow.mass()[i];
    speed[i % 80] += flow.mass()[i];
  }
  const StateMoments law = *choice.process->MomentsAt(2);
  const Normal v = MomentsOf(flow.axes()[1], speed),
               x = MomentsOf(flow.axes()[0], place);
  EXPECT_NEAR(v.mean, law.mean[1], 1e-3);
  EXPECT_NEAR(v.variance, law.covariance[3], 0.01);
  EXPECT_NEAR(x.mean, law.mean[0], 5e-3);
  EXPECT_NEAR(x.variance, law.covariance[0], 0.1);
}

// On one clock: at every time the histogram of 20000 particles is near the
// density. With k cells that hold anything, the expected distance is below
// sqrt(k / (2 pi n)); three times that, and the error of the particles' steps.
TEST(FokkerPlanck, ParticlesAndDensityRunOnOneClock) {
  const ProcessChoice choice =
      Make("double_well", {"t_max=4", "steps=400", "spread=0.2"});
  FokkerPlanck flow = Flow(choice, {{-2.5, 2.5, 100}});
  Motion motion(*choice.process, KeyFromSeed(6), 0, 20000);
  do {
    if (motion.position() % 50 != 0) continue;
    flow.AdvanceTo(motion.t());
    std::vector<double> histogram(20, 0), coarse(20, 0);
    for (const float x : motion.particles()) {
      histogram[static_cast<size_t>((x + 2.5) * 4)] += 1.0 / 20000;
    }
    for (size_t i = 0; i < 100; ++i) coarse[i / 5] += flow.mass()[i];
    EXPECT_LT(TotalVariation(histogram, coarse),
              3 * std::sqrt(20 / (2 * M_PI * 20000)) + 0.01)
        << motion.t();
  } while (motion.Step());
}

TEST(FokkerPlanck, WhatHasNoDensityHereIsRefusedWithAdvice) {
  const auto refused = [](const char* name, const Words& words,
                          std::vector<Cells> axes) {
    const ProcessChoice choice = Make(name, words);
    const auto flow = FokkerPlanck::Make(*choice.process, std::move(axes));
    return !flow.ok() && !flow.problems()[0].message.empty();
  };
  EXPECT_TRUE(refused("two_states", {}, {{0, 1, 10}}));
  EXPECT_TRUE(refused("langevin", {}, {{5, 6, 10}}));  // starts in [-3, 3]
  EXPECT_TRUE(refused("brownian_motion", {}, {{1, -1, 10}}));
  EXPECT_TRUE(refused("brownian_motion", {}, {{-1, 1, 1}}));
  EXPECT_TRUE(refused("brownian_motion", {"t_max=1e6"}, {{-1, 1, 100000}}));
  EXPECT_FALSE(refused("brownian_motion", {}, {{-5, 5, 100}}));
}

}  // namespace
}  // namespace unnoise
