// A run on disk survives faults, kills and interruptions at every moment.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "core/cli/run_directory.h"
#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

TEST(RunDirectoryTest, ResumeGivesTheBitsOfOneRun) {
  const Scratch scratch;
  Cli cli;
  ASSERT_EQ(cli.Train({"--steps", "120", "--out", scratch / "whole"}), 0);
  ASSERT_EQ(cli.Train({"--steps", "50", "--out", scratch / "parts"}), 0);
  for (const char* total : {"101", "120"}) {
    ASSERT_EQ(
        cli.Run({"train", "--resume", scratch / "parts", "--steps", total}), 0);
  }
  for (const char* file :
       {"/model.safetensors", "/experiment.json", "/metrics.jsonl"}) {
    EXPECT_EQ(TextOf(scratch / "parts" + file),
              TextOf(scratch / "whole" + file))
        << file;  // the clock stands still, so even seconds agree
  }
}

TEST(RunDirectoryTest, MetricsAreCutBackToTheCheckpoint) {
  const Scratch scratch;
  Cli cli;
  ASSERT_EQ(cli.Train({"--steps", "3", "--out", scratch / "run"}), 0);
  const std::string metrics = scratch / "run/metrics.jsonl";
  const std::string whole = TextOf(metrics);
  EXPECT_EQ(std::count(whole.begin(), whole.end(), '\n'), 4);
  EXPECT_TRUE(whole.starts_with("{\"format\":1}\n"));
  // What a kill between metrics and checkpoint leaves, and a torn line.
  AppendToFile(cli.files, metrics,
               "{\"grad_norm\":1,\"loss\":1,\"rate\":1,\"seconds\":1,"
               "\"step\":4}\n{\"step\":5,\"lo");
  ASSERT_EQ(cli.Run({"train", "--resume", scratch / "run", "--steps", "3"}), 0);
  EXPECT_EQ(TextOf(metrics), whole);
}

TEST(RunDirectoryTest, EveryFaultWhileSavingLeavesALoadableRun) {
  const Scratch scratch;
  Cli cli;
  ASSERT_EQ(cli.Train({"--steps", "4", "--out", scratch / "whole"}), 0);
  const std::string whole = FingerprintIn(scratch / "whole");
  for (const bool stops : {false, true}) {
    int faults = 0;
    for (int k = 0;; ++k) {
      const std::string run =
          scratch / ("run" + std::to_string(k) + (stops ? "s" : ""));
      cli.files.FailAt(FaultyFiles::kNever, 0);
      ASSERT_EQ(cli.Train({"--steps", "2", "--out", run}), 0);
      if (stops) {
        cli.files.StopAt(k);
      } else {
        cli.files.FailAt(k, ENOSPC);
      }
      const int exit_code = cli.Run({"train", "--resume", run, "--steps", "4"});
      const int64_t step = StepIn(run);
      EXPECT_TRUE(step == 2 || step == 4) << k;
      if (exit_code == 0) break;
      ++faults;
      EXPECT_EQ(exit_code, kExitFile) << k;
      EXPECT_TRUE(cli.ErrHas(run)) << cli.err;
      EXPECT_TRUE(cli.ErrHas(stops ? "reports an error" : "no space is left"))
          << cli.err;
      cli.files.FailAt(FaultyFiles::kNever, 0);
      ASSERT_EQ(cli.Run({"train", "--resume", run, "--steps", "4"}), 0);
      EXPECT_EQ(FingerprintIn(run), whole) << k;
      EXPECT_EQ(TextOf(run + "/metrics.jsonl"),
                TextOf(scratch / "whole/metrics.jsonl"))
          << k;
    }
    EXPECT_GE(faults, 7);
  }
}

TEST(RunDirectoryTest, EveryFaultWhileReplacingLeavesOneOfTheRuns) {
  const Scratch scratch;
  Cli cli;
  for (const bool stops : {false, true}) {
    int faults = 0;
    for (int k = 0;; ++k) {
      const std::string run =
          scratch / ("run" + std::to_string(k) + (stops ? "s" : ""));
      cli.files.FailAt(FaultyFiles::kNever, 0);
      ASSERT_EQ(cli.Train({"--steps", "2", "--out", run}), 0);
      if (stops) {
        cli.files.StopAt(k);
      } else {
        cli.files.FailAt(k, EACCES);
      }
      const int exit_code =
          cli.Train({"--steps", "0", "--out", run, "--force"});
      const int64_t step = StepIn(run);
      const int64_t aside = StepIn(run + ".old");
      if (stops) {
        EXPECT_TRUE(step == 2 || step == 0 || aside == 2) << k;
      } else {
        // A single fault is put right at once.
        EXPECT_TRUE(step == 2 || step == 0) << k;
        EXPECT_TRUE(exit_code == 0 ? step == 0 : step == 2) << k;
      }
      if (cli.files.calls <= k) break;  // no fault any more
      ++faults;
    }
    EXPECT_GE(faults, 20);
  }
}

