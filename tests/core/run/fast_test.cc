// Fast experiments: recorded only where they are asked for, and equal to exact
// ones to within rounding.

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/backend/backend.h"
#include "core/base/config.h"
#include "core/run/experiment.h"
#include "core/run/run.h"

namespace unnoise {
namespace {

Experiment Read(std::vector<std::string> words) {
  Result<Experiment> experiment = ReadExperiment("", "test", words, nullptr);
  EXPECT_TRUE(experiment) << ToText(experiment.problems());
  return *experiment;
}

TEST(Fast, StandsInTheTextOnlyIfItIsTrue) {
  const Experiment exact = Read({"fast=false"});
  EXPECT_EQ(WriteExperiment(exact).find("fast"), std::string::npos);
  EXPECT_EQ(HashOf(exact), HashOf(Experiment()));

  const Experiment fast = Read({"fast=true"});
  const std::string text = WriteExperiment(fast);
  EXPECT_NE(text.find("\"fast\":true"), std::string::npos) << text;
  EXPECT_NE(HashOf(fast), HashOf(exact));
  EXPECT_EQ(OverridesOf(fast, Experiment()),
            std::vector<std::string>{"fast=true"});
  const Result<Experiment> again = ReadExperiment(text, "text", {}, nullptr);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->fast);
  EXPECT_FALSE(ReadExperiment("", "test", std::vector<std::string>{"fast=very"},
                              nullptr));
}

// Gradient descent without momentum, since Adam would make a step of what is
// rounding alone where a gradient vanishes. One rounding less in each term of a
// sum over n products changes it by at most n 2^-24 of its terms; a step has
// three products in each of 3 layers, n <= 64.
TEST(Fast, AgreesWithExactToWithinRounding) {
  constexpr int kSteps = 5;
  constexpr double kTolerance = kSteps * 9 * 64 * 0x1p-24;
  const std::vector<std::string> words = {
      "network.width=64",     "network.depth=2",      "batch=64",
      "optimizer=sgd",        "optimizer.momentum=0", "rate.warmup=0",
      "data=eight_gaussians", "rate.peak=0.1"};
  std::vector<std::string> fast_words = words;
  fast_words.push_back("fast=true");
  unnoise::Run exact(Read(words), SimdBackend());
  unnoise::Run fast(Read(fast_words), SimdBackend());
  for (int step = 0; step < kSteps; ++step) {
    const double expected = exact.Advance(1).loss;
    EXPECT_NEAR(fast.Advance(1).loss, expected, kTolerance * expected);
  }
  double most = 0;
  for (size_t i = 0; i < exact.weights().size(); ++i) {
    most = std::max<double>(most,
                            std::fabs(exact.weights()[i] - fast.weights()[i]));
  }
  // Weights move by rate times a gradient below 1.
  EXPECT_LE(most, kSteps * 0.1 * kTolerance);
  // Targets from AVX2 on have the operation, and those of ARM; WebAssembly not.
  const std::string target(SimdTargetInUse());
  const bool fuses = target.starts_with("AVX") || target.starts_with("NEON");
  EXPECT_EQ(most > 0, fuses);
}

TEST(Fast, IsAsRepeatableAsExactOnOneMachine) {
  const std::vector<std::string> words = {"network.width=40", "batch=200",
                                          "fast=true"};
  std::string fingerprints[2];
  for (std::string& fingerprint : fingerprints) {
    unnoise::Run run(Read(words), SimdBackend());
    run.Advance(5);
    fingerprint = FingerprintOf(run);
  }
  EXPECT_EQ(fingerprints[0], fingerprints[1]);
}

}  // namespace
}  // namespace unnoise
