// unnoise process: its files, and what it refuses.

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/json.h"
#include "core/cli/cli.h"
#include "core/data/npy.h"
#include "core/process/process.h"
#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

class ProcessVerbTest : public testing::Test {
 protected:
  int Move(std::vector<std::string> words) {
    words.insert(words.begin(), "process");
    return cli_.Run(words);
  }
  const Scratch scratch_;
  Cli cli_;
};

TEST_F(ProcessVerbTest, AFileHoldsThePathsOfTheProcess) {
  const std::string out = scratch_ / "p.npy";
  // More particles than travel together.
  ASSERT_EQ(Move({"linear_system", "sigma=0.5", "steps=6", "--n", "5000",
                  "--seed", "9", "--out", out}),
            0)
      << cli_.err;
  const Result<NpyArray> array = ReadNpy(TextOf(out), out);
  ASSERT_TRUE(array.ok());
  EXPECT_EQ(array->shape, (std::vector<int64_t>{7, 5000, 2}));
  const Result<ProcessChoice> choice = ReadProcess(
      "linear_system", std::vector<std::string>{"sigma=0.5", "steps=6"});
  Motion motion(*choice->process, Fold(KeyFromSeed(9), "process"), 0, 5000);
  do {
    const auto now = motion.particles();
    const auto offset = motion.position() * static_cast<int64_t>(now.size());
    EXPECT_TRUE(
        std::equal(now.begin(), now.end(), array->values.begin() + offset))
        << motion.position();
  } while (motion.Step());

  const Result<Json> json = ParseJson(TextOf(scratch_ / "p.json"), "p.json");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->Find("t")->AsArray()->size(), 7u);
  EXPECT_EQ(*json->Find("t")->AsArray()->at(6).AsNumber(), 4);
  const Json& last = json->Find("moments")->AsArray()->at(6);
  EXPECT_EQ(*last.Find("mean")->AsArray()->at(1).AsNumber(),
            choice->process->MomentsAt(4)->mean[1]);
  EXPECT_EQ(Write(*json->Find("axes")), R"(["x","y"])");
}

TEST_F(ProcessVerbTest, FramesAreEvenlySpacedAndKeepBothEnds) {
  const std::string all = scratch_ / "a.npy", some = scratch_ / "s.npy";
  const std::vector<std::string> words = {"brownian_motion", "steps=10", "--n",
                                          "3", "--out"};
  std::vector<std::string> with_all = words, with_some = words;
  with_all.push_back(all);
  with_some.insert(with_some.end(), {some, "--frames", "3"});
  ASSERT_EQ(Move(with_all), 0) << cli_.err;
  ASSERT_EQ(Move(with_some), 0) << cli_.err;
  const auto a = ReadNpy(TextOf(all), all), s = ReadNpy(TextOf(some), some);
  EXPECT_EQ(s->shape, (std::vector<int64_t>{3, 3, 1}));
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(s->values[3 + i], a->values[15 + i]);
    EXPECT_EQ(s->values[6 + i], a->values[30 + i]);
  }
}

