// Modes that samples reach, by construction.

#include "core/metric/mode_coverage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/check.h"
#include "tests/core/metric/point_sets.h"

namespace unnoise {
namespace {

const MetricInfo& Metric() {
  for (const MetricInfo& metric : Metrics()) {
    if (metric.name == "mode_coverage") return metric;
  }
  throw UsageError("the table has no mode_coverage");
}

double More(const MetricReport& report, std::string_view name) {
  for (const auto& number : report.more) {
    if (number.name == name) return number.value;
  }
  return std::nan("");
}

// Four modes on a line at 0, 10, 20, 30; `share` of the points near each.
std::vector<float> OnFourPlaces(uint64_t seed, size_t size,
                                const std::vector<uint32_t>& parts) {
  uint32_t all = 0;
  for (const uint32_t part : parts) all += part;
  std::vector<float> x(size);
  const Key key = KeyFromSeed(seed);
  for (size_t i = 0; i < size; ++i) {
    uint32_t pick = IndexAt(key, i, all), mode = 0;
    while (pick >= parts[mode]) pick -= parts[mode++];
    x[i] = 10.0f * static_cast<float>(mode) + 0.5f;
  }
  return x;
}

const Modes kPlaces = {{0, 10, 20, 30}, 1};

TEST(ModeCoverageTest, APointIsOfTheNearestModeWithinItsRadius) {
  const Modes modes = {{0, 0, 3, 0}, 2};
  const std::vector<float> points = {0, 0, 1,     0, 1.6f, 0, 0, 2,
                                     5, 0, -2.1f, 0, 1.5f, 0, 9, 9};
  EXPECT_EQ(ModesOf(2, points, modes),
            (std::vector<int32_t>{0, 0, 1, 0, 1, -1, 0, -1}));
  EXPECT_THROW(ModesOf(2, points, {}), UsageError);
  EXPECT_THROW(ModesOf(3, points, modes), UsageError);
}

TEST(ModeCoverageTest, AQuarterOfTheExpectedNumberIsEnough) {
  const std::vector<double> expected = {100, 100, 2, 0};
  EXPECT_EQ(Coverage(std::vector<double>{25, 24, 1, 1}, expected), 0.75);
  EXPECT_EQ(Coverage(std::vector<double>{25, 24, 0, 0}, expected), 0.25);
  EXPECT_THROW(Coverage(expected, std::vector<double>{1}), UsageError);
  EXPECT_THROW(Coverage({}, {}), UsageError);
}

TEST(ModeCoverageTest, ReportsWhatWasPutIn) {
  const DataSource data = [](Key key, std::span<float> a, std::span<float> b) {
    for (std::span<float> out : {a, b}) {
      const auto x = OnFourPlaces(BitsAt(key, out.data() == b.data()),
                                  out.size(), {3, 3, 3, 1});
      std::copy(x.begin(), x.end(), out.begin());
    }
  };
  const auto evaluate = [&](std::vector<float> samples) {
    return Metric().evaluate({.dim = 1,
                              .samples = samples,
                              .data = data,
                              .key = KeyFromSeed(1),
                              .modes = kPlaces});
  };
  const MetricReport good = evaluate(OnFourPlaces(5, 1000, {3, 3, 3, 1}));
  EXPECT_EQ(good.value, 1);
  EXPECT_EQ(good.std_error, 0);
  EXPECT_EQ(good.data_data, 1);
  EXPECT_EQ(good.n, 1000);
  EXPECT_EQ(More(good, "modes"), 4);
  EXPECT_EQ(More(good, "in_modes"), 1);
  EXPECT_EQ(More(good, "data_in_modes"), 1);
  // The rare mode has 100 points, give or take 10, of an expected 100.
  EXPECT_NEAR(More(good, "least_share"), 1, 0.4);

  // One mode lost; the rare one has its due.
  const MetricReport lost = evaluate(OnFourPlaces(5, 1000, {4, 0, 4, 1}));
  EXPECT_EQ(lost.value, 0.75);
  EXPECT_EQ(More(lost, "least_share"), 0);
  // Half of the samples between the modes: all covered, quality one half.
  std::vector<float> astray = OnFourPlaces(5, 1000, {3, 3, 3, 1});
  for (size_t i = 0; i < astray.size(); i += 2) astray[i] = 15;
  EXPECT_EQ(evaluate(astray).value, 1);
  EXPECT_EQ(More(evaluate(astray), "in_modes"), 0.5);
  // At the threshold (75 of an expected 300), chance decides, as the error
  // says: a mode in two of four cases is a deviation of 1 / 8.
  std::vector<float> edge = OnFourPlaces(5, 1000, {1, 0, 0, 1});
  for (size_t i = 0; i < 75; ++i) edge[i] = 10;
  EXPECT_NEAR(evaluate(edge).std_error, 0.125, 0.03);
}

TEST(ModeCoverageTest, ModesAreInDataUnits) {
  // Model units are tenths of data units, moved.
  const DataSource data = [](Key, std::span<float> a, std::span<float> b) {
    for (std::span<float> out : {a, b}) {
      for (size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<float>(i % 4) - 1;
      }
    }
  };
  const std::vector<float> samples = {-1, 0, 1, 2};
  const MetricReport report = Metric().evaluate({.dim = 1,
                                                 .samples = samples,
                                                 .data = data,
                                                 .modes = kPlaces,
                                                 .units = {{10}, {10}}});
  EXPECT_EQ(report.value, 1);
  EXPECT_EQ(More(report, "in_modes"), 1);
}

TEST(ModeCoverageTest, NeedsModes) {
  const DataSource data = NormalSource();
  const std::vector<float> samples(4);
  const MetricInput input{.dim = 1, .samples = samples, .data = data};
  EXPECT_NE(WhyNot(Metric(), input), "");
  EXPECT_THROW(Metric().evaluate(input), UsageError);
}

}  // namespace
}  // namespace unnoise
