// unnoise render: every view in every format, the same bytes twice, refusals
// with their repair, and nothing left behind where a file fails.

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <vector>

#include "core/cli/cli.h"
#include "core/run/metrics.h"
#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

class RenderTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(cli.Train({"--steps", "3", "--out", run}), 0) << cli.err;
  }

  int Render(const std::string& out, std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"render", run, "sampler.steps=3"});
    words.insert(words.end(), {"--out", out});
    return cli.Run(words);
  }
  bool Exists(const std::string& path) {
    return StatusOf(PosixFiles(), path).kind != FileKind::kNone;
  }

  const Scratch scratch;
  const std::string run = scratch / "run";
  Cli cli;
};

TEST_F(RenderTest, EveryViewInEveryFormat) {
  const std::vector<std::string> small = {"--width", "160", "--n", "20"};
  for (const char* view : {"scatter", "density", "denoising", "noising"}) {
    for (const std::string ending : {".png", ".SVG"}) {
      const std::string out = scratch / (view + ending);
      std::vector<std::string> words = {"--view", view};
      words.insert(words.end(), small.begin(), small.end());
      ASSERT_EQ(Render(out, words), 0) << cli.err;
      const std::string bytes = TextOf(out);
      EXPECT_TRUE(bytes.starts_with(ending == ".png" ? "\x89PNG" : "<svg "));
      ASSERT_EQ(Render(out, words), 0);
      EXPECT_EQ(TextOf(out), bytes) << "the same run is the same picture";
    }
  }
  for (const char* view : {"denoising", "noising"}) {
    ASSERT_EQ(Render(scratch / "a.gif", {"--view", view, "--width", "160",
                                         "--n", "20", "--theme", "dark"}),
              0);
    EXPECT_TRUE(TextOf(scratch / "a.gif").starts_with("GIF89a"));
    ASSERT_EQ(Render(scratch / "a.html", {"--view", view, "--n", "20"}), 0);
    const std::string html = TextOf(scratch / "a.html");
    EXPECT_TRUE(html.starts_with("<!doctype html>"));
    EXPECT_NE(html.find(FingerprintIn(run)), html.npos);
    EXPECT_NE(html.find("network.width=2"), html.npos);
    EXPECT_NE(html.find(" --seed 0 --steps 3\n"), html.npos);
    EXPECT_NE(html.find("unnoise render "), html.npos);
  }
  for (const bool log : {false, true}) {
    std::vector<std::string> words = {"--view", "loss"};
    if (log) words.push_back("--log");
    ASSERT_EQ(Render(scratch / "loss.svg", words), 0) << cli.err;
    EXPECT_NE(TextOf(scratch / "loss.svg").find("Running mean"),
              std::string::npos);
  }
  EXPECT_TRUE(cli.ErrHas("Wrote loss of step 3 to ")) << cli.err;
}

TEST_F(RenderTest, PointsOfOneAndManyAxes) {
  const std::string one = scratch / "one", many = scratch / "many";
  WriteAtomically(PosixFiles(), one + ".csv", "1\n2\n5\n");
  WriteAtomically(PosixFiles(), many + ".csv", "1,2,3\n4,5,7\n0,1,1\n");
  for (const std::string& name : {one, many}) {
    ASSERT_EQ(
        cli.Train({"data=" + name + ".csv", "--steps", "2", "--out", name}), 0);
    for (const char* view : {"scatter", "density", "denoising"}) {
      ASSERT_EQ(cli.Run({"render", name, "sampler.steps=2", "--n", "9",
                         "--view", view, "--out", scratch / "p.svg"}),
                0)
          << cli.err;
      const std::string svg = TextOf(scratch / "p.svg");
      EXPECT_EQ(svg.find("first 2 of 3 axes") != svg.npos, name == many);
      EXPECT_NE(svg.find(name == one ? "one.csv" : "many.csv"), svg.npos);
    }
    ASSERT_EQ(cli.Run({"render", name, "sampler.steps=2", "--n", "9", "--out",
                       scratch / "p.html"}),
              0);
  }
}

