// The exact law in the place of a trained run: every verb that looks at a model
// takes it by name, and --truth puts it beside what was learned.

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/data/npy.h"
#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

NpyArray NpyIn(const std::string& path) {
  const Result<NpyArray> array = ReadNpy(TextOf(path), path);
  EXPECT_TRUE(array.ok()) << path;
  return *array;
}

TEST(SubjectTest, TheExactLawIsSampledFieldByField) {
  const Scratch scratch;
  Cli cli;
  const std::string out = scratch / "s.npy", way = scratch / "t.npy";
  ASSERT_EQ(
      cli.Run({"sample", "exact", "data=gaussian_mixture",
               "data.weights=[0.3,0.7]", "data.means=[[-2],[2]]",
               "data.covariances=[[[0.04]],[[1]]]", "path=cosine",
               "sampler=ddim", "sampler.eta=0", "sampler.steps=50", "--n",
               "20000", "--seed", "1", "--out", out, "--trajectory", way}),
      0)
      << cli.err;
  const NpyArray samples = NpyIn(out);
  ASSERT_EQ(samples.shape, (std::vector<int64_t>{20000, 1}));
  // Of the two laws the left one has 0.3 of the points. What DDIM itself is off
  // by in 50 steps is below the four standard errors that are allowed, except
  // for the spread of the narrow one, which comes out a few percent small.
  double left = 0, sum = 0, square = 0;
  for (const double x : samples.values) {
    if (x >= -1) continue;
    left += 1;
    sum += x;
    square += x * x;
  }
  // The right law has 0.00135 of its own 0.7 there.
  EXPECT_NEAR(left / 20000, 0.3 + 0.7 * 0.00135, 4 * std::sqrt(0.21 / 20000));
  const double mean = sum / left;
  EXPECT_NEAR(mean, -2, 0.02);
  EXPECT_NEAR(std::sqrt(square / left - mean * mean), 0.2, 0.03);

  const Result<Json> json = ParseJson(TextOf(scratch / "t.json"), "t.json");
  ASSERT_TRUE(json);
  const Json::Array& grid = *json->Find("grid")->AsArray();
  ASSERT_EQ(grid.size(), 51u);
  for (const char* key : {"t", "alpha", "sigma"}) {
    EXPECT_NE(grid[0].Find(key), nullptr) << key;
  }
  EXPECT_TRUE(cli.ErrHas("20,000 samples of the exact law")) << cli.err;
}

TEST(SubjectTest, EveryVerbTakesTheExactLaw) {
  const Scratch scratch;
  Cli cli;
  EXPECT_EQ(cli.Run({"field", "exact", "data=eight_gaussians", "--grid", "4x4",
                     "--out", scratch / "f.csv"}),
            0)
      << cli.err;
  EXPECT_EQ(cli.Run({"eval", "exact", "data=mixture_1d", "sampler.steps=20",
                     "--n", "500", "--metrics", "energy_distance", "--json"}),
            0)
      << cli.err;
  const Result<Json> json = ParseJson(cli.out, "eval");
  ASSERT_TRUE(json);
  const Json* distance = json->Find("energy_distance");
  ASSERT_NE(distance, nullptr);
  EXPECT_LT(*distance->Find("value")->AsNumber(), 0.05);
  EXPECT_EQ(cli.Run({"render", "exact", "data=mixture_1d", "sampler.steps=3",
                     "--n", "20", "--out", scratch / "r.svg"}),
            0)
      << cli.err;
  EXPECT_NE(TextOf(scratch / "r.svg").find("the exact law"), std::string::npos);
  EXPECT_EQ(cli.Run({"fingerprint", "exact"}), 0) << cli.err;
}

TEST(SubjectTest, TheTruthStandsBesideATrainedRun) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Run({"train", "data=eight_gaussians", "network.width=4",
                     "network.depth=1", "batch=8", "--steps", "3", "--out", run,
                     "--quiet"}),
            0)
      << cli.err;
  const auto sample = [&](const char* name, bool truth) {
    std::vector<std::string> words = {
        "sample", run, "--n", "300", "--out", scratch / name, "--seed", "4"};
    if (truth) words.push_back("--truth");
    EXPECT_EQ(cli.Run(words), 0) << cli.err;
    return NpyIn(scratch / name).values;
  };
  const auto learned = sample("a.npy", false), exact = sample("b.npy", true);
  EXPECT_NE(learned, exact);
  // After three steps nothing is learned; the truth lies in the eight modes, 2
  // from the middle, of standard deviation 0.1.
  const auto near_modes = [](const std::vector<float>& points) {
    int near = 0;
    for (size_t i = 0; i < points.size(); i += 2) {
      near += std::fabs(std::hypot(points[i], points[i + 1]) - 2) < 0.4;
    }
    return near;
  };
  EXPECT_GT(near_modes(exact), 290);
  EXPECT_LT(near_modes(learned), 200);
  EXPECT_EQ(cli.Run({"eval", run, "--truth", "--n", "50", "--metrics",
                     "energy_distance"}),
            0)
      << cli.err;
  EXPECT_EQ(cli.Run({"field", run, "--truth", "--grid", "3x3", "--out",
                     scratch / "f.csv"}),
            0)
      << cli.err;
}

