// The solvers of one equation, and the pictures of series and inverses.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/process/mixture.h"
#include "tests/core/process/moves.h"

namespace unnoise {
namespace {

using Words = std::vector<std::string>;

double EndOf(const ProcessChoice& choice) {
  Motion motion(*choice.process, KeyFromSeed(1), 0, 1);
  while (motion.Step()) {
  }
  return motion.states()[0];
}

// Chan 2024, example 4.8: errors at t = 6 for steps of 0.2, 0.1, 0.05.
TEST(OdeProcess, SolversReproduceAWorkedExample) {
  const auto error = [](const char* method, int steps) {
    const ProcessChoice choice =
        Make("ode", {"equation=curve", "x0=[2]", "t_max=6", method,
                     "steps=" + std::to_string(steps)});
    EXPECT_NEAR(choice.process->MomentsAt(6)->mean[0], 22.757258, 5e-7);
    return choice.process->MomentsAt(6)->mean[0] - EndOf(choice);
  };
  EXPECT_NEAR(error("method=euler", 30), 1.4544, 5e-5);
  EXPECT_NEAR(error("method=euler", 60), 0.7441, 5e-5);
  EXPECT_NEAR(error("method=euler", 120), 0.3765, 5e-5);
  EXPECT_NEAR(error("method=rk4", 30), -3.32e-5, 5e-8);
  EXPECT_NEAR(error("method=rk4", 60), -2.06e-6, 5e-9);
  EXPECT_NEAR(error("method=rk4", 120), -1.27e-7, 1e-9);
}

// Chan 2024, example 4.1: x = (1 - beta dt / 2) x ten times.
TEST(OdeProcess, TheRecursionIsNotTheCurveInAWorkedExample) {
  for (const auto& [rate, end, exact] :
       {std::tuple{"rate=0.5", 0.598737, 0.606531},
        std::tuple{"rate=1", 0.348678, 0.367879},
        std::tuple{"rate=2.5", 0.056314, 0.082085}}) {
    const ProcessChoice choice = Make("ode", {rate, "steps=10"});
    EXPECT_NEAR(EndOf(choice), end, 5e-7);
    EXPECT_NEAR(choice.process->MomentsAt(1)->mean[0], exact, 5e-7);
  }
}

TEST(OdeProcess, SolversHaveTheirOrders) {
  for (const char* equation :
       {"equation=decay", "equation=logistic", "equation=curve"}) {
    const auto order = [&](const char* method) {
      const auto error = [&](int steps) {
        const ProcessChoice choice =
            Make("ode", {equation, method, "x0=[0.3]", "t_max=2",
                         "steps=" + std::to_string(steps)});
        return std::fabs(EndOf(choice) - choice.process->MomentsAt(2)->mean[0]);
      };
      return std::log2(error(16) / error(64)) / 2;
    };
    EXPECT_NEAR(order("method=euler"), 1, 0.2) << equation;
    EXPECT_NEAR(order("method=midpoint"), 2, 0.2) << equation;
    EXPECT_NEAR(order("method=rk4"), 4, 0.2) << equation;
  }
}

// Chan 2024, eq. 115: there and back with Euler's steps is off by rate^2 dt
// times the way, (1 - (rate dt)^2)^n to be exact; rk4's error is of order 4.
TEST(OdeProcess, ThereAndBackDiffersByTheOrderOfTheSolver) {
  const auto off = [](const char* method, int steps) {
    return 1 - EndOf(Make("ode", {method, "back=true", "t_max=2",
                                  "steps=" + std::to_string(steps)}));
  };
  EXPECT_NEAR(off("method=euler", 20), 1 - std::pow(1 - 0.01, 10), 1e-12);
  EXPECT_NEAR(std::log2(off("method=euler", 20) / off("method=euler", 40)), 1,
              0.1);
  EXPECT_LT(std::fabs(off("method=rk4", 20)), 1e-5);
  const ProcessChoice choice = Make("ode", {"back=true", "t_max=2"});
  EXPECT_NEAR(choice.process->MomentsAt(0.7)->mean[0], std::exp(-0.7), 1e-14);
  EXPECT_NEAR(choice.process->MomentsAt(1.3)->mean[0], std::exp(-0.7), 1e-14);
  EXPECT_EQ(ProblemsOf("ode", {"back=true", "steps=7"}).size(), 1u);
}

TEST(TaylorSeriesProcess, BecomesTheFunctionWhereItConverges) {
  struct Case {
    Words words;
    double (*function)(double);
  };
  for (const Case& c : {Case{{"function=exp", "about=1", "width=2"},
                             [](double x) { return std::exp(x); }},
                        Case{{"function=sin", "about=0.5", "width=3"},
                             [](double x) { return std::sin(x); }},
                        Case{{"function=cos", "about=-2", "width=3"},
                             [](double x) { return std::cos(x); }},
                        Case{{"function=log", "about=0.2", "width=0.6"},
                             [](double x) { return std::log1p(x); }},
                        Case{{"function=inverse", "about=-0.5", "width=0.75"},
                             [](double x) { return 1 / (1 - x); }}}) {
    Words words = c.words;
    words.push_back("orders=60");
    const auto moved = Moved(*Make("taylor_series", words).process, 40);
    for (size_t i = 0; i < 80; i += 2) {
      const double x = moved.back()[i];
      // Ratios of at most 1/2 are left of the series' terms: 2^-60; floats.
      EXPECT_NEAR(moved.back()[i + 1], c.function(x),
                  1e-6 * (1 + std::fabs(c.function(x))))
          << words[0] << " " << x;
    }
  }
  // Maclaurin's first orders of exp, at a point.
  const auto moved = Moved(*Make("taylor_series", {"orders=3"}).process, 3);
  for (size_t i = 0; i < 6; i += 2) {
    const double x = moved[0][i];
    EXPECT_FLOAT_EQ(moved[0][i + 1], 1);
    EXPECT_NEAR(moved[1][i + 1], 1 + x, 1e-6);
    EXPECT_NEAR(moved[3][i + 1], 1 + x + x * x / 2 + x * x * x / 6, 1e-5);
  }
  EXPECT_EQ(ProblemsOf("taylor_series", {"function=inverse", "about=1"}).size(),
            1u);
}

// Beyond the radius of convergence partial sums grow without bound.
TEST(TaylorSeriesProcess, DivergesBeyondItsRadius) {
  const auto moved = Moved(
      *Make("taylor_series", {"function=log", "width=2", "orders=60"}).process,
      50);
  for (size_t i = 0; i < 100; i += 2) {
    const double x = moved.back()[i];
    if (std::fabs(x) > 1.3) {
      EXPECT_GT(std::fabs(moved[60][i + 1] - moved[59][i + 1]), 1e3) << x;
    }
  }
}

TEST(MatrixSeriesProcess, HoldsForAWhileTheLongerTheMoreTermsThereAre) {
  const auto holds = [](int terms) {
    const ProcessChoice choice =
        Make("matrix_series", {"t_max=20", "terms=" + std::to_string(terms)});
    const auto moved = Moved(*choice.process, 1);
    size_t i = 0;
    for (; i < moved.size(); ++i) {
      const double t = choice.process->TimeAt(static_cast<int64_t>(i));
      if (std::fabs(moved[i][0] - std::cos(t)) > 0.01) break;
    }
    return i;
  };
  EXPECT_LT(holds(4), holds(8));
  EXPECT_LT(holds(8), holds(20));
  EXPECT_EQ(holds(100), 101u);
}

// Kolmogorov and Smirnov's distance of n points is below 1.95 / sqrt(n) with
// probability 0.999.
TEST(InverseCdfProcess, UniformNumbersBecomeTheMixture) {
  const ProcessChoice choice = Make("inverse_cdf");
  const RoundMixture law({0.3, 0.7}, {{-2}, {2}}, {0.2, 1});
  const auto moved = Moved(*choice.process, 10000);
  std::vector<double> x;
  for (size_t i = 0; i < moved.back().size(); i += 2) {
    x.push_back(moved.back()[i]);
    EXPECT_EQ(moved.back()[i + 1], 0);
    // On the curve at half time, at the height where it began.
    EXPECT_EQ(moved[50][i + 1], moved[0][i + 1]);
    EXPECT_NEAR(law.Cdf(moved[50][i]), moved[50][i + 1], 1e-6);
  }
  std::sort(x.begin(), x.end());
  double distance = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    distance = std::max(
        distance,
        std::fabs(law.Cdf(x[i]) - (static_cast<double>(i) + 0.5) / x.size()));
  }
  EXPECT_LT(distance, 1.95 / std::sqrt(10000.0));
}

}  // namespace
}  // namespace unnoise
