// How fast the error falls with the number of steps: the slope of its logarithm
// by regression, on Gaussian data, whose flow is known, and on a mixture, whose
// flow is not affine.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/pool.h"
#include "core/data/dataset.h"
#include "core/sampling/time_grid.h"
#include "core/sampling/world_denoiser.h"
#include "tests/core/sampling/gaussian_data.h"

namespace unnoise {
namespace {

// The least-squares slope of log(error) over log(1 / steps).
double Slope(const std::vector<int>& steps, const std::vector<double>& errors) {
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  const double n = static_cast<double>(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) {
    mean_x -= std::log(steps[i]) / n;
    mean_y += std::log(errors[i]) / n;
  }
  for (size_t i = 0; i < steps.size(); ++i) {
    const double x = -std::log(steps[i]) - mean_x;
    xx += x * x;
    xy += x * (std::log(errors[i]) - mean_y);
  }
  return xy / xx;
}

double Worst(const std::vector<float>& a, const std::vector<float>& b) {
  double worst = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::fabs(static_cast<double>(a[i]) - b[i]));
  }
  return worst;
}

struct Method {
  const char* name;
  const char* fields;
  double order;
  std::vector<int> steps;  // small enough, and the error still above rounding
  double low = 0.05;       // on [low, 1 - low] of the cosine path, where its
                           // slopes are moderate
};

const std::vector<Method>& Methods() {
  static const std::vector<Method> methods = {
      {"ddim", "{}", 1, {40, 80, 160, 320}},
      {"ode", R"({"method":"euler"})", 1, {40, 80, 160, 320}},
      {"euler_maruyama", R"({"lambda":1})", 1, {40, 80, 160, 320}},
      {"ode", R"({"method":"heun"})", 2, {20, 40, 80, 160}},
      {"ode", R"({"method":"midpoint"})", 2, {20, 40, 80, 160}},
      {"ode", R"({"method":"rk4"})", 4, {4, 5, 6, 8, 10}},
      {"dpm_solver", R"({"order":1})", 1, {40, 80, 160, 320}},
      {"dpm_solver", R"({"order":2})", 2, {20, 40, 80, 160}},
      {"dpm_solver", R"({"order":3})", 3, {20, 28, 40, 56}},
      {"dpm_solver_pp_2m", "{}", 2, {20, 40, 80, 160}},
      {"deis", R"({"order":1})", 1, {40, 80, 160, 320}},
      {"deis", R"({"order":2})", 2, {40, 80, 160, 320}},
      {"deis", R"({"order":3})", 3, {56, 80, 112, 160}, 0.15},
      {"edm", "{}", 2, {20, 40, 80, 160}}};
  return methods;
}

std::vector<double> Grid(double low, int steps) {
  std::vector<double> grid;
  for (int i = 0; i <= steps; ++i) {
    grid.push_back(low + (1 - 2 * low) * i / steps);
  }
  return grid;
}

// The next order, some 1 / steps of the error, bends the line a little, and so
// does float rounding where the error has come down to 1e-5.
constexpr double kTolerance = 0.35;

TEST(SamplerOrder, OnGaussianData) {
  const Choice<Path> path("cosine");
  const GaussianData data;
  GaussianDataDenoiser denoiser(*path, data);
  const std::vector<float> start = {-2, -0.5, 1, 2.5};
  for (const Method& method : Methods()) {
    const auto sampler = MakeSampler(method.name, method.fields);
    const Coefficients t = path->At(1 - method.low), s = path->At(method.low);
    std::vector<float> exact;
    for (const float x : start) {
      exact.push_back(static_cast<float>(data.Flow(t, s, x)));
    }
    std::vector<double> errors;
    for (const int steps : method.steps) {
      errors.push_back(
          Worst(Mean(*sampler, *path, Grid(method.low, steps), denoiser, start),
                exact));
    }
    EXPECT_NEAR(Slope(method.steps, errors), method.order, kTolerance)
        << method.name << method.fields << errors.front() << ' '
        << errors.back();
  }
}

TEST(SamplerOrder, OnAMixture) {
  const Choice<Path> path("cosine");
  Choice<Dataset> data("gaussian_mixture");
  const char* mixture = R"({"weights":[0.4,0.6],"means":[[-1],[1]],)"
                        R"("covariances":[[[0.3]],[[0.6]]]})";
  ASSERT_EQ(ToText(FromJson(*ParseJson(mixture, ""), *data)), "");
  Pool pool(1);
  const auto denoiser =
      MakeWorldDenoiser(data->MakeWorld({{0}, {1}}), *path, pool);
  const std::vector<float> start = {-2, -0.5, 0.1, 1, 2.5};
  const auto fine = MakeSampler("ode", R"({"method":"rk4"})");
  const auto other = MakeSampler("dopri5", R"({"rtol":1e-6,"atol":1e-6})");
  for (const Method& method : Methods()) {
    const auto sampler = MakeSampler(method.name, method.fields);
    // Where rk4's error is below float rounding, and another method agrees.
    const std::vector<float> exact =
        Mean(*fine, *path, Grid(method.low, 40), *denoiser, start);
    EXPECT_LT(Worst(Mean(*other, *path, Grid(method.low, 1), *denoiser, start),
                    exact),
              2e-6);
    std::vector<double> errors;
    for (const int steps : method.steps) {
      errors.push_back(Worst(
          Mean(*sampler, *path, Grid(method.low, steps), *denoiser, start),
          exact));
    }
    EXPECT_NEAR(Slope(method.steps, errors), method.order, kTolerance)
        << method.name << method.fields << errors.front() << ' '
        << errors.back();
  }
}

}  // namespace
}  // namespace unnoise
