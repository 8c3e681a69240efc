// Transport on the line: sets of unequal sizes and weights, distribution
// functions, and the dual.

#include "core/divergence/line_transport.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/check.h"
#include "core/divergence/normal.h"
#include "core/metric/assignment.h"
#include "tests/core/divergence/laws.h"
#include "tests/core/metric/point_sets.h"

namespace unnoise {
namespace {

std::vector<double> Draws(uint64_t seed, size_t n, double scale, double shift) {
  std::vector<double> x;
  for (const float z : NormalPoints(seed, n)) x.push_back(scale * z + shift);
  return x;
}

TEST(LineTransport, IsTheMeanOfSortedDifferences) {
  const std::vector<double> a = {3, 1, 2}, b = {10, 30, 20};
  EXPECT_DOUBLE_EQ(LineW1({a}, {b}), (9 + 18 + 27) / 3.0);
  EXPECT_DOUBLE_EQ(LineW2({a}, {b}), std::sqrt((81 + 324 + 729) / 3.0));
  // One point each; ten apart.
  const std::vector<double> zero = {0}, ten = {10};
  EXPECT_EQ(LineW1({zero}, {ten}), 10);
  EXPECT_EQ(LineW2({zero}, {ten}), 10);
  EXPECT_EQ(LineW1({a}, {a}), 0);
  std::vector<double> moved = a;
  for (double& x : moved) x += 0.5;
  EXPECT_DOUBLE_EQ(LineW1({a}, {moved}), 0.5);
}

// Against the assignment problem, whose sets repeat each point.
TEST(LineTransport, UnequalSizesAreThoseOfRepeatedPoints) {
  const std::vector<double> a = Draws(1, 6, 1, 0), b = Draws(2, 4, 2, 0.5);
  for (const bool squared : {false, true}) {
    std::vector<double> cost;
    for (size_t i = 0; i < 12; ++i) {
      for (size_t j = 0; j < 12; ++j) {
        const double way = std::fabs(a[i / 2] - b[j / 3]);
        cost.push_back(squared ? way * way : way);
      }
    }
    const Assignment best = SolveAssignment(12, cost);
    double sum = 0;
    for (size_t i = 0; i < 12; ++i) sum += cost[12 * i + best.column[i]] / 12;
    EXPECT_NEAR(squared ? LineW2({a}, {b}) : LineW1({a}, {b}),
                squared ? std::sqrt(sum) : sum, 1e-15 * 12);
  }
}

TEST(LineTransport, WeightsAreRepeats) {
  const std::vector<double> a = {0, 1, 5}, weights = {2, 0, 6};
  const std::vector<double> repeated = {0, 5, 5, 5}, b = Draws(3, 7, 1, 1);
  EXPECT_NEAR(LineW1({a, weights}, {b}), LineW1({repeated}, {b}), 1e-15);
  EXPECT_NEAR(LineW2({a, weights}, {b}), LineW2({repeated}, {b}), 1e-15);
}

TEST(LineTransport, ThePlanHasTheWeightsOfBothSetsAndKeepsOrder) {
  const std::vector<double> a = Draws(4, 9, 1, 0), b = Draws(5, 13, 2, 1);
  std::vector<double> w = Draws(6, 13, 1, 0);
  for (double& x : w) x = std::fabs(x);
  const std::vector<LineMove> plan = MonotonePlan({a}, {b, w});
  EXPECT_LE(plan.size(), 9u + 13 - 1);
  std::vector<double> from(9), to(13);
  double cost = 0;
  for (size_t k = 0; k < plan.size(); ++k) {
    EXPECT_GT(plan[k].mass, 0);
    from[plan[k].from] += plan[k].mass;
    to[plan[k].to] += plan[k].mass;
    cost += plan[k].mass * std::fabs(a[plan[k].from] - b[plan[k].to]);
    if (k == 0) continue;
    EXPECT_LE(a[plan[k - 1].from], a[plan[k].from]);
    EXPECT_LE(b[plan[k - 1].to], b[plan[k].to]);
  }
  const double total = std::accumulate(w.begin(), w.end(), 0.0);
  for (const double mass : from) EXPECT_NEAR(mass, 1.0 / 9, 1e-15);
  for (size_t j = 0; j < 13; ++j) EXPECT_NEAR(to[j], w[j] / total, 1e-15);
  EXPECT_NEAR(cost, LineW1({a}, {b, w}), 1e-15);
}

// Distances of samples are those of their laws, but for chance: the mean of
// |F_n - F| integrates to below 1.3 sd / sqrt n.
TEST(LineTransport, OfManyDrawsItIsThatOfTheLaws) {
  constexpr size_t kCount = 40000;
  const std::vector<double> a = Draws(7, kCount, 1, 0),
                            b = Draws(8, kCount, 2, 0);
  const double error = 1.3 * 3 / std::sqrt(1.0 * kCount);
  EXPECT_NEAR(LineW1({a}, {b}), 0.79788456080286535588, error)
      << "|s1 - s2| sqrt(2 / pi)";
  EXPECT_NEAR(LineW2({a}, {b}), 1, error);
}

LineCdf CdfOf(const std::vector<double>& x, const std::vector<double>& f) {
  return {x, f};
}

TEST(LineTransport, DistributionFunctionsGiveTheSame) {
  // Uniform laws: quantiles are linear. [0, 1] to [2, 5]: from 2 to 4 away.
  const std::vector<double> x = {0, 1}, y = {2, 5}, f = {0, 1};
  EXPECT_DOUBLE_EQ(CdfW1(CdfOf(x, f), CdfOf(y, f)), 3);
  EXPECT_DOUBLE_EQ(CdfW2(CdfOf(x, f), CdfOf(y, f)),
                   std::sqrt((4 + 8 + 16) / 3.0));
  // They cross: [0, 1] to [-1, 2], both ways 1 at the ends.
  const std::vector<double> wide = {-1, 2};
  EXPECT_DOUBLE_EQ(CdfW1(CdfOf(x, f), CdfOf(wide, f)), 0.5);
  EXPECT_DOUBLE_EQ(CdfW2(CdfOf(x, f), CdfOf(wide, f)), std::sqrt(1 / 3.0));
  // With a gap, and knots that the other lacks: quantiles 2 u and 8 + 2 u
  // against u.
  const std::vector<double> two = {0, 1, 9, 10}, steps = {0, 0.5, 0.5, 1};
  EXPECT_DOUBLE_EQ(CdfW1(CdfOf(two, steps), CdfOf(x, f)), 0.125 + 4.375);
  EXPECT_EQ(CdfW2(CdfOf(two, steps), CdfOf(two, steps)), 0);
}

TEST(LineTransport, TabulatedLawsGiveTheClosedForm) {
  constexpr int kKnots = 20001;
  const KnownDensity p = DensityOf(LineLaw(0.3, 0.7)),
                     q = DensityOf(LineLaw(0, 2));
  std::vector<double> x, fp, fq;
  for (int k = 0; k < kKnots; ++k) {
    x.push_back(-20 + 40.0 * k / (kKnots - 1));
    fp.push_back(p.cdf(x.back()));
    fq.push_back(q.cdf(x.back()));
  }
  fp.front() = fq.front() = 0;
  fp.back() = fq.back() = 1;
  const NormalLaw np = NormalOnLine(0.3, 0.7), nq = NormalOnLine(0, 2);
  // Steps of h = 0.002: a straight quantile is off by h^2 |p' / p| / 8, which
  // is below 20 h^2 where there is mass.
  EXPECT_NEAR(CdfW1(CdfOf(x, fp), CdfOf(x, fq)), *NormalW1(np, nq), 8e-5);
  EXPECT_NEAR(CdfW2(CdfOf(x, fp), CdfOf(x, fq)), NormalW2(np, nq), 8e-5);
}

double MeanOverSet(const std::vector<double>& x, const LineCritic& critic) {
  double sum = 0;
  for (const double value : x) {
    const auto at = std::lower_bound(critic.x.begin(), critic.x.end(), value);
    EXPECT_EQ(*at, value);
    sum += critic.g[static_cast<size_t>(at - critic.x.begin())];
  }
  return sum / static_cast<double>(x.size());
}

TEST(LineTransport, TheBestCriticIsWorthTheDistanceAndNoneIsWorthMore) {
  std::vector<double> a = Draws(9, 40, 1, 0), b = Draws(10, 25, 1.5, 0.4);
  b[3] = a[5];  // in both
  const double w1 = LineW1({a}, {b});
  const LineCritic best = BestLineCritic({a}, {b});
  for (size_t k = 1; k < best.x.size(); ++k) {
    EXPECT_LE(std::fabs(best.g[k] - best.g[k - 1]),
              (best.x[k] - best.x[k - 1]) * (1 + 1e-12));
  }
  EXPECT_NEAR(MeanOverSet(a, best) - MeanOverSet(b, best), w1, 1e-14);
  // Any function of slope 1 at most.
  const auto value = [&](auto&& g) {
    double sum = 0;
    for (const double x : a) sum += g(x) / 40;
    for (const double x : b) sum -= g(x) / 25;
    return std::fabs(sum);
  };
  EXPECT_LE(value([](double x) { return x; }), w1);
  EXPECT_LE(value([](double x) { return std::fabs(x); }), w1);
  EXPECT_LE(value([](double x) { return std::sin(x); }), w1);
  EXPECT_GT(value([](double x) { return 5 * std::fabs(x); }), w1)
      << "a critic that is too steep";
  const std::vector<double> zero = {0}, ten = {10};
  EXPECT_EQ(BestLineCritic({zero}, {ten}).g, (std::vector<double>{0, -10}))
      << "f(x) = -x";
}

TEST(LineTransport, KeepsTheLawsOfADistance) {
  const std::vector<double> a = Draws(11, 8, 1, 0), b = Draws(12, 5, 2, 1),
                            c = Draws(13, 9, 1, -1);
  for (const auto& distance :
       {+[](const LinePoints&x, const LinePoints&y) { return LineW1(x, y); },
        +[](const LinePoints&x, const LinePoints&y) { return LineW2(x, y); }}) {
    EXPECT_NEAR(distance({a}, {b}), distance({b}, {a}), 1e-15);
    EXPECT_LT(distance({a}, {c}), distance({a}, {b}) + distance({b}, {c}));
    EXPECT_GT(distance({a}, {b}), 0);
    EXPECT_EQ(distance({a}, {a}), 0);
  }
}

TEST(LineTransport, RefusesWhatIsNoSet) {
  const std::vector<double> a = {1, 2}, none, minus = {1, -1}, nothing = {0, 0},
                            bad = {1, std::numeric_limits<double>::infinity()};
  EXPECT_THROW(LineW1({a}, {none}), UsageError);
  EXPECT_THROW(LineW1({a, minus}, {a}), UsageError);
  EXPECT_THROW(LineW1({a, nothing}, {a}), UsageError);
  EXPECT_THROW(LineW2({a}, {bad}), UsageError);
  EXPECT_THROW(MonotonePlan({a, bad}, {a}), UsageError);
  const std::vector<double> f = {0, 1}, down = {1, 0}, half = {0, 0.5};
  EXPECT_THROW(CdfW1(CdfOf(a, f), CdfOf(down, f)), UsageError);
  EXPECT_THROW(CdfW1(CdfOf(a, half), CdfOf(a, f)), UsageError);
}

}  // namespace
}  // namespace unnoise