TEST_F(ProcessVerbTest, BadInputIsNamedWithItsRepair) {
  EXPECT_EQ(Move({}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("unnoise list processes")) << cli_.err;
  EXPECT_EQ(Move({"brownian_moton"}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("did you mean brownian_motion?")) << cli_.err;
  EXPECT_EQ(Move({"brownian_motion", "steps=0", "t_max=-1"}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("steps: found 0")) << cli_.err;
  EXPECT_TRUE(cli_.ErrHas("t_max: found -1")) << cli_.err;
  EXPECT_EQ(Move({"brownian_motion", "x0=[1,2,3]"}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("x0: found 3 numbers; give 1 to 2")) << cli_.err;
  EXPECT_EQ(Move({"brownian_motion", "white_noise"}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("more than one name")) << cli_.err;
  EXPECT_EQ(Move({"brownian_motion", "steps=1000000", "--n", "100000"}),
            kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("more than 2 GiB of memory")) << cli_.err;
}

// The file is the law on the cells that its description tells.
TEST_F(ProcessVerbTest, TheDensityIsTheLawOnItsCells) {
  const std::string out = scratch_ / "p.npy", law = scratch_ / "d.npy";
  ASSERT_EQ(Move({"ornstein_uhlenbeck", "x0=[2]", "--n", "500", "--frames",
                  "11", "--out", out, "--density", law}),
            0)
      << cli_.err;
  const Result<NpyArray> array = ReadNpy(TextOf(law), law);
  ASSERT_TRUE(array.ok());
  EXPECT_EQ(array->shape, (std::vector<int64_t>{11, 200}));
  const Result<Json> json = ParseJson(TextOf(scratch_ / "d.json"), "d.json");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(*json->Find("way")->AsString(), "fokker_planck");
  const Json& axis = json->Find("axes")->AsArray()->at(0);
  const double low = *axis.Find("low")->AsNumber();
  const double width = (*axis.Find("high")->AsNumber() - low) / 200;
  const Result<ProcessChoice> choice =
      ReadProcess("ornstein_uhlenbeck", std::vector<std::string>{"x0=[2]"});
  double mass = 0;
  for (size_t i = 0; i < 200; ++i) {
    const double x = low + width * (static_cast<double>(i) + 0.5);
    const double density = array->values[5 * 200 + i];
    mass += density * width;
    // Of a height of some 0.57: the second order of cells of an eightieth of a
    // deviation, and what the border holds back.
    EXPECT_NEAR(density, *choice->process->DensityAt(2.5, {{x}}), 2e-3) << x;
  }
  EXPECT_NEAR(mass, 1, 1e-5);  // of floats
  const Json& middle = json->Find("law")->AsArray()->at(5);
  EXPECT_EQ(*middle.Find("t")->AsNumber(), 2.5);
  EXPECT_NEAR(*middle.Find("mass")->AsNumber(), 1, 1e-11);
  // The table has the same, beside the closed form 2 exp(-2.5).
  EXPECT_NE(cli_.out.find("0.164"), std::string::npos) << cli_.out;

  // As text, a row for each time and place along the first axis.
  const std::string csv = scratch_ / "d.csv";
  ASSERT_EQ(Move({"linear_system", "sigma=0.5", "--n", "50", "--frames", "2",
                  "--cells", "8", "--window=-3,3,-3,3", "--density", csv,
                  "--out", out}),
            0)
      << cli_.err;
  const std::string text = TextOf(csv);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + 2 * 8);
  EXPECT_TRUE(text.starts_with("t,x,")) << text.substr(0, 40);
  // The centres of the second cell, at the start and at the end.
  EXPECT_NE(text.find("\n0,-1.875,"), text.npos) << text;
  EXPECT_NE(text.find("\n4,-1.875,"), text.npos) << text;
}

TEST_F(ProcessVerbTest, ADensityThatCannotBeIsRefusedBeforeAnyWork) {
  const std::string out = scratch_ / "p.npy", law = scratch_ / "d.npy";
  EXPECT_EQ(Move({"white_noise", "--out", out, "--density", law}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("--density: it has no drift and diffusion"))
      << cli_.err;
  EXPECT_EQ(Move({"brownian_motion", "--out", out, "--density", law, "--window",
                  "3,1"}),
            kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("--window: found \"3,1\"; give low,high"))
      << cli_.err;
  EXPECT_EQ(Move({"brownian_motion", "--out", out, "--cells", "50"}),
            kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("add --density FILE")) << cli_.err;
  EXPECT_EQ(Move({"brownian_motion", "--out", out, "--density", out}),
            kExitUsage);
  EXPECT_EQ(Move({"brownian_motion", "t_max=1000000", "--cells", "4000",
                  "--window=-1,1", "--out", out, "--density", law}),
            kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("--cells: the density would take")) << cli_.err;
  EXPECT_EQ(StatusOf(PosixFiles(), out).kind, FileKind::kNone);
  EXPECT_EQ(StatusOf(PosixFiles(), law).kind, FileKind::kNone);
}

TEST_F(ProcessVerbTest, AWindowHoldsTheStart) {
  const std::string out = scratch_ / "p.npy", law = scratch_ / "d.npy";
  const auto refused = [&](std::vector<std::string> words, const char* text) {
    words.insert(words.end(), {"--n", "5", "--out", out, "--density", law});
    EXPECT_EQ(Move(words), kExitUsage) << text;
    EXPECT_TRUE(cli_.ErrHas(text)) << cli_.err;
    EXPECT_EQ(StatusOf(PosixFiles(), law).kind, FileKind::kNone);
  };
  const char* beyond = "--window: the process starts beyond these cells";
  refused({"ornstein_uhlenbeck", "--window", "100,200"}, beyond);
  refused({"linear_system", "--window=-1,1,2,3"}, beyond);
  refused({"vp_chain", "--window", "100,200"}, beyond);
  refused({"ornstein_uhlenbeck", "spread=1", "--window", "1.5,9"}, beyond);
  refused({"brownian_motion", "--window=-3,oops,3"}, "--window: found");
  refused({"two_states", "--window=-3,5"}, "each state is a cell");
  refused({"master_equation", "--cells", "600"}, "each state is a cell");
  refused({"linear_system", "--cells", "600"}, "--cells: give 2 to 512");
}

// Also by other names of one place, and with what describes them.
TEST_F(ProcessVerbTest, PathsAndLawHavePlacesOfTheirOwn) {
  const std::string out = scratch_ / "a.npy";
  for (const char* law : {"a.npy", "./a.npy", "a.json"}) {
    EXPECT_EQ(Move({"ornstein_uhlenbeck", "--n", "5", "--out", out, "--density",
                    scratch_ / law}),
              kExitUsage)
        << law;
    EXPECT_TRUE(cli_.ErrHas("--density: the paths go to")) << cli_.err;
  }
  EXPECT_EQ(StatusOf(PosixFiles(), out).kind, FileKind::kNone);
}

// Nothing that is not finite is ever written.
TEST_F(ProcessVerbTest, AnExplosionIsAStatus) {
  const std::string out = scratch_ / "p.npy";
  EXPECT_EQ(Move({"linear_sde", "f=[1000]", "t_max=10", "scheme=euler", "--out",
                  out}),
            kExitDiverged);
  EXPECT_TRUE(cli_.ErrHas("not finite any more at t = 2")) << cli_.err;
  EXPECT_EQ(StatusOf(PosixFiles(), out).kind, FileKind::kNone);
  EXPECT_EQ(StatusOf(PosixFiles(), scratch_ / "p.json").kind, FileKind::kNone);
}

TEST_F(ProcessVerbTest, ListAndDescribeKnowThem) {
  EXPECT_EQ(cli_.Run({"list", "processes"}), 0);
  for (const Row<Process>& row : Rows<Process>()) {
    EXPECT_NE(cli_.out.find(row.name), std::string::npos) << row.name;
  }
  EXPECT_EQ(cli_.Run({"describe"}), 0);
  EXPECT_NE(cli_.out.find("process=ornstein_uhlenbeck"), std::string::npos);
}

}  // namespace
}  // namespace unnoise
