// The grammar of the command line, its texts and what it writes.

#include <gtest/gtest.h>

#include <csignal>

#include "core/base/json.h"
#include "core/cli/cli.h"
#include "core/cli/progress.h"
#include "core/data/npy.h"
#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

NpyArray NpyIn(const std::string& path) {
  Result<NpyArray> array = ReadNpy(TextOf(path), path);
  EXPECT_TRUE(array.ok()) << ToText(array.problems());
  return array.ok() ? std::move(*array) : NpyArray{};
}

TEST(CliTest, HelpAndVersion) {
  Cli cli;
  EXPECT_EQ(cli.Run({"--version"}), 0);
  EXPECT_TRUE(cli.out.starts_with("unnoise ")) << cli.out;
  EXPECT_EQ(cli.Run({"--help"}), 0);
  EXPECT_EQ(cli.out.find("--simd"), cli.out.npos) << "hidden";
  for (const char* verb : {"train", "sample", "field", "render", "encode",
                           "likelihood", "interpolate", "eval", "compare",
                           "divergence", "fingerprint", "list", "describe"}) {
    EXPECT_NE(cli.out.find(std::string("\n  ") + verb), cli.out.npos) << verb;
  }
  for (const char* verb : {"train", "sample", "field", "render", "encode",
                           "likelihood", "interpolate", "eval", "compare",
                           "divergence", "fingerprint", "list", "describe"}) {
    EXPECT_EQ(cli.Run({verb, "--help"}), 0);
    EXPECT_NE(cli.out.find("Example"), cli.out.npos) << verb;
  }
  EXPECT_EQ(cli.Run({}), kExitUsage);
}

TEST(CliTest, UsageProblemsNameTheRepair) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"trian"}, "did you mean train?"},
      {{"train", "--stesp", "3"}, "did you mean --steps?"},
      {{"sample", "x", "--sed=3"}, "did you mean --seed?"},
      {{"train", "--steps"}, "--steps: give it one value."},
      {{"train", "--steps", "1", "--steps", "2"}, "--steps: give it one value"},
      {{"train", "--steps", "1e3"}, "found \"1e3\"; give a whole number"},
      {{"train", "--steps", "-1"}, "found \"-1\"; give a whole number"},
      {{"train", "--seed", "9007199254740992"}, "to 9007199254740991."},
      {{"train", "--seed", "99999999999999999999999"}, "whole number"},
      {{"train", "--seed", "1", "seed=2"}, "--seed is given too"},
      {{"train", "a.json", "b.json"}, "there is a second experiment"},
      {{"train", "nonsense"}, "key=value"},
      {{"train", "network.widht=3"}, "did you mean width?"},
      {{"train", "network.width=0"}, "1024"},
      {{"train", "family=x"}, "choose from"},
      {{"sample"}, "the directory of a run is missing"},
      {{"sample", "a", "b"}, "more than one directory"},
      {{"sample", "a", "--n", "0"}, "from 1 to"},
      {{"eval", "a", "--n", "1"}, "from 2 to"},
      {{"eval", "a", "--metrics", "mmdd"}, "did you mean mmd?"},
      {{"eval", "a", "--metrics", ""}, "choose from sliced_wasserstein"},
      {{"eval", "a", "--metrics", "mmd,"}, "there is no metric \"\""},
      {{"list"}, "families, datasets, samplers, paths, metrics, divergences"},
      {{"list", "sampler"}, "did you mean samplers?"},
      {{"describe", "more"}, "leave it out"},
      {{"list", "paths", "--simd", "Z80"}, "no such target"},
      {{"train", "--resume", "x", "seed=3"}, "leave this out"},
      {{"train", "--resume", "x", "--out", "y"}, "--out: a run goes on"},
  };
  for (const auto& [words, text] : cases) {
    Cli cli;
    EXPECT_EQ(cli.Run(words), kExitUsage) << text;
    EXPECT_TRUE(cli.ErrHas(text)) << text << "\n" << cli.err;
    EXPECT_EQ(cli.out, "") << text;
  }
}

TEST(CliTest, EveryProblemIsNamedAtOnce) {
  Cli cli;
  EXPECT_EQ(cli.Run({"train", "network.width=0", "batch=-1", "path.s=9"}),
            kExitUsage);
  for (const char* name : {"network.width", "batch", "path.s"}) {
    EXPECT_TRUE(cli.ErrHas(name)) << cli.err;
  }
}

