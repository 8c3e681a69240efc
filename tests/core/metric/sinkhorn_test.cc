// Entropic transport where it is known, and against the exact.

#include "core/metric/sinkhorn.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/backend/backend.h"
#include "core/base/check.h"
#include "core/metric/soft_sums.h"
#include "core/metric/w2_exact.h"
#include "tests/core/metric/point_sets.h"

namespace unnoise {
namespace {

// Both sets are 0 and 1 with equal weights. By symmetry half goes s : t with
// s / t = e^(1 / epsilon), s + t = 1/2.
TEST(Sinkhorn, TwoPointsAreKnown) {
  const std::vector<float> set = {0, 1};
  for (const double epsilon : {0.1, 0.5, 1.0, 5.0}) {
    const SinkhornSolution found = SolveSinkhorn(
        1, {set}, {set}, {.epsilon = epsilon, .tolerance = 1e-14});
    const double t = 0.5 / (1 + std::exp(1 / epsilon)), s = 0.5 - t;
    const double entropy = 2 * (s * std::log(4 * s) + t * std::log(4 * t));
    EXPECT_EQ(found.status, SinkhornStatus::kConverged);
    EXPECT_NEAR(found.cost, 2 * t + epsilon * entropy, 1e-13 * (1 + epsilon));
    EXPECT_EQ(found.epsilon, epsilon);
  }
}

TEST(Sinkhorn, ThePlanHasTheWeightsAndItsCostIsThatOfThePotentials) {
  const std::vector<float> a = NormalPoints(1, 2 * 20),
                           b = NormalPoints(2, 2 * 30);
  std::vector<double> weights;
  for (int j = 0; j < 30; ++j) weights.push_back(1 + j % 4);
  double total = 0;
  for (const double w : weights) total += w;
  const SinkhornSolution found =
      SolveSinkhorn(2, {a}, {b, weights}, {.epsilon = 0.3, .tolerance = 1e-13});
  ASSERT_EQ(found.status, SinkhornStatus::kConverged);
  std::vector<double> rows(20), columns(30);
  double cost = 0;
  for (size_t i = 0; i < 20; ++i) {
    for (size_t j = 0; j < 30; ++j) {
      const double square = SquaredDistance(a, i, b, j, 2);
      const double ratio = (found.f[i] + found.g[j] - square) / 0.3;
      const double mass = weights[j] / total / 20 * std::exp(ratio);
      rows[i] += mass;
      columns[j] += mass;
      cost += mass * (square + 0.3 * ratio);
    }
  }
  for (size_t i = 0; i < 20; ++i) EXPECT_NEAR(rows[i], 1.0 / 20, 1e-13);
  for (size_t j = 0; j < 30; ++j) {
    EXPECT_NEAR(columns[j], weights[j] / total, 1e-14);
  }
  EXPECT_NEAR(found.cost, cost, 1e-12);
}

TEST(Sinkhorn, WithLessEntropyItNearsTheExactFromAbove) {
  const std::vector<float> a = NormalPoints(3, 2 * 60),
                           b = NormalPoints(4, 2 * 60, 0.5);
  const double exact = std::pow(ExactW2(2, a, b).value, 2);
  double before = 1e9;
  for (const double epsilon : {1.0, 0.3, 0.1, 0.03, 0.01}) {
    const SinkhornSolution found = SolveSinkhorn(
        2, {a}, {b},
        {.epsilon = epsilon, .tolerance = 1e-4, .max_iterations = 20000});
    EXPECT_EQ(found.status, SinkhornStatus::kConverged) << epsilon;
    EXPECT_LT(found.cost, before) << epsilon;
    EXPECT_GT(found.cost, exact) << epsilon;
    // At most as much as the entropy of the best plan costs.
    EXPECT_LT(found.cost, exact + epsilon * std::log(60.0)) << epsilon;
    before = found.cost;
  }
}

TEST(Sinkhorn, DebiasedItIsExactForShiftsAndNearForOthers) {
  const std::vector<float> a = NormalPoints(5, 2 * 300);
  std::vector<float> moved = a, wide = a;
  for (float& x : moved) x += 3;
  for (float& x : wide) x *= 2;
  const SinkhornOptions fine = {.tolerance = 1e-3};
  const SinkhornDistance shift = SinkhornW2(2, {a}, {moved}, true, fine);
  // A cost is off by the square of the tolerance times what potentials differ
  // by, 10 or so; and floats that were moved by 3 by 2^-23.
  EXPECT_NEAR(shift.w2.value, std::sqrt(18.0), 1e-5);
  EXPECT_EQ(shift.status, SinkhornStatus::kConverged);
  EXPECT_NEAR(SinkhornW2(2, {a}, {a}, true, fine).w2.value, 0, 5e-3)
      << "the root of that";
  // A scaling costs the root mean square of the points, 0.01 of whose square is
  // epsilon at most.
  const double exact = ExactW2(2, a, wide).value;
  const SinkhornDistance scaled = SinkhornW2(2, {a}, {wide}, true, fine);
  EXPECT_NEAR(scaled.w2.value, exact, 0.01 * exact);
  EXPECT_GT(SinkhornW2(2, {a}, {wide}, false, fine).w2.value,
            scaled.w2.value + 0.01 * exact);
}

TEST(Sinkhorn, TheStandardErrorIsThatOfTheExact) {
  const std::vector<float> a = NormalPoints(6, 2 * 200),
                           b = NormalPoints(7, 2 * 200, 2);
  const Estimate exact = ExactW2(2, a, b);
  const SinkhornDistance found = SinkhornW2(2, {a}, {b});
  // What the smoothing takes away is far below the spread of the sets.
  EXPECT_NEAR(found.w2.value, exact.value, 0.2 * exact.std_error);
  EXPECT_NEAR(found.w2.std_error, exact.std_error, 0.05 * exact.std_error);
}

TEST(Sinkhorn, HardSetsStillEnd) {
  // Points at great distances, an epsilon that is far smaller than they are.
  std::vector<float> a, b;
  for (int i = 0; i < 20; ++i) {
    a.push_back(static_cast<float>(i * i));
    b.push_back(static_cast<float>(1000 * (i % 2) + i));
  }
  const SinkhornSolution few = SolveSinkhorn(
      1, {a}, {b}, {.epsilon = 1e-3, .tolerance = 1e-12, .max_iterations = 20});
  EXPECT_EQ(few.status, SinkhornStatus::kOutOfIterations);
  EXPECT_EQ(few.iterations, 20);
  EXPECT_TRUE(std::isfinite(few.cost));
  EXPECT_GT(few.marginal_error, 1e-12);
  EXPECT_EQ(NameOf(few.status), "out of iterations");
  // All mass in one place, in each set or in one.
  const std::vector<float> zero(6, 0.0f), one(4, 1.0f);
  EXPECT_DOUBLE_EQ(SinkhornW2(2, {zero}, {one}).w2.value, std::sqrt(2.0));
  EXPECT_EQ(SinkhornW2(2, {zero}, {zero}).w2.value, 0);
  EXPECT_EQ(SinkhornW2(2, {zero}, {one}).w2.std_error, 0);
  const std::vector<float> line = {0, 2};
  EXPECT_NEAR(
      SinkhornW2(1, {zero}, {line}, true, {.tolerance = 1e-12}).w2.value,
      std::sqrt(2.0), 0.01);
  const std::vector<float> far = {3e38f, -3e38f}, near = {0, 1};
  EXPECT_TRUE(std::isfinite(SinkhornW2(1, {far}, {near}).w2.value));
}

TEST(Sinkhorn, SumsAndTopsAreTheirDefinition) {
  constexpr size_t kDim = 2, kCount = 19, kOther = 7;
  std::vector<double> x, y, base, height;
  for (const float v : NormalPoints(1, kDim * kCount)) x.push_back(v);
  for (const float v : NormalPoints(2, kDim * kOther)) y.push_back(v);
  for (const float v : NormalPoints(3, kCount)) base.push_back(v);
  for (const float v : NormalPoints(4, kOther)) height.push_back(v);
  std::vector<double> sums(kCount), tops(kCount);
  SoftSums(kDim, kCount, kOther, x.data(), y.data(), base.data(), height.data(),
           sums.data());
  Tops(kDim, kCount, kOther, x.data(), y.data(), height.data(), tops.data());
  for (size_t i = 0; i < kCount; ++i) {
    double sum = 0, top = -1e9;
    for (size_t j = 0; j < kOther; ++j) {
      double exponent = height[j];
      for (size_t axis = 0; axis < kDim; ++axis) {
        const double gap = x[axis * kCount + i] - y[j * kDim + axis];
        exponent -= gap * gap;
      }
      sum += std::exp(base[i] + exponent);
      top = std::max(top, exponent);
    }
    EXPECT_NEAR(sums[i], sum, 1e-14 * sum) << i;
    EXPECT_NEAR(tops[i], top, 1e-14) << i;
  }
}

// Two points that weigh nothing and lie beside each other have a plan of their
// own, whose ratio to the weights is beyond all numbers; it does not matter,
// and nothing overflows on the way.
TEST(Sinkhorn, WeightlessPointsDoNotMatter) {
  const std::vector<float> a = {0, 1, 2, 50}, b = {0.5, 1.5, 2.5, 50};
  const std::vector<double> weights = {1, 1, 1, 1e-200};
  const SinkhornOptions options = {.epsilon = 0.05, .tolerance = 1e-5};
  const SinkhornSolution found =
      SolveSinkhorn(1, {a, weights}, {b, weights}, options);
  EXPECT_EQ(found.status, SinkhornStatus::kConverged);
  EXPECT_NEAR(found.cost,
              SolveSinkhorn(1, {std::span(a).first(3)}, {std::span(b).first(3)},
                            options)
                  .cost,
              1e-9);
}

TEST(Sinkhorn, EveryTargetGivesTheSameBits) {
  const std::vector<float> a = NormalPoints(8, 3 * 33),
                           b = NormalPoints(9, 3 * 21, 1);
  std::vector<double> values;
  for (int target = 0; target < SimdTargetCount(); ++target) {
    if (!ForceSimdTarget(SimdTargetName(target))) continue;
    values.push_back(SinkhornW2(3, {a}, {b}).w2.value);
  }
  ForceSimdTarget("");
  ASSERT_GE(values.size(), 1u);
  for (const double value : values) EXPECT_EQ(value, values[0]);
}

TEST(Sinkhorn, RefusesWhatIsNoSet) {
  const std::vector<float> two = {1, 2}, three = {1, 2, 3},
                           bad = {0, std::numeric_limits<float>::infinity()};
  const std::vector<double> zero = {1, 0}, one = {1};
  EXPECT_THROW(SolveSinkhorn(2, {two}, {three}), UsageError);
  EXPECT_THROW(SolveSinkhorn(1, {two}, {bad}), UsageError);
  EXPECT_THROW(SolveSinkhorn(1, {two, zero}, {two}), UsageError);
  EXPECT_THROW(SolveSinkhorn(1, {two, one}, {two}), UsageError);
  EXPECT_THROW(SolveSinkhorn(0, {two}, {two}), UsageError);
  EXPECT_THROW(SinkhornW2(1, {two}, {two}, true, {.epsilon = -1}), UsageError);
}

}  // namespace
}  // namespace unnoise
