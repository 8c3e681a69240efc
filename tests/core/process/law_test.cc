// Laws on cells against closed forms and particles.

#include "core/process/law.h"

#include <numeric>

#include "core/base/hash.h"
#include "tests/core/process/moves.h"

namespace unnoise {
namespace {

using Words = std::vector<std::string>;

double Sum(std::span<const double> mass) {
  return std::accumulate(mass.begin(), mass.end(), 0.0);
}

std::vector<float> Flat(const std::vector<std::vector<float>>& paths) {
  std::vector<float> all;
  for (const auto& state : paths) {
    all.insert(all.end(), state.begin(), state.end());
  }
  return all;
}

std::vector<Cells> Around(const Process& process, int64_t count) {
  const auto paths = Moved(process, count);
  return CellsAround(process, Flat(paths), static_cast<int64_t>(paths.size()),
                     DefaultCells(process));
}

Law MakeLaw(const Process& process, std::vector<Cells> axes) {
  Result<Law> law = Law::Make(process, std::move(axes));
  EXPECT_TRUE(law.ok()) << ToText(law.problems());
  return *law;
}

TEST(Law, KeepsMassAndFollowsTheMomentsOfTheProcess) {
  for (const auto& [name, words, way] :
       std::vector<std::tuple<std::string, Words, LawWay>>{
           {"ornstein_uhlenbeck", {"x0=[2]"}, LawWay::kEquation},
           {"brownian_motion", {}, LawWay::kEquation},
           {"linear_sde", {}, LawWay::kEquation},
           {"linear_system", {"spread=0.5", "sigma=0.7"}, LawWay::kEquation},
           {"ar1", {"a=0.8", "b=0.5", "x0=[2]"}, LawWay::kKernel},
           {"vp_chain", {}, LawWay::kKernel},
           {"two_states", {}, LawWay::kClosedForm},
           {"master_equation", {}, LawWay::kClosedForm}}) {
    const ProcessChoice choice = Make(name, words);
    const Process& process = *choice.process;
    Law law = MakeLaw(process, Around(process, 1000));
    EXPECT_EQ(law.way(), way) << name;
    for (int64_t step = 1; step <= process.steps; ++step) {
      law.AdvanceTo(step);
      // Rounding of each of some thousand steps.
      ASSERT_NEAR(Sum(law.mass()), 1, 1e-11) << name;
    }
    EXPECT_EQ(law.t(), process.t_max) << name;
    const std::vector<Normal> moments = MomentsOf(law.axes(), law.mass());
    const StateMoments exact = *process.MomentsAt(process.t_max);
    for (size_t axis = 0; axis < moments.size(); ++axis) {
      const double variance = exact.covariance[axis * (moments.size() + 1)];
      // The scheme's error is of the cells' second order, 1/200 of some eight
      // deviations (1/64 in two dimensions), and beyond four deviations, where
      // 4e-5 of the law is, the window ends.
      const double h = law.axes()[axis].width();
      const double near = 2 * h * h + 1e-3 * variance;
      EXPECT_NEAR(moments[axis].mean, exact.mean[axis], near) << name;
      EXPECT_NEAR(moments[axis].variance, variance, near + 0.01 * variance)
          << name;
    }
  }
}

TEST(Law, IsTheClosedFormAndTheParticlesOnTheSameCells) {
  const ProcessChoice choice = Make("ornstein_uhlenbeck", {"x0=[2]"});
  const Process& process = *choice.process;
  const auto paths = Moved(process, 4000);
  Law law = MakeLaw(process, CellsAround(process, Flat(paths), 101, 40));
  law.AdvanceTo(50);
  const std::vector<double> closed =
      ClosedDensity(process, law.axes(), law.t());
  const std::vector<double> density =
      DensityOf(process, law.axes(), law.mass());
  const std::vector<double> shares = SharesIn(law.axes(), paths[50]);
  EXPECT_NEAR(Sum(shares), 1, 1e-3);  // a few particles are beyond the cells
  const double width = law.axes()[0].width();
  double to_closed = 0;
  for (size_t i = 0; i < closed.size(); ++i) {
    to_closed += std::fabs(closed[i] - density[i]) * width;
    // Four standard errors of a share of 4000, and as much as one particle.
    const double p = law.mass()[i];
    EXPECT_NEAR(shares[i], p, 4 * std::sqrt(p / 4000) + 1 / 4000.0) << i;
  }
  EXPECT_LT(to_closed, 0.02);  // cells of a fifth of a deviation
  // Median and 5 % of a normal law, to a part of a cell.
  const StateMoments exact = *process.MomentsAt(law.t());
  const double std = std::sqrt(exact.covariance[0]);
  EXPECT_NEAR(QuantileOf(law.axes()[0], law.mass(), 0.5), exact.mean[0],
              0.2 * width);
  EXPECT_NEAR(QuantileOf(law.axes()[0], law.mass(), 0.05),
              exact.mean[0] - 1.6449 * std, 0.2 * width);
  // The current carries what passes a face: J = d/dt of what lies above.
  EXPECT_EQ(law.Current().size(), 41u);
  EXPECT_EQ(law.Current().front(), 0);
}

TEST(Law, ClosedDensitiesAreThoseOfTheProcess) {
  for (const Row<Process>& row : Rows<Process>()) {
    const ProcessChoice choice = Make(std::string(row.name));
    const Process& process = *choice.process;
    if (process.dim() != 1) continue;
    const std::vector<Cells> axes = Around(process, 50);
    for (const int64_t step : {int64_t{0}, process.steps}) {
      const double t = process.TimeAt(step);
      const std::vector<double> density = ClosedDensity(process, axes, t);
      for (size_t i = 0; i < axes[0].count; ++i) {
        const auto at = process.DensityAt(t, {{axes[0].center(i)}});
        ASSERT_EQ(at.has_value(), !density.empty()) << row.name << " " << t;
        if (!at) continue;
        ASSERT_EQ(*at, density[i]) << row.name << " " << t;
      }
    }
  }
}

TEST(Law, SharesOfAPlaneHaveTheLastAxisFastest) {
  const std::vector<Cells> axes = {{0, 2, 2}, {0, 3, 3}};
  // The last one is beyond the cells.
  const std::vector<float> x = {0.5f, 2.5f, 1.5f, 0.5f, 1.5f, 0.5f, 2.5f, 1};
  EXPECT_EQ(SharesIn(axes, x), (std::vector<double>{0, 0, 0.25, 0.5, 0, 0}));
  const std::vector<Normal> moments = MomentsOf(x, 2);
  EXPECT_EQ(moments[0].mean, 1.5);
  EXPECT_EQ(moments[0].variance, 0.5);
  EXPECT_EQ(moments[1].mean, 1.125);
}

TEST(Law, StatesHaveProbabilities) {
  const ProcessChoice choice = Make("two_states", {"up=1", "down=0.5"});
  const std::vector<Cells> axes = Around(*choice.process, 10);
  ASSERT_EQ(axes.size(), 1u);
  EXPECT_EQ(axes[0].count, 2u);
  EXPECT_EQ(axes[0].center(1), 1);
  Law law = MakeLaw(*choice.process, axes);
  law.AdvanceTo(choice.process->steps);
  // p1 = (1 - exp(-1.5 t)) up / (up + down)
  EXPECT_NEAR(law.mass()[1], (1 - std::exp(-7.5)) * 2 / 3, 1e-12);
  const std::vector<double> at_rest = StationaryDensity(*choice.process, axes);
  EXPECT_NEAR(at_rest[1], 2.0 / 3, 1e-9);
  EXPECT_EQ(DensityOf(*choice.process, axes, law.mass())[1], law.mass()[1]);
}

TEST(Law, APointStandsWhereItIs) {
  const ProcessChoice choice = Make("brownian_motion", {"x0=[0.37]"});
  const Law law = MakeLaw(*choice.process, {{-5, 5, 50}});
  EXPECT_NEAR(MomentsOf(law.axes(), law.mass())[0].mean, 0.37, 1e-14);
  const ProcessChoice plane = Make("brownian_motion", {"x0=[0.3,-1]"});
  const Law round = MakeLaw(*plane.process, {{-5, 5, 50}, {-5, 5, 64}});
  EXPECT_NEAR(MomentsOf(round.axes(), round.mass())[1].mean, -1, 1e-14);
}

TEST(Law, StartsEvenlyWhereParticlesDo) {
  // In [-3, 3], the cells' edges: mean 0, variance 3 less that of a cell.
  const ProcessChoice choice = Make("langevin");
  const Law law = MakeLaw(*choice.process, {{-6, 6, 100}});
  const Normal moments = MomentsOf(law.axes(), law.mass())[0];
  EXPECT_NEAR(moments.mean, 0, 1e-13);
  EXPECT_NEAR(moments.variance, 3 - 0.12 * 0.12 / 12, 1e-12);
}

TEST(Law, StationaryDensityHoldsOneAndIsKept) {
  const ProcessChoice choice = Make("double_well", {"t_max=60"});
  const std::vector<Cells> axes = Around(*choice.process, 500);
  const std::vector<double> at_rest = StationaryDensity(*choice.process, axes);
  EXPECT_NEAR(Sum(at_rest) * axes[0].width(), 1, 1e-12);
  Law law = MakeLaw(*choice.process, axes);
  law.AdvanceTo(choice.process->steps);
  const std::vector<double> density =
      DensityOf(*choice.process, axes, law.mass());
  for (size_t i = 0; i < density.size(); ++i) {
    EXPECT_NEAR(density[i], at_rest[i], 0.02) << i;  // after some relaxations
  }
}

TEST(Law, EveryProcessHasOneOrSaysWhyNot) {
  for (const Row<Process>& row : Rows<Process>()) {
    const ProcessChoice choice = Make(std::string(row.name));
    const Process& process = *choice.process;
    const std::vector<Cells> axes = Around(process, 50);
    for (const Cells& axis : axes) EXPECT_LT(axis.low, axis.high) << row.name;
    Result<Law> law = Law::Make(process, axes);
    if (!law) {
      EXPECT_FALSE(law.problems()[0].message.empty()) << row.name;
      continue;
    }
    law->AdvanceTo(1);
    EXPECT_NEAR(Sum(law->mass()), 1, 0.02) << row.name;
  }
}

TEST(Law, HowTheWayIsCutChangesNoBit) {
  for (const char* name : {"double_well", "linear_sde", "vp_chain"}) {
    const ProcessChoice choice = Make(name);
    const std::vector<Cells> axes = Around(*choice.process, 50);
    Law once = MakeLaw(*choice.process, axes);
    Law cut = MakeLaw(*choice.process, axes);
    once.AdvanceTo(20);
    for (int64_t step = 0; step <= 20; ++step) cut.AdvanceTo(step);
    for (size_t i = 0; i < once.mass().size(); ++i) {
      ASSERT_EQ(once.mass()[i], cut.mass()[i]) << name << " " << i;
    }
  }
}

// The same bits on every machine, in the page too: particles, cells and law.
TEST(Law, BitsAreThoseKept) {
  for (const auto& [name, kept] :
       std::vector<std::pair<std::string, std::string>>{
           {"double_well", "f27c789d86de92d4"},
           {"linear_sde", "501c7d31bee3521e"},
           {"vp_chain", "49ee59c821c11a51"},
           {"coloured_noise", "368a12082c1afdb1"},
           {"master_equation", "cde40bcc8c89380c"}}) {
    const ProcessChoice choice = Make(name);
    Law law = MakeLaw(*choice.process, Around(*choice.process, 200));
    law.AdvanceTo(choice.process->steps);
    Fnv1a64 hash;
    for (const Cells& axis : law.axes()) {
      hash.Float(static_cast<float>(axis.low));
      hash.Float(static_cast<float>(axis.high));
    }
    for (const double p : law.mass()) hash.Float(static_cast<float>(p));
    EXPECT_EQ(hash.Hex(), kept) << name;
  }
}

TEST(Law, TooMuchWorkIsRefused) {
  const ProcessChoice choice = Make("ornstein_uhlenbeck", {});
  const Result<Law> law = Law::Make(*choice.process, {{-5, 5, 4000}}, 1e9);
  ASSERT_FALSE(law.ok());
  EXPECT_NE(ToText(law.problems()).find("fewer cells"), std::string::npos);
  EXPECT_FALSE(Law::Make(*choice.process, {{-5, 5, 4001}}).ok());
  EXPECT_FALSE(Law::Make(*choice.process, {{5, -5, 40}}).ok());
}

}  // namespace
}  // namespace unnoise
