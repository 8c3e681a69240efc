// --threads and --fast: what they take, change and write down.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

class CliThreads : public testing::Test {
 protected:
  CliThreads() {
    folder_ = std::filesystem::temp_directory_path() /
              ("unnoise_threads_" + std::to_string(getpid()) + "_" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~CliThreads() override { std::filesystem::remove_all(folder_); }
  std::string At(const std::string& name) const { return folder_ / name; }

  Cli cli_;

 private:
  std::filesystem::path folder_;
};

TEST_F(CliThreads, TheirNumberChangesNoByte) {
  std::string model, samples;
  for (const char* threads : {"1", "3"}) {
    const std::string run = At(threads);
    ASSERT_EQ(cli_.Run({"train", "network.width=64", "batch=300", "--steps",
                        "3", "--out", run, "--threads", threads}),
              kExitDone)
        << cli_.err;
    ASSERT_EQ(cli_.Run({"sample", run, "--n", "1500", "sampler.steps=3",
                        "--threads", threads}),
              kExitDone)
        << cli_.err;
    ASSERT_EQ(cli_.Run({"eval", run, "--n", "50", "--threads", threads}),
              kExitDone)
        << cli_.err;
    const std::string weights = TextOf(run + "/model.safetensors");
    const std::string points = TextOf(run + "/samples.npy");
    if (model.empty()) {
      model = weights;
      samples = points;
    }
    EXPECT_TRUE(weights == model) << threads;
    EXPECT_TRUE(points == samples) << threads;
  }
}

TEST_F(CliThreads, NumbersThatMakeNoSenseAreRefused) {
  for (const char* threads : {"0", "-1", "two", "1.5", "257", ""}) {
    EXPECT_EQ(cli_.Train({"--out", At("run"), "--threads", threads}),
              kExitUsage)
        << threads;
    EXPECT_TRUE(cli_.ErrHas("--threads")) << cli_.err;
    EXPECT_FALSE(std::filesystem::exists(At("run")));
  }
}

TEST_F(CliThreads, FastIsWrittenDownAndTold) {
  ASSERT_EQ(cli_.Train({"--fast", "--steps", "2", "--out", At("run"), "--json",
                        "--quiet"}),
            kExitDone)
      << cli_.err;
  EXPECT_NE(cli_.out.find("\"fast\":true"), std::string::npos) << cli_.out;
  EXPECT_NE(TextOf(At("run/experiment.json")).find("\"fast\": true"),
            std::string::npos);
  EXPECT_EQ(cli_.Run({"fingerprint", At("run")}), kExitDone);
  EXPECT_EQ(cli_.out.size(), 17u);  // 16 digits and a line's end
  EXPECT_TRUE(cli_.ErrHas("fast")) << cli_.err;

  EXPECT_EQ(cli_.Run({"train", "--resume", At("run"), "--steps", "3"}),
            kExitDone)
      << cli_.err;
  EXPECT_EQ(cli_.Run({"train", "--resume", At("run"), "--fast"}), kExitUsage);
  EXPECT_TRUE(cli_.ErrHas("--fast")) << cli_.err;
}

TEST_F(CliThreads, ExactRunsSayNothingOfIt) {
  ASSERT_EQ(cli_.Train({"--steps", "2", "--out", At("run")}), kExitDone);
  EXPECT_EQ(TextOf(At("run/experiment.json")).find("fast"), std::string::npos);
  EXPECT_EQ(cli_.Run({"fingerprint", At("run")}), kExitDone);
  EXPECT_EQ(cli_.err, "");
}

}  // namespace
}  // namespace unnoise
