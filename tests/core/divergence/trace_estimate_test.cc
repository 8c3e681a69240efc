// Hutchinson's estimate of a trace, and how far it spreads.

#include "core/divergence/trace_estimate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/base/check.h"

namespace unnoise {
namespace {

// Skew parts do not matter to v' A v.
const std::vector<double> kMatrix = {2, 1, 0, -0.5, -1, 3, 1, 0, 1};
constexpr double kTrace = 2 - 1 + 1;

MatrixProduct ProductWith(const std::vector<double>& a) {
  return [&a](std::span<const double> v, std::span<double> out) {
    for (size_t i = 0; i < v.size(); ++i) {
      out[i] = 0;
      for (size_t j = 0; j < v.size(); ++j)
        out[i] += a[i * v.size() + j] * v[j];
    }
  };
}

TEST(TraceEstimate, TheVarianceIsTheClosedForm) {
  // Off the diagonal S has 0.25, 1.5 and 0.5: see the matrix.
  const double off = 0.25 * 0.25 + 1.5 * 1.5 + 0.5 * 0.5;
  EXPECT_DOUBLE_EQ(TraceVariance(TraceProbe::kRademacher, 3, kMatrix), 4 * off);
  EXPECT_DOUBLE_EQ(TraceVariance(TraceProbe::kGaussian, 3, kMatrix),
                   4 * off + 2 * (4 + 1 + 1));
}

TEST(TraceEstimate, ItIsUnbiasedAndSpreadsSo) {
  constexpr int64_t kCount = 20000;
  for (const TraceProbe probe :
       {TraceProbe::kGaussian, TraceProbe::kRademacher}) {
    const Estimate found =
        EstimateTrace(probe, KeyFromSeed(5), 3, kCount, ProductWith(kMatrix));
    const double error = std::sqrt(TraceVariance(probe, 3, kMatrix) / kCount);
    EXPECT_NEAR(found.value, kTrace, 4 * error);
    // Fourth moments are below 15 squares: 3 % of a standard error.
    EXPECT_NEAR(found.std_error, error, 4 * 0.03 * error);
  }
}

TEST(TraceEstimate, OfADiagonalSignsNeedOneProbe) {
  const std::vector<double> diagonal = {2, 0, 0, 0, -5, 0, 0, 0, 0.5};
  EXPECT_EQ(TraceVariance(TraceProbe::kRademacher, 3, diagonal), 0);
  const Estimate found = EstimateTrace(TraceProbe::kRademacher, KeyFromSeed(1),
                                       3, 7, ProductWith(diagonal));
  EXPECT_EQ(found.value, -2.5);
  EXPECT_EQ(found.std_error, 0);
  EXPECT_GT(TraceVariance(TraceProbe::kGaussian, 3, diagonal), 0);
}

TEST(TraceEstimate, ProbesDependOnKeyAndIndexAlone) {
  std::set<std::vector<double>> seen;
  for (const TraceProbe probe :
       {TraceProbe::kGaussian, TraceProbe::kRademacher}) {
    for (uint64_t index = 0; index < 3; ++index) {
      std::vector<double> a(20), b(20);
      FillProbe(probe, KeyFromSeed(2), index, a);
      FillProbe(probe, KeyFromSeed(2), index, b);
      EXPECT_EQ(a, b);
      EXPECT_TRUE(seen.insert(a).second);
      for (const double x : a) {
        EXPECT_TRUE(probe == TraceProbe::kGaussian || std::fabs(x) == 1);
      }
    }
  }
}

TEST(TraceEstimate, RefusesWhatIsNoMatrix) {
  EXPECT_THROW(TraceVariance(TraceProbe::kGaussian, 2, kMatrix), UsageError);
  EXPECT_THROW(
      EstimateTrace(TraceProbe::kGaussian, {}, 3, 0, ProductWith(kMatrix)),
      UsageError);
}

}  // namespace
}  // namespace unnoise
