// Where samplers could leave the numbers: grids whose ends have no noise or no
// data, one step, equal times, the time grids themselves.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "core/base/pool.h"
#include "core/data/dataset.h"
#include "core/path/measures.h"
#include "core/sampling/sampling.h"
#include "core/sampling/time_grid.h"
#include "core/sampling/world_denoiser.h"
#include "tests/core/sampling/gaussian_data.h"

namespace unnoise {
namespace {

// Every sampler with every value of its options, and its numbers at their ends.
std::vector<std::pair<std::string, std::string>> Everything() {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Row<Sampler>& row : Rows<Sampler>()) {
    all.push_back({std::string(row.name), "{}"});
  }
  for (const auto& [name, fields] :
       std::vector<std::pair<const char*, const char*>>{
           {"ddpm", R"({"variance":"interpolated","weight":0})"},
           {"ddpm", R"({"variance":"interpolated","weight":1})"},
           {"ddpm", R"({"variance":"interpolated"})"},
           {"euler_maruyama", R"({"lambda":1})"},
           {"ode", R"({"method":"euler"})"},
           {"ode", R"({"method":"midpoint"})"},
           {"ode", R"({"method":"rk4"})"},
           {"dpm_solver", R"({"order":1})"},
           {"dpm_solver", R"({"order":3})"},
           {"deis", R"({"order":1})"},
           {"deis", R"({"order":2})"},
           {"edm", R"({"s_churn":1000,"s_min":0,"s_max":1000000})"},
           {"predictor_corrector",
            R"({"predictor":"ancestral","corrections":3,"snr":1})"},
           {"underdamped", R"({"friction":100})"},
           {"hmc", R"({"step":10})"},
           {"mala", R"({"step":10})"}}) {
    all.push_back({name, fields});
  }
  return all;
}

TEST(SamplerEdges, NoNoiseNoDataOneStepEqualTimes) {
  Choice<Dataset> data("gaussian_mixture");
  Pool pool(1);
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    const auto denoiser = MakeWorldDenoiser(
        data->MakeWorld({std::vector<double>(data->dim(), 0.0),
                         std::vector<double>(data->dim(), 1.0)}),
        *path, pool);
    for (const std::vector<double>& grid : {std::vector<double>{0, 1},
                                            {0, 0.3, 1},
                                            {0, 0.02, 0.1, 0.5, 0.9, 1},
                                            {path->t_min, path->t_max},
                                            {0.4, 0.4},
                                            UniformGrid(*path, 7)}) {
      for (const auto& [name, fields] : Everything()) {
        Sampling sampling(*MakeSampler(name, fields), *path, grid, *denoiser,
                          KeyFromSeed(2), 0, 50);
        while (sampling.Step()) {
        }
        // Longest steps may be such that no proposal is accepted.
        const bool good = sampling.outcome() == Outcome::kGood ||
                          sampling.outcome() == Outcome::kStuck;
        EXPECT_TRUE(good) << row.name << ' ' << name << fields << grid.size()
                          << grid[0];
        EXPECT_TRUE(sampling.finite())
            << row.name << ' ' << name << fields << grid.size() << grid[0];
      }
    }
  }
}

// A step from where there are no data to where there is no noise: the best
// guess of all is the data's mean, whatever the method.
TEST(SamplerEdges, OneStepOfAllIsTheMean) {
  const Choice<Path> path("straight");
  GaussianDataDenoiser denoiser(*path, {3, 0.5});
  for (const auto& [name, fields] : Everything()) {
    if (name == "dopri5" || name == "ode") continue;  // they follow slopes
    if (name == "euler_maruyama") continue;
    if (name == "predictor_corrector" && fields == "{}") continue;
    // They move at the level that they come to, and there is no noise.
    if (name == "ula" || name == "mala" || name == "hmc") continue;
    if (name == "underdamped" || name == "annealed_langevin") continue;
    const std::vector<float> x =
        Mean(*MakeSampler(name, fields), *path, {0, 1}, denoiser, {-1, 2});
    EXPECT_EQ(x, (std::vector<float>{3, 3})) << name << fields;
  }
}

TEST(TimeGrids, AreWhatTheySay) {
  const Choice<Path> path("cosine");
  Choice<TimeGrid> log_snr("log_snr"), karras("karras");
  const std::vector<double> even = log_snr->Times(*path, 20);
  const std::vector<double> power = karras->Times(*path, 20);
  const auto lambda = [&](double t) { return HalfLogSnr(path->At(t)); };
  const auto root = [&](double t) {
    return std::pow(path->At(t).sigma / path->At(t).alpha, 1. / 7);
  };
  const double gap = (lambda(even[20]) - lambda(even[0])) / 20;
  const double rise = (root(power[20]) - root(power[0])) / 20;
  for (size_t i = 0; i < 20; ++i) {
    // Times are right to rounding, which a steep end enlarges.
    EXPECT_NEAR(lambda(even[i + 1]) - lambda(even[i]), gap, 1e-9);
    EXPECT_NEAR(root(power[i + 1]) - root(power[i]), rise, 1e-9);
  }
}

TEST(TimeGrids, AscendFromEndToEnd) {
  for (const Row<TimeGrid>& row : Rows<TimeGrid>()) {
    if (row.name == "given") continue;
    const Choice<TimeGrid> times(row.name);
    for (const Row<Path>& path_row : Rows<Path>()) {
      for (const bool whole : {false, true}) {
        Choice<Path> path(path_row.name);
        if (whole) path->t_min = 0, path->t_max = 1;
        for (const int64_t steps : {1, 2, 3, 1000}) {
          const std::vector<double> grid = times->Times(*path, steps);
          ASSERT_EQ(std::ssize(grid), steps + 1) << row.name;
          EXPECT_EQ(grid.front(), path->t_min) << row.name << path_row.name;
          EXPECT_EQ(grid.back(), path->t_max) << row.name << path_row.name;
          for (size_t i = 1; i < grid.size(); ++i) {
            ASSERT_LT(grid[i - 1], grid[i])
                << row.name << path_row.name << steps << whole << i;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace unnoise
