// Integrals that are known, and what is said of those that do not exist.

#include "core/divergence/quadrature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/check.h"

namespace unnoise {
namespace {

constexpr double kPi = 3.14159265358979323846;

TEST(Quadrature, TheRuleIsExactForPolynomials) {
  for (const int n : {1, 2, 3, 8, 21, 64}) {
    const GaussRule rule = GaussLegendre(n);
    ASSERT_EQ(rule.nodes.size(), static_cast<size_t>(n));
    EXPECT_TRUE(std::is_sorted(rule.nodes.begin(), rule.nodes.end()));
    for (int power = 0; power < 2 * n; ++power) {
      double sum = 0;
      for (size_t i = 0; i < rule.nodes.size(); ++i) {
        sum += rule.weights[i] * std::pow(rule.nodes[i], power);
      }
      // n terms below 1, each good to a few units of rounding times n.
      EXPECT_NEAR(sum, power % 2 ? 0 : 2.0 / (power + 1), 1e-15 * n + 1e-14)
          << n << ' ' << power;
    }
  }
  // Abramowitz and Stegun 1972, table 25.4, n = 3.
  EXPECT_NEAR(GaussLegendre(3).nodes[2], 0.774596669241483, 1e-15);
  EXPECT_NEAR(GaussLegendre(3).weights[1], 0.888888888888889, 1e-15);
  EXPECT_THROW(GaussLegendre(0), UsageError);
}

TEST(Quadrature, PanelsAreNarrowWhereBumpsAre) {
  const Bump bumps[] = {{0, 1}, {5, 0.01}};
  const double corners[] = {0.123, 1e9};
  const std::vector<double> ends = PanelEnds(bumps, corners, 10, 1);
  EXPECT_EQ(ends.front(), -10);
  EXPECT_EQ(ends.back(), 10);
  EXPECT_EQ(std::count(ends.begin(), ends.end(), 0.123), 1);
  for (size_t i = 0; i + 1 < ends.size(); ++i) {
    const double middle = 0.5 * (ends[i] + ends[i + 1]);
    EXPECT_GT(ends[i + 1], ends[i]);
    if (std::fabs(middle - 5) < 0.08) {
      EXPECT_LE(ends[i + 1] - ends[i], 0.011);
    }
  }
  // 20 of the wide bump, and the way down to the narrow one and back.
  EXPECT_LT(ends.size(), 100u);
  EXPECT_THROW(PanelEnds({}, {}, 1, 1), UsageError);
  const Bump flat[] = {{0, 0}};
  EXPECT_THROW(PanelEnds(flat, {}, 1, 1), UsageError);
  const Bump tiny[] = {{1e9, 1e-9}};
  EXPECT_THROW(PanelEnds(tiny, {}, 1, 1), UsageError);
}

TEST(Quadrature, KnownIntegralsAreFound) {
  const Domain line{{{{1, 0.5}}}, {}};
  const auto integrals =
      Integrate(line, 3, [](std::span<const double> x, std::span<double> out) {
        const double z = (x[0] - 1) / 0.5;
        out[0] = std::exp(-0.5 * z * z);
        out[1] = std::exp(-std::fabs(z));  // bends, and has longer tails
        out[2] = 1 / (1 + z * z * z * z);  // longer ones
      });
  const double known[] = {0.5 * std::sqrt(2 * kPi), 1,
                          0.5 * kPi / std::sqrt(2)};
  for (size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(integrals[k].status, IntegralStatus::kConverged) << k;
    EXPECT_NEAR(integrals[k].value, known[k], 1e-9 * (1 + known[k])) << k;
    EXPECT_LE(integrals[k].error, 1e-9 * (1 + known[k])) << k;
  }
  const Domain plane{{{{0, 1}}, {{2, 3}}}, {}};
  const auto volume =
      Integrate(plane, 1, [](std::span<const double> x, std::span<double> out) {
        out[0] = std::exp(-0.5 * (x[0] * x[0] + (x[1] - 2) * (x[1] - 2) / 9));
      });
  EXPECT_NEAR(volume[0].value, 6 * kPi, 1e-9 * (1 + 6 * kPi));
}

TEST(Quadrature, AStepNeedsItsCorner) {
  const auto step = [](std::span<const double> x, std::span<double> out) {
    out[0] = x[0] >= 0.3 && x[0] <= 0.7;
  };
  const Domain known{{{{0.5, 1}}}, {{0.3, 0.7}}};
  const Integral exact = Integrate(known, 1, step)[0];
  EXPECT_EQ(exact.status, IntegralStatus::kConverged);
  EXPECT_NEAR(exact.value, 0.4, 1e-14);
  // Without it nodes run out, and that is said, with an honest error.
  const Domain unknown{{{{0.45, 1}}}, {}};
  const Integral coarse =
      Integrate(unknown, 1, step, {.tolerance = 1e-9, .max_nodes = 20000})[0];
  EXPECT_EQ(coarse.status, IntegralStatus::kCoarse);
  // Each step is somewhere between two nodes, of which 10,000 at least lie on
  // 24 widths.
  EXPECT_LT(std::fabs(coarse.value - 0.4), 2 * 24.0 / 10000);
  EXPECT_GT(coarse.error, 0);
}

TEST(Quadrature, WhatDoesNotExistIsSaid) {
  const Domain line{{{{0, 1}}}, {}};
  const auto integrals =
      Integrate(line, 4, [](std::span<const double> x, std::span<double> out) {
        out[0] = 1;
        out[1] = std::exp(0.5 * x[0] * x[0]);
        out[2] = x[0] > 1 ? std::numeric_limits<double>::infinity() : 0;
        out[3] = std::exp(-0.5 * x[0] * x[0]);
      });
  for (size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(integrals[k].status, IntegralStatus::kUnbounded) << k;
  }
  EXPECT_EQ(integrals[3].status, IntegralStatus::kConverged)
      << "others do not matter";
  EXPECT_NEAR(integrals[3].value, std::sqrt(2 * kPi), 4e-9);
  EXPECT_EQ(NameOf(IntegralStatus::kUnbounded), "unbounded");
  EXPECT_THROW(Integrate({}, 1, nullptr), UsageError);
}

}  // namespace
}  // namespace unnoise
