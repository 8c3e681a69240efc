// Chains and paths that are given by numbers: what goes in comes out, what is
// between is smooth, what is wrong is named. Numbers without an equation were
// computed independently, to the digits given.

#include "core/path/tables.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "core/base/config.h"

namespace unnoise {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

Problems Read(const std::string& fields, Choice<Path>& path) {
  return FromJson(*ParseJson(fields, ""), *path);
}

Choice<Path> Make(const char* name, const std::string& fields) {
  Choice<Path> path(name);
  EXPECT_EQ(ToText(Read(fields, path)), "") << name;
  return path;
}

std::string Betas(int count, double first, double last) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const double beta =
        count == 1 ? first : first + (last - first) * i / (count - 1);
    text += (i ? "," : "") + Write(beta);
  }
  return R"({"betas":[)" + text + "]}";
}

// Rates from 1e-4 to 0.02 over 1000 steps, and the same total rate in fewer.
TEST(BetaTable, LinearRatesAsTabulated) {
  const Choice<Path> thousand = Make("beta_table", Betas(1000, 1e-4, 0.02));
  const auto left = [](const Choice<Path>& path, double t) {
    return path->At(t).alpha * path->At(t).alpha;
  };
  EXPECT_NEAR(left(thousand, 1), 4.0358e-5, 5e-10);
  EXPECT_NEAR(left(thousand, 0.5), 0.078587, 5e-7);
  EXPECT_NEAR(left(Make("beta_table", Betas(200, 5e-4, 0.1)), 1), 3.03e-5,
              5e-8);
  EXPECT_NEAR(left(Make("beta_table", Betas(100, 1e-3, 0.2)), 1), 2.04e-5,
              5e-8);
  EXPECT_NEAR(left(Make("beta_table", Betas(50, 2e-3, 0.4)), 1), 7.74e-6, 5e-9);
}

TEST(BetaTable, PointsAreTheProduct) {
  const Choice<Path> path = Make("beta_table", Betas(37, 0.3, 0.01));
  double kept = 1;
  for (int i = 1; i <= 37; ++i) {
    const double beta = 0.3 + (0.01 - 0.3) * (i - 1) / 36;
    const Transition step =
        TransitionBetween(path->At(i / 37.0), path->At((i - 1) / 37.0));
    kept *= 1 - beta;
    const Coefficients at = path->At(i / 37.0);
    // A rounding or two a transition; t = i / 37 is rounded as well.
    EXPECT_NEAR(at.alpha * at.alpha / kept, 1, 200 * kEps) << i;
    EXPECT_NEAR(step.ratio, std::sqrt(1 - beta), 200 * kEps) << i;
    EXPECT_NEAR(step.step_variance, beta, 200 * kEps) << i;
  }
}

// Two modes at +-3 under beta = 0.05: where they are after some transitions.
TEST(BetaTable, ModesMoveTogetherAsInAWorkedExample) {
  const Choice<Path> path = Make("beta_table", Betas(200, 0.05, 0.05));
  for (const auto& [i, mode] : {std::pair{10, 2.3213},
                                {20, 1.7962},
                                {50, 0.8322},
                                {100, 0.2308},
                                {200, 0.0178}}) {
    EXPECT_NEAR(3 * path->At(i / 200.0).alpha, mode, 5e-5) << i;
  }
}

// Posterior of a chain that keeps 0.9 in each transition, given the data.
TEST(ConstantAlpha, PosteriorAsTabulated) {
  const Choice<Path> path =
      Make("constant_alpha", R"({"keep":0.9,"transitions":50})");
  struct Case {
    int t;
    double of_xt, of_x0, variance;
  };
  for (const auto& [t, of_xt, of_x0, variance] :
       {Case{1, 0, 1, 0},
        {2, .49931, .49931, .052632},
        {3, .66513, .33210, .070111},
        {5, .79669, .19780, .083978},
        {10, .89225, .09556, .094052},
        {20, .93409, .04184, .098462},
        {50, .94814, .00761, .099942}}) {
    const Transition step =
        TransitionBetween(path->At(t / 50.0), path->At((t - 1) / 50.0));
    EXPECT_NEAR(step.mean_xt, of_xt, 5e-6) << t;
    EXPECT_NEAR(step.mean_x0, of_x0, 5e-6) << t;
    EXPECT_NEAR(step.variance, variance, 5e-7) << t;
  }
}

TEST(ConstantAlpha, IsATableOfEqualBetas) {
  const Choice<Path> chain =
      Make("constant_alpha", R"({"keep":0.95,"transitions":200})");
  const Choice<Path> table = Make("beta_table", Betas(200, 0.05, 0.05));
  for (int i = 1; i <= 1000; ++i) {
    const Coefficients a = chain->At(i / 1000.0), b = table->At(i / 1000.0);
    // Sums of 200 logarithms, of 10 in all.
    EXPECT_NEAR(a.alpha, b.alpha, 1000 * kEps);
    EXPECT_NEAR(a.d_alpha / b.d_alpha, 1, 1e-11);
  }
}

TEST(ConstantAlpha, RefusesToForgetMoreThanNumbersHold) {
  Choice<Path> path("constant_alpha");
  const Problems problems = Read(R"({"keep":0.9,"transitions":2000})", path);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "transitions");
}

