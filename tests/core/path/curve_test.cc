// The monotone curve: through its points, between them, smooth.

#include "core/path/curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/base/check.h"

namespace unnoise {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();
const std::vector<double> kX = {0, 0.1, 0.5, 0.6, 1.5, 2};
const std::vector<double> kY = {3, 2.9, 2.9, 1, 0.01, 0};

TEST(MonotoneCurve, GoesThroughItsPointsAndStaysBetween) {
  const MonotoneCurve curve(kX, kY);
  for (size_t i = 0; i < kX.size(); ++i) {
    EXPECT_EQ(curve.At(kX[i]).value, kY[i]) << i;
  }
  double before = 3;
  for (int i = 1; i <= 20000; ++i) {
    const double x = i / 10000.0;
    const MonotoneCurve::Point at = curve.At(x);
    EXPECT_LE(at.value, before) << x;
    EXPECT_LE(at.slope, 64 * kEps) << x;  // rounding, where it is 0
    if (x <= 0.1 || x > 0.5) {
      EXPECT_LT(at.value, before) << x;
    }
    before = at.value;
  }
}

TEST(MonotoneCurve, SlopeIsTheDerivativeAndHasNoJumps) {
  const MonotoneCurve curve(kX, kY);
  for (int i = 1; i < 2000; ++i) {
    const double x = i / 1000.0, h = 1e-5;
    // On a cubic the central difference is off by h^2 times its leading
    // coefficient, below 5000 where 0.1 wide; at a point of the curve by h
    // times half of the jump of the second derivative. Below 2000.
    const double difference =
        (curve.At(x + h).value - curve.At(x - h).value) / (2 * h);
    EXPECT_NEAR(curve.At(x).slope, difference, 2000 * h) << x;
    const double far = curve.At(x + 1e-9).slope - curve.At(x - 1e-9).slope;
    EXPECT_NEAR(far, 0, 4e-9 * 2000) << x;
  }
}

TEST(MonotoneCurve, WorkedByHand) {
  // Secants 1 and 3: the slope inside is their harmonic mean, 3/2, those at the
  // ends (3 * 1 - 3) / 2 = 0 and (3 * 3 - 1) / 2 = 4.
  const MonotoneCurve curve({0, 1, 2}, {0, 1, 4});
  EXPECT_EQ(curve.At(0).slope, 0);
  EXPECT_EQ(curve.At(1).slope, 1.5);
  EXPECT_EQ(curve.At(2).slope, 4);
  EXPECT_EQ(curve.At(0.5).value, 0.3125);  // 1/2 - 3/2 * 1/8
  EXPECT_EQ(curve.At(1.5).value, 2.1875);  // 5/2 + (3/2 - 4) / 8
  // 6 * 3/16 + 3/2 * (3/16 - 1/2)
  EXPECT_EQ(curve.At(0.25).slope, 0.65625);
  // Steps 1 and 2: weights 2 * 2 + 1 = 5 to the left, 2 + 2 * 1 = 4 to the
  // right (Fritsch and Butland 1984), 9 / (5 / 1 + 4 / 3).
  const MonotoneCurve uneven({0, 1, 3}, {0, 1, 7});
  EXPECT_NEAR(uneven.At(1).slope, 27.0 / 19, 4 * kEps);
}

TEST(MonotoneCurve, AStraightLineStaysStraight) {
  const MonotoneCurve line({0, 0.3, 0.5, 1}, {1, 0.7, 0.5, 0});
  for (int i = 0; i <= 100; ++i) {
    const double x = i / 100.0;
    EXPECT_NEAR(line.At(x).value, 1 - x, 4 * kEps);
    EXPECT_NEAR(line.At(x).slope, -1, 16 * kEps);
  }
}

TEST(MonotoneCurve, EndsAtItsEnds) {
  const MonotoneCurve curve({1, 2}, {5, 7});
  EXPECT_EQ(curve.At(0).value, 5);
  EXPECT_EQ(curve.At(3).value, 7);
  EXPECT_THROW(MonotoneCurve({1}, {5}), UsageError);
  EXPECT_THROW(MonotoneCurve({1, 2}, {5}), UsageError);
}

}  // namespace
}  // namespace unnoise