TEST(CliTest, ListsAndDescriptionAreWhole) {
  Cli cli;
  for (const char* what : {"families", "datasets", "samplers", "paths",
                           "metrics", "divergences", "distances"}) {
    EXPECT_EQ(cli.Run({"list", what, "--json"}), 0);
    const Result<Json> list = ParseJson(cli.out, what);
    ASSERT_TRUE(list.ok() && list->AsArray()) << what;
    EXPECT_FALSE(list->AsArray()->empty()) << what;
    EXPECT_EQ(cli.Run({"list", what}), 0);
    for (const Json& row : *list->AsArray()) {
      EXPECT_NE(cli.out.find(*row.Find("name")->AsString()), cli.out.npos);
    }
  }
  EXPECT_EQ(cli.Run({"describe", "--json"}), 0);
  const Result<Json> description = ParseJson(cli.out, "describe");
  ASSERT_TRUE(description.ok());
  for (const char* part : {"version", "experiment", "metrics"}) {
    EXPECT_NE(description->Find(part), nullptr) << part;
  }
  EXPECT_EQ(cli.Run({"describe"}), 0);
  for (const char* field : {"rate.horizon=", "data.noise=", "sampler.eta="}) {
    EXPECT_NE(cli.out.find(field), cli.out.npos) << field;
  }
}

TEST(CliTest, TrainPrintsOneLineOfJson) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"--steps", "3", "--seed", "5", "--json", "--quiet",
                       "--out", run}),
            0);
  EXPECT_EQ(cli.err, "");
  const Result<Json> result = ParseJson(cli.out, "stdout");
  ASSERT_TRUE(result.ok()) << cli.out;
  EXPECT_EQ(*result->Find("directory"), Json(run));
  EXPECT_EQ(*result->Find("step"), Json(3));
  EXPECT_EQ(*result->Find("state"), Json("done"));
  EXPECT_EQ(*result->Find("fingerprint"), Json(FingerprintIn(run)));
  EXPECT_TRUE(result->Find("loss")->AsNumber());
  ASSERT_EQ(cli.Run({"fingerprint", run}), 0);
  EXPECT_EQ(cli.out, FingerprintIn(run) + "\n");
  EXPECT_NE(TextOf(run + "/experiment.json").find("\"seed\": 5"),
            std::string::npos);
}

TEST(CliTest, TheSameSeedIsTheSameRunOnEveryTarget) {
  const Scratch scratch;
  Cli cli;
  ASSERT_EQ(cli.Train({"--steps", "3", "--out", scratch / "best"}), 0);
  const std::string best = TextOf(scratch / "best/model.safetensors");
  for (int target = 0; target < SimdTargetCount(); ++target) {
    const std::string name(SimdTargetName(target));  // compilers differ
    ASSERT_EQ(
        cli.Train({"--steps", "3", "--out", scratch / name, "--simd", name}), 0)
        << cli.err;
    EXPECT_EQ(TextOf(scratch / (name + "/model.safetensors")), best) << name;
  }
  ForceSimdTarget("");
}

TEST(CliTest, ExperimentFilesAndWordsComeInAnyOrder) {
  const Scratch scratch;
  Cli cli;
  const std::string json = scratch / "e.json";
  WriteAtomically(PosixFiles(), json, R"({"seed":3,"network":{"width":2}})");
  ASSERT_EQ(cli.Run({"train", "batch=2", json, "seed=4", "--steps", "1",
                     "--out", scratch / "run"}),
            0)
      << cli.err;
  const std::string stored = TextOf(scratch / "run/experiment.json");
  EXPECT_NE(stored.find("\"seed\": 4"), stored.npos);
  EXPECT_NE(stored.find("\"width\": 2"), stored.npos);
  for (const char* bad : {"", "{", "[]", R"({"seed":1,"seed":2})",
                          R"({"sed":1})", R"({"format":99})"}) {
    WriteAtomically(PosixFiles(), json, bad);
    EXPECT_EQ(cli.Run({"train", json, "--out", scratch / "bad"}), kExitUsage)
        << bad;
    EXPECT_EQ(StatusOf(PosixFiles(), scratch / "bad").kind, FileKind::kNone);
  }
  EXPECT_EQ(cli.Run({"train", scratch / "none.json"}), kExitFile);
}

