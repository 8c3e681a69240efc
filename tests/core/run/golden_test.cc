// Whole runs, bit for bit: the fingerprints of tests/golden.json hold on every
// SIMD target that this machine has, and in WebAssembly. The page is held to
// the same list in e2e. To renew the list after a change that means to change
// bits: run this test and copy the fingerprints it prints.

#include "tests/golden.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/backend/backend.h"
#include "core/base/json.h"
#include "core/data/points.h"
#include "core/run/experiment.h"
#include "core/run/run.h"

namespace unnoise {
namespace {

struct Golden {
  std::string name;
  std::vector<std::string> words;
  std::string csv;
  int64_t steps = 0;
  std::string fingerprint;
};

std::vector<Golden> Goldens() {
  const Result<Json> json = ParseJson(kGoldenJson, "golden.json");
  EXPECT_TRUE(json) << ToText(json.problems());
  std::vector<Golden> goldens;
  for (const Json& entry : *json->AsArray()) {
    Golden golden;
    golden.name = *entry.Find("name")->AsString();
    for (const Json& word : *entry.Find("words")->AsArray()) {
      golden.words.push_back(*word.AsString());
    }
    if (const Json* csv = entry.Find("csv")) golden.csv = *csv->AsString();
    golden.steps = static_cast<int64_t>(*entry.Find("steps")->AsNumber());
    golden.fingerprint = *entry.Find("fingerprint")->AsString();
    goldens.push_back(std::move(golden));
  }
  return goldens;
}

// `slice` steps at a time.
std::string FingerprintOf(const Golden& golden, int64_t slice) {
  std::shared_ptr<const PointSet> points;
  if (!golden.csv.empty()) {
    const Result<PointSet> parsed = PointsFromCsv(golden.csv, "golden.json");
    EXPECT_TRUE(parsed) << ToText(parsed.problems());
    points = std::make_shared<PointSet>(*parsed);
  }
  Result<Experiment> experiment =
      ReadExperiment("", "golden.json", golden.words, points);
  EXPECT_TRUE(experiment) << ToText(experiment.problems());
  Run run(std::move(*experiment), SimdBackend());
  while (run.step() < golden.steps) {
    run.Advance(std::min(slice, golden.steps - run.step()));
    if (run.progress().diverged) break;
  }
  EXPECT_FALSE(run.progress().diverged) << golden.name;
  return unnoise::FingerprintOf(run);
}

TEST(Golden, EverySimdTargetGivesTheListedBits) {
  ASSERT_GE(SimdTargetCount(), 1);
  for (int target = 0; target < SimdTargetCount(); ++target) {
    ASSERT_TRUE(ForceSimdTarget(SimdTargetName(target)));
    for (const Golden& golden : Goldens()) {
      EXPECT_EQ(FingerprintOf(golden, 64), golden.fingerprint)
          << golden.name << " on " << SimdTargetName(target);
    }
  }
  ForceSimdTarget("");
}

TEST(Golden, TimeSlicesDoNotShow) {
  const Golden golden = Goldens().back();
  EXPECT_EQ(FingerprintOf(golden, 1), FingerprintOf(golden, golden.steps));
}

TEST(Golden, EntriesAreShort) {
  for (const Golden& golden : Goldens()) EXPECT_LE(golden.steps, 200);
}

}  // namespace
}  // namespace unnoise
