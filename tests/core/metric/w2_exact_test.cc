// The exact Wasserstein-2 distance where it is known.

#include "core/metric/w2_exact.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "tests/core/metric/point_sets.h"

namespace unnoise {
namespace {

TEST(ExactW2Test, AgreesWithAnIndependentProgram) {
  const GoldenSets sets;
  // Of a sum of 30 terms of order 1.
  EXPECT_NEAR(ExactW2(2, sets.a, sets.b).value, sets.kW2, 1e-14);
}

TEST(ExactW2Test, OnALineItSorts) {
  std::vector<float> a = NormalPoints(1, 200), b = NormalPoints(2, 200, 3);
  for (float& x : b) x *= x;
  const double distance = ExactW2(1, a, b).value;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double sum = 0;
  for (size_t i = 0; i < 200; ++i) {
    sum += (double{a[i]} - b[i]) * (double{a[i]} - b[i]);
  }
  EXPECT_NEAR(distance, std::sqrt(sum / 200), 1e-13 * distance);
}

TEST(ExactW2Test, AShiftCostsItsLength) {
  for (const int dim : {1, 2, 5}) {
    const size_t size = static_cast<size_t>(dim);
    std::vector<float> a = NormalPoints(1, 150 * size), b(a.size());
    // Halves keep their value when 2 is added; in another order.
    for (float& x : a) x = std::floor(x * 64) / 64;
    for (size_t i = 0; i < 150; ++i) {
      for (size_t axis = 0; axis < size; ++axis) {
        b[(149 - i) * size + axis] = a[i * size + axis] + 2;
      }
    }
    const Estimate shifted = ExactW2(dim, a, b);
    EXPECT_NEAR(shifted.value, 2 * std::sqrt(1.0 * dim), 1e-13) << dim;
    EXPECT_GT(shifted.std_error, 0);
    EXPECT_EQ(ExactW2(dim, a, a).value, 0);
    EXPECT_EQ(ExactW2(dim, a, a).std_error, 0);
  }
}

TEST(ExactW2Test, DegenerateSets) {
  const std::vector<float> zero(20), one(20, 1.0f);
  EXPECT_EQ(ExactW2(2, zero, zero).value, 0);
  EXPECT_DOUBLE_EQ(ExactW2(2, zero, one).value, std::sqrt(2.0));
  EXPECT_EQ(ExactW2(2, zero, one).std_error, 0) << "each pair is as far";
  // All mass in one place: no choice, the root mean square.
  std::vector<float> line;
  double sum = 0;
  for (int i = 0; i < 20; ++i) {
    line.push_back(static_cast<float>(i * i));
    sum += std::pow(i, 4) / 20;
  }
  EXPECT_DOUBLE_EQ(ExactW2(1, line, zero).value, std::sqrt(sum));
  const std::vector<float> far = {3e38f, -3e38f}, near = {0, 1};
  EXPECT_TRUE(std::isfinite(ExactW2(1, far, near).value));
  EXPECT_TRUE(std::isfinite(ExactW2(1, far, near).std_error));
}

// Var W2^2 is 4 m^2 (1 / n + 1 / n) for unit normal laws m apart, as their
// potentials are linear; the means are off by little on a line.
TEST(ExactW2Test, TheStandardErrorIsTheSpread) {
  constexpr int kRepeats = 150;
  constexpr size_t kCount = 60;
  std::vector<double> values;
  double errors = 0;
  for (uint64_t seed = 0; seed < kRepeats; ++seed) {
    const Estimate w2 = ExactW2(1, NormalPoints(seed, kCount),
                                NormalPoints(1000 + seed, kCount, 2));
    values.push_back(w2.value);
    errors += w2.std_error / kRepeats;
  }
  const Estimate mean = MeanOf(values);
  const double spread = mean.std_error * std::sqrt(1.0 * kRepeats);
  const double theory = std::sqrt(2.0 / kCount);
  // A spread of 150 values is known to 6 %.
  EXPECT_NEAR(spread, theory, 4 * 0.06 * theory);
  EXPECT_NEAR(errors, theory, 4 * 0.06 * theory);
  // W2 is between 2 and 2 plus the part of the shapes, below log log n / n.
  EXPECT_NEAR(mean.value, 2, 4 * mean.std_error + 2.0 / kCount);
}

// For y = 3 x + 2 the potentials are known: x^2 - 3 x^2 - 4 x and
// y^2 - (y - 2)^2 / 3, but for constants. Points that lie skew show each sign.
TEST(ExactW2Test, TheStandardErrorKnowsShiftAndScale) {
  std::vector<float> a, b;
  std::vector<double> u, v;
  for (int k = 0; k < 30; ++k) {
    const double x = k * k / 64.0, y = 3 * x + 2;
    a.push_back(static_cast<float>(x));
    b.push_back(static_cast<float>(y));
    u.push_back(-2 * x * x - 4 * x);
    v.push_back(y * y - (y - 2) * (y - 2) / 3);
  }
  const double eu = MeanOf(u).std_error, ev = MeanOf(v).std_error;
  const Estimate w2 = ExactW2(1, a, b);
  EXPECT_NEAR(w2.std_error, std::sqrt(eu * eu + ev * ev) / (2 * w2.value),
              1e-12 * w2.std_error * 30);  // sums of 30 terms
}

TEST(ExactW2Test, RefusesWhatDoesNotFit) {
  const std::vector<float> two(4), three(6), one(2);
  EXPECT_THROW(ExactW2(2, two, three), UsageError);
  EXPECT_THROW(ExactW2(2, one, one), UsageError);
  EXPECT_THROW(ExactW2(0, two, two), UsageError);
  const std::vector<float> many(10001);
  EXPECT_THROW(ExactW2(1, many, many), UsageError);
  const std::vector<float> bad = {0, std::numeric_limits<float>::infinity()};
  EXPECT_THROW(ExactW2(1, bad, one), UsageError);
  EXPECT_THROW(ExactW2(1, one, bad), UsageError);
}

}  // namespace
}  // namespace unnoise