TEST_F(RenderTest, RefusalsNameTheRepair) {
  const std::string png = scratch / "a.png", gif = scratch / "a.gif";
  const auto refused = [&](const std::string& out,
                           std::vector<std::string> words, const char* text,
                           int exit_code = kExitUsage) {
    EXPECT_EQ(Render(out, words), exit_code) << text;
    EXPECT_TRUE(cli.ErrHas(text)) << text << "\n" << cli.err;
    EXPECT_FALSE(Exists(png) || Exists(gif)) << text;
  };
  refused(scratch / "a.jpg", {}, ".png, .svg, .gif, .html.");
  refused(scratch / "png", {}, "choose from");
  refused(run + "/model.safetensors", {}, "choose from");
  refused("", {}, "name the file to write");
  refused(png, {"--view", "scater"}, "did you mean scatter?");
  refused(png, {"--theme", "blue"}, "choose from light, dark");
  refused(gif, {"--view", "density"}, "stands still");
  refused(png, {"--fps", "10"}, "--fps");
  refused(png, {"--frames", "10"}, "--frames");
  refused(png, {"--log"}, "only the loss");
  refused(png, {"--view", "loss", "--n", "3"}, "no samples");
  refused(scratch / "a.html", {"--width", "300"}, "fits its window");
  refused(png, {"--width", "4097"}, "from 160 to 4096");
  refused(png, {"--height", "159"}, "from 160 to 4096");
  refused(png, {"--n", "0"}, "from 1 to");
  refused(png, {"--n", "100001"}, "--view density");
  refused(gif, {"--frames", "601"}, "from 2 to 600");
  refused(gif, {"--frames", "600", "--width", "4096"}, "no viewer plays");
  refused(gif, {"--n", "1000000", "sampler.steps=500"}, "give at most");
  refused(png, {"seed=3"}, "only the sampler can be set");
  refused(png, {"sampler=euler"}, "choose from");
  refused(scratch / "no/a.png", {}, "there is no such", kExitFile);
  EXPECT_EQ(Render(run), kExitUsage) << "a folder has no ending";
  EXPECT_EQ(cli.Run({"render", scratch / "none", "--out", png}), kExitFile);
  EXPECT_EQ(cli.Run({"render", "--out", png}), kExitUsage);
  EXPECT_TRUE(cli.ErrHas("unnoise render runs/first"));
  EXPECT_TRUE(PosixFiles().MakeFolder(png) == 0);
  EXPECT_EQ(Render(png), kExitFile);
  EXPECT_TRUE(cli.ErrHas("this is a folder")) << cli.err;
}

TEST_F(RenderTest, ALossThatCannotBeDrawnIsNamed) {
  const std::string out = scratch / "l.png";
  const std::string metrics = run + "/metrics.jsonl";
  const auto render = [&] { return Render(out, {"--view", "loss"}); };
  WriteAtomically(PosixFiles(), metrics, "");
  EXPECT_EQ(render(), kExitUsage);
  EXPECT_TRUE(cli.ErrHas("unnoise train --resume ")) << cli.err;
  EXPECT_EQ(PosixFiles().Remove(metrics), 0);
  EXPECT_EQ(render(), kExitUsage);
  for (const char* bad : {"x\n", "[]\n", "{\"step\":1}\n"}) {
    WriteAtomically(PosixFiles(), metrics, bad);
    EXPECT_EQ(render(), kExitUsage) << bad;
    EXPECT_TRUE(cli.ErrHas("metrics.jsonl:")) << cli.err;
  }
  WriteAtomically(PosixFiles(), metrics, "{\"format\":99}\n");
  EXPECT_EQ(render(), kExitFile);
  EXPECT_TRUE(cli.ErrHas("format 99")) << cli.err;
  // What training is writing just now, and what is beyond the last save.
  const std::vector<MetricsLine> lines = {{.step = 1, .loss = 0},
                                          {.step = 9, .loss = 2}};
  WriteAtomically(PosixFiles(), metrics,
                  MetricsHeader() + WriteMetrics(lines) + "{\"st");
  EXPECT_EQ(render(), 0) << cli.err;
  EXPECT_EQ(Render(out, {"--view", "loss", "--log"}), kExitUsage);
  EXPECT_TRUE(cli.ErrHas("above 0")) << cli.err;
}

TEST_F(RenderTest, AFileThatFailsLeavesNothing) {
  const std::string out = scratch / "a.svg";
  cli.files.calls = 0;
  ASSERT_EQ(Render(out, {"--n", "5"}), 0);
  const int calls = cli.files.calls;
  const std::string before = TextOf(out);
  for (int k = 0; k < calls - 1; ++k) {  // the last one is the folder's sync
    cli.files.FailAt(k, ENOSPC);
    EXPECT_EQ(Render(out, {"--n", "6"}), kExitFile) << k;
    EXPECT_EQ(TextOf(out), before) << k;
    EXPECT_FALSE(Exists(out + ".partial")) << k;
  }
  cli.files.FailAt(FaultyFiles::kNever, 0);
  cli.files.before_call = [](int call) {
    if (call == 0) std::raise(SIGINT);
  };
  for (const char* name : {"b.svg", "b.gif", "b.html"}) {
    cli.files.calls = 0;
    EXPECT_EQ(Render(scratch / name), kExitInterrupted) << cli.err;
    EXPECT_FALSE(Exists(scratch / name));
    EXPECT_FALSE(Exists(scratch / name + std::string(".partial")));
  }
}

TEST_F(RenderTest, SamplesThatAreNotFiniteAreNotDrawn) {
  const std::string csv = scratch / "p.csv";
  // Points so far out, and not standardised, that data units overflow.
  WriteAtomically(PosixFiles(), csv, "3e38,-3e38\n-3e38,3e38\n");
  cli.Train({"data=" + csv, "--steps", "1", "--out", scratch / "far"});
  EXPECT_EQ(cli.Run({"render", scratch / "far", "--out", scratch / "f.png"}),
            kExitDiverged)
      << cli.err;
  EXPECT_TRUE(cli.ErrHas("not finite")) << cli.err;
  EXPECT_FALSE(Exists(scratch / "f.png"));
}

}  // namespace
}  // namespace unnoise