TEST(SubjectTest, RefusesWhatAnExactLawCannotDo) {
  const Scratch scratch;
  Cli cli;
  const auto refused = [&](std::vector<std::string> words, const char* text) {
    EXPECT_EQ(cli.Run(words), kExitUsage) << text;
    EXPECT_TRUE(cli.ErrHas(text)) << cli.err;
  };
  refused({"train", "family=exact", "--out", scratch / "run"},
          "exact has nothing to train");
  // A run file of an exact law, such as the page may give, is no run to go on.
  const Result<Experiment> experiment = ReadExperiment(
      "", "test", std::vector<std::string>{"family=exact"}, nullptr);
  ASSERT_TRUE(experiment);
  unnoise::Run run(*experiment, SimdBackend());
  AtomicFile file(PosixFiles(), scratch / "exact.safetensors");
  file.Append(SaveRunFile(run, {}));
  file.Commit();
  refused({"train", "--resume", scratch / "exact.safetensors", "--out",
           scratch / "run"},
          "exact has nothing to train");
  refused({"render", "exact", "--view", "loss", "--out", scratch / "l.png"},
          "there is no loss");
  refused({"sample", "exact", "network.width=3"}, "there is no such field");
  refused({"sample", "exact", "data=points"}, "data=FILE.csv");
  refused({"sample", "exact", "sampler.steps=0"}, "from 1 to");
  refused({"sample", "exact", "sampler.grid=given",
           "sampler.grid.times=[0.1,0.5,0.5]"},
          "give times that ascend");
  refused({"sample", "exact", "data=gaussian_mixture", "data.weights=[0]",
           "data.means=[[0]]", "data.covariances=[[[1]]]"},
          "at least one of them above 0");
}

// Langevin's steps from words, and what becomes of steps that are too long or a
// model that cannot say what a sampler asks: a sentence, and no file.
TEST(SubjectTest, LangevinSamplersRunOrSayWhyNot) {
  const Scratch scratch;
  Cli cli;
  const std::string out = scratch / "s.npy";
  const auto sample = [&](std::vector<std::string> words) {
    std::vector<std::string> all = {"sample",
                                    "exact",
                                    "data=gaussian_mixture",
                                    "data.weights=[1]",
                                    "data.means=[[1]]",
                                    "data.covariances=[[[1]]]",
                                    "path=cosine",
                                    "--n",
                                    "2000",
                                    "--out",
                                    out};
    all.insert(all.end(), words.begin(), words.end());
    return cli.Run(all);
  };
  // N(1, 1) has variance 1 at every level, which steps of 1/2 make 4/3.
  ASSERT_EQ(sample({"sampler=ula", "sampler.step=0.5", "sampler.unit=data",
                    "sampler.t=0", "sampler.steps=60"}),
            0)
      << cli.err;
  double sum = 0, square = 0;
  for (const double x : NpyIn(out).values) {
    sum += x / 2000;
    square += x * x / 2000;
  }
  EXPECT_NEAR(sum, 1, 4 * std::sqrt(4. / 3 / 2000));
  EXPECT_NEAR(square - sum * sum, 4. / 3, 4 * 4. / 3 * std::sqrt(2. / 2000));
  for (const char* name : {"mala", "hmc", "underdamped", "annealed_langevin",
                           "predictor_corrector"}) {
    EXPECT_EQ(sample({std::string("sampler=") + name, "sampler.steps=5"}), 0)
        << cli.err;
  }
  std::filesystem::remove(out);
  EXPECT_EQ(sample({"sampler=ula", "sampler.step=5", "sampler.unit=data"}),
            kExitDiverged);
  EXPECT_TRUE(cli.ErrHas("sampler.step")) << cli.err;
  EXPECT_TRUE(cli.ErrHas("take a shorter one")) << cli.err;
  EXPECT_EQ(sample({"sampler=ula", "sampler.step=-1"}), kExitUsage);
  EXPECT_TRUE(cli.ErrHas("sampler.step")) << cli.err;
  EXPECT_EQ(cli.Run({"train", "sampler=mala", "--out", scratch / "run"}),
            kExitUsage);
  EXPECT_TRUE(cli.ErrHas("sampler.kind")) << cli.err;
  EXPECT_TRUE(cli.ErrHas("goes by the density")) << cli.err;
  EXPECT_FALSE(std::filesystem::exists(out));
}

}  // namespace
}  // namespace unnoise
