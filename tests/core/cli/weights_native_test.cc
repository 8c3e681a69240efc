// unnoise train --weights: a run that starts where another program stopped.

#include <gtest/gtest.h>

#include "core/run/weights.h"
#include "tests/core/cli/cli_fixture.h"
#include "tests/core/fixtures/torch/golden.h"

namespace unnoise {
namespace {

const std::string kNet = Golden::PathOf("net_silu.safetensors");
const std::string kMap = Golden::PathOf("map.json");
// Of net_silu, over the file's tensors in our order.
constexpr char kHash[] = "b91b79cea8d9e486";

// `unnoise train` of the network that the golden weights fit.
int Train(Cli& cli, std::vector<std::string> words) {
  words.insert(words.begin(),
               {"train", "network.width=8", "network.depth=2", "batch=4"});
  return cli.Run(words);
}

std::vector<float> List(std::span<const float> values) {
  return {values.begin(), values.end()};
}

TEST(WeightsFileTest, ARunStartsFromATorchStateDict) {
  const Scratch scratch;
  const std::string directory = scratch / "run";
  Cli cli;
  ASSERT_EQ(Train(cli, {"--weights", kNet, "--map", kMap, "--steps", "0",
                        "--out", directory}),
            0)
      << cli.err;
  const auto run = OpenRun(PosixFiles(), directory);
  EXPECT_EQ(run->step(), 0);
  EXPECT_EQ(run->experiment().weights, kHash);
  const Golden golden("net_silu");
  std::vector<float> expected;
  for (const char* name :
       {"0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"}) {
    const auto part = golden.Numbers<float>(name);
    expected.insert(expected.end(), part.begin(), part.end());
  }
  EXPECT_EQ(List(run->weights()), expected);
  EXPECT_EQ(List(run->average()), expected);
  for (const StateArray& state : run->OptimizerState()) {
    for (const float value : state.values) EXPECT_EQ(value, 0) << state.name;
  }
  EXPECT_NE(TextOf(directory + "/experiment.json")
                .find("\"weights\": \"" + std::string(kHash) + "\""),
            std::string::npos);
}

TEST(WeightsFileTest, SuchARunGoesOnWithTheSameBits) {
  const Scratch scratch;
  Cli cli;
  const std::string whole = scratch / "whole", parts = scratch / "parts";
  const std::vector<std::string> start = {"--weights", kNet, "--map", kMap};
  const auto train = [&](const std::string& out, const char* steps) {
    std::vector<std::string> words = start;
    words.insert(words.end(), {"--out", out, "--steps", steps});
    ASSERT_EQ(Train(cli, words), 0) << cli.err;
  };
  train(whole, "4");
  train(parts, "2");
  ASSERT_EQ(cli.Run({"train", "--resume", parts, "--steps", "4"}), 0)
      << cli.err;
  EXPECT_EQ(FingerprintIn(parts), FingerprintIn(whole));

  // The same from one file, as the page saves it.
  const auto run = OpenRun(PosixFiles(), whole);
  const std::string file = scratch / "file.safetensors";
  WriteAtomically(PosixFiles(), file, SaveRunFile(*run, {}));
  const std::string on = scratch / "on";
  ASSERT_EQ(cli.Run({"train", "--resume", file, "--steps", "6", "--out", on}),
            0)
      << cli.err;
  ASSERT_EQ(cli.Run({"train", "--resume", whole, "--steps", "6"}), 0);
  EXPECT_EQ(FingerprintIn(on), FingerprintIn(whole));
  EXPECT_EQ(OpenRun(PosixFiles(), on)->experiment().weights, kHash);
}

TEST(WeightsFileTest, AnExperimentAsksForTheWeightsThatItNames) {
  const Scratch scratch;
  Cli cli;
  const std::string first = scratch / "first", second = scratch / "second";
  ASSERT_EQ(Train(cli, {"--weights", kNet, "--map", kMap, "--steps", "2",
                        "--out", first}),
            0);
  const std::string experiment = first + "/experiment.json";
  EXPECT_EQ(cli.Run({"train", experiment, "--out", second}), kExitUsage);
  EXPECT_EQ(
      cli.err,
      "weights=" + std::string(kHash) +
          ": training starts from weights of a file, of this fingerprint; give "
          "it to unnoise train --weights FILE, or leave this empty to draw "
          "them.\n");
  EXPECT_EQ(cli.Run({"train", experiment, "--weights",
                     Golden::PathOf("net_tanh.safetensors"), "--map", kMap,
                     "--out", second}),
            kExitUsage);
  EXPECT_TRUE(cli.ErrHas("these are not the weights that the experiment names"))
      << cli.err;
  EXPECT_EQ(StatusOf(PosixFiles(), second).kind, FileKind::kNone);
  // With them it is the same run, and without the name another.
  ASSERT_EQ(cli.Run({"train", experiment, "--weights", kNet, "--map", kMap,
                     "--steps", "2", "--out", second}),
            0)
      << cli.err;
  EXPECT_EQ(FingerprintIn(second), FingerprintIn(first));
  const std::string drawn = scratch / "drawn";
  ASSERT_EQ(cli.Run({"train", experiment, "weights=", "--steps", "2", "--out",
                     drawn}),
            0)
      << cli.err;
  EXPECT_NE(FingerprintIn(drawn), FingerprintIn(first));
}

TEST(WeightsFileTest, ARunOfOursCanBeTheStart) {
  const Scratch scratch;
  Cli cli;
  const std::string first = scratch / "first", second = scratch / "second";
  ASSERT_EQ(cli.Train({"--steps", "3", "--out", first}), 0);
  WriteAtomically(PosixFiles(), scratch / "ema.json",
                  R"({"network": "ema.network"})");
  ASSERT_EQ(cli.Train({"data=rings", "--weights", first + "/model.safetensors",
                       "--map", scratch / "ema.json", "--steps", "0", "--out",
                       second}),
            0)
      << cli.err;
  EXPECT_EQ(List(OpenRun(PosixFiles(), second)->weights()),
            List(OpenRun(PosixFiles(), first)->average()));
}

TEST(WeightsFileTest, MistakesEndInASentence) {
  const Scratch scratch;
  const std::string out = scratch / "run";
  Cli cli;
  const auto train = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--steps", "1", "--out", out});
    const int exit_code = Train(cli, words);
    EXPECT_EQ(StatusOf(PosixFiles(), out).kind, FileKind::kNone);
    return exit_code;
  };
  // All that does not fit, at once.
  EXPECT_EQ(train({"--weights", kNet, "--map", kMap, "network.width=6"}),
            kExitUsage);
  EXPECT_EQ(std::count(cli.err.begin(), cli.err.end(), '\n'), 5) << cli.err;
  EXPECT_TRUE(cli.ErrHas(kNet +
                         ": the tensor \"0.weight\" has shape [8, 34] where "
                         "[6, 34] is expected"))
      << cli.err;
  EXPECT_EQ(train({"--weights", kNet}), kExitUsage);
  EXPECT_TRUE(cli.ErrHas("there is no tensor \"network.hidden.0.weight\""));
  EXPECT_TRUE(cli.ErrHas("nothing here takes the tensor \"0.weight\""));

