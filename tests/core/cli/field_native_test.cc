// unnoise field: its table in each form, and what it refuses.

#include <gtest/gtest.h>

#include <cerrno>
#include <sstream>

#include "core/cli/cli.h"
#include "core/data/npy.h"
#include "core/sampling/field.h"
#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

class FieldTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(cli_.Train({"--steps", "3", "--out", run_}), 0) << cli_.err;
  }
  int Field(std::vector<std::string> words) {
    words.insert(words.begin(), {"field", run_});
    return cli_.Run(words);
  }

  const Scratch scratch_;
  const std::string run_ = scratch_ / "run";
  Cli cli_;
};

TEST_F(FieldTest, NumbersHaveTheTypeThatIsAskedFor) {
  const std::string plain = scratch_ / "f.npy", wide = scratch_ / "g.npy";
  EXPECT_EQ(Field({"--grid", "4x3", "--out", plain}), 0) << cli_.err;
  EXPECT_EQ(Field({"--grid", "4x3", "--out", wide, "--dtype", "float64"}), 0)
      << cli_.err;
  const std::string bytes = TextOf(wide);
  const Result<NpyInfo> info = ReadNpyInfo(bytes, "g");
  ASSERT_TRUE(info.ok()) << ToText(info.problems());
  EXPECT_EQ(info->size, 8);
  EXPECT_EQ(*ReadNpy(bytes, "g"), *ReadNpy(TextOf(plain), "f"));
  EXPECT_EQ(Field({"--dtype", "float64"}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("field.csv are text, which has no type")) << cli_.err;
}

TEST_F(FieldTest, ATableHoldsTheFieldsOwnNumbers) {
  const std::string npy = scratch_ / "f.npy", csv = scratch_ / "f.csv",
                    tsv = scratch_ / "f.tsv";
  for (const std::string& out : {npy, csv, tsv}) {
    EXPECT_EQ(Field({"--t", "0.4", "--grid", "5x3", "--window", "-1,2,-2,1",
                     "--out", out}),
              0)
        << cli_.err;
  }
  EXPECT_TRUE(cli_.ErrHas("Wrote 15 arrows at t = 0.4, step 3"));

  const std::unique_ptr<unnoise::Run> run = OpenRun(PosixFiles(), run_);
  const std::unique_ptr<Denoiser> denoiser = run->MakeDenoiser();
  ArrowField field({.x0 = -1, .x1 = 2, .y0 = -2, .y1 = 1, .nx = 5, .ny = 3},
                   run->standardiser(), *denoiser, 0.4);
  field.Advance(3);
  const Result<NpyArray> array = ReadNpy(TextOf(npy), npy);
  ASSERT_TRUE(array.ok());
  EXPECT_EQ(array->shape, (std::vector<int64_t>{15, 4}));
  std::istringstream lines(TextOf(csv)), tabbed(TextOf(tsv));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "x,y,dx,dy");
  std::getline(tabbed, line);
  EXPECT_EQ(line, "x\ty\tdx\tdy");
  for (size_t node = 0; node < 15; ++node) {
    for (size_t k = 0; k < 4; ++k) {
      const float expected = k < 2 ? field.nodes()[2 * node + k]
                                   : field.arrows()[2 * node + k - 2];
      EXPECT_EQ(array->values[4 * node + k], expected);
      std::string cell;
      std::getline(lines, cell, k == 3 ? '\n' : ',');
      EXPECT_EQ(std::stof(cell), expected) << "reads back as the same";
      std::getline(tabbed, cell, k == 3 ? '\n' : '\t');
      EXPECT_EQ(std::stof(cell), expected);
    }
  }
  EXPECT_FALSE(std::getline(lines, line));
}

TEST_F(FieldTest, DefaultsAreAroundTheData) {
  EXPECT_EQ(Field({}), 0) << cli_.err;
  std::istringstream lines(TextOf(run_ + "/field.csv"));
  std::string line;
  int count = 0;
  while (std::getline(lines, line)) ++count;
  EXPECT_EQ(count, 1 + 32 * 32);
}

