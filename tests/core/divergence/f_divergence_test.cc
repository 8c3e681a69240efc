// Conjugate pairs, and the dual bound that they give.

#include "core/divergence/f_divergence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "tests/core/divergence/laws.h"

namespace unnoise {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(FDivergence, EachIsConvexAndVanishesAtOne) {
  for (const FDivergence& row : FDivergences()) {
    EXPECT_EQ(row.f(1), 0) << row.name;
    for (double u = 0.01; u < 50; u *= 1.3) {
      const double h = 0.2 * u;
      EXPECT_GE(row.f(u - h) + row.f(u + h), 2 * row.f(u) - 1e-12)
          << row.name << ' ' << u;
      // The slope lies between those of the chords of both sides.
      const double slope = row.slope(u);
      EXPECT_LE((row.f(u) - row.f(u - h)) / h, slope + 1e-12) << row.name;
      EXPECT_GE((row.f(u + h) - row.f(u)) / h, slope - 1e-12) << row.name;
      EXPECT_NEAR(row.slope_at_log(std::log(u)), slope,
                  1e-13 * (1 + std::fabs(slope)))
          << row.name << ' ' << u;
    }
  }
}

// f* by its definition, on a dense grid of u in [0, 1e6].
TEST(FDivergence, ConjugatesAreThoseOfTheirDefinition) {
  for (const FDivergence& row : FDivergences()) {
    for (const double t : {-3.0, -2.0, -1.1, -0.5, -0.2, 0.0, 0.1, 0.3, 0.45}) {
      double best = std::isfinite(row.f(0)) ? -row.f(0) : -kInfinity;
      for (double log_u = -14; log_u < 14; log_u += 1e-3) {
        const double u = std::exp(log_u);
        best = std::max(best, u * t - row.f(u));
      }
      const double conjugate = row.conjugate(t);
      if (conjugate == kInfinity) {
        EXPECT_GT(best, 12) << row.name << ' ' << t << ": grows with u";
        continue;
      }
      // A grid of 1e-3 in log u misses the top by 1e-7 of its curvature, which
      // is u f''(u) u <= 16 at these t.
      EXPECT_GE(conjugate, best - 1e-14) << row.name << ' ' << t;
      EXPECT_NEAR(conjugate, best, 2e-6) << row.name << ' ' << t;
    }
    // Fenchel's equality.
    for (const double u : {0.1, 0.7, 1.5, 4.0}) {
      const double t = row.slope(u);
      EXPECT_NEAR(row.conjugate(t), u * t - row.f(u), 1e-13 * (1 + u * u))
          << row.name << ' ' << u;
    }
    EXPECT_EQ(row.name == "kl" || row.name == "chi_squared",
              std::isfinite(row.conjugate(10)))
        << row.name;
  }
}

TEST(FDivergence, IntegrandsAreTheirDefinition) {
  for (const FDivergence& row : FDivergences()) {
    for (const double log_p : {-2.0, -0.3, 1.0}) {
      for (const double log_q : {-1.5, -0.3, 0.4}) {
        const double q = std::exp(log_q);
        const double expected = q * row.f(std::exp(log_p - log_q));
        EXPECT_NEAR(row.integrand(log_p, log_q), expected,
                    1e-14 * (1 + std::fabs(expected)))
            << row.name << ' ' << log_p << ' ' << log_q;
      }
    }
    EXPECT_EQ(row.integrand(-kInfinity, -kInfinity), 0) << row.name;
    // Far out nothing is lost on the way, nor made.
    EXPECT_EQ(row.integrand(-2000, -1900), 0) << row.name;
    EXPECT_TRUE(std::isfinite(row.integrand(-2, -2000)) ||
                row.name == "chi_squared");
    // Where one vanishes: f(0) q, or the slope of f at infinity times p.
    EXPECT_EQ(row.integrand(-kInfinity, 0), row.f(0)) << row.name;
  }
  EXPECT_EQ(FDivergenceOf("kl").integrand(0, -kInfinity), kInfinity);
  EXPECT_EQ(FDivergenceOf("reverse_kl").integrand(0, -kInfinity), 0);
  EXPECT_EQ(FDivergenceOf("chi_squared").integrand(0, -kInfinity), kInfinity);
  EXPECT_EQ(FDivergenceOf("total_variation").integrand(0, -kInfinity), 0.5);
  EXPECT_EQ(FDivergenceOf("squared_hellinger").integrand(0, -kInfinity), 0.5);
  EXPECT_EQ(FDivergenceOf("jensen_shannon").integrand(0, -kInfinity),
            0.5 * 0.69314718055994530942);
  EXPECT_EQ(FDivergenceOf("chi_squared").integrand(-900, -1800), 1)
      << "p^2 / q of numbers that are too small by themselves";
  EXPECT_THROW(FDivergenceOf("k"), UsageError);
}

struct BoundCase {
  KnownDensity p, q;
  std::vector<std::vector<double>> crossings;
};

std::vector<BoundCase> BoundCases() {
  return {{DensityOf(LineLaw(0, 1)), DensityOf(LineLaw(0.7, 1)), {{0.35}}},
          {DensityOf(LineMixture({0.3, 0.7}, {-1, 1}, {0.5, 0.8})),
           DensityOf(LineLaw(0.2, 1.4)),
           {}}};
}

TEST(FDivergence, TheBestCriticReachesTheDivergence) {
  for (const BoundCase& c : BoundCases()) {
    for (const FDivergence& row : FDivergences()) {
      const double truth = ValueOf(std::string(row.name), c.p, c.q);
      const Integral bound =
          DualBound(row, c.p, c.q, OptimalCritic(row, c.p, c.q), c.crossings);
      EXPECT_NEAR(bound.value, truth, 2 * Tolerance(truth)) << row.name;
    }
  }
}

// Clipped, shifted, scaled and wavy critics; each in the domain of f*.
TEST(FDivergence, NoCriticSeesMoreThanTheDivergence) {
  for (const BoundCase& c : BoundCases()) {
    for (const FDivergence& row : FDivergences()) {
      const double truth = ValueOf(std::string(row.name), c.p, c.q);
      const Critic best = OptimalCritic(row, c.p, c.q);
      const double limit = row.name == "reverse_kl"       ? -1e-3
                           : row.name == "jensen_shannon" ? 0.34
                           : row.name == "kl" || row.name == "chi_squared"
                               ? 5
                               : 0.49;
      const Critic critics[] = {
          [&](Point x) { return std::min(best(x) + 0.1, limit); },
          [&](Point x) { return std::min(0.8 * best(x), limit); },
          [&](Point x) { return std::min(std::max(best(x), -1.0), limit); },
          [&](Point x) {
            return std::min(best(x) + 0.2 * std::sin(3 * x[0]), limit);
          },
          [&](Point) { return std::min(0.0, limit); },
      };
      for (size_t k = 0; k < std::size(critics); ++k) {
        const Integral bound =
            DualBound(row, c.p, c.q, critics[k], {},
                      {.tolerance = 1e-6, .max_nodes = 1 << 18});
        EXPECT_LT(bound.value, truth) << row.name << ' ' << k;
        EXPECT_GT(bound.value, -10) << row.name << ' ' << k;
      }
    }
  }
  // log p / q for Kullback-Leibler is 1 short of the best: KL - (e^-1 ... ):
  // E_p log(p / q) - E_q (p / q) / e = KL - 1 / e.
  const BoundCase c = BoundCases()[0];
  const FDivergence& kl = FDivergenceOf("kl");
  const Integral bound = DualBound(kl, c.p, c.q, [&](Point x) {
    return c.p.log_density(x) - c.q.log_density(x);
  });
  EXPECT_NEAR(bound.value, 0.5 * 0.49 - std::exp(-1.0), 1e-8);
  // Out of the domain of f*.
  EXPECT_EQ(DualBound(FDivergenceOf("total_variation"), c.p, c.q,
                      [](Point) { return 1.0; })
                .status,
            IntegralStatus::kUnbounded);
}

}  // namespace
}  // namespace unnoise