  EXPECT_EQ(train({"--map", kMap}), kExitUsage);
  EXPECT_TRUE(cli.ErrHas("--map: it names tensors of the file of --weights"));
  EXPECT_EQ(train({"--weights", scratch / "none", "--map", kMap}), kExitFile);
  EXPECT_EQ(train({"--weights", kNet, "--map", scratch / "none"}), kExitFile);
  EXPECT_EQ(train({"--weights", kMap}), kExitFile);
  EXPECT_TRUE(cli.ErrHas("not a whole safetensors file")) << cli.err;
  EXPECT_EQ(train({"--weights", kNet, "--map", kNet}), kExitUsage);

  for (const std::string_view start : {"PK\3\4", "\x80\2}q"}) {
    WriteAtomically(PosixFiles(), scratch / "net.pt", std::string(start));
    EXPECT_EQ(train({"--weights", scratch / "net.pt"}), kExitFile);
    EXPECT_TRUE(cli.ErrHas("safetensors.torch.save_file")) << cli.err;
  }
}

TEST(WeightsFileTest, ResumedRunsHaveTheirOwn) {
  const Scratch scratch;
  Cli cli;
  ASSERT_EQ(cli.Train({"--steps", "1", "--out", scratch / "run"}), 0);
  EXPECT_EQ(cli.Run({"train", "--resume", scratch / "run", "--weights", kNet,
                     "--map", kMap}),
            kExitUsage);
  EXPECT_TRUE(cli.ErrHas("--weights: a run goes on with the experiment"));
  EXPECT_TRUE(cli.ErrHas("--map: a run goes on with the experiment"));
}

}  // namespace
}  // namespace unnoise
