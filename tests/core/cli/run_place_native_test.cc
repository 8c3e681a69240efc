// The place of a run: one training at a time, links, disks that know little.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "core/cli/run_place.h"
#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

bool Stands(const std::string& path) {
  return StatusOf(PosixFiles(), path).kind != FileKind::kNone;
}

TEST(RunPlaceTest, OneTrainingAtATime) {
  const Scratch scratch;
  const std::string run = scratch / "run";
  Cli cli, other;
  ASSERT_EQ(cli.Train({"--steps", "2", "--out", run}), 0);
  EXPECT_FALSE(Stands(run + "/lock"));
  int tried = 0;
  cli.tick = 1;
  cli.on_tick = [&] {
    if (++tried != 5) return;
    EXPECT_TRUE(Stands(run + "/lock"));
    // Through a link it is the same folder.
    std::filesystem::create_symlink(run, scratch / "link");
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"train", "--resume", run},
          {"train", "--resume", scratch / "link"},
          {"train", "data=rings", "--out", run, "--force"}}) {
      EXPECT_EQ(other.Run(words), kExitFile);
      EXPECT_TRUE(other.ErrHas("another training is writing there"))
          << other.err;
      EXPECT_TRUE(other.ErrHas(words.back() == "--force" ? run : words.back()))
          << other.err;
    }
    // Those that only read need no lock.
    EXPECT_EQ(other.Run({"fingerprint", run}), 0) << other.err;
    EXPECT_EQ(other.Run({"sample", run, "--n", "2"}), 0) << other.err;
    EXPECT_EQ(other.Run({"eval", run, "--n", "8"}), 0) << other.err;
  };
  EXPECT_EQ(cli.Run({"train", "--resume", run, "--steps", "30"}), 0) << cli.err;
  EXPECT_GT(tried, 5);
  EXPECT_FALSE(Stands(run + "/lock"));
  EXPECT_EQ(other.Run({"train", "--resume", run, "--steps", "31"}), 0);
}

TEST(RunPlaceTest, OneTrainingIsStartedAtATime) {
  const Scratch scratch;
  const std::string run = scratch / "run";
  Cli cli, other;
  int tried = 0;
  cli.files.before_call = [&](int) {
    if (++tried != 8) return;
    ASSERT_TRUE(Stands(run + ".partial/lock"));
    EXPECT_EQ(other.Train({"--steps", "1", "--out", run}), kExitFile);
    EXPECT_TRUE(other.ErrHas(run)) << other.err;
    EXPECT_TRUE(other.ErrHas("another training")) << other.err;
    unnoise::Run fresh(*ReadExperiment("", "", kTiny, nullptr), SimdBackend());
    const RunWriter named = RunWriter::CreateNamed(PosixFiles(), run, fresh);
    EXPECT_EQ(named.directory(), run + "-2");
  };
  EXPECT_EQ(cli.Train({"--steps", "3", "--out", run}), 0) << cli.err;
  EXPECT_GT(tried, 8);
  EXPECT_EQ(StepIn(run), 3);
  EXPECT_FALSE(Stands(run + ".partial"));
}

// The kernel ends the lock with the process.
TEST(RunPlaceTest, AKillLeavesNoLock) {
  const Scratch scratch;
  const std::string run = scratch / "run";
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    execl(UNNOISE_CLI, UNNOISE_CLI, "train", "network.width=2", "batch=2",
          "--quiet", "--out", run.c_str(), nullptr);
    _exit(127);
  }
  for (int i = 0; i < 5000 && !Stands(run); ++i) usleep(1000);
  Cli cli;
  EXPECT_EQ(cli.Run({"train", "--resume", run, "--steps", "1"}), kExitFile);
  EXPECT_TRUE(cli.ErrHas("another training")) << cli.err;
  kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(Stands(run + "/lock"));
  EXPECT_EQ(cli.Run({"train", "--resume", run, "--steps", "1"}), 0) << cli.err;
  EXPECT_FALSE(Stands(run + "/lock"));
}

