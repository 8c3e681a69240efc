// Divergences of mixtures by quadrature: published numbers, laws of a distance,
// and where they are infinite.

#include "core/divergence/divergence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/base/check.h"
#include "tests/core/divergence/laws.h"

namespace unnoise {
namespace {

constexpr double kLogTwo = 0.69314718055994530942;

TEST(Divergence, EachIsDescribedAndHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const DivergenceInfo& row : Divergences()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.title.empty() || row.source.empty()) << row.name;
    EXPECT_TRUE(row.help.ends_with('.')) << row.name;
    EXPECT_NE(row.f == nullptr, row.integrand == nullptr) << row.name;
    EXPECT_TRUE(row.f == nullptr || row.f->name == row.name) << row.name;
  }
  for (const FDivergence& f : FDivergences())
    EXPECT_EQ(names.count(f.name), 1u);
}

// A mixture noised step by step by a factor of 0.97 in variance, against the
// unit normal law; total variation and Kullback-Leibler to the printed digits.
TEST(Divergence, ANoisedMixtureNearsTheNormalLaw) {
  const double rows[][3] = {{0, .6801, 1.7298},  {1, .6565, 1.5944},
                            {5, .5848, 1.2581},  {10, .5149, .9786},
                            {20, .4044, .6098},  {50, .2005, .1563},
                            {100, .0746, .0202}, {200, .0152, .00074}};
  const KnownDensity unit = DensityOf(LineLaw(0, 1));
  for (const auto& [t, tv, kl] : rows) {
    const double kept = std::pow(0.97, t);
    const KnownDensity p = DensityOf(LineMixture({0.3, 0.7}, {-2, 2}, {0.2, 1}),
                                     std::sqrt(kept), std::sqrt(1 - kept));
    EXPECT_NEAR(ValueOf("total_variation", p, unit), tv, 5.1e-5) << t;
    EXPECT_NEAR(ValueOf("kl", p, unit), kl, t == 200 ? 5.1e-6 : 5.1e-5) << t;
  }
}

TEST(Divergence, JensenShannonSaturates) {
  const double rows[][2] = {{.5, .0303113},
                            {1, .1114215},
                            {2, .3368308},
                            {4, .6327202},
                            {8, .6930536}};
  const KnownDensity unit = DensityOf(LineLaw(0, 1));
  for (const auto& [mean, js] : rows) {
    const KnownDensity q = DensityOf(LineLaw(mean, 1));
    EXPECT_NEAR(ValueOf("jensen_shannon", unit, q), js, 5.1e-8) << mean;
    EXPECT_EQ(IntegralOf("w1", unit, q).status, IntegralStatus::kConverged);
    EXPECT_NEAR(ValueOf("w1", unit, q), mean, Tolerance(mean));
  }
  // Two laws that share half: half of log 2. Two that share nothing: log 2.
  const KnownDensity left = UniformDensity(0, 2), right = UniformDensity(1, 3);
  EXPECT_NEAR(ValueOf("jensen_shannon", left, right), 0.5 * kLogTwo, 1e-9);
  EXPECT_NEAR(ValueOf("jensen_shannon", left, UniformDensity(5, 6)), kLogTwo,
              1e-9);
}

TEST(Divergence, ANormalLawFittedToAnInterval) {
  const KnownDensity interval = UniformDensity(0, 1);
  const KnownDensity fit = DensityOf(LineLaw(0.5, std::sqrt(1.0 / 12)));
  EXPECT_NEAR(ValueOf("kl", interval, fit), 0.176485208, 1e-9);
  EXPECT_EQ(IntegralOf("reverse_kl", interval, fit).status,
            IntegralStatus::kUnbounded)
      << "the fit has mass where the interval has none";
  EXPECT_NEAR(fit.cdf(0) + 1 - fit.cdf(1), 0.083264517, 5e-10);
}

