// The verbs compare and divergence: numbers about two files, or two laws.

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/json.h"
#include "core/data/npy.h"
#include "tests/core/cli/cli_fixture.h"
#include "tests/core/metric/point_sets.h"

namespace unnoise {
namespace {

class CompareVerb : public testing::Test {
 protected:
  std::string Place(const char* name) const { return scratch_ / name; }
  std::string WriteArray(const char* name, const std::vector<float>& values,
                         std::vector<int64_t> shape) {
    std::string bytes = NpyHeader(shape);
    EXPECT_TRUE(AppendNumbers(values, NpyType::kFloat32, bytes));
    const std::string path = Place(name);
    EXPECT_EQ(PosixFiles().Write(path, bytes), 0);
    return path;
  }

 private:
  Scratch scratch_;
};

Json JsonOf(Cli& cli, std::vector<std::string> words) {
  words.push_back("--json");
  EXPECT_EQ(cli.Run(words), 0) << cli.err;
  const Result<Json> json = ParseJson(cli.out, "out");
  EXPECT_TRUE(json.ok()) << cli.out;
  return json.ok() ? *json : Json();
}

double Number(const Json& json, std::vector<std::string_view> path) {
  const Json* at = &json;
  for (const std::string_view key : path) at = at ? at->Find(key) : nullptr;
  return at && at->AsNumber() ? *at->AsNumber() : std::nan("");
}

TEST_F(CompareVerb, OnTheLineEveryDistanceAgrees) {
  Cli cli;
  // Sorted, so that the first 1,000 are no fair part: keep to few.
  const std::string a = WriteArray("a.npy", NormalPoints(1, 300), {300});
  std::vector<float> moved = NormalPoints(1, 300);
  for (float& x : moved) x += 2;
  const std::string b = WriteArray("b.npy", moved, {300, 1});
  const Json json = JsonOf(cli, {"compare", a, b});
  // Floats that were moved by 2 are off by 2^-23 in all of them.
  for (const char* name : {"w1", "w2", "w2_exact", "sliced_wasserstein"}) {
    EXPECT_NEAR(Number(json, {name, "value"}), 2, 1e-6) << name;
  }
  EXPECT_NEAR(Number(json, {"w2_sinkhorn", "value"}), 2, 1e-3);
  EXPECT_GT(Number(json, {"w2_sinkhorn", "more", "epsilon"}), 0);
  EXPECT_GT(Number(json, {"mmd", "value"}), 0.1);
  EXPECT_GT(Number(json, {"energy_distance", "value"}), 1);
  // The errors of two means that are known to 1 / sqrt(300) each, and none of
  // one direction.
  for (const char* name : {"w1", "w2", "w2_exact", "w2_sinkhorn"}) {
    EXPECT_NEAR(Number(json, {name, "stderr"}), std::sqrt(2.0 / 300), 0.006)
        << name;
  }
  EXPECT_EQ(Number(json, {"w1", "n_a"}), 300);
  EXPECT_EQ(cli.Run({"compare", a, b}), 0);
  EXPECT_NE(cli.out.find("A: 300 points of "), cli.out.npos) << cli.out;
  EXPECT_NE(cli.out.find("300 and 300"), cli.out.npos) << cli.out;
}

TEST_F(CompareVerb, TakesSetsOfUnequalSizesInThePlane) {
  Cli cli;
  const std::string a = WriteArray("a.npy", NormalPoints(1, 2 * 50), {50, 2});
  std::string csv;
  for (const float x : NormalPoints(2, 80, 1)) {
    csv += std::to_string(x) + "," + std::to_string(-x) + "\n";
  }
  const std::string b = Place("b.csv");
  ASSERT_EQ(PosixFiles().Write(b, csv), 0);
  const Json json = JsonOf(cli, {"compare", a, b});
  EXPECT_TRUE(std::isnan(Number(json, {"w1", "value"}))) << "not on a line";
  EXPECT_EQ(Number(json, {"w2_exact", "n_b"}), 50);
  EXPECT_EQ(Number(json, {"w2_sinkhorn", "n_b"}), 80);
  EXPECT_EQ(cli.Run({"compare", a, b, "--metrics", "w1, mmd"}), 0);
  EXPECT_NE(cli.out.find("w1 left out: "), cli.out.npos);
  EXPECT_EQ(cli.out.find("w2_exact  "), cli.out.npos);
}

// What a model learns from is rounded; what is only compared is not.
TEST_F(CompareVerb, PointsAreComparedAsTheyAre) {
  Cli cli;
  const std::string a = WriteArray("a.npy", {0, 0.123457f, 1}, {3});
  const std::string b = WriteArray("b.npy", {0, 0.123456f, 1}, {3});
  EXPECT_NEAR(Number(JsonOf(cli, {"compare", a, b}), {"w1", "value"}),
              (0.123457f - 0.123456f) / 3.0, 1e-12);
}

TEST_F(CompareVerb, ProblemsNameTheRepair) {
  Cli cli;
  const std::string a = WriteArray("a.npy", NormalPoints(1, 20), {20});
  const std::string b = WriteArray("b.npy", NormalPoints(1, 20), {10, 2});
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"compare"}, "two files of points"},
      {{"compare", a}, "two files of points"},
      {{"compare", a, b, a}, "two files of points"},
      {{"compare", a, b}, "compare points of one kind"},
      {{"compare", a, a, "--metrics", "w3"}, "--metrics: there is no distance"},
      {{"divergence", "klx"}, "did you mean kl?"},
      {{"divergence", "p=two_mons"}, "choose from two_moons"},
      {{"divergence", "p=swiss_roll_3d"}, "p: this law has no density"},
      {{"divergence", "q=gaussian_mixture"}, "give as many"},
      {{"divergence", "p.stds=[0,1,1]"}, "p: this law has no density"},
      {{"divergence", "p.means=[0]"}, "p.means"},
      {{"divergence", "--n", "0"}, "from 1 to"},
  };
  for (const auto& [words, text] : cases) {
    EXPECT_EQ(cli.Run(words), kExitUsage) << words.back();
    EXPECT_TRUE(cli.ErrHas(text)) << words.back() << ": " << cli.err;
  }
  EXPECT_EQ(cli.Run({"compare", a, Place("none.npy")}), kExitFile);
}

