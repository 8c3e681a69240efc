// Laws of samples after N steps on data N(1, 1/4), against tables that were
// computed independently, without this code, by recursions of mean and variance
// in double precision. The path is the Ornstein-Uhlenbeck process alpha =
// exp(-t / 2) up to t = 10, here on [0, 1]: linear_beta with a constant rate.

#include <gtest/gtest.h>

#include "core/sampling/sampler.h"
#include "tests/core/sampling/gaussian_data.h"

namespace unnoise {
namespace {

Choice<Path> OrnsteinUhlenbeck() {
  Choice<Path> path("linear_beta");
  EXPECT_EQ(ToText(FromJson(*ParseJson(R"({"beta_min":10,"beta_max":10})", ""),
                            *path)),
            "");
  return path;
}

struct Asked {
  const char* name;
  const char* fields;
};

TEST(GoldenLaws, OnEvenTimes) {
  constexpr Asked kSamplers[] = {{"euler_maruyama", R"({"lambda":0})"},
                                 {"ddpm", R"({"variance":"posterior"})"},
                                 {"ode", R"({"method":"euler"})"},
                                 {"ddim", R"({"eta":0})"}};
  struct Row {
    int steps;
    Law laws[4];
  };
  constexpr Row kRows[] = {{10,
                            {{0.90115, 1.01686},
                             {0.99999, 0.02950},
                             {0.79821, 0.54872},
                             {0.99882, 0.03055}}},
                           {40,
                            {{0.98291, 0.39867},
                             {0.99999, 0.10019},
                             {0.95420, 0.32410},
                             {0.99777, 0.10929}}},
                           {160,
                            {{0.99623, 0.28160},
                             {0.99999, 0.17024},
                             {0.98683, 0.26759},
                             {0.99709, 0.18694}}},
                           {1000,
                            {{0.99941, 0.25477},
                             {0.99999, 0.22368},
                             {0.99510, 0.25276},
                             {0.99674, 0.23436}}}};
  const Choice<Path> path = OrnsteinUhlenbeck();
  for (const Row& row : kRows) {
    // To t = 0, where there is no noise and its slope is infinite.
    std::vector<double> grid;
    for (int i = 0; i <= row.steps; ++i) grid.push_back(i * 1.0 / row.steps);
    for (int k = 0; k < 4; ++k) {
      const auto sampler = MakeSampler(kSamplers[k].name, kSamplers[k].fields);
      const Law law = LawOf(*sampler, *path, grid, {}, {0, 1});
      // Half of the table's last digit, and float rounding of 1000 steps, which
      // adds up to no more than 1000 times 1e-8 on the average of its signs.
      EXPECT_NEAR(law.mean, row.laws[k].mean, 1.5e-5)
          << kSamplers[k].name << row.steps;
      EXPECT_NEAR(law.variance, row.laws[k].variance, 1.5e-5)
          << kSamplers[k].name << row.steps;
    }
  }
}

TEST(GoldenLaws, OnEvenLogSnr) {
  constexpr Asked kSamplers[] = {{"ddpm", R"({"variance":"posterior"})"},
                                 {"ddim", R"({"eta":0})"},
                                 {"dpm_solver", R"({"order":1})"},
                                 {"dpm_solver", R"({"order":2})"},
                                 {"euler_maruyama", R"({"lambda":0})"},
                                 {"ode", R"({"method":"euler"})"}};
  struct Row {
    int steps;
    Law errors[6];
  };
  constexpr Row kRows[] = {{10,
                            {{0, -1.420e-1},
                             {0, -9.839e-2},
                             {0, -9.839e-2},
                             {0, 3.792e-2},
                             {-5.582e-2, 2.334e-1},
                             {-2.032e-1, 1.887e-1}}},
                           {20,
                            {{0, -9.197e-2},
                             {0, -5.530e-2},
                             {0, -5.530e-2},
                             {0, 8.549e-3},
                             {-2.523e-2, 9.525e-2},
                             {-9.846e-2, 9.285e-2}}},
                           {40,
                            {{0, -5.326e-2},
                             {0, -2.937e-2},
                             {0, -2.937e-2},
                             {0, 2.040e-3},
                             {-1.191e-2, 4.321e-2},
                             {-4.765e-2, 4.516e-2}}},
                           {80,
                            {{0, -2.880e-2},
                             {0, -1.515e-2},
                             {0, -1.515e-2},
                             {0, 4.987e-4},
                             {-5.777e-3, 2.058e-2},
                             {-2.334e-2, 2.215e-2}}},
                           {160,
                            {{0, -1.499e-2},
                             {0, -7.691e-3},
                             {0, -7.691e-3},
                             {0, 1.234e-4},
                             {-2.845e-3, 1.005e-2},
                             {-1.154e-2, 1.096e-2}}},
                           {320,
                            {{0, -7.652e-3},
                             {0, -3.876e-3},
                             {0, -3.876e-3},
                             {0, 3.068e-5},
                             {-1.412e-3, 4.964e-3},
                             {-5.736e-3, 5.448e-3}}}};
  const Choice<Path> path = OrnsteinUhlenbeck();
  const GaussianData data;
  for (const Row& row : kRows) {
    // alpha = 1 / sqrt(1 + exp(-2 lambda)), lambda from 5 down to -5.
    std::vector<double> grid;
    for (int i = 0; i <= row.steps; ++i) {
      const double lambda = 5 - 10.0 * i / row.steps;
      grid.push_back(0.1 * std::log1p(std::exp(-2 * lambda)));
    }
    const Coefficients top = path->At(grid.back()), end = path->At(grid[0]);
    for (int k = 0; k < 6; ++k) {
      const auto sampler = MakeSampler(kSamplers[k].name, kSamplers[k].fields);
      const Law law = LawOf(*sampler, *path, grid, data,
                            {data.MeanAt(top), data.VarianceAt(top)});
      const Law& known = row.errors[k];
      // Half of the table's fourth digit, and float rounding as above.
      const auto tolerance = [](double value) {
        return 5e-4 * std::fabs(value) + 2e-6;
      };
      EXPECT_NEAR(law.mean - data.MeanAt(end), known.mean,
                  tolerance(known.mean))
          << kSamplers[k].name << row.steps;
      EXPECT_NEAR(law.variance - data.VarianceAt(end), known.variance,
                  tolerance(known.variance))
          << kSamplers[k].name << row.steps;
    }
  }
}

}  // namespace
}  // namespace unnoise