TEST(RunDirectoryTest, AFaultAtTheStartLeavesNothing) {
  const Scratch scratch;
  Cli cli;
  for (int k = 0; k < 15; ++k) {
    const std::string run = scratch / ("run" + std::to_string(k));
    cli.files.FailAt(k, ENOSPC);
    const int exit_code = cli.Train({"--steps", "0", "--out", run});
    if (exit_code == 0) continue;  // a failed clean-up costs nothing
    EXPECT_EQ(exit_code, kExitFile);
    EXPECT_EQ(StatusOf(PosixFiles(), run).kind, FileKind::kNone) << k;
    cli.files.FailAt(FaultyFiles::kNever, 0);
    EXPECT_EQ(cli.Train({"--steps", "0", "--out", run}), 0) << cli.err;
  }
}

TEST(RunDirectoryTest, ForceReplacesARunAndNothingElse) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"--steps", "2", "--out", run}), 0);
  EXPECT_EQ(cli.Train({"--steps", "1", "--out", run}), kExitUsage);
  EXPECT_TRUE(cli.ErrHas("--resume") && cli.ErrHas("--force")) << cli.err;
  EXPECT_EQ(StepIn(run), 2);
  EXPECT_EQ(cli.Train({"--steps", "1", "--out", run, "--force"}), 0);
  EXPECT_EQ(StepIn(run), 1);
  EXPECT_EQ(StatusOf(PosixFiles(), run + ".old").kind, FileKind::kNone);

  // A user's own file in the folder of a run is kept.
  WriteAtomically(PosixFiles(), run + "/notes.txt", "mine");
  EXPECT_EQ(cli.Train({"--steps", "3", "--out", run, "--force"}), 0);
  EXPECT_TRUE(cli.ErrHas(run + ".old")) << cli.err;
  EXPECT_EQ(TextOf(run + ".old/notes.txt"), "mine");
  EXPECT_EQ(StepIn(run), 3);

  MakeFolders(PosixFiles(), scratch / "foreign");
  WriteAtomically(PosixFiles(), scratch / "foreign/data.npy", "mine");
  EXPECT_EQ(cli.Train({"--out", scratch / "foreign", "--force"}), kExitUsage);
  EXPECT_EQ(TextOf(scratch / "foreign/data.npy"), "mine");

  MakeFolders(PosixFiles(), scratch / "other.partial");
  WriteAtomically(PosixFiles(), scratch / "other.partial/data.npy", "mine");
  EXPECT_EQ(cli.Train({"--out", scratch / "other"}), kExitFile);
  EXPECT_EQ(TextOf(scratch / "other.partial/data.npy"), "mine");

  MakeFolders(PosixFiles(), scratch / "empty");
  EXPECT_EQ(cli.Train({"--steps", "1", "--out", scratch / "empty/"}), 0);
  EXPECT_EQ(StepIn(scratch / "empty"), 1);
  EXPECT_EQ(cli.Train({"--out", scratch / "empty/."}), kExitUsage);
  EXPECT_EQ(cli.Train({"--out", run + "/data.json"}), kExitUsage);
}

TEST(RunDirectoryTest, SavesEveryTenSeconds) {
  const Scratch scratch;
  Cli cli;
  cli.tick = 1;
  cli.on_tick = [&] {
    // Steps take a second each here, and the last save is at most 10 old.
    if (cli.clock < 15) return;
    EXPECT_GE(StepIn(scratch / "run"), static_cast<int64_t>(cli.clock) - 14);
  };
  EXPECT_EQ(cli.Train({"--steps", "40", "--out", scratch / "run"}), 0);
  EXPECT_GT(cli.clock, 40);
}

TEST(RunDirectoryTest, CtrlCSavesAndSaysHowToGoOn) {
  const Scratch scratch;
  Cli cli;
  int ticks = 0;
  cli.on_tick = [&] {
    if (++ticks == 5) std::raise(SIGINT);
  };
  EXPECT_EQ(cli.Train({"--steps", "40", "--out", scratch / "run"}),
            kExitInterrupted);
  const int64_t step = StepIn(scratch / "run");
  EXPECT_GT(step, 0);
  EXPECT_LT(step, 40);
  EXPECT_TRUE(cli.ErrHas("--resume " + scratch / "run")) << cli.err;
  cli.on_tick = nullptr;
  EXPECT_EQ(cli.Run({"train", "--resume", scratch / "run", "--steps", "40"}),
            0);
  ASSERT_EQ(cli.Train({"--steps", "40", "--out", scratch / "whole"}), 0);
  EXPECT_EQ(FingerprintIn(scratch / "run"), FingerprintIn(scratch / "whole"));
}