TEST(CliTest, PointsThatCannotBeUsedAreNamedByLine) {
  const Scratch scratch;
  Cli cli;
  const std::string csv = scratch / "p.csv";
  const std::pair<const char*, const char*> cases[] = {
      {"", "at least 2 points"}, {"1,2\n", "at least 2 points"},
      {"1,2\n3\n", "p.csv:2"},   {"1,2\nnan,3\n", "p.csv:2"},
      {"1,2\nx,3\n", "p.csv:2"},
  };
  for (const auto& [text, place] : cases) {
    WriteAtomically(PosixFiles(), csv, text);
    EXPECT_EQ(cli.Train({"data=" + csv}), kExitUsage) << text;
    EXPECT_TRUE(cli.ErrHas(place)) << cli.err;
  }
  EXPECT_EQ(cli.Train({"data=" + (scratch / "none.csv")}), kExitFile);
  // A constant column has no scale of its own, and trains.
  WriteAtomically(PosixFiles(), csv, "1,2\n1,3\n1,5\n");
  EXPECT_EQ(
      cli.Train({"data=" + csv, "--steps", "2", "--out", scratch / "constant"}),
      0);
}

TEST(CliTest, DivergenceKeepsTheLastGoodState) {
  const Scratch scratch;
  Cli cli;
  const std::string csv = scratch / "p.csv";
  const std::string run = scratch / "run";
  // Points so far out, and not standardised, that the loss overflows.
  WriteAtomically(PosixFiles(), csv, "3e38,-3e38\n-3e38,3e38\n");
  EXPECT_EQ(cli.Train({"data=" + csv, "data.standardise=none", "--json",
                       "--out", run}),
            kExitDiverged);
  EXPECT_TRUE(cli.ErrHas("training diverged")) << cli.err;
  EXPECT_TRUE(cli.ErrHas("lower rate.peak")) << cli.err;
  EXPECT_NE(cli.out.find("\"state\":\"diverged\""), cli.out.npos) << cli.out;
  EXPECT_GE(StepIn(run), 0);
}

TEST(CliTest, DivergenceSaysWhereItBeganIfAsked) {
  const Scratch scratch;
  Cli cli;
  const std::string csv = scratch / "p.csv";
  WriteAtomically(PosixFiles(), csv, "3e38,-3e38\n-3e38,3e38\n");
  const auto train = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"data=" + csv, "data.standardise=none", "--out",
                               scratch / "run", "--force"});
    return cli.Train(words);
  };
  EXPECT_EQ(train({}), kExitDiverged);
  EXPECT_TRUE(cli.ErrHas("add --trap-nan")) << cli.err;
  EXPECT_EQ(train({"--trap-nan"}), kExitDiverged);
  EXPECT_TRUE(cli.ErrHas("No operation made a NaN")) << cli.err;
  EXPECT_GE(StepIn(scratch / "run"), 0);
}

TEST(CliTest, WhatTheMachineCannotHoldIsRefusedBeforeItIsTried) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"--steps", "1", "--out", run}), 0);
  cli.memory = 1000;
  EXPECT_EQ(cli.Train({"--out", scratch / "other"}), kExitUsage);
  EXPECT_TRUE(cli.ErrHas("batch: training this takes 1 MB")) << cli.err;
  EXPECT_FALSE(std::filesystem::exists(scratch / "other"));
  EXPECT_EQ(cli.Run({"train", "--resume", run, "--steps", "2"}), kExitUsage);
  EXPECT_EQ(StepIn(run), 1);
}

