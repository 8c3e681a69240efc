// Chains that draw from a posterior or a joint law.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "tests/core/process/moves.h"

namespace unnoise {
namespace {

using Words = std::vector<std::string>;

// Mean and variance of the law that a process tends to, by quadrature.
Normal StationaryMoments(const Process& process) {
  double mass = 0, mean = 0, square = 0;
  constexpr double kWidth = 1e-4;
  for (double x = -3; x < 4; x += kWidth) {
    const double p = *process.StationaryAt({{x}});
    mass += p;
    mean += p * x;
    square += p * x * x;
  }
  mean /= mass;
  return {mean, square / mass - mean * mean};
}

// The data of a seed, as the fields say: what is known of them.
std::vector<double> DataOf(uint64_t seed, size_t count, double mean,
                           double std) {
  std::vector<float> normal(count);
  FillNormal(Fold(KeyFromSeed(seed), "data"), 0, normal);
  std::vector<double> data;
  for (const float z : normal) data.push_back(mean + std * z);
  return data;
}

const Words kModel = {"data_count=40", "data_seed=3",    "data_mean=0.7",
                      "data_std=0.8",  "prior_mean=0.2", "prior_std=0.5"};

// The conjugate posterior: precisions add, means by precision.
TEST(SgldProcess, TendsToTheConjugatePosterior) {
  const ProcessChoice choice = Make("sgld", kModel);
  double sum = 0;
  for (const double y : DataOf(3, 40, 0.7, 0.8)) sum += y;
  const double precision = 1 / 0.25 + 40 / 0.64;
  const double mean = (0.2 / 0.25 + sum / 0.64) / precision;
  const Normal law = StationaryMoments(*choice.process);
  EXPECT_NEAR(law.mean, mean, 1e-9);
  EXPECT_NEAR(law.variance, 1 / precision, 1e-9);
}

// Whole batches and steps of e leave the variance of Langevin's steps, v / (1 -
// e / (4 v)); batches add theirs. Particles have the chain's own moments.
TEST(SgldProcess, MomentsAreThoseOfTheChain) {
  const double v = 1 / (1 / 0.25 + 40 / 0.64);
  Words words = kModel;
  words.insert(words.end(), {"step=0.02", "steps=400", "batch=1000"});
  const ProcessChoice whole = Make("sgld", words);
  const Normal posterior = StationaryMoments(*whole.process);
  const StateMoments end = *whole.process->MomentsAt(400);
  EXPECT_NEAR(end.mean[0], posterior.mean, 1e-9);
  EXPECT_NEAR(end.covariance[0], v / (1 - 0.02 / (4 * v)), 1e-12);
  words.back() = "batch=5";
  const ProcessChoice part = Make("sgld", words);
  EXPECT_NEAR(part.process->MomentsAt(400)->mean[0], posterior.mean, 1e-9);
  EXPECT_GT(part.process->MomentsAt(400)->covariance[0],
            1.1 * end.covariance[0]);
  for (const ProcessChoice& choice : {whole, part}) {
    const auto moved = Moved(*choice.process, 40000);
    for (const size_t t : {1, 3, 30}) {
      // One step is a mixture of few normal laws, whose fourth moment is below
      // that of a normal one of its variance.
      ExpectNormalMoments(moved[t],
                          *choice.process->MomentsAt(static_cast<double>(t)),
                          std::to_string(t));
    }
  }
}

// Steps that shrink end in the posterior, in mean and variance, batches or not;
// without noise they end at its peak.
// Source: Welling, Teh 2011, section 3.
TEST(SgldProcess, ShrinkingStepsDrawFromThePosterior) {
  constexpr size_t kCount = 20000;
  Words words = kModel;
  words.insert(words.end(),
               {"step=0.02", "decay=0.6", "delay=20", "steps=3000", "batch=8"});
  const ProcessChoice choice = Make("sgld", words);
  EXPECT_FALSE(choice.process->MomentsAt(10));
  const Normal law = StationaryMoments(*choice.process);
  const StateMoments end =
      SampleMoments(Moved(*choice.process, kCount).back(), 1);
  // The last steps, e = 0.02 / 151^0.6 = 0.001, widen it by e / (4 v) = 0.017,
  // and batches of 8 of 40 by e / 4 times the variance of their slopes, 40^2 /
  // 8 of 0.8 / 0.64: by 0.063.
  EXPECT_NEAR(end.mean[0], law.mean, 4 * std::sqrt(law.variance / kCount));
  EXPECT_NEAR(end.covariance[0], law.variance,
              law.variance * (4 * std::sqrt(2.0 / kCount) + 0.08));
  words.push_back("noisy=false");
  const ProcessChoice climb = Make("sgld", words);
  const StateMoments peak = SampleMoments(Moved(*climb.process, 500).back(), 1);
  EXPECT_NEAR(peak.mean[0], law.mean, 0.2 * std::sqrt(law.variance));
  EXPECT_LT(peak.covariance[0], 0.08 * law.variance);
}

TEST(SgldProcess, TooLongStepsAreRefused) {
  Words words = kModel;
  words.push_back("step=0.061");  // 4 / 66.5 = 0.0602
  const Problems problems = ProblemsOf("sgld", words);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "step");
  EXPECT_NE(problems[0].message.find("less than 0.0601"), std::string::npos)
      << problems[0].message;
  words.back() = "step=0.06";
  EXPECT_TRUE(ProblemsOf("sgld", words).empty());
  for (const char* word : {"step=0", "step=-1", "step=nan", "batch=0"}) {
    words.back() = word;
    EXPECT_FALSE(ProblemsOf("sgld", words).empty()) << word;
  }
}

// The law of one coordinate given the other is the joint density along a line,
// normalised: cells of it, by quadrature, against particles from one point.
TEST(GibbsProcess, EachStepDrawsFromTheConditionalLaw) {
  constexpr size_t kCount = 40000;
  for (const auto& [x, y] : {std::pair{"0.3", "-0.2"}, {"-1.4", "0.9"}}) {
    const ProcessChoice choice =
        Make("gibbs", {std::string("x0=[") + x + "," + y + "]", "steps=2",
                       "weights=[1,2,0.5]", "means=[[1,1],[-1,0],[0,-2]]",
                       "stds=[0.6,0.4,1]"});
    const Process& process = *choice.process;
    const auto moved = Moved(process, kCount);
    // Cells of the line, and how many particles are in each.
    constexpr int kCells = 12;
    constexpr double kLow = -3, kCell = 0.5;
    std::array<double, kCells> found = {}, known = {};
    double mass = 0;
    constexpr double kWidth = 1e-3;
    const double other = moved[0][1];
    for (double at = kLow - 3 + kWidth / 2; at < kLow + 9; at += kWidth) {
      const double p = *process.StationaryAt({{at, other}});
      mass += p;
      const int cell = static_cast<int>(std::floor((at - kLow) / kCell));
      if (cell >= 0 && cell < kCells) known[cell] += p;
    }
    for (size_t i = 0; i < kCount; ++i) {
      EXPECT_EQ(moved[1][2 * i + 1], moved[0][1]);
      EXPECT_EQ(moved[2][2 * i], moved[1][2 * i]);
      const int cell =
          static_cast<int>(std::floor((moved[1][2 * i] - kLow) / kCell));
      if (cell >= 0 && cell < kCells) found[cell] += 1.0 / kCount;
    }
    for (int cell = 0; cell < kCells; ++cell) {
      const double p = known[cell] / mass;
      EXPECT_NEAR(found[cell], p, 4 * std::sqrt(p / kCount) + 1e-4) << cell;
    }
  }
}

// Long after a start at one point the weights, means and spreads are those of
// the joint law.
TEST(GibbsProcess, TendsToTheJointLaw) {
  constexpr size_t kCount = 20000;
  const ProcessChoice choice = Make("gibbs", {"x0=[3,-2]"});
  const auto end = Moved(*choice.process, kCount).back();
  // 0.6 N((1, 1), 0.36) and 0.4 N(-(1, 1), 0.16): mean 0.2; variances 0.28 +
  // 0.96, covariance 0.96.
  const StateMoments law = SampleMoments(end, 2);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(law.mean[i], 0.2, 4 * std::sqrt(1.24 / kCount));
    // Of the squares the standard error is below that of a normal law.
    EXPECT_NEAR(law.covariance[3 * i], 1.24,
                4 * 1.24 * std::sqrt(2.0 / kCount));
  }
  EXPECT_NEAR(law.covariance[1], 0.96, 4 * 1.24 * std::sqrt(2.0 / kCount));
}

TEST(GibbsProcess, BadLawsAreRefused) {
  EXPECT_FALSE(ProblemsOf("gibbs", {"weights=[0,0]"}).empty());
  EXPECT_FALSE(ProblemsOf("gibbs", {"means=[[1,1,1],[0,0,0]]"}).empty());
  EXPECT_FALSE(ProblemsOf("gibbs", {"x0=[1]"}).empty());
  EXPECT_FALSE(ProblemsOf("gibbs", {"stds=[1,0]"}).empty());
  // A part without weight is never drawn.
  const ProcessChoice choice =
      Make("gibbs", {"weights=[0,1]", "means=[[9,9],[0,0]]", "stds=[1,1]"});
  const std::vector<float> end = Moved(*choice.process, 200).back();
  for (const float x : end) EXPECT_LT(x, 5);
}

}  // namespace
}  // namespace unnoise
