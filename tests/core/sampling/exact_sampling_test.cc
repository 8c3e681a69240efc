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

  std::vector<std::string> words = {"family=exact"};
  words.insert(words.end(), kWords.begin(), kWords.end());
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
  const auto expect = [](const std::vector<std::string>& words,
                         std::string_view part) {
    ExactSampling exact;
    const std::string said = Said(words, exact);
    EXPECT_NE(said.find(part), said.npos) << said;
  };
  expect({"data=points"}, "no points are named");
  expect({"data=points", "data.count=2", "data.dim=2",
          "data.digest=0123456789abcdef"},
         "points of a file");
  expect({"seed=1"}, "seed");
}

}  // namespace
}  // namespace unnoise
