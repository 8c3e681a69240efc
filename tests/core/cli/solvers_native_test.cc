// unnoise solvers: its table, its files, how samplers are named, and what it
// refuses.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/json.h"
#include "core/cli/cli.h"
#include "core/data/npy.h"
#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

class SolversVerbTest : public testing::Test {
 protected:
  int Run(std::vector<std::string> words) {
    const std::vector<std::string> head = {
        "solvers", "exact", "data=rings", "--n", "20", "--steps", "2,4,8"};
    words.insert(words.begin(), head.begin(), head.end());
    return cli_.Run(words);
  }
  bool OutHas(std::string_view text) const {
    return cli_.out.find(text) != cli_.out.npos;
  }
  const Scratch scratch_;
  Cli cli_;
};

TEST_F(SolversVerbTest, FilesHoldTheSameNumbersInEveryFormat) {
  const std::vector<std::string> names = {"e.csv", "e.tsv", "e.json", "f.npy"};
  for (const std::string& name : names) {
    ASSERT_EQ(Run({"--samplers", "ddim,ddpm;ode method=rk4", "--seed", "5",
                   "--out", scratch_ / name}),
              0)
        << cli_.err;
  }
  EXPECT_TRUE(cli_.ErrHas("3 samplers on the exact law")) << cli_.err;
  EXPECT_TRUE(OutHas("ode method=rk4  2 ")) << cli_.out;
  EXPECT_TRUE(OutHas("floor"));
  const std::string csv = TextOf(scratch_ / "e.csv");
  EXPECT_TRUE(csv.starts_with("sampler,steps,evaluations,paths,law\nddim,2,2,"))
      << csv;
  EXPECT_NE(csv.find("\nddpm,4,4,,"), csv.npos) << csv;  // chance has no ways
  EXPECT_NE(csv.find("\node sampler.method=rk4,8,32,"), csv.npos) << csv;
  std::string tabs = csv;
  std::replace(tabs.begin(), tabs.end(), ',', '\t');
  EXPECT_EQ(TextOf(scratch_ / "e.tsv"), tabs);

  const auto json = ParseJson(TextOf(scratch_ / "e.json"), "e.json");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(Write(*json->Find("samplers")),
            R"(["ddim","ddpm","ode sampler.method=rk4"])");
  EXPECT_EQ(TextOf(scratch_ / "f.json"), TextOf(scratch_ / "e.json"));
  // NaN, which our own reader takes for no points, stands for what is missing.
  EXPECT_EQ(TextOf(scratch_ / "f.npy").size(), 128u + 4 * 9 * 5);
  ASSERT_EQ(Run({"--samplers", "ddim,ode", "--dtype", "float64", "--out",
                 scratch_ / "g.npy"}),
            0)
      << cli_.err;
  const auto array = ReadNpy(TextOf(scratch_ / "g.npy"), "g.npy");
  ASSERT_TRUE(array.ok());
  EXPECT_EQ(array->shape, (std::vector<int64_t>{6, 5}));
  const auto beside = ParseJson(TextOf(scratch_ / "g.json"), "g.json");
  const Json& last = beside->Find("rows")->AsArray()->at(5);
  EXPECT_EQ(array->values[25], 1);
  EXPECT_EQ(array->values[26], 8);
  EXPECT_EQ(array->values[27], 16);
  EXPECT_EQ(array->values[28],
            static_cast<float>(*last.Find("paths")->AsNumber()));
}

TEST_F(SolversVerbTest, TheSameWhateverTheThreadsAndTheSpelling) {
  ASSERT_EQ(
      Run({"--samplers", "dpm_solver order=3", "--threads", "1", "--json"}), 0)
      << cli_.err;
  const std::string one = cli_.out;
  ASSERT_EQ(Run({"--samplers", " sampler=dpm_solver  sampler.order=3 ;",
                 "--threads", "3", "--json", "--quiet"}),
            0)
      << cli_.err;
  EXPECT_EQ(cli_.out, one);
  EXPECT_EQ(cli_.err, "");
}

TEST_F(SolversVerbTest, OneErrorAloneCanBeAskedFor) {
  ASSERT_EQ(Run({"--error", "law"}), 0) << cli_.err;
  EXPECT_TRUE(OutHas("law"));
  EXPECT_FALSE(OutHas("paths"));
  ASSERT_EQ(Run({"--error", "paths"}), 0) << cli_.err;
  EXPECT_FALSE(OutHas("law"));
}

TEST_F(SolversVerbTest, ATrainedRunIsComparedToo) {
  ASSERT_EQ(
      cli_.Train({"data=rings", "--steps", "3", "--out", scratch_ / "run"}), 0)
      << cli_.err;
  for (const bool truth : {false, true}) {
    std::vector<std::string> words = {
        "solvers", scratch_ / "run", "--n", "4", "--steps",
        "2,3",     "--samplers",     "ddim"};
    if (truth) words.push_back("--truth");
    EXPECT_EQ(cli_.Run(words), 0) << cli_.err;
  }
  EXPECT_EQ(Run({"--out", scratch_ / "run/experiment.json"}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("file of a run")) << cli_.err;
}

TEST_F(SolversVerbTest, BadInputIsNamedWithItsRepair) {
  const auto refused = [this](std::vector<std::string> words) {
    EXPECT_EQ(Run(std::move(words)), kExitUsage);
    return cli_.err;
  };
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), text.npos) << text;
  };
  has(refused({"--samplers", "ddmi"}), "choose from ddpm, ddim");
  has(refused({"--samplers", "ddim etta=0"}), "sampler.etta");
  has(refused({"--samplers", "ddim eta=2"}), "eta");
  has(refused({"--samplers", "ddim ode"}), "part them by a semicolon");
  has(refused({"--samplers", "eta=0"}), "does not begin with the name");
  has(refused({"--samplers", " ; "}), "no sampler is named");
  has(refused({"--samplers", "ddim steps=3"}), "what --steps says");
  has(refused({"--samplers", "ddim grid=given"}), "times given one by one");
  has(refused({"--error", "both of them"}), "paths, law or both");
  has(refused({"--out", "errors.txt"}), "ends in .csv");
  has(refused({"--out", "e.csv", "--dtype", "float32"}), "--dtype");
  has(refused({"--out", "e.json", "--dtype", "float32"}), "--dtype");
  has(refused({"--dtype", "float32"}), "no --out");
  EXPECT_EQ(cli_.Run({"solvers", "exact", "--n", "1"}), kExitUsage);
  has(cli_.err, "--n: give 2 to 100000");
  EXPECT_EQ(cli_.Run({"solvers", "exact", "--steps", "5,0"}), kExitUsage);
  has(cli_.err, "--steps");
  EXPECT_EQ(cli_.Run({"solvers"}), kExitUsage);
}

}  // namespace
}  // namespace unnoise
