// Runs that last: clocks that run backwards, metrics without end, newer files,
// and runs that come as one file.

#include <gtest/gtest.h>

#include <array>

#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

TEST(LongRunsTest, AClockThatRunsBackwardsOnlyLosesTime) {
  const Scratch scratch;
  Cli cli;
  cli.terminal = true;
  cli.tick = 1;
  int looks = 0;
  cli.on_tick = [&] {
    if (++looks == 20) cli.clock -= 1e6;
    // Ten seconds after that it saves as if nothing had been.
    if (looks == 35) {
      EXPECT_GE(StepIn(scratch / "run"), 20);
    }
  };
  EXPECT_EQ(cli.Train({"--steps", "60", "--out", scratch / "run"}), 0);
  const Result<MetricsLines> metrics =
      ReadMetrics(TextOf(scratch / "run/metrics.jsonl"), "", 1000);
  ASSERT_EQ(metrics->lines.size(), 60u);
  for (size_t i = 1; i < 60; ++i) {
    EXPECT_GE(metrics->lines[i].seconds, metrics->lines[i - 1].seconds);
  }
  EXPECT_EQ(metrics->lines.back().seconds, 59);  // one look brought none
}

TEST(LongRunsTest, SavesAsOftenAsItIsTold) {
  const Scratch scratch;
  Cli cli;
  cli.tick = 0.001;
  int saved = 0;
  cli.on_tick = [&] {
    const int64_t step = StepIn(scratch / "run");
    if (step >= 0) saved = static_cast<int>(step);
  };
  EXPECT_EQ(cli.Train({"--steps", "9", "--save-every", "0", "--out",
                       scratch / "run"}),
            0);
  EXPECT_EQ(saved, 8);  // at the last look, before the last save
  for (const char* bad : {"-1", "x", "1.5", "99999999"}) {
    EXPECT_EQ(cli.Train({"--save-every", bad}), kExitUsage);
    EXPECT_TRUE(cli.ErrHas("--save-every")) << cli.err;
  }
}

TEST(LongRunsTest, MetricsAreCutFromTheEndHoweverLongTheyAre) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run", path = run + "/metrics.jsonl";
  ASSERT_EQ(cli.Train({"--steps", "3", "--out", run}), 0);
  const std::string good = TextOf(path);
  // More lines to be cut than are read at once, and a torn one.
  std::string later = good;
  for (int64_t step = 4; step < 4000; ++step) {
    const MetricsLine line{step, 0.5, 1e-5, 1, 0.25};
    later += WriteMetrics({&line, 1});
  }
  ASSERT_GT(later.size(), size_t{1} << 17);
  WriteAtomically(PosixFiles(), path, later + "{\"step\":4000,\"lo");
  EXPECT_EQ(cli.Run({"train", "--resume", run, "--steps", "3"}), 0) << cli.err;
  EXPECT_EQ(TextOf(path), good);
  // Lines that are kept stay as they are, whatever stands before the part that
  // is read; without a file a new one is begun.
  later = std::string(100000, ' ') + '\n' + good.substr(good.find('\n') + 1);
  WriteAtomically(PosixFiles(), path, later);
  EXPECT_EQ(cli.Run({"train", "--resume", run, "--steps", "3"}), 0) << cli.err;
  EXPECT_EQ(TextOf(path), later);
  PosixFiles().Remove(path);
  EXPECT_EQ(cli.Run({"train", "--resume", run, "--steps", "4"}), 0) << cli.err;
  EXPECT_TRUE(TextOf(path).starts_with(MetricsHeader() + "{"));
}

TEST(LongRunsTest, NewerFilesAreRefusedByName) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  for (const auto& [file, from, to] :
       {std::array<const char*, 3>{"/metrics.jsonl", "\"format\":1",
                                   "\"format\":2"},
        {"/experiment.json", "\"format\": 1", "\"format\": 2"},
        {"/model.safetensors", "unnoise 2", "unnoise 3"}}) {
    ASSERT_EQ(cli.Train({"--steps", "1", "--out", run, "--force"}), 0);
    std::string bytes = TextOf(run + file);
    const size_t at = bytes.find(from);
    ASSERT_NE(at, bytes.npos);
    WriteAtomically(PosixFiles(), run + file,
                    bytes.replace(at, std::string(from).size(), to));
    EXPECT_EQ(cli.Run({"train", "--resume", run, "--steps", "2"}), kExitFile);
    EXPECT_TRUE(cli.ErrHas(run + file)) << cli.err;
    EXPECT_TRUE(cli.ErrHas("newer")) << cli.err;
    EXPECT_EQ(TextOf(run + file), bytes);
  }
}

TEST(LongRunsTest, ARunFileGoesOnInADirectory) {
  const Scratch scratch;
  Cli cli;
  ASSERT_EQ(cli.Train({"--steps", "5", "--out", scratch / "half"}), 0);
  ASSERT_EQ(cli.Train({"--steps", "9", "--out", scratch / "whole"}), 0);
  const std::string file = scratch / "download.safetensors";
  const auto run = OpenRun(PosixFiles(), scratch / "half");
  const Result<MetricsLines> metrics =
      ReadMetrics(TextOf(scratch / "half/metrics.jsonl"), "", 5);
  WriteAtomically(PosixFiles(), file, SaveRunFile(*run, metrics->lines));
  const std::string bytes = TextOf(file);

  const std::string out = scratch / "out";
  ASSERT_EQ(cli.Run({"train", "--resume", file, "--steps", "9", "--out", out}),
            0)
      << cli.err;
  for (const char* name : {"/model.safetensors", "/metrics.jsonl",
                           "/experiment.json", "/data.json"}) {
    EXPECT_EQ(TextOf(out + name), TextOf(scratch / "whole" + name)) << name;
  }
  EXPECT_EQ(TextOf(file), bytes);
  // What stands there is safe, as from every training.
  EXPECT_EQ(cli.Run({"train", "--resume", file, "--out", out}), kExitUsage);
  EXPECT_EQ(cli.Run({"train", "--resume", file, "seed=3"}), kExitUsage);
  EXPECT_TRUE(cli.ErrHas("leave this out")) << cli.err;
  // The verbs that read take it too.
  EXPECT_EQ(cli.Run({"fingerprint", file}), 0) << cli.err;
  EXPECT_EQ(cli.out, FingerprintIn(scratch / "half") + "\n");
  EXPECT_EQ(cli.Run({"sample", file, "--n", "2"}), 0) << cli.err;
  EXPECT_EQ(StatusOf(PosixFiles(), scratch / "samples.npy").kind,
            FileKind::kFile);
  WriteAtomically(PosixFiles(), file, "0,1\n");
  EXPECT_EQ(cli.Run({"train", "--resume", file}), kExitFile);
  EXPECT_TRUE(cli.ErrHas("download.safetensors")) << cli.err;
}

}  // namespace
}  // namespace unnoise
