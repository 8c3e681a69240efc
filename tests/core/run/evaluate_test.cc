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

// By the metrics of these names, all for none.
Result<Evaluation> By(unnoise::Run& run, int64_t n,
                      const std::vector<std::string>& names) {
  return Evaluate(run, *run.experiment().family->sampler(), *run.MakeDenoiser(),
                  n, *FindMetrics(names));
}

// One number of one metric that is in the JSON.
double Number(const Json& json, const char* metric, const char* key) {
  return *json.Find(metric)->Find(key)->AsNumber();
}

std::shared_ptr<PointSet> Line(int count) {
  PointSet points{.dim = 1};
  for (int i = 0; i < count; ++i) {
    points.values.push_back(static_cast<float>(i));
  }
  return std::make_shared<PointSet>(points);
}

TEST(Evaluate, AnUntrainedModelIsFarFromItsData) {
  const auto run = Open({"data=eight_gaussians"}, nullptr);
  const Result<Evaluation> evaluation = Evaluate(*run, 200);
  ASSERT_TRUE(evaluation) << ToText(evaluation.problems());
  EXPECT_EQ(evaluation->reference, "fresh");
  EXPECT_EQ(evaluation->metrics.size(), Metrics().size());
  const Json json = ToJson(*evaluation);
  EXPECT_EQ(json.AsObject()->size(), Metrics().size() - 1);
  EXPECT_EQ(json.Find("nearest_training"), nullptr) << "does not apply";
  for (const auto& [name, entry] : *json.AsObject()) {
    EXPECT_EQ(Number(json, name.c_str(), "n"), 200) << name;
    EXPECT_EQ(*entry.Find("reference"), Json("fresh")) << name;
    EXPECT_GT(Number(json, name.c_str(), "repeats"), 0) << name;
    if (name == "mode_coverage") continue;  // the only one that should be high
    EXPECT_GT(Number(json, name.c_str(), "value"),
              Number(json, name.c_str(), "data_data"))
        << name;
    EXPECT_GT(Number(json, name.c_str(), "data_data_stderr"), 0) << name;
  }
  EXPECT_GT(Number(json, "sliced_wasserstein", "value"),
            3 * Number(json, "sliced_wasserstein", "data_data"));
  EXPECT_GT(Number(json, "sliced_wasserstein", "data_data"), 0);
  const Json& more = *json.Find("mode_coverage")->Find("more");
  EXPECT_EQ(*more.Find("modes"), Json(8));
  EXPECT_LT(*more.Find("in_modes")->AsNumber(), 0.5);
  EXPECT_GT(*more.Find("data_in_modes")->AsNumber(), 0.9);
}

TEST(Evaluate, WhatDoesNotApplySaysWhy) {
  const auto run = Open({"data=pinwheel"}, nullptr);
  const auto evaluation = By(*run, 20, {"mode_coverage", "nearest_training"});
  ASSERT_TRUE(evaluation) << ToText(evaluation.problems());
  ASSERT_EQ(evaluation->metrics.size(), 2u);
  for (const Evaluated& evaluated : evaluation->metrics) {
    EXPECT_NE(evaluated.why_not, "") << evaluated.metric->name;
  }
  EXPECT_EQ(Write(ToJson(*evaluation)), "{}");
}

TEST(Evaluate, OwnPointsAreComparedByDisjointHalves) {
  const auto run = Open({"data=points"}, Line(40));
  const auto evaluation =
      By(*run, 10000, {"sliced_wasserstein", "nearest_training"});
  ASSERT_TRUE(evaluation) << ToText(evaluation.problems());
  EXPECT_EQ(evaluation->reference, "subset");
  const Json json = ToJson(*evaluation);
  EXPECT_EQ(Number(json, "sliced_wasserstein", "n"), 20);
  // Sets that shared points would score 0 now and then, disjoint ones cannot.
  EXPECT_GT(Number(json, "sliced_wasserstein", "data_data"), 0);
  // No point is its own neighbour: the steps between the codes of a row are all
  // but equal, and a tenth or more are at most as long as the tenth shortest.
  EXPECT_GE(Number(json, "nearest_training", "data_data"), 0.1);
  EXPECT_GT(
      *json.Find("nearest_training")->Find("more")->Find("close")->AsNumber(),
      0.99 / run->standardiser().scale[0]);
}

TEST(Evaluate, HeldOutPointsAreTheReference) {
  const auto run = Open({"data=points", "data.held_out=0.25"}, Line(40));
  ASSERT_NE(run->experiment().points()->held_out(), nullptr);
  const auto evaluation =
      By(*run, 10000, {"sliced_wasserstein", "nearest_training"});
  ASSERT_TRUE(evaluation) << ToText(evaluation.problems());
  EXPECT_EQ(evaluation->reference, "held_out");
  const Json json = ToJson(*evaluation);
  EXPECT_EQ(Number(json, "sliced_wasserstein", "n"), 10);
  EXPECT_GT(Number(json, "sliced_wasserstein", "data_data"), 0);
  EXPECT_EQ(*json.Find("nearest_training")->Find("reference"),
            Json("held_out"));
  // Held-out points are no training points: a step away at the least, in units
  // of the training points' deviation.
  const Json& more = *json.Find("nearest_training")->Find("more");
  const double step = 1 / run->standardiser().scale[0];
  EXPECT_GT(*more.Find("close")->AsNumber(), 0.99 * step);
}

TEST(Evaluate, TooFewOrTooManySamplesAreRefused) {
  const auto run = Open({}, nullptr);
  EXPECT_FALSE(Evaluate(*run, 1));
  EXPECT_FALSE(Evaluate(*run, 1000001));
  const auto three = Open({"data=points"}, Line(3));
  EXPECT_FALSE(Evaluate(*three, 10));
  const auto one_held_out =
      Open({"data=points", "data.held_out=0.25"}, Line(4));
  const auto refused = Evaluate(*one_held_out, 10);
  ASSERT_FALSE(refused);
  EXPECT_NE(ToText(refused.problems()).find("data.held_out"),
            std::string::npos);
}

}  // namespace
}  // namespace unnoise
