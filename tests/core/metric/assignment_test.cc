// Assignments of least cost: against all permutations, by their own proof, and
// where solvers are known to go wrong.

#include "core/metric/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/check.h"
#include "core/base/key.h"

namespace unnoise {
namespace {

double CostOf(const Assignment& assignment, const std::vector<double>& cost) {
  const size_t n = assignment.column.size();
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += cost[i * n + assignment.column[i]];
  return sum;
}

double BruteForce(size_t n, const std::vector<double>& cost) {
  Assignment tried;
  tried.column.resize(n);
  std::iota(tried.column.begin(), tried.column.end(), 0u);
  double best = std::numeric_limits<double>::infinity();
  do {
    best = std::min(best, CostOf(tried, cost));
  } while (std::next_permutation(tried.column.begin(), tried.column.end()));
  return best;
}

// A permutation, and the prices prove that none costs less.
void ExpectOptimal(const std::vector<double>& cost, const char* what) {
  const size_t n =
      static_cast<size_t>(std::sqrt(static_cast<double>(cost.size())));
  const Assignment best = SolveAssignment(n, cost);
  std::vector<bool> taken(n);
  double scale = 0;
  for (const double x : cost) scale = std::max(scale, std::fabs(x));
  // A price is the end of at most n additions of numbers of this scale.
  const double rounding = 4 * static_cast<double>(n) *
                          std::numeric_limits<double>::epsilon() * scale;
  for (size_t i = 0; i < n; ++i) {
    ASSERT_LT(best.column[i], n) << what;
    EXPECT_FALSE(taken[best.column[i]]) << what;
    taken[best.column[i]] = true;
    for (size_t j = 0; j < n; ++j) {
      const double slack =
          cost[i * n + j] - best.row_price[i] - best.column_price[j];
      ASSERT_GE(slack, -rounding) << what << " " << i << " " << j;
      if (j == best.column[i]) {
        ASSERT_LE(slack, rounding) << what << " " << i;
      }
    }
  }
}

std::vector<double> Costs(size_t n, double (*cost)(double i, double j)) {
  std::vector<double> costs;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      costs.push_back(cost(static_cast<double>(i), static_cast<double>(j)));
    }
  }
  return costs;
}

TEST(AssignmentTest, IsTheBestOfAllPermutations) {
  for (size_t n = 1; n <= 7; ++n) {
    for (uint64_t seed = 0; seed < 30; ++seed) {
      // Small whole numbers have many ties; also negative ones.
      const uint32_t bound = seed % 2 ? 4 : 1000;
      std::vector<double> cost(n * n);
      for (size_t k = 0; k < cost.size(); ++k) {
        cost[k] = static_cast<double>(IndexAt(KeyFromSeed(seed), k, bound)) - 2;
      }
      EXPECT_EQ(CostOf(SolveAssignment(n, cost), cost), BruteForce(n, cost))
          << n << " " << seed;
      ExpectOptimal(cost, "small");
    }
  }
}

TEST(AssignmentTest, HardInstances) {
  // Every row prefers the same columns: the cost (i + 1) (j + 1) of Machol and
  // Wien 1976 makes paths as long as they can be. The best runs backwards.
  const auto product = [](double i, double j) { return (i + 1) * (j + 1); };
  const std::vector<double> machol = Costs(60, product);
  ExpectOptimal(machol, "Machol and Wien");
  const Assignment backwards = SolveAssignment(60, machol);
  for (uint32_t i = 0; i < 60; ++i) EXPECT_EQ(backwards.column[i], 59 - i);
  ExpectOptimal(Costs(50, [](double, double) { return 3.0; }), "all equal");
  ExpectOptimal(Costs(50, [](double i, double) { return i; }), "equal columns");
  ExpectOptimal(Costs(50, [](double, double j) { return j; }), "equal rows");
  ExpectOptimal(
      Costs(50, [](double i, double j) { return i == j ? 1.0 : 0.0; }),
      "all but one");
  ExpectOptimal(
      Costs(40,
            [](double i, double j) { return i < j ? 1e12 : (i - j) * 1e-3; }),
      "triangle of very different sizes");
}

TEST(AssignmentTest, LargeOnesProveThemselves) {
  std::vector<double> cost(150 * 150);
  for (size_t k = 0; k < cost.size(); ++k) {
    cost[k] = UniformAt(KeyFromSeed(3), k);
  }
  ExpectOptimal(cost, "uniform");
  // The mean of the least sum is near pi^2 / 6 (Aldous 2001), its deviation
  // near sqrt((4 zeta(2) - 4 zeta(3)) / n) = 0.109 (Wastlund 2005).
  EXPECT_NEAR(CostOf(SolveAssignment(150, cost), cost), 1.645, 4 * 0.109);
}

TEST(AssignmentTest, RefusesWhatIsNoSquareOfNumbers) {
  const std::vector<double> six(6);
  EXPECT_THROW(SolveAssignment(2, six), UsageError);
  EXPECT_THROW(SolveAssignment(0, {}), UsageError);
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(SolveAssignment(1, std::vector<double>{bad}), UsageError);
  }
}

}  // namespace
}  // namespace unnoise