TEST(CliTest, SamplesDoNotDependOnHowManyAreDrawn) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"--steps", "2", "--out", run}), 0);
  const auto sample = [&](const char* n, const std::string& out,
                          const std::string& trajectory = "") {
    std::vector<std::string> words = {
        "sample", run, "sampler=ddpm", "sampler.steps=3",
        "--n",    n,   "--seed",       "9",
        "--out",  out};
    if (!trajectory.empty()) {
      words.insert(words.end(), {"--trajectory", trajectory});
    }
    EXPECT_EQ(cli.Run(words), 0) << cli.err;
    return NpyIn(out);
  };
  // More than one chunk of 4096.
  const NpyArray many = sample("5000", scratch / "many.npy");
  EXPECT_EQ(many.shape, (std::vector<int64_t>{5000, 2}));
  EXPECT_FALSE(std::equal(many.values.begin(), many.values.begin() + 10,
                          many.values.begin() + 2 * 4096))
      << "each chunk has particles of its own";
  const NpyArray few =
      sample("5", scratch / "few.npy", scratch / "trajectory.npy");
  EXPECT_EQ(few.shape, (std::vector<int64_t>{5, 2}));
  EXPECT_TRUE(
      std::equal(few.values.begin(), few.values.end(), many.values.begin()));

  const NpyArray trajectory = NpyIn(scratch / "trajectory.npy");
  EXPECT_EQ(trajectory.shape, (std::vector<int64_t>{4, 5, 2}));
  EXPECT_TRUE(std::equal(few.values.begin(), few.values.end(),
                         trajectory.values.end() - 10))
      << "noise first, data last";
  const NpyArray both =
      sample("5000", scratch / "both.npy", scratch / "long.npy");
  EXPECT_EQ(both.values, many.values);
  const NpyArray steps = NpyIn(scratch / "long.npy");
  EXPECT_TRUE(std::equal(many.values.begin(), many.values.end(),
                         steps.values.end() - 10000));

  const Result<Json> times =
      ParseJson(TextOf(scratch / "trajectory.json"), "trajectory.json");
  ASSERT_TRUE(times.ok());
  const Json::Array& grid = *times->Find("grid")->AsArray();
  ASSERT_EQ(grid.size(), 4u);
  EXPECT_LT(*grid[0].Find("t")->AsNumber(), *grid[3].Find("t")->AsNumber());
  EXPECT_EQ(Write(*times->Find("recorded")), "[3,2,1,0]");

  // Fewer states of it are states of it; both ends are kept.
  ASSERT_EQ(cli.Run({"sample", run, "--n", "5", "--seed", "9", "sampler=ddpm",
                     "sampler.steps=3", "--frames", "3", "--out",
                     scratch / "some.npy", "--trajectory",
                     scratch / "some_states.npy"}),
            0)
      << cli.err;
  const NpyArray some = NpyIn(scratch / "some_states.npy");
  EXPECT_EQ(some.shape, (std::vector<int64_t>{3, 5, 2}));
  const auto state = [](const NpyArray& all, size_t i) {
    return std::vector<float>(all.values.begin() + 10 * i,
                              all.values.begin() + 10 * (i + 1));
  };
  EXPECT_EQ(state(some, 0), state(trajectory, 0));
  EXPECT_EQ(state(some, 1), state(trajectory, 1));
  EXPECT_EQ(state(some, 2), state(trajectory, 3));
  const Result<Json> which =
      ParseJson(TextOf(scratch / "some_states.json"), "some_states.json");
  EXPECT_EQ(Write(*which->Find("recorded")), "[3,2,0]");
}

TEST(CliTest, SampleRefusesWhatItCannotDo) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"--steps", "1", "--out", run}), 0);
  const auto refused = [&](std::vector<std::string> words, int exit_code,
                           const char* text) {
    words.insert(words.begin(), {"sample", run});
    EXPECT_EQ(cli.Run(words), exit_code) << text;
    EXPECT_TRUE(cli.ErrHas(text)) << cli.err;
  };
  refused({"seed=3"}, kExitUsage, "only the sampler can be set");
  refused({"sampler=euler"}, kExitUsage, "choose from");
  refused({"sampler.stesp=3"}, kExitUsage, "did you mean steps?");
  refused({"--n", "1000000000", "--trajectory", scratch / "t.npy"}, kExitUsage,
          "more than 2 GiB");
  refused(
      {"--n", "1000000000", "--trajectory", scratch / "t.npy", "--frames", "2"},
      kExitUsage, "fewer --frames");
  refused({"--frames", "2"}, kExitUsage, "there is no trajectory");
  refused({"--frames", "1", "--trajectory", scratch / "t.npy"}, kExitUsage,
          "--frames");
  refused({"--out", scratch / "a.npy", "--trajectory", scratch / "a.npy"},
          kExitUsage, "a name of its own");
  refused({"--out", scratch / "a.npy", "--trajectory", scratch / "./a.npy"},
          kExitUsage, "a name of its own");
  for (const char* own : {"/model.safetensors", "/./experiment.json"}) {
    refused({"--out", run + own}, kExitUsage, "is a file of a run");
  }
  for (const char* own : {"/experiment.npy", "/data.npy"}) {
    refused({"--trajectory", run + own}, kExitUsage, "is a file of a run");
  }
  refused({"--out", scratch / "no/a.npy"}, kExitFile, "there is no such");
  refused({"--out", "/dev/null"}, kExitFile, "not a regular file");
  EXPECT_EQ(StatusOf(PosixFiles(), scratch / "a.npy").kind, FileKind::kNone);
  for (int k = 0; k < 5; ++k) {
    cli.files.FailAt(k, ENOSPC);
    refused({"--out", scratch / "a.npy"}, kExitFile, "no space is left");
  }
  cli.files.FailAt(FaultyFiles::kNever, 0);

  cli.files.before_call = [](int call) {
    if (call == 1) std::raise(SIGINT);
  };
  cli.files.calls = 0;
  EXPECT_EQ(cli.Run({"sample", run, "--out", scratch / "b.npy"}),
            kExitInterrupted);
  EXPECT_EQ(StatusOf(PosixFiles(), scratch / "b.npy").kind, FileKind::kNone);
  EXPECT_EQ(StatusOf(PosixFiles(), scratch / "b.npy.partial").kind,
            FileKind::kNone);
}

