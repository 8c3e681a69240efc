// Jumps: particles against the master equation, and that the grid moves no
// jump.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/process/moves.h"

namespace unnoise {
namespace {

// Chan 2024, theorem 5.6: p_1(t) = p* + (p_1(0) - p*) exp(-(up + down) t).
TEST(TwoStatesProcess, OccupationIsTheClosedForm) {
  const ProcessChoice choice = Make("two_states", {"up=1.3", "down=0.4"});
  const double limit = 1.3 / 1.7;
  for (const double t : {0.0, 0.1, 1.0, 4.0}) {
    const double p = limit * (1 - std::exp(-1.7 * t));
    EXPECT_NEAR(*choice.process->DensityAt(t, {{1.0}}), p, 1e-14);
    EXPECT_NEAR(*choice.process->DensityAt(t, {{0.0}}), 1 - p, 1e-14);
    EXPECT_NEAR(choice.process->MomentsAt(t)->covariance[0], p * (1 - p),
                1e-14);
  }
  EXPECT_NEAR(*choice.process->StationaryAt({{1.0}}), limit, 1e-9);
  EXPECT_EQ(*choice.process->DensityAt(1, {{0.5}}), 0);
}

TEST(MasterEquationProcess, ParticlesOccupyStatesAsItSays) {
  for (const char* name : {"two_states", "master_equation"}) {
    const ProcessChoice choice = Make(name, {"steps=10", "t_max=3"});
    const Process& process = *choice.process;
    constexpr size_t kCount = 20000;
    const auto moved = Moved(process, kCount);
    for (size_t i = 0; i < moved.size(); ++i) {
      const double t = process.TimeAt(static_cast<int64_t>(i));
      double total = 0;
      for (double state = 0; state < 3; ++state) {
        const double p = *process.DensityAt(t, {{state}});
        const auto found = std::count(moved[i].begin(), moved[i].end(),
                                      static_cast<float>(state));
        EXPECT_NEAR(static_cast<double>(found) / kCount, p,
                    4 * std::sqrt(p * (1 - p) / kCount) + 1e-12)
            << name << " " << t << " " << state;
        total += p;
      }
      EXPECT_NEAR(total, 1, 1e-13);
    }
  }
}

// dp/dt by central differences is inflow minus outflow.
TEST(MasterEquationProcess, SolvesTheMasterEquation) {
  const ProcessChoice choice = Make("master_equation");
  const double rates[3][3] = {{0, 2, 0}, {0.5, 0, 1}, {0.2, 0.4, 0}};
  const auto p = [&](double t, int state) {
    return *choice.process->DensityAt(t, {{static_cast<double>(state)}});
  };
  constexpr double kH = 1e-4;
  for (int i = 0; i < 3; ++i) {
    double flow = 0;
    for (int j = 0; j < 3; ++j) {
      flow += rates[j][i] * p(0.7, j) - rates[i][j] * p(0.7, i);
    }
    EXPECT_NEAR((p(0.7 + kH, i) - p(0.7 - kH, i)) / (2 * kH), flow, 1e-7);
  }
}

// Twice the steps look at the same jumps more often.
TEST(JumpProcesses, TheGridMovesNoJump) {
  for (const char* name :
       {"two_states", "master_equation", "jump_and_diffusion"}) {
    const auto coarse = Moved(*Make(name, {"steps=8"}).process, 30);
    const auto fine = Moved(*Make(name, {"steps=32"}).process, 30);
    const size_t dim = coarse[0].size() / 30;
    for (size_t i = 0; i < coarse.size(); ++i) {
      for (size_t k = 0; k < coarse[i].size(); k += dim) {
        EXPECT_EQ(coarse[i][k], fine[4 * i][k]) << name;
      }
    }
  }
}

// Poisson's law, four standard errors for each count.
TEST(JumpAndDiffusionProcess, JumpsHavePoissonsLaw) {
  const ProcessChoice choice =
      Make("jump_and_diffusion", {"rate=1.5", "size=1", "t_max=2", "steps=4"});
  constexpr size_t kCount = 20000;
  const auto moved = Moved(*choice.process, kCount);
  double p = std::exp(-3.0);
  for (int k = 0; k < 9; ++k) {
    int64_t found = 0;
    for (size_t i = 0; i < moved.back().size(); i += 2) {
      found += moved.back()[i] == static_cast<float>(k);
    }
    EXPECT_NEAR(static_cast<double>(found) / kCount, p,
                4 * std::sqrt(p / kCount))
        << k;
    p *= 3.0 / (k + 1);
  }
}

// Both have the same mean and variance; only fourth moments differ: 3 v^2 for
// the diffusion, 3 v^2 + rate t for jumps of 1.
TEST(JumpAndDiffusionProcess, ShareTheFirstTwoMoments) {
  const ProcessChoice choice =
      Make("jump_and_diffusion", {"rate=3", "size=1", "t_max=1", "steps=2"});
  constexpr size_t kCount = 40000;
  const auto moved = Moved(*choice.process, kCount);
  const StateMoments sample = SampleMoments(moved.back(), 2);
  for (size_t axis = 0; axis < 2; ++axis) {
    EXPECT_NEAR(sample.mean[axis], 3, 4 * std::sqrt(3.0 / kCount));
    // The variance of a squared deviation is at most 3 v^2 + v - v^2.
    EXPECT_NEAR(sample.covariance[3 * axis], 3, 4 * std::sqrt(21.0 / kCount));
    double fourth = 0;
    for (size_t i = axis; i < moved.back().size(); i += 2) {
      fourth += std::pow(moved.back()[i] - 3.0, 4) / kCount;
    }
    EXPECT_NEAR(fourth, axis == 0 ? 30 : 27, 2);
  }
}

TEST(JumpProcesses, EndlessWorkAndBadTablesAreRefused) {
  EXPECT_EQ(ProblemsOf("two_states", {"up=10000", "t_max=1000"}).size(), 1u);
  EXPECT_EQ(ProblemsOf("jump_and_diffusion", {"rate=1e4", "t_max=1e4"}).size(),
            1u);
  for (const char* rates :
       {"rates=[[0,1],[1]]", "rates=[[1,1],[1,0]]", "rates=[]"}) {
    EXPECT_EQ(ProblemsOf("master_equation", {rates}).size(), 1u) << rates;
  }
  EXPECT_EQ(ProblemsOf("master_equation", {"state=3"}).size(), 1u);
  // A state that nothing leaves keeps its particles.
  const auto moved =
      Moved(*Make("two_states", {"up=5", "down=0", "t_max=50"}).process, 100);
  for (const float state : moved.back()) EXPECT_EQ(state, 1);
}

}  // namespace
}  // namespace unnoise