const std::vector<std::string> kTwoNormals = {"p.weights=[1]", "p.means=[0]",
                                              "p.stds=[1]",    "q.weights=[1]",
                                              "q.means=[0]",   "q.stds=[2]"};

TEST(DivergenceVerb, TwoNormalLawsAreThoseOfTheTexts) {
  Cli cli;
  std::vector<std::string> words = {"divergence"};
  words.insert(words.end(), kTwoNormals.begin(), kTwoNormals.end());
  const Json json = JsonOf(cli, words);
  for (const char* key : {"value", "closed_form"}) {
    const auto number = [&](const char* name) {
      return Number(json, {"divergences", name, key});
    };
    EXPECT_NEAR(number("kl"), 0.318147, 5e-7);
    EXPECT_NEAR(number("reverse_kl"), 0.806853, 5e-7);
    EXPECT_NEAR(number("w1"), 0.797885, 5e-7);
    EXPECT_NEAR(number("w2"), 1, 2e-9);
  }
  EXPECT_EQ(*json.Find("divergences")->Find("kl")->Find("status"),
            Json("converged"));
  EXPECT_NEAR(Number(json, {"mass_p"}), 1, 2e-9);
  EXPECT_EQ(json.Find("draws"), nullptr);
}

TEST(DivergenceVerb, ANormalLawFittedToAnIntervalIsThatOfTheTexts) {
  Cli cli;
  const Json json = JsonOf(
      cli, {"divergence", "kl", "p=uniform", "p.dim=1", "p.low=0", "p.high=1",
            "q.weights=[1]", "q.means=[0.5]", "q.stds=[0.28867513459481288]"});
  EXPECT_NEAR(Number(json, {"divergences", "kl", "value"}), 0.176485208, 1e-9);
}

TEST(DivergenceVerb, DrawsTellTheSame) {
  Cli cli;
  std::vector<std::string> words = {"divergence", "kl", "--n", "20000"};
  words.insert(words.end(), kTwoNormals.begin(), kTwoNormals.end());
  const Json json = JsonOf(cli, words);
  EXPECT_NEAR(Number(json, {"draws", "kl", "value"}), 0.318147,
              4 * Number(json, {"draws", "kl", "stderr"}));
  // 1 / (1 + chi squared of p from q), in parts of n, within a few percent.
  const double part = std::sqrt(2 - 0.25) / 2;
  EXPECT_NEAR(Number(json, {"draws", "effective_samples"}), 20000 * part,
              20000 * 0.03);
  EXPECT_EQ(cli.Run(words), 0);
  EXPECT_NE(cli.out.find("From 20,000 draws of each: kl 0.3"), cli.out.npos)
      << cli.out;
  EXPECT_EQ(cli.out.find("\nfisher"), cli.out.npos) << "only what was named";
}

TEST(DivergenceVerb, WhatIsInfiniteAndWhatIsLeftOutIsSaid) {
  Cli cli;
  EXPECT_EQ(
      cli.Run({"divergence", "chi_squared", "p.weights=[1]", "p.means=[0]",
               "p.stds=[1]", "q.weights=[1]", "q.means=[0]", "q.stds=[0.5]"}),
      0)
      << cli.err;
  EXPECT_NE(cli.out.find("unbounded   infinite"), cli.out.npos) << cli.out;
  EXPECT_EQ(cli.Run({"divergence", "w1,total_variation", "p=gaussian_mixture",
                     "q=gaussian_mixture", "q.weights=[1,1,1]"}),
            0)
      << cli.err;
  EXPECT_NE(cli.out.find("w1 left out: "), cli.out.npos) << cli.out;
}

}  // namespace
}  // namespace unnoise