TEST(RunPlaceTest, ADiskWithoutLocksIsUsedWithAWarning) {
  const Scratch scratch;
  Cli cli;
  cli.files.locks = false;
  EXPECT_EQ(cli.Train({"--steps", "1", "--out", scratch / "run"}), 0);
  EXPECT_TRUE(cli.ErrHas("has no locks")) << cli.err;
  EXPECT_EQ(cli.Run({"train", "--resume", scratch / "run", "--steps", "2",
                     "--quiet"}),
            0);
  EXPECT_TRUE(cli.ErrHas(scratch / "run")) << cli.err;
}

TEST(RunPlaceTest, AReadOnlyPlaceIsRefusedBeforeTraining) {
  const Scratch scratch;
  const std::string run = scratch / "run";
  Cli cli;
  ASSERT_EQ(cli.Train({"--steps", "1", "--out", run}), 0);
  for (const int error : {EROFS, EACCES, ENOSPC, EIO}) {
    cli.files.FailAt(0, error);
    EXPECT_EQ(cli.Run({"train", "--resume", run, "--steps", "2"}), kExitFile);
    EXPECT_TRUE(cli.ErrHas(run)) << cli.err;
    EXPECT_FALSE(cli.ErrHas("Training to")) << cli.err;
  }
  cli.files.FailAt(FaultyFiles::kNever, 0);
  EXPECT_EQ(StepIn(run), 1);
}

TEST(RunPlaceTest, ALinkStandsForItsFolder) {
  const Scratch scratch;
  const std::string run = scratch / "disk/run", link = scratch / "link";
  Cli cli;
  MakeFolders(PosixFiles(), run);
  std::filesystem::create_symlink("disk/run", link);
  EXPECT_EQ(cli.Train({"--steps", "1", "--out", link}), 0) << cli.err;
  EXPECT_EQ(StepIn(run), 1);
  EXPECT_EQ(cli.Run({"train", "--resume", link, "--steps", "2"}), 0);
  EXPECT_EQ(StepIn(run), 2);
  EXPECT_EQ(cli.Train({"--steps", "3", "--out", link, "--force"}), 0)
      << cli.err;
  EXPECT_EQ(StepIn(run), 3);
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  // A link to nothing is refused, and so is one to itself.
  std::filesystem::create_symlink("none", scratch / "dangling");
  EXPECT_EQ(cli.Train({"--out", scratch / "dangling"}), kExitFile);
  EXPECT_TRUE(cli.ErrHas("dangling")) << cli.err;
  std::filesystem::create_symlink("loop", scratch / "loop");
  EXPECT_EQ(cli.Train({"--out", scratch / "loop"}), kExitFile);
  EXPECT_TRUE(cli.ErrHas("links go in a circle")) << cli.err;
}

TEST(RunPlaceTest, NamesThatAreTooLongAreRefused) {
  const Scratch scratch;
  Cli cli;
  // As a folder it may stand; with ".partial" after it, it may not.
  for (const size_t length : {250u, 300u, 5000u}) {
    EXPECT_EQ(cli.Train({"--out", scratch / std::string(length, 'x')}),
              kExitFile);
    EXPECT_TRUE(cli.ErrHas("too long")) << cli.err;
  }
}

TEST(RunPlaceTest, ForceNeedsNoExchange) {
  const Scratch scratch;
  for (const bool exchanges : {false, true}) {
    const std::string run = scratch / (exchanges ? "one" : "two");
    Cli cli;
    cli.files.exchanges = exchanges;
    ASSERT_EQ(cli.Train({"--steps", "2", "--out", run}), 0);
    // The directory is a run after every call; without the exchange it may be
    // away for one.
    int away = 0;
    cli.files.before_call = [&](int) { away += StepIn(run) < 0; };
    EXPECT_EQ(cli.Train({"--steps", "1", "--out", run, "--force"}), 0);
    EXPECT_EQ(away, exchanges ? 0 : 1);
    EXPECT_EQ(StepIn(run), 1);
    EXPECT_FALSE(Stands(run + ".old"));
    EXPECT_FALSE(Stands(run + ".partial"));
  }
}

}  // namespace
}  // namespace unnoise