// Modes far apart: their weights hardly show in the scores.
TEST(Divergence, FisherIsBlindToWeights) {
  const KnownDensity p = DensityOf(LineMixture({0.5, 0.5}, {-8, 8}, {1, 1}));
  const KnownDensity q = DensityOf(LineMixture({0.9, 0.1}, {-8, 8}, {1, 1}));
  EXPECT_LT(ValueOf("fisher", p, q), 1e-9);
  // Kullback-Leibler of the weights.
  const double kl = 0.5 * std::log(0.5 / 0.9) + 0.5 * std::log(0.5 / 0.1);
  EXPECT_NEAR(ValueOf("kl", p, q), kl, 1e-9);
  EXPECT_NEAR(ValueOf("total_variation", p, q), 0.4, 1e-9);
  EXPECT_NEAR(ValueOf("w1", p, q), 0.4 * 16, 1e-8);
  const KnownDensity near_p =
      DensityOf(LineMixture({0.5, 0.5}, {-1, 1}, {1, 1}));
  const KnownDensity near_q =
      DensityOf(LineMixture({0.9, 0.1}, {-1, 1}, {1, 1}));
  EXPECT_GT(ValueOf("fisher", near_p, near_q), 0.1) << "near by they show";
}

TEST(Divergence, LawsOfADistanceAreKeptAsTheTableSays) {
  const KnownDensity laws[] = {
      DensityOf(LineLaw(0, 1)),
      DensityOf(LineLaw(0.6, 1.3)),
      DensityOf(LineMixture({0.3, 0.7}, {-1, 1.5}, {0.8, 1.1})),
  };
  for (const DivergenceInfo& row : Divergences()) {
    const std::string name(row.name);
    double values[3][3];
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) {
        values[i][j] = ValueOf(name, laws[i], laws[j]);
        if (i == j) {
          // w2 is the root of an integral that is off by 1e-16 of way.
          EXPECT_NEAR(values[i][j], 0, row.root ? 1e-7 : 1e-12) << name;
        } else {
          EXPECT_GT(values[i][j], 1e-3) << name;
        }
      }
    }
    bool symmetric = true, triangle = true, of_root = true;
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) {
        symmetric &= std::fabs(values[i][j] - values[j][i]) < 1e-7;
        for (int k = 0; k < 3; ++k) {
          triangle &= values[i][k] <= values[i][j] + values[j][k] + 1e-7;
          of_root &= std::sqrt(values[i][k]) <=
                     std::sqrt(values[i][j]) + std::sqrt(values[j][k]) + 1e-4;
        }
      }
    }
    EXPECT_EQ(symmetric, row.symmetric) << name;
    EXPECT_TRUE(triangle || row.triangle != Triangle::kItself) << name;
    EXPECT_TRUE(of_root || row.triangle != Triangle::kRoot) << name;
  }
  // Squares of distances in a row break the triangle inequality, and so do
  // those that claim no triangle.
  const KnownDensity steps[] = {laws[0], DensityOf(LineLaw(1, 1)),
                                DensityOf(LineLaw(2, 1))};
  for (const DivergenceInfo& row : Divergences()) {
    if (row.triangle == Triangle::kItself) continue;
    const std::string name(row.name);
    EXPECT_GT(ValueOf(name, steps[0], steps[2]),
              ValueOf(name, steps[0], steps[1]) +
                  ValueOf(name, steps[1], steps[2]) - 1e-9)
        << name;
  }
}

TEST(Divergence, ExchangesAreTheReverse) {
  const KnownDensity p =
      DensityOf(LineMixture({0.3, 0.7}, {-1, 1.5}, {0.8, 1.1}));
  const KnownDensity q = DensityOf(LineLaw(0.6, 1.3));
  EXPECT_EQ(ValueOf("kl", p, q), ValueOf("reverse_kl", q, p));
  EXPECT_EQ(ValueOf("fisher", p, q), ValueOf("reverse_fisher", q, p));
}

TEST(Divergence, WhatIsInfiniteIsSaid) {
  const KnownDensity unit = DensityOf(LineLaw(0, 1));
  EXPECT_EQ(IntegralOf("chi_squared", unit, DensityOf(LineLaw(0, 0.7))).status,
            IntegralStatus::kUnbounded);
  EXPECT_EQ(IntegralOf("chi_squared", unit, DensityOf(LineLaw(1, 0.5))).status,
            IntegralStatus::kUnbounded);
  // Just finite, of tails five times as long as the law's.
  const double v = 0.52;
  EXPECT_NEAR(ValueOf("chi_squared", unit, DensityOf(LineLaw(0, std::sqrt(v)))),
              std::sqrt(v) / std::sqrt(2 - 1 / v) - 1, 1e-8);
  EXPECT_EQ(IntegralOf("kl", UniformDensity(0, 2), UniformDensity(0, 1)).status,
            IntegralStatus::kUnbounded);
  EXPECT_NEAR(ValueOf("kl", UniformDensity(0, 1), UniformDensity(0, 2)),
              kLogTwo, 1e-9);
}

