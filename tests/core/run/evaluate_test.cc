#include "core/run/evaluate.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace unnoise {
namespace {

std::unique_ptr<unnoise::Run> Open(std::vector<std::string> words,
                                   std::shared_ptr<const PointSet> points) {
  for (const char* small :
       {"network.width=8", "network.depth=1", "batch=16", "sampler.steps=5"}) {
    words.push_back(small);
  }
  Result<Experiment> experiment =
      ReadExperiment("", "test", words, std::move(points));
  EXPECT_TRUE(experiment) << ToText(experiment.problems());
  return std::make_unique<unnoise::Run>(std::move(*experiment), SimdBackend());
}

double Number(const Json& report, const char* key) {
  return *report.Find("sliced_wasserstein")->Find(key)->AsNumber();
}

TEST(Evaluate, AnUntrainedModelIsFarFromItsData) {
  const auto run = Open({"data=eight_gaussians"}, nullptr);
  const Result<Json> report = Evaluate(*run, 500);
  ASSERT_TRUE(report) << ToText(report.problems());
  EXPECT_EQ(Number(*report, "n"), 500);
  EXPECT_GT(Number(*report, "value"), 3 * Number(*report, "data_data"));
  EXPECT_GT(Number(*report, "data_data"), 0);
  EXPECT_GT(Number(*report, "data_data_stderr"), 0);
}

TEST(Evaluate, OwnPointsAreComparedByDisjointHalves) {
  PointSet points{1, {}};
  for (int i = 0; i < 40; ++i) points.values.push_back(static_cast<float>(i));
  const auto run = Open({"data=points"}, std::make_shared<PointSet>(points));
  const Result<Json> report = Evaluate(*run, 10000);
  ASSERT_TRUE(report) << ToText(report.problems());
  EXPECT_EQ(Number(*report, "n"), 20);
  // Sets that shared points would score 0 now and then, disjoint ones cannot.
  EXPECT_GT(Number(*report, "data_data"), 0);
}

TEST(Evaluate, TooFewOrTooManySamplesAreRefused) {
  const auto run = Open({}, nullptr);
  EXPECT_FALSE(Evaluate(*run, 1));
  EXPECT_FALSE(Evaluate(*run, 1000001));
  const auto three =
      Open({"data=points"}, std::make_shared<PointSet>(PointSet{1, {1, 2, 3}}));
  EXPECT_FALSE(Evaluate(*three, 10));
}

}  // namespace
}  // namespace unnoise
