// What holds for every metric of the table.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "core/base/check.h"
#include "core/metric/metric.h"
#include "tests/core/metric/point_sets.h"

namespace unnoise {
namespace {

MetricInput Input(std::span<const float> samples, const DataSource& data,
                  std::span<const float> training) {
  return {.dim = 2,
          .samples = samples,
          .data = data,
          .key = KeyFromSeed(4),
          .training = training,
          .modes = {{0, 0, 50, 50}, 3}};
}

TEST(MetricsTest, EachIsDescribedAndHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const MetricInfo& metric : Metrics()) {
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    EXPECT_FALSE(metric.title.empty()) << metric.name;
    EXPECT_TRUE(metric.help.ends_with('.')) << metric.name;
  }
}

TEST(MetricsTest, EachIsAFunctionOfItsInputAlone) {
  const auto samples = NormalPoints(1, 100), training = NormalPoints(2, 60);
  const DataSource data = NormalSource();
  const MetricInput input = Input(samples, data, training);
  for (const MetricInfo& metric : Metrics()) {
    ASSERT_EQ(WhyNot(metric, input), "") << metric.name;
    const MetricReport a = metric.evaluate(input), b = metric.evaluate(input);
    EXPECT_EQ(a.value, b.value) << metric.name;
    EXPECT_EQ(a.data_data, b.data_data) << metric.name;
    EXPECT_EQ(a.n, 50) << metric.name;
    EXPECT_GT(a.repeats, 0) << metric.name;
    ASSERT_EQ(a.more.size(), b.more.size()) << metric.name;
    for (size_t i = 0; i < a.more.size(); ++i) {
      EXPECT_TRUE(std::isfinite(a.more[i].value)) << a.more[i].name;
      EXPECT_EQ(a.more[i].value, b.more[i].value) << a.more[i].name;
    }
  }
}

TEST(MetricsTest, TwoPointsAndEqualPointsAreEnough) {
  const DataSource one_point = [](Key, std::span<float> a, std::span<float> b) {
    for (std::span<float> out : {a, b}) std::fill(out.begin(), out.end(), 1.f);
  };
  const std::vector<float> samples(4, 1.0f);
  const MetricInput input = Input(samples, one_point, samples);
  for (const MetricInfo& metric : Metrics()) {
    const MetricReport report = metric.evaluate(input);
    EXPECT_EQ(report.n, 2) << metric.name;
    EXPECT_EQ(report.value, report.data_data) << metric.name;
    EXPECT_EQ(report.std_error, 0) << metric.name;
  }
}

TEST(MetricsTest, RefuseOnePointPartsAndWhatIsNotFinite) {
  const DataSource data = NormalSource();
  const std::vector<float> training(8);
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  for (const MetricInfo& metric : Metrics()) {
    for (const std::vector<float>& bad : {std::vector<float>{},
                                          {1, 2},
                                          {1, 2, 3, 4, 5},
                                          {1, 2, 3, kNan},
                                          {kInf, 2, 3, 4}}) {
      EXPECT_THROW(metric.evaluate(Input(bad, data, training)), UsageError)
          << metric.name;
    }
  }
}

TEST(MetricsTest, AreFoundByName) {
  EXPECT_EQ(FindMetrics({})->size(), Metrics().size());
  const std::vector<std::string> two = {"w2_exact", "mmd", "mmd"};
  const auto found = FindMetrics(two);
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 2u);
  EXPECT_EQ((*found)[0]->name, "mmd") << "in the order of the table";
  const std::vector<std::string> wrong = {"mdm", "", "mmd"};
  const auto problems = FindMetrics(wrong).problems();
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].path, "metrics");
  EXPECT_NE(problems[0].message.find("did you mean mmd?"), std::string::npos);
}

}  // namespace
}  // namespace unnoise
