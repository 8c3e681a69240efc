// Runs that earlier programs wrote load forever, to the bit. Each folder of
// tests/core/fixtures holds runs of one format, as that program left them.

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

struct Fixture {
  const char* path;
  const char* fingerprint;  // as it is stored, at step 3
  const char* later;        // at step 6
};
constexpr Fixture kFixtures[] = {
    {"format-1/two_moons", "c3f6e61b19738ee2", "559cbf793c329cf7"},
    {"format-1/points", "f319cdf0478cd41c", "2e5cd0d5c33e62d8"},
};

TEST(FixturesTest, OldRunsLoadAndGoOn) {
  for (const Fixture& fixture : kFixtures) {
    const Scratch scratch;
    const std::string run = scratch / "run";
    std::filesystem::copy(
        UNNOISE_SOURCE_DIR "/tests/core/fixtures/" + std::string(fixture.path),
        run);
    Cli cli;
    ASSERT_EQ(cli.Run({"fingerprint", run}), 0) << cli.err;
    EXPECT_EQ(cli.out, fixture.fingerprint + std::string("\n"));
    const std::string metrics = TextOf(run + "/metrics.jsonl");
    // Twice: the second time from a checkpoint that this program wrote, beside
    // the experiment.json of the old one.
    for (const char* steps : {"4", "6"}) {
      ASSERT_EQ(cli.Run({"train", "--resume", run, "--steps", steps}), 0)
          << cli.err;
    }
    EXPECT_EQ(FingerprintIn(run), fixture.later);
    const std::string grown = TextOf(run + "/metrics.jsonl");
    EXPECT_TRUE(grown.starts_with(metrics));
    EXPECT_EQ(std::count(grown.begin(), grown.end(), '\n'), 6);
  }
}

}  // namespace
}  // namespace unnoise