TEST(RunDirectoryTest, KillNineLeavesALoadableRun) {
  const Scratch scratch;
  const std::string run = scratch / "run";
  Cli cli;
  ASSERT_EQ(cli.Train({"--steps", "1", "--out", run}), 0);
  for (const int milliseconds : {1, 3, 6, 10, 15, 25, 40, 80}) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      execl(UNNOISE_CLI, UNNOISE_CLI, "train", "network.width=2", "batch=2",
            "--quiet", "--force", "--out", run.c_str(), nullptr);
      _exit(127);
    }
    usleep(static_cast<useconds_t>(milliseconds) * 1000);
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself";
    const bool in_place = StepIn(run) >= 0;
    EXPECT_TRUE(in_place || StepIn(run + ".old") >= 0) << milliseconds;
    if (!in_place) {
      ASSERT_EQ(cli.Train({"--steps", "1", "--out", run}), 0);
    }
  }
}

TEST(RunDirectoryTest, DamagedRunsAreRefusedWithTheirPlace) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"--steps", "1", "--out", run}), 0);
  const std::string model = TextOf(run + "/model.safetensors");
  const std::string json = TextOf(run + "/experiment.json");
  const auto fingerprint = [&](const char* file, std::string_view bytes) {
    WriteAtomically(PosixFiles(), run + file, bytes);
    const int exit_code = cli.Run({"fingerprint", run});
    EXPECT_TRUE(exit_code == 0 || cli.ErrHas(run + file)) << cli.err;
    WriteAtomically(PosixFiles(), run + "/model.safetensors", model);
    WriteAtomically(PosixFiles(), run + "/experiment.json", json);
    return exit_code;
  };
  EXPECT_EQ(fingerprint("/model.safetensors", model), 0);
  EXPECT_EQ(fingerprint("/model.safetensors", model.substr(0, 100)), kExitFile);
  EXPECT_EQ(fingerprint("/model.safetensors", ""), kExitFile);
  EXPECT_EQ(fingerprint("/experiment.json", "{"), kExitFile);
  EXPECT_EQ(fingerprint("/experiment.json", ""), kExitFile);
  EXPECT_EQ(fingerprint("/experiment.json", R"({"batch":0})"), kExitFile);
  EXPECT_EQ(cli.Run({"fingerprint", scratch / "none"}), kExitFile);
  EXPECT_EQ(cli.Run({"fingerprint", run + "/experiment.json"}), kExitFile);
}

TEST(RunDirectoryTest, OwnPointsOutliveTheirFile) {
  const Scratch scratch;
  Cli cli;
  const std::string csv = scratch / "my points.csv";
  WriteAtomically(PosixFiles(), csv, "x,y\n0,1\n2,3\n4,7\n1,1\n");
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"data=" + csv, "--steps", "2", "--out", run}), 0)
      << cli.err;
  ASSERT_EQ(
      cli.Train({"data=" + csv, "--steps", "4", "--out", scratch / "whole"}),
      0);
  PosixFiles().Remove(csv);
  EXPECT_EQ(cli.Run({"train", "--resume", run, "--steps", "4"}), 0) << cli.err;
  EXPECT_EQ(FingerprintIn(run), FingerprintIn(scratch / "whole"));
  // Its experiment can be run again, with the points beside it.
  EXPECT_EQ(cli.Run({"train", run + "/experiment.json", "--steps", "4", "--out",
                     scratch / "again"}),
            0)
      << cli.err;
  EXPECT_EQ(FingerprintIn(scratch / "again"), FingerprintIn(run));
  // Points that are not numbers, in an experiment that no longer says which.
  std::string bytes = TextOf(run + "/data.npy");
  bytes.replace(bytes.size() - 4, 4, std::string("\0\0\xc0\x7f", 4));
  WriteAtomically(PosixFiles(), run + "/data.npy", bytes);
  WriteAtomically(PosixFiles(), run + "/bare.json",
                  R"({"data":{"kind":"points","count":4,"dim":2}})");
  EXPECT_EQ(cli.Run({"train", run + "/bare.json", "--out", scratch / "bad"}),
            kExitFile);
  EXPECT_TRUE(cli.ErrHas("not finite")) << cli.err;
  PosixFiles().Remove(run + "/data.npy");
  EXPECT_EQ(cli.Run({"fingerprint", run}), kExitFile);
  EXPECT_TRUE(cli.ErrHas("data.npy")) << cli.err;
}

}  // namespace
}  // namespace unnoise