TEST_F(FieldTest, ToTheNextStepIsShorterThanToTheData) {
  const auto longest = [&](std::vector<std::string> words) {
    const std::string out = scratch_ / "to.npy";
    words.insert(words.end(), {"--t", "0.9", "--grid", "4x4", "--out", out});
    EXPECT_EQ(Field(words), 0) << cli_.err;
    const Result<NpyArray> array = ReadNpy(TextOf(out), out);
    float most = 0;
    for (size_t i = 0; i < array->values.size(); i += 4) {
      most = std::max(most, std::abs(array->values[i + 2]));
    }
    return most;
  };
  const float data = longest({});
  EXPECT_LT(longest({"--to", "step"}), data);
  EXPECT_LT(longest({"--to", "step", "sampler.steps=500"}), 0.1f * data);
}

TEST_F(FieldTest, OneCoordinateHasOneRow) {
  const std::string line = scratch_ / "line";
  ASSERT_EQ(cli_.Train({"data=gaussian_mixture", "data.means=[[-1],[1]]",
                        "data.weights=[1,1]", "data.covariances=[[[1]],[[1]]]",
                        "--steps", "1", "--out", line}),
            0)
      << cli_.err;
  const std::string out = scratch_ / "line.csv";
  EXPECT_EQ(cli_.Run({"field", line, "--grid", "9", "--out", out}), 0)
      << cli_.err;
  EXPECT_EQ(TextOf(out).substr(0, 5), "x,dx\n");
  EXPECT_EQ(cli_.Run({"field", line, "--grid", "9x9"}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("one coordinate")) << cli_.err;
  EXPECT_EQ(cli_.Run({"field", line, "--window", "0,1,0,1"}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("left,right such as")) << cli_.err;
}

TEST_F(FieldTest, RefusesWhatItCannotDo) {
  const auto refused = [&](std::vector<std::string> words, int exit_code,
                           const char* text) {
    EXPECT_EQ(Field(words), exit_code) << text;
    EXPECT_TRUE(cli_.ErrHas(text)) << cli_.err;
  };
  for (const char* t : {"half", "1.5", "-0.1", "0", "", "nan", "1e999"}) {
    refused({"--t", t}, kExitUsage, "lives from t = 0.001 (data) to");
  }
  for (const char* grid : {"32", "0x3", "1x9", "3x", "x", "2.5x3", "9x9x9",
                           "4000x4000", "1e99x2", "-3x3", "axb"}) {
    refused({"--grid", grid}, kExitUsage, "such as 32x24");
  }
  for (const char* window : {"1,0,0,1", "0,1,1,1", "0,1", "0,1,0,1,0", "a,b",
                             "0,1,0,1e31", "0,,1,2", "0,nan,0,1"}) {
    refused({"--window", window}, kExitUsage, "left,right,bottom,top");
  }
  refused({"--to", "noise"}, kExitUsage, "write data");
  refused({"--to", "step", "--t", "0.001"}, kExitUsage, "no step is left");
  refused({"seed=3"}, kExitUsage, "only the sampler can be set");
  refused({"--out", scratch_ / "a.png"}, kExitUsage, ".csv, .tsv or .npy");
  refused({"--out", run_ + "/data.npy"}, kExitUsage, "is a file of a run");
  refused({"--out", scratch_ / "no/a.csv"}, kExitFile, "there is no such");
  refused({"--t", "9", "--grid", "1", "--to", "x"}, kExitUsage, "--to");
  EXPECT_TRUE(cli_.ErrHas("--t") && cli_.ErrHas("--grid")) << "all at once";
  cli_.files.FailAt(0, ENOSPC);
  refused({"--out", scratch_ / "a.csv"}, kExitFile, "no space is left");
}

}  // namespace
}  // namespace unnoise
