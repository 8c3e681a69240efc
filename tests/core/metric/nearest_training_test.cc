// Copies of training points are seen, and fresh points are not taken for some.

#include "core/metric/nearest_training.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "tests/core/metric/point_sets.h"

namespace unnoise {
namespace {

const MetricInfo& Metric() {
  for (const MetricInfo& metric : Metrics()) {
    if (metric.name == "nearest_training") return metric;
  }
  throw UsageError("the table has no nearest_training");
}

double More(const MetricReport& report, std::string_view name) {
  for (const auto& number : report.more) {
    if (number.name == name) return number.value;
  }
  return -1;  // not there
}

MetricReport Evaluate(const std::vector<float>& samples,
                      const std::vector<float>& training,
                      const std::vector<float>& held_out, int dim = 2) {
  const DataSource data = NormalSource();
  return Metric().evaluate({.dim = dim,
                            .samples = samples,
                            .data = data,
                            .training = training,
                            .held_out = held_out});
}

TEST(NearestTrainingTest, FindsTheNearestOther) {
  const std::vector<float> training = {0, 0, 3, 4, 1, 1};
  const std::vector<float> points = {0, 0, 3, 3};
  EXPECT_EQ(SquaredDistanceToNearest(2, points, 0, training), 0);
  EXPECT_EQ(SquaredDistanceToNearest(2, points, 1, training), 1);
  EXPECT_EQ(SquaredDistanceToNearest(2, training, 0, training, 0), 2);
  EXPECT_EQ(SquaredDistanceToNearest(2, points, 0, {}),
            std::numeric_limits<double>::infinity());
  EXPECT_THROW(SquaredDistanceToNearest(2, points, 2, training), UsageError);
}

TEST(NearestTrainingTest, CopiesAreSeen) {
  const auto training = NormalPoints(1, 400), held_out = NormalPoints(2, 200);
  for (const bool holds_out : {true, false}) {
    const auto& others = holds_out ? held_out : std::vector<float>();
    const MetricReport copied = Evaluate(training, training, others);
    EXPECT_EQ(copied.value, 1);
    EXPECT_EQ(copied.data_data, 0.1);
    EXPECT_EQ(copied.n, 200);
    EXPECT_EQ(More(copied, "median"), 0);
    EXPECT_EQ(More(copied, "ratio"), 0);
    // Fresh points of the law: a tenth, by two samples of 200 and of at least
    // 100 points.
    const MetricReport fresh = Evaluate(NormalPoints(3, 400), training, others);
    EXPECT_NEAR(fresh.value, 0.1, 4 * std::sqrt(0.09 / 200 + 0.09 / 100));
    EXPECT_NEAR(fresh.std_error,
                std::sqrt(fresh.value * (1 - fresh.value) / 199), 1e-12);
    // A median of 100 has a relative deviation of at most 1.25 sqrt(1 / 100)
    // for a law whose deviation is no more than its mean.
    EXPECT_NEAR(More(fresh, "ratio"), 1, 4 * 1.25 * std::sqrt(0.015));
    // Far off.
    const MetricReport far =
        Evaluate(NormalPoints(3, 400, 9), training, others);
    EXPECT_EQ(far.value, 0);
    EXPECT_GT(More(far, "ratio"), 10);
  }
}

TEST(NearestTrainingTest, DegenerateSets) {
  // Every real point has a twin: nothing can tell copies from data.
  const std::vector<float> same(20, 1.0f);
  const MetricReport twins = Evaluate(same, same, {});
  EXPECT_EQ(twins.value, 1);
  EXPECT_EQ(twins.data_data, 1);
  EXPECT_EQ(More(twins, "ratio"), -1) << "left out";
  const std::vector<float> two = {0, 0, 3, 4};
  const MetricReport few = Evaluate(two, two, {});
  EXPECT_EQ(few.value, 1);
  EXPECT_EQ(More(few, "data_median"), 5);
  EXPECT_EQ(few.n, 2);
  EXPECT_THROW(Evaluate(two, {1, 2}, {}), UsageError);
}

TEST(NearestTrainingTest, NeedsTraining) {
  const DataSource data = NormalSource();
  const std::vector<float> samples(4);
  EXPECT_NE(WhyNot(Metric(), {.dim = 1, .samples = samples, .data = data}), "");
}

TEST(NearestTrainingTest, WorkIsBounded) {
  // 2^30 coordinates are compared at most, for a thousand points or fewer.
  const std::vector<float> training = NormalPoints(1, 3000);
  EXPECT_EQ(Evaluate(NormalPoints(2, 2000), training, {}, 1).n, 1000);
}

}  // namespace
}  // namespace unnoise