TEST(Divergence, DensitiesAreWhatTheySay) {
  MixtureLaw law = PlaneLaw(0.3, -0.2, 0.5, 0.3, 0.7);
  Problems problems;
  law.weights.clear();
  law.cumulative.clear();
  ASSERT_TRUE(law.SetWeights({1, 2}, problems));
  for (const double x : {-1.0, 1.5}) law.means.push_back(x);
  for (const double x : {1.2, 0.0, -0.4, 0.6}) law.factors.push_back(x);
  for (const double x : {1.44, 0.52}) law.variances.push_back(x);
  const KnownDensity density = DensityOf(law);
  const DivergenceValues values =
      ValueOf("total_variation", density, density) == 0
          ? ValuesOf({}, density, density)
          : DivergenceValues{};
  EXPECT_NEAR(values.mass_p.value, 1, 1e-9);
  // Scores by central differences: h^2 / 6 of third derivatives below 100.
  constexpr double kStep = 1e-5;
  for (const double x : {-1.2, 0.1, 0.9}) {
    for (const double y : {-0.5, 0.4, 1.7}) {
      double score[2];
      const double at[] = {x, y};
      density.score(at, score);
      for (int axis = 0; axis < 2; ++axis) {
        double up[] = {x, y}, down[] = {x, y};
        up[axis] += kStep;
        down[axis] -= kStep;
        EXPECT_NEAR(
            score[axis],
            (density.log_density(up) - density.log_density(down)) / (2 * kStep),
            1e-8);
      }
    }
  }
  const KnownDensity line =
      DensityOf(LineMixture({0.3, 0.7}, {-1, 1}, {0.4, 0.9}));
  for (const double x : {-1.5, 0.0, 1.2}) {
    const double at[] = {x};
    EXPECT_NEAR((line.cdf(x + kStep) - line.cdf(x - kStep)) / (2 * kStep),
                std::exp(line.log_density(at)), 1e-8);
  }
}

TEST(Divergence, DataSetsHaveTheirDensities) {
  // Of every kind of world one that is quick.
  for (const char* name :
       {"gaussian_mixture", "gaussian_grid", "rings", "eight_gaussians",
        "checkerboard", "uniform", "mixture_1d"}) {
    const std::optional<KnownDensity> density =
        DensityOf(*Choice<Dataset>(name));
    ASSERT_TRUE(density) << name;
    const Integral mass =
        ValuesOf({}, *density, *density, {.tolerance = 1e-6}).mass_p;
    EXPECT_EQ(mass.status, IntegralStatus::kConverged) << name;
    EXPECT_NEAR(mass.value, 1, 2e-6) << name;
  }
  EXPECT_FALSE(DensityOf(*Choice<Dataset>("swiss_roll_3d"))) << "in space";
  EXPECT_FALSE(DensityOf(*Choice<Dataset>("points"))) << "finitely many";
}

TEST(Divergence, AreFoundByNameAndRefused) {
  EXPECT_EQ(FindDivergences({})->size(), Divergences().size());
  const std::vector<std::string> wrong = {"kll"};
  const auto problems = FindDivergences(wrong).problems();
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "divergences");
  EXPECT_NE(problems[0].message.find("did you mean kl?"), std::string::npos);
  const KnownDensity line = DensityOf(LineLaw(0, 1));
  const KnownDensity plane = DensityOf(PlaneLaw(0, 0, 1, 0, 1));
  EXPECT_THROW(ValueOf("kl", line, plane), UsageError);
  EXPECT_EQ(WhyNot(Divergence("w2"), line, line), "");
  EXPECT_NE(WhyNot(Divergence("w2"), plane, plane), "");
  EXPECT_THROW(ValueOf("w2", plane, plane), UsageError);
  EXPECT_THROW(DensityOf(LineLaw(0, 0)), UsageError);
  EXPECT_THROW(UniformDensity(1, 1), UsageError);
}

}  // namespace
}  // namespace unnoise