TEST(TablePath, TwoRowsAreAStraightLine) {
  const Choice<Path> straight("straight");
  const Choice<Path> path =
      Make("table", R"({"times":[0,1000],"alphas":[1,0],"sigmas":[0,1]})");
  for (int i = 0; i <= 100; ++i) {
    const Coefficients a = straight->At(i / 100.0), b = path->At(i / 100.0);
    EXPECT_NEAR(a.alpha, b.alpha, kEps);
    EXPECT_NEAR(a.sigma, b.sigma, kEps);
    EXPECT_NEAR(b.d_alpha, -1, 8 * kEps);
    EXPECT_NEAR(b.d_sigma, 1, 8 * kEps);
  }
}

// Points of another path: in between it is that path to second order and
// better, 0.01 apart.
TEST(TablePath, FollowsThePathItsRowsAreTakenFrom) {
  for (const char* name : {"arc", "sub_vp", "ve"}) {
    const Choice<Path> known(name);
    std::string times, alphas, sigmas;
    for (int i = 0; i <= 100; ++i) {
      const Coefficients at = known->At(i / 100.0);
      const char* comma = i ? "," : "";
      // Any unit of time will do.
      times += comma + Write(7 + i * 10);
      alphas += comma + Write(at.alpha);
      sigmas += comma + Write(at.sigma);
    }
    const Choice<Path> path =
        Make("table", R"({"times":[)" + times + R"(],"alphas":[)" + alphas +
                          R"(],"sigmas":[)" + sigmas + "]}");
    for (int i = 1; i < 1000; ++i) {
      const Coefficients a = known->At(i / 1000.0), b = path->At(i / 1000.0);
      // Cubics within h^3 of curves whose third derivative is below 700.
      EXPECT_NEAR(a.alpha, b.alpha, 1e-4) << name << i;
      EXPECT_NEAR(a.sigma, b.sigma, 7e-4 * a.sigma + 1e-4) << name << i;
      if (a.alpha == 1) {
        EXPECT_EQ(b.alpha, 1) << i;
      }
    }
  }
}

TEST(TablePath, PointsAreThemselvesAndCopiesAreEqual) {
  const Choice<Path> path =
      Make("table", R"({"times":[-1,0,3],"alphas":[1,0.5,0.25],)"
                    R"("sigmas":[0.1,2,40],"t_max":1})");
  const Choice<Path> copy = path;
  const Coefficients at = copy->At(0.25);
  EXPECT_EQ(at.alpha, 0.5);
  EXPECT_EQ(at.sigma, 2);
  EXPECT_EQ(copy->At(0).sigma, 0.1);
  EXPECT_EQ(copy->At(1).alpha, 0.25);
  EXPECT_EQ(copy->PriorStd(), 40);
}

TEST(Tables, WrongNumbersAreNamed) {
  const auto problem = [](const char* name, const std::string& fields) {
    Choice<Path> path(name);
    const Problems problems = Read(fields, path);
    return problems.empty() ? "" : ToText({problems[0]});
  };
  const auto expect = [&](const char* name, const std::string& fields,
                          const std::string& text) {
    const std::string found = problem(name, fields);
    EXPECT_EQ(found.substr(0, text.size()), text) << fields;
  };
  expect("beta_table", R"({"betas":[]})", "betas: found 0 numbers; give");
  expect("beta_table", R"({"betas":[0.1,1]})", "betas[1]: ");
  expect("beta_table", Betas(200, 0.9, 0.9), "betas[59]: after this");
  const auto table = [](const char* times, const char* alphas,
                        const char* sigmas) {
    return std::string(R"({"times":)") + times + R"(,"alphas":)" + alphas +
           R"(,"sigmas":)" + sigmas + "}";
  };
  expect("table", table("[0]", "[1]", "[0]"), "times: found 1 numbers");
  expect("table", table("[0,1]", "[1]", "[0,1]"), "alphas: found 1 numbers");
  expect("table", table("[0,1]", "[1,0]", "[0,0.5,1]"), "sigmas: found 3");
  expect("table", table("[0,2,1]", "[1,0.5,0]", "[0,0.5,1]"),
         "times[2]: found 1 after 2; give times that ascend.");
  expect("table", table("[1,0]", "[1,0]", "[0,1]"), "times[1]: ");
  expect("table", table("[-1000000000,1e-10,2e-10]", "[1,0.5,0]", "[0,0.5,1]"),
         "times[2]: ");
  expect("table", table("[0,1,2]", "[0.5,0.6,0]", "[0,0.5,1]"),
         "alphas[1]: found 0.6 after 0.5; alpha must not rise.");
  expect("table", table("[0,1,2]", "[1,0.6,0]", "[0,0.5,0.4]"),
         "sigmas[2]: found 0.4 after 0.5; sigma must not fall.");
  expect("table", table("[0,1,2]", "[1,0.6,0.6]", "[0,0.5,0.5]"),
         "sigmas[2]: neither");
  expect("table", table("[0,1,2]", "[1,0,0]", "[0,0.5,1]"), "alphas[1]: only");
  expect("table", table("[0,1,2]", "[1,0.5,0]", "[0,0,1]"), "sigmas[1]: only");
}

}  // namespace
}  // namespace unnoise
