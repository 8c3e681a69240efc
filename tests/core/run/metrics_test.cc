// Lines of metrics and back, and what a kill may leave of them.

#include "core/run/metrics.h"

#include <gtest/gtest.h>

#include <limits>

namespace unnoise {
namespace {

constexpr int64_t kEverything = std::numeric_limits<int64_t>::max();

std::vector<MetricsLine> Lines(int64_t count) {
  std::vector<MetricsLine> lines;
  for (int64_t step = 1; step <= count; ++step) {
    lines.push_back({step, 0.1 * static_cast<double>(step), 1e-5, 2.5, 0.125});
  }
  return lines;
}

TEST(MetricsTest, WritesOneLineOfText) {
  EXPECT_EQ(MetricsHeader() + WriteMetrics(Lines(1)),
            "{\"format\":1}\n{\"grad_norm\":2.5,\"loss\":0.1,\"rate\":1e-05,"
            "\"seconds\":0.125,\"step\":1}\n");
}

TEST(MetricsTest, ReadsWhatItWrote) {
  const std::string body = WriteMetrics(Lines(3));
  for (const std::string& head : {MetricsHeader(), std::string()}) {
    const Result<MetricsLines> metrics =
        ReadMetrics(head + body, "", kEverything);
    ASSERT_TRUE(metrics.ok());
    EXPECT_EQ(metrics->lines, Lines(3));
    EXPECT_EQ(metrics->bytes, head.size() + body.size());
  }
}

TEST(MetricsTest, StopsAtTheStepAndAtWhatIsNoLine) {
  const std::string whole = MetricsHeader() + WriteMetrics(Lines(2));
  const auto kept = [&](const std::string& after, int64_t last) {
    const Result<MetricsLines> metrics = ReadMetrics(whole + after, "", last);
    return metrics.ok() ? metrics->bytes : std::string::npos;
  };
  EXPECT_EQ(kept("", 1), (MetricsHeader() + WriteMetrics(Lines(1))).size());
  for (const std::string after :
       {"{\"step\":3,\"lo", "{}\n", "[]\n", "\n", "{\"step\":3}\n", "\xff\n",
        "{\"grad_norm\":1,\"loss\":null,\"rate\":1,\"seconds\":1,\"step\":3}\n",
        "{\"grad_norm\":1,\"loss\":1,\"rate\":1,\"seconds\":1,\"step\":3.5}\n",
        "{\"grad_norm\":1,\"loss\":1,\"rate\":1,\"seconds\":1,\"step\":2}\n",
        "{\"grad_norm\":1,\"loss\":1,\"rate\":1,\"seconds\":1,\"step\":-1}\n",
        "{\"format\":2}\n"}) {
    EXPECT_EQ(kept(after, kEverything), whole.size()) << after;
  }
}

TEST(MetricsTest, RefusesANewerFormat) {
  const Result<MetricsLines> metrics =
      ReadMetrics("{\"format\":2}\n", "run/metrics.jsonl", kEverything);
  ASSERT_FALSE(metrics.ok());
  EXPECT_EQ(ToText(metrics.problems()),
            "run/metrics.jsonl: these metrics have format 2, and this program "
            "reads up to 1; use a newer version of unnoise.");
}

TEST(MetricsTest, ThinsEvenlyAndKeepsTheLast) {
  EXPECT_TRUE(Thinned({}, 4).empty());
  EXPECT_EQ(Thinned(Lines(4), 4), Lines(4));
  const std::vector<MetricsLine> kept = Thinned(Lines(9), 4);
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_EQ(kept[0].step, 3);
  EXPECT_EQ(kept[2].step, 9);
}

}  // namespace
}  // namespace unnoise
