// The README's tour is the first entry of the golden list, and the experiment
// it prints is the one that the program would write.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/run/experiment.h"
#include "tests/golden.h"

namespace unnoise {
namespace {

std::string Readme() {
  std::ifstream file(UNNOISE_SOURCE_DIR "/README.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Readme, TourIsTheFirstGolden) {
  const std::string readme = Readme();
  const Result<Json> goldens = ParseJson(kGoldenJson, "golden.json");
  ASSERT_TRUE(goldens);
  const Json& golden = goldens->AsArray()->at(0);

  std::string link;
  std::vector<std::string> words;
  for (const Json& word : *golden.Find("words")->AsArray()) {
    words.push_back(*word.AsString());
    link += (link.empty() ? "#" : "&") + *word.AsString();
  }
  link += "&steps=" + Write(*golden.Find("steps"));
  EXPECT_NE(readme.find(link), std::string::npos) << link;
  EXPECT_NE(readme.find(*golden.Find("fingerprint")->AsString()),
            std::string::npos);

  const Result<Experiment> tour = ReadExperiment("", "golden", words, nullptr);
  ASSERT_TRUE(tour) << ToText(tour.problems());
  const size_t begin = readme.find("```json\n") + 8;
  const size_t end = readme.find("```", begin);
  ASSERT_NE(end, std::string::npos);
  const std::string printed = readme.substr(begin, end - begin);
  const Result<Json> json = ParseJson(printed, "README.md");
  ASSERT_TRUE(json) << ToText(json.problems());
  EXPECT_EQ(Write(*json), WriteExperiment(*tour));
}

}  // namespace
}  // namespace unnoise
