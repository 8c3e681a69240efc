// Closed forms of normal laws against published numbers, and against the
// quadrature, which knows nothing of them.

#include "core/divergence/normal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "tests/core/divergence/laws.h"

namespace unnoise {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSqrtTwoOverPi = 0.79788456080286535588;

TEST(NormalDivergence, WorkedExamples) {
  const NormalLaw unit = NormalOnLine(0, 1), wide = NormalOnLine(0, 2);
  // Half of log 4 - 3/4, and of 3 - log 4.
  EXPECT_NEAR(NormalKl(unit, wide), 0.5 * (std::log(4.0) - 0.75), 1e-15);
  EXPECT_NEAR(NormalKl(unit, wide), 0.318147, 5e-7);
  EXPECT_NEAR(NormalKl(wide, unit), 0.806853, 5e-7);
  // Variances 0.5 and 0.9.
  const NormalLaw a = NormalOnLine(0.3, std::sqrt(0.5));
  const NormalLaw b = NormalOnLine(-0.2, std::sqrt(0.9));
  EXPECT_NEAR(NormalKl(a, b), 0.21055999912, 5e-12);
  EXPECT_NEAR(NormalFisher(a, b),
              0.5 * std::pow(1 / 0.9 - 1 / 0.5, 2) + 0.25 / 0.81, 1e-15);
  for (const double shift : {0.1, 1.0, 4.0}) {
    const NormalLaw moved = NormalOnLine(shift, 1);
    EXPECT_NEAR(*NormalTotalVariation(unit, moved),
                std::erf(0.5 * shift / std::sqrt(2.0)), 2e-16)
        << "2 Phi(t / 2) - 1";
    EXPECT_NEAR(NormalChiSquared(unit, moved), std::expm1(shift * shift),
                1e-15 * std::exp(shift * shift));
    EXPECT_NEAR(NormalSquaredHellinger(unit, moved),
                -std::expm1(-shift * shift / 8), 1e-15);
    EXPECT_DOUBLE_EQ(*NormalW1(unit, moved), shift);
    EXPECT_DOUBLE_EQ(NormalW2(unit, moved), shift);
  }
  EXPECT_NEAR(*NormalW1(unit, wide), kSqrtTwoOverPi, 1e-15);
  EXPECT_NEAR(*NormalW1(unit, wide), 0.797885, 5e-7);
  EXPECT_DOUBLE_EQ(NormalW2(unit, wide), 1);
}

TEST(NormalDivergence, ChiSquaredIsInfiniteForThinTails) {
  const NormalLaw unit = NormalOnLine(0, 1);
  EXPECT_EQ(NormalChiSquared(unit, NormalOnLine(0, std::sqrt(0.5))), kInfinity);
  EXPECT_EQ(NormalChiSquared(unit, NormalOnLine(3, 0.1)), kInfinity);
  // |L_q| / sqrt(2 - 1 / v) - 1 for a variance v just above a half.
  const double v = 0.51;
  EXPECT_NEAR(NormalChiSquared(unit, NormalOnLine(0, std::sqrt(v))),
              std::sqrt(v) / std::sqrt(2 - 1 / v) - 1, 1e-13);
}

TEST(NormalDivergence, AgreesWithQuadrature) {
  const std::vector<std::pair<MixtureLaw, MixtureLaw>> pairs = {
      {LineLaw(0.3, 0.7), LineLaw(-0.2, 0.95)},
      {LineLaw(-0.2, 0.95), LineLaw(0.3, 0.7)},
      {LineLaw(0, 1), LineLaw(0, 2)},
      {LineLaw(2, 0.5), LineLaw(0, 0.4)},
      {PlaneLaw(0, 0, 1, 0.4, 0.8), PlaneLaw(0.5, -0.3, 1.2, -0.2, 0.9)},
      {PlaneLaw(0, 0, 1, 0.4, 0.8), PlaneLaw(1, 1, 1, 0.4, 0.8)},
  };
  for (size_t i = 0; i < pairs.size(); ++i) {
    const auto& [p, q] = pairs[i];
    for (const DivergenceInfo& row : Divergences()) {
      const KnownDensity dp = DensityOf(p), dq = DensityOf(q);
      if (row.closed_form == nullptr || !WhyNot(row, dp, dq).empty()) continue;
      const auto known = row.closed_form(*NormalOf(p), *NormalOf(q));
      if (!known) continue;
      // In the plane the bend of total variation runs out of nodes.
      const Integral found = IntegralOf(std::string(row.name), dp, dq);
      EXPECT_NEAR(found.value, *known, std::max(Tolerance(*known), found.error))
          << row.name << " of pair " << i;
      if (p.dim == 1) {
        EXPECT_EQ(found.status, IntegralStatus::kConverged) << row.name << i;
      }
      EXPECT_LT(found.error, 1e-4 * (1 + *known)) << row.name << i;
    }
  }
}

// The product of laws on lines is one in space: sums, products and a root of a
// sum of squares. A rotation changes nothing.
TEST(NormalDivergence, ManyAxesAreTheirParts) {
  const double m[] = {0.3, -1, 0.7}, s[] = {0.5, 2, 1.1}, t[] = {0.8, 1.9, 1};
  // A rotation with entries of thirds.
  const double turn[3][3] = {{2. / 3, -1. / 3, 2. / 3},
                             {2. / 3, 2. / 3, -1. / 3},
                             {-1. / 3, 2. / 3, 2. / 3}};
  std::vector<double> mean(3), cp(9, 0), cq(9, 0);
  double kl = 0, fisher = 0, w2 = 0, log_affinity = 0, log_chi = 0;
  for (int k = 0; k < 3; ++k) {
    const NormalLaw p = NormalOnLine(m[k], s[k]), q = NormalOnLine(0, t[k]);
    kl += NormalKl(p, q);
    fisher += NormalFisher(p, q);
    w2 += NormalW2(p, q) * NormalW2(p, q);
    log_affinity += std::log1p(-NormalSquaredHellinger(p, q));
    log_chi += std::log1p(NormalChiSquared(p, q));
    for (int i = 0; i < 3; ++i) {
      mean[i] += turn[i][k] * m[k];
      for (int j = 0; j < 3; ++j) {
        cp[3 * i + j] += turn[i][k] * turn[j][k] * s[k] * s[k];
        cq[3 * i + j] += turn[i][k] * turn[j][k] * t[k] * t[k];
      }
    }
  }
  const NormalLaw p = MakeNormal(mean, cp), q = MakeNormal({0, 0, 0}, cq);
  // Condition numbers are below 20, sums have a dozen terms.
  constexpr double kRounding = 2e-14;
  EXPECT_NEAR(NormalKl(p, q), kl, kRounding * kl);
  EXPECT_NEAR(NormalFisher(p, q), fisher, kRounding * fisher);
  EXPECT_NEAR(NormalW2(p, q), std::sqrt(w2), kRounding * std::sqrt(w2));
  EXPECT_NEAR(NormalSquaredHellinger(p, q), -std::expm1(log_affinity),
              kRounding);
  EXPECT_NEAR(NormalChiSquared(p, q), std::expm1(log_chi),
              kRounding * std::exp(log_chi));
  EXPECT_FALSE(NormalTotalVariation(p, q));
  EXPECT_FALSE(NormalW1(p, q));
}

TEST(NormalDivergence, RefusesWhatIsNoPair) {
  const NormalLaw line = NormalOnLine(0, 1),
                  plane = MakeNormal({0, 0}, {1, 0, 0, 1});
  EXPECT_THROW(NormalKl(line, plane), UsageError);
  EXPECT_THROW(NormalW2(line, plane), UsageError);
  EXPECT_THROW(NormalOnLine(0, 0), UsageError);
  EXPECT_THROW(MakeNormal({0, 0}, {1, 1, 1, 1}), UsageError);
  EXPECT_FALSE(NormalOf(LineMixture({1, 1}, {0, 1}, {1, 1})));
  EXPECT_FALSE(NormalOf(LineMixture({1}, {0}, {0})));
  EXPECT_TRUE(NormalOf(LineMixture({1, 0}, {0, 1}, {1, 1})));
}

}  // namespace
}  // namespace unnoise