TEST(CliTest, EvalPrintsItsNumbers) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"--steps", "1", "--out", run}), 0);
  ASSERT_EQ(cli.Run({"eval", run, "--n", "50", "--json"}), 0) << cli.err;
  const Result<Json> report = ParseJson(cli.out, "eval");
  ASSERT_TRUE(report.ok()) << cli.out;
  const Json* distance = report->Find("sliced_wasserstein");
  ASSERT_NE(distance, nullptr);
  for (const char* key : {"value", "stderr", "data_data", "data_data_stderr",
                          "repeats", "n", "reference"}) {
    EXPECT_NE(distance->Find(key), nullptr) << key;
  }
  EXPECT_EQ(cli.Run({"eval", run, "--n", "50"}), 0);
  EXPECT_NE(cli.out.find("\nsliced_wasserstein  "), cli.out.npos);
  EXPECT_NE(cli.out.find("\nnearest_training left out: "), cli.out.npos);
  ASSERT_EQ(cli.Run({"eval", run, "--n", "50", "--metrics", "w2_exact, mmd"}),
            0);
  EXPECT_EQ(cli.out.find("energy_distance"), cli.out.npos) << cli.out;
  EXPECT_NE(cli.out.find("\nmmd  "), cli.out.npos) << cli.out;
  EXPECT_NE(cli.out.find("\nw2_exact  "), cli.out.npos) << cli.out;
  const std::string csv = scratch / "p.csv";
  WriteAtomically(PosixFiles(), csv, "1,2\n3,4\n5,7\n");
  ASSERT_EQ(
      cli.Train({"data=" + csv, "--steps", "1", "--out", scratch / "own"}), 0);
  EXPECT_EQ(cli.Run({"eval", scratch / "own"}), kExitUsage) << cli.err;
  EXPECT_TRUE(cli.ErrHas("fewer than 4 points")) << cli.err;
}

TEST(CliTest, ProgressIsABarOnATerminalAndLinesElsewhere) {
  const Scratch scratch;
  Cli cli;
  cli.tick = 0.5;
  ASSERT_EQ(cli.Train({"--steps", "20", "--out", scratch / "lines"}), 0);
  EXPECT_TRUE(cli.ErrHas("\n8 of 20 steps  loss ")) << cli.err;
  EXPECT_TRUE(cli.ErrHas("  2 steps/s  6 s left\n")) << cli.err;
  EXPECT_FALSE(cli.ErrHas("\r"));
  cli.terminal = true;
  ASSERT_EQ(cli.Train({"--steps", "20", "--out", scratch / "bar"}), 0);
  EXPECT_TRUE(cli.ErrHas("\r[============            ] 10 of 20 steps"))
      << cli.err;
  ASSERT_EQ(cli.Train({"--steps", "20", "--quiet", "--out", scratch / "quiet"}),
            0);
  EXPECT_EQ(cli.err, "");
}

TEST(CliTest, NumbersForPeople) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1234567), "1,234,567");
  EXPECT_EQ(Duration(0.2), "1 s");
  EXPECT_EQ(Duration(125), "2 min 5 s");
  EXPECT_EQ(Duration(11040), "3 h 4 min");
  EXPECT_EQ(Brief(0.41263), "0.413");
  EXPECT_EQ(Brief(12345.6), "12,346");
}

}  // namespace
}  // namespace unnoise
