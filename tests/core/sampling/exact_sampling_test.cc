// A law, a path and a sampler as words: the same words, and the same bits, as
// an experiment of the family exact.

#include "core/sampling/exact_sampling.h"

#include <gtest/gtest.h>

#include "core/base/config.h"
#include "core/run/run.h"
#include "core/sampling/sampling.h"

namespace unnoise {
namespace {

const std::vector<std::string> kWords = {"data=rings", "path=straight",
                                         "path.t_min=0.02", "sampler=ode",
                                         "sampler.steps=7"};

std::string Said(const std::vector<std::string>& words, ExactSampling& exact) {
  Json json{Json::Object{}};
  Problems problems = ApplyOverrides(words, exact, json);
  const Problems found = FromJson(json, exact);
  problems.insert(problems.end(), found.begin(), found.end());
  return ToText(problems);
}

TEST(ExactSampling, SamplesAsTheFamilyDoes) {
  ExactSampling exact;
  ASSERT_EQ(Said(kWords, exact), "");
  EXPECT_EQ(OverridesOf(exact, ExactSampling()), kWords);

  std::vector<std::string> words = kWords;
  words.push_back("family=exact");
  const auto experiment = ReadExperiment("", "", words, nullptr);
  ASSERT_TRUE(experiment.ok());
  unnoise::Run run(*experiment, SimdBackend());
  const auto of_family = run.MakeDenoiser();
  const auto alone = exact.MakeDenoiser(SerialPool());
  const Key key = KeyFromSeed(4);
  Sampling one(*exact.sampler, *exact.path, *alone, key, 0, 20);
  Sampling other(*experiment->family->sampler(), experiment->family->path(),
                 *of_family, key, 0, 20);
  while (one.Step() && other.Step()) continue;
  EXPECT_TRUE(one.done());
  for (size_t i = 0; i < one.particles().size(); ++i) {
    EXPECT_EQ(one.particles()[i], other.particles()[i]);
  }
  EXPECT_EQ(NoUnits(*exact.data).scale, run.standardiser().scale);
  EXPECT_EQ(NoUnits(*exact.data).shift, run.standardiser().shift);
}

TEST(ExactSampling, HasTheDefaultsOfTheFamily) {
  const auto experiment =
      ReadExperiment("", "", std::vector<std::string>{"family=exact"}, nullptr);
  ASSERT_TRUE(experiment.ok());
  const Json own = ToJson(ExactSampling()), all = ToJson(*experiment);
  for (const char* name : {"data", "path", "sampler"}) {
    EXPECT_EQ(Write(*own.Find(name)), Write(*all.Find(name))) << name;
  }
}

TEST(ExactSampling, WhatIsNoLawIsRefused) {
  ExactSampling exact;
  EXPECT_NE(Said({"data=points"}, exact).find("points of a file"),
            std::string::npos);
  EXPECT_NE(Said({"path.t_min=0"}, exact).find("path.t_min: there is no noise"),
            std::string::npos);
  EXPECT_NE(Said({"seed=1"}, exact).find("seed"), std::string::npos);
}

}  // namespace
}  // namespace unnoise
