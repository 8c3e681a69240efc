// Chains: autoregression, the noising of a mixture and its reverse, against
// closed forms and against the worked examples of Chan 2024. Laws are moved
// whole by their kernels, so that there is no Monte Carlo in the numbers.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/path/path.h"
#include "core/process/kernel.h"
#include "tests/core/process/moves.h"

namespace unnoise {
namespace {

using Words = std::vector<std::string>;

// Chan 2024, theorem 2.1: covariance b^2 (1 - a^(2t)) / (1 - a^2).
TEST(Ar1, ExplodesVanishesOrPreserves) {
  const ProcessChoice choice = Make("ar1", {"a=0.9", "b=0.5", "x0=[3]"});
  const StateMoments law = *choice.process->MomentsAt(5);
  EXPECT_NEAR(law.covariance[0], 0.8570020525, 5e-11);
  EXPECT_NEAR(law.mean[0], 3 * std::pow(0.9, 5), 1e-14);
  // b^2 t where a = 1, and near it.
  const ProcessChoice walk = Make("ar1", {"a=1", "b=0.5"});
  EXPECT_EQ(walk.process->MomentsAt(1000)->covariance[0], 250);
  const ProcessChoice near = Make("ar1", {"a=0.999999999", "b=0.5"});
  EXPECT_NEAR(near.process->MomentsAt(1000)->covariance[0], 250, 1e-3);

  const ProcessChoice kept =
      Make("ar1", {"a=0.7", "preserve=true", "spread=1", "x0=[0]"});
  for (const double t : {0.0, 1.0, 2.0, 50.0}) {
    EXPECT_NEAR(kept.process->MomentsAt(t)->covariance[0], 1, 1e-14);
  }
  EXPECT_EQ(ProblemsOf("ar1", {"a=1.1", "preserve=true"}).size(), 1u);

  const ProcessChoice loud = Make("ar1", {"a=2", "steps=2000"});
  Motion motion(*loud.process, KeyFromSeed(1), 0, 1);
  while (motion.finite() && motion.Step()) {
  }
  EXPECT_FALSE(motion.finite());
  EXPECT_LT(motion.position(), 140);  // 2^128 is the end of floats
}

TEST(Ar1, ParticlesHaveTheMomentsOfTheClosedForm) {
  const ProcessChoice choice =
      Make("ar1", {"a=-1.1", "b=0.4", "steps=8", "spread=0.5"});
  const auto moved = Moved(*choice.process, 20000);
  for (size_t i = 0; i < moved.size(); ++i) {
    ExpectNormalMoments(moved[i],
                        *choice.process->MomentsAt(static_cast<double>(i)),
                        std::to_string(i));
  }
}

// Example 2.1: a mixture under alpha = 0.97. Mean, variance, total variation
// and Kullback-Leibler divergence from N(0, 1).
TEST(VpChain, ForgetsTheMixtureAsInAWorkedExample) {
  const Words words = {"alpha=0.97", "weights=[0.3,0.7]", "means=[[-2],[2]]",
                       "stds=[0.2,1]", "steps=200"};
  const ProcessChoice choice = Make("vp_chain", words);
  const double rows[][5] = {
      {0, .8, 4.072, .6801, 1.7298},      {1, .7879, 3.9798, .6565, 1.5944},
      {5, .7413, 3.6380, .5848, 1.2581},  {10, .6870, 3.2654, .5149, .9786},
      {20, .5899, 2.6705, .4044, .6098},  {50, .3736, 1.6699, .2005, .1563},
      {100, .1745, 1.1461, .0746, .0202}, {200, .0380, 1.0069, .0152, .00074}};
  constexpr double kWidth = 0.002;
  double last = 1e9;
  for (const auto& [t, mean, variance, distance, divergence] : rows) {
    const StateMoments law = *choice.process->MomentsAt(t);
    EXPECT_NEAR(law.mean[0], mean, 5.1e-5) << t;
    EXPECT_NEAR(law.covariance[0], variance, 5.1e-5) << t;
    double tv = 0, kl = 0;
    for (double x = -10; x < 12; x += kWidth) {
      const double p = *choice.process->DensityAt(t, {{x}});
      const double q = std::exp(-0.5 * x * x) / std::sqrt(2 * M_PI);
      tv += 0.5 * kWidth * std::fabs(p - q);
      if (p > 0) kl += kWidth * p * std::log(p / q);
    }
    EXPECT_NEAR(tv, distance, 6e-5) << t;
    EXPECT_NEAR(kl, divergence, 6e-5) << t;
    EXPECT_LT(kl, last);
    last = kl;
  }
}

TEST(VpChain, PartsAreDrawnByTheirWeights) {
  const ProcessChoice choice = Make(
      "vp_chain",
      {"weights=[1,2,7]", "means=[[0],[10],[20]]", "stds=[1,1,1]", "steps=1"});
  constexpr size_t kCount = 20000;
  double found[3] = {0, 0, 0};
  const std::vector<float> start = Moved(*choice.process, kCount)[0];
  for (const float x : start) {
    found[x < 5 ? 0 : x < 15 ? 1 : 2] += 1.0 / kCount;
  }
  const double weights[] = {0.1, 0.2, 0.7};
  for (int k = 0; k < 3; ++k) {
    const double p = weights[k];
    EXPECT_NEAR(found[k], p, 4 * std::sqrt(p * (1 - p) / kCount)) << k;
  }
}

// No mass is lost, also where most of it lies beyond the cells.
TEST(Kernel, MassOutsideCountsToTheEnds) {
  const Cells cells{-1, 1, 20};
  const auto total = [](const std::vector<double>& mass) {
    double sum = 0;
    for (const double p : mass) sum += p;
    return sum;
  };
  const std::vector<double> far = NormalMass(cells, {5, 1});
  EXPECT_NEAR(total(far), 1, 1e-15);
  EXPECT_GT(far[19], 0.9999);
  EXPECT_EQ(NormalMass(cells, {-7, 0})[0], 1);
  const ProcessChoice walk = Make("brownian_motion");
  std::vector<double> mass = NormalMass(cells, {0.5, 0});
  for (int i = 0; i < 5; ++i) {
    mass = MovedMass(*walk.process, 0, 0.2, cells, mass);
    EXPECT_NEAR(total(mass), 1, 1e-14);
  }
  EXPECT_THROW(MovedMass(*Make("two_states").process, 0, 1, cells, mass),
               UsageError);
}

// The recursion of the kernel is the closed form at every step.
TEST(VpChain, StepsReachTheClosedForm) {
  const ProcessChoice choice = Make("vp_chain", {"steps=30"});
  const Process& process = *choice.process;
  const Cells cells{-9, 9, 900};
  std::vector<double> mass(cells.count);
  const auto law = [&](double t) {
    std::vector<double> p(cells.count);
    for (size_t i = 0; i < cells.count; ++i) {
      p[i] = cells.width() * *process.DensityAt(t, {{cells.center(i)}});
    }
    return p;
  };
  mass = law(0);
  for (int t = 0; t < 30; ++t) mass = MovedMass(process, t, 1, cells, mass);
  // Each step rounds places to cells of h = 0.02: h^2 / 24 = 2e-5 of curvature.
  EXPECT_LT(TotalVariation(mass, law(30)), 5e-4);
}

// Example 4.6: variance 1 + 9 0.95^i, and the score -x + m tanh(m x).
TEST(VpChain, TwoEqualPeaksAreAWorkedExample) {
  const ProcessChoice choice = Make("vp_chain", {"steps=200"});
  const double rows[][3] = {{0, 3, 10},           {10, 2.3213, 6.3886},
                            {20, 1.7962, 4.2264}, {50, .8322, 1.6925},
                            {100, .2308, 1.0533}, {200, .0178, 1.0003}};
  for (const auto& [t, place, variance] : rows) {
    EXPECT_NEAR(choice.process->MomentsAt(t)->covariance[0], variance, 6e-5);
    for (const double x : {-2.0, 0.3, 4.0}) {
      constexpr double kH = 1e-5;
      const double score =
          (std::log(*choice.process->DensityAt(t, {{x + kH}})) -
           std::log(*choice.process->DensityAt(t, {{x - kH}}))) /
          (2 * kH);
      EXPECT_NEAR(score, -x + place * std::tanh(place * x), 5e-4) << t;
    }
  }
}

// The law of the last state, and what it should be.
struct Outcome {
  double variance, distance;
};
Outcome ReverseOf(const Words& words) {
  const ProcessChoice choice = Make("reverse_vp_chain", words);
  const Process& process = *choice.process;
  const Cells cells{-14, 14, 700};
  std::vector<double> mass = NormalMass(cells, {0, 1});
  for (int64_t i = 0; i < process.steps; ++i) {
    mass = MovedMass(process, process.TimeAt(i), 1, cells, mass);
  }
  const std::vector<double> left = NormalMass(cells, {-3, 1}),
                            right = NormalMass(cells, {3, 1});
  std::vector<double> target(cells.count);
  for (size_t i = 0; i < cells.count; ++i) {
    target[i] = 0.5 * (left[i] + right[i]);
  }
  return {MomentsOf(cells, mass).variance, TotalVariation(mass, target)};
}

// Example 4.7, with the score as it should be and with half of it: cells of
// 0.04 add at most 1e-2 to a variance, 1e-3 to a distance.
TEST(ReverseVpChain, TheScoreWantsItsWholeFactorAsInAWorkedExample) {
  const Outcome right = ReverseOf({"levels=100"});
  EXPECT_NEAR(right.variance, 9.913, 0.02);
  EXPECT_NEAR(right.distance, .0064, 1e-3);
  const Outcome half = ReverseOf({"levels=100", "score_scale=0.5"});
  EXPECT_NEAR(half.variance, 19.80,
              0.06);  // it grows all the way, and its errors
  EXPECT_NEAR(half.distance, .346, 1e-3);
  const Outcome ddpm = ReverseOf({"levels=100", "predictor=ddpm"});
  EXPECT_NEAR(ddpm.variance, 9.765, 0.02);
  EXPECT_NEAR(ddpm.distance, .032, 1.5e-3);
}

// And with small steps, in which half of the score stays wrong: beta = 0.005.
// Cells would add to the noise of 1000 steps what can be seen; a sum over even
// points of densities this smooth is exact to rounding where they lie twice as
// close as the noise is wide.
TEST(ReverseVpChain, SmallStepsDoNotRepairHalfOfTheScore) {
  constexpr double kApart = 0.035, kRange = 12;
  const auto normal = [](double x, double mean, double std) {
    const double z = (x - mean) / std;
    return std::exp(-0.5 * z * z) / (std::sqrt(2 * M_PI) * std);
  };
  const auto reverse = [&](Words words) {
    words.insert(words.end(), {"alpha=0.995", "levels=1000"});
    const ProcessChoice choice = Make("reverse_vp_chain", words);
    const Process& process = *choice.process;
    std::vector<double> x, density;
    for (double at = -kRange; at < kRange; at += kApart) {
      x.push_back(at);
      density.push_back(normal(at, 0, 1));
    }
    // Where a point ends that the last step moves without noise, as DDPM's.
    std::vector<double> end = x;
    for (int64_t step = 0; step < process.steps; ++step) {
      std::vector<double> next(x.size(), 0);
      bool noise = true;
      for (size_t i = 0; i < x.size(); ++i) {
        const Normal law = *process.KernelAt(process.TimeAt(step), 1, x[i]);
        noise = law.variance > 0;
        end[i] = noise ? x[i] : law.mean;
        if (!noise || density[i] < 1e-20) continue;
        const double std = std::sqrt(law.variance);
        const auto place = [&](double at) {
          return static_cast<size_t>(std::clamp((at + kRange) / kApart, 0.0,
                                                static_cast<double>(x.size())));
        };
        for (size_t k = place(law.mean - 9 * std);
             k < place(law.mean + 9 * std); ++k) {
          next[k] += kApart * density[i] * normal(x[k], law.mean, std);
        }
      }
      if (noise) density = next;
    }
    Outcome outcome{0, 0};
    for (size_t i = 1; i + 1 < x.size(); ++i) {
      outcome.variance += kApart * density[i] * end[i] * end[i];
      // The data's density, had each point come from where it ends.
      const double data = 0.5 * (normal(end[i], -3, 1) + normal(end[i], 3, 1)) *
                          (end[i + 1] - end[i - 1]) / (2 * kApart);
      outcome.distance += 0.5 * kApart * std::fabs(density[i] - data);
    }
    return outcome;
  };
  const Outcome right = reverse({});
  EXPECT_NEAR(right.variance, 9.985, 5e-4);
  EXPECT_NEAR(right.distance, .0010, 5e-5);
  // The tables' other laws are from cells, which add to the noise of every
  // step: these are within what that does to them, and stay from points half as
  // far apart to 1e-6.
  const Outcome ddpm = reverse({"predictor=ddpm"});
  EXPECT_NEAR(ddpm.variance, 9.961, 1.5e-3);
  EXPECT_NEAR(ddpm.distance, .0055, 2.5e-4);
  const Outcome half = reverse({"score_scale=0.5"});
  EXPECT_NEAR(half.variance, 19.44, 2.5e-2);
  EXPECT_NEAR(half.distance, .339, 5e-4);
}

// Algorithm 1: predictor and corrector.
TEST(ReverseVpChain, CorrectionsHelpAsInAWorkedExample) {
  const Words coarse = {"alpha=0.7", "levels=20"};
  const auto with = [&](Words words, const char* m, const char* size) {
    words.push_back(m);
    words.push_back(size);
    return ReverseOf(words).distance;
  };
  EXPECT_NEAR(with(coarse, "corrections=0", "correction_size=0"), .0447, 1e-3);
  EXPECT_NEAR(with(coarse, "corrections=1", "correction_size=0.05"), .0339,
              1e-3);
  EXPECT_NEAR(with(coarse, "corrections=5", "correction_size=0.05"), .0156,
              1e-3);
  EXPECT_NEAR(with(coarse, "corrections=5", "correction_size=0.2"), .0270,
              1e-3);
  const Words fine = {"alpha=0.9", "levels=60"};
  EXPECT_NEAR(with(fine, "corrections=0", "correction_size=0"), .0128, 1e-3);
  EXPECT_NEAR(with(fine, "corrections=1", "correction_size=0.05"), .0080, 1e-3);
  EXPECT_NEAR(with(fine, "corrections=5", "correction_size=0.05"), .0064, 1e-3);
  EXPECT_NEAR(with(fine, "corrections=5", "correction_size=0.2"), .0266, 1e-3);
  // With half of the score the corrections hide most of the mistake.
  Words half = coarse;
  half.push_back("score_scale=0.5");
  EXPECT_NEAR(with(half, "corrections=0", "correction_size=0"), .445, 2e-3);
  EXPECT_NEAR(with(half, "corrections=5", "correction_size=0.05"), .098, 2e-3);
}

// Figure 13: the weights of x_t and of x_0 in the mean of the step back, given
// both, and its variance, for alpha = 0.9.
TEST(ReverseStep, WeightsAreThoseOfAWorkedExample) {
  const double rows[][4] = {{1, 0, 1, 0},
                            {2, .49931, .49931, .052632},
                            {3, .66513, .33210, .070111},
                            {5, .79669, .19780, .083978},
                            {10, .89225, .09556, .094052},
                            {20, .93409, .04184, .098462},
                            {50, .94814, .00761, .099942}};
  for (const auto& [t, xt, x0, variance] : rows) {
    const auto at = [](double i) {
      const double kept = std::pow(0.9, i);
      return Coefficients{std::sqrt(kept), std::sqrt(1 - kept), 0, 0};
    };
    const Transition back = TransitionBetween(at(t), at(t - 1));
    EXPECT_NEAR(back.mean_xt, xt, 5.1e-6) << t;
    EXPECT_NEAR(back.mean_x0, x0, 5.1e-6) << t;
    EXPECT_NEAR(back.variance, variance, 5.1e-7) << t;
  }
}

}  // namespace
}  // namespace unnoise
