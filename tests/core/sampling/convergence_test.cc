// Errors of samplers against the exact flow: on a normal law, where flow and
// orders are known, and what is told of samplers with chance, of ones that fail
// and of a setup that is none.

#include "core/sampling/convergence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/pool.h"
#include "core/sampling/world_denoiser.h"
#include "tests/core/sampling/gaussian_data.h"
#include "tests/core/threads.h"

namespace unnoise {
namespace {

constexpr Key kKey = {11, 12};

// A data set with its exact denoiser; nothing is standardised.
struct Exact {
  explicit Exact(const char* kind = "gaussian_mixture",
                 const char* fields = R"({"weights":[1],"means":[[1]],)"
                                      R"("covariances":[[[0.25]]]})",
                 Pool& pool = SerialPool())
      : data(kind) {
    EXPECT_EQ(ToText(FromJson(*ParseJson(fields, ""), *data)), "");
    units.shift.assign(static_cast<size_t>(data->dim()), 0);
    units.scale.assign(static_cast<size_t>(data->dim()), 1);
    // Slopes are moderate here, so that few steps show an order.
    path->t_min = 0.05;
    path->t_max = 0.95;
    denoiser = MakeWorldDenoiser(data->MakeWorld(units), *path, pool);
  }
  SolverSetup Setup(std::vector<Choice<Sampler>> samplers,
                    std::vector<int64_t> steps, int64_t points) const {
    return {.path = *path,
            .denoiser = *denoiser,
            .data = *data,
            .units = units,
            .samplers = std::move(samplers),
            .steps = std::move(steps),
            .points = points,
            .key = kKey};
  }

  Choice<Path> path{"cosine"};
  Choice<Dataset> data;
  Affine units;
  std::unique_ptr<Denoiser> denoiser;
};

Convergence Done(SolverSetup setup) {
  Convergence convergence(std::move(setup));
  int64_t before = -1;
  while (convergence.Advance()) {
    EXPECT_GT(convergence.done(), before);
    before = convergence.done();
  }
  EXPECT_EQ(convergence.done(), convergence.pieces());
  EXPECT_FALSE(convergence.Advance());
  return convergence;
}

TEST(Convergence, ObservedOrdersAreTheMethodsOnANormalLaw) {
  struct Method {
    const char* name;
    const char* fields;
    double order;
    // The next order bends the line a little, as in order_test.cc; more of
    // the classical method, for which rounding leaves only few steps.
    double within = 0.35;
  };
  const Method methods[] = {{"ddim", "{}", 1},
                            {"ode", R"({"method":"euler"})", 1},
                            {"ode", R"({"method":"heun"})", 2},
                            {"dpm_solver", R"({"order":2})", 2},
                            {"dpm_solver", R"({"order":3})", 3},
                            {"dpm_solver_pp_2m", "{}", 2},
                            {"edm", "{}", 2},
                            {"ode", R"({"method":"rk4"})", 4, 0.5}};
  std::vector<Choice<Sampler>> samplers;
  for (const Method& method : methods) {
    samplers.push_back(MakeSampler(method.name, method.fields));
  }
  const Exact exact;
  SolverSetup setup =
      exact.Setup(samplers, {4, 6, 8, 12, 20, 40, 80, 160, 320}, 40);
  setup.law = false;
  const Convergence convergence = Done(std::move(setup));
  for (size_t i = 0; i < samplers.size(); ++i) {
    const std::optional<double> order = convergence.PathsOrder(i);
    ASSERT_TRUE(order) << methods[i].name;
    EXPECT_NEAR(*order, methods[i].order, methods[i].within)
        << methods[i].name << methods[i].fields;
    EXPECT_FALSE(convergence.LawOrder(i));
  }
}

// More points than travel together, from the start points of a Sampling.
TEST(Convergence, ErrorsOfTheWaysAreThoseToTheFlowInClosedForm) {
  const Exact exact;
  constexpr int64_t kPoints = 600;
  const auto sampler = MakeSampler("ddim");
  const Convergence convergence =
      Done(exact.Setup({sampler, MakeSampler("ode")}, {10, 3}, kPoints));
  Choice<Sampler> ten = sampler;
  ten->steps = 10;
  Sampling sampling(*ten, *exact.path, *exact.denoiser, kKey, 0, kPoints);
  const std::vector<float> start(sampling.particles().begin(),
                                 sampling.particles().end());
  while (sampling.Step()) continue;
  const GaussianData data{.mean = 1, .spread = 0.5};
  const Coefficients t = exact.path->At(0.95), s = exact.path->At(0.05);
  double square = 0;
  for (size_t i = 0; i < start.size(); ++i) {
    const double off = sampling.particles()[i] - data.Flow(t, s, start[i]);
    square += off * off / kPoints;
  }
  ASSERT_EQ(convergence.errors().size(), 4u);
  const SolverError& error = convergence.errors()[2];
  EXPECT_EQ(error.sampler, 0u);
  EXPECT_EQ(error.steps, 10);
  EXPECT_EQ(error.evaluations, 10);
  // The reference is off by no more than a few times the floor.
  const double floor = *convergence.floor().paths;
  EXPECT_NEAR(*error.paths, std::sqrt(square), 4 * floor);
  EXPECT_LT(floor, 2e-6);
  EXPECT_GT(floor, 1e-8);
  EXPECT_EQ(convergence.errors()[1].evaluations, 6);  // heun asks twice a step
}

TEST(Convergence, ChanceLeavesOnlyTheLaw) {
  const Exact exact;
  auto churned = MakeSampler("edm", R"({"s_churn":10,"s_min":0})");
  const Convergence convergence = Done(
      exact.Setup({MakeSampler("ddpm"), MakeSampler("ddim", R"({"eta":1})"),
                   churned, MakeSampler("ddim")},
                  {2, 300}, 1000));
  const double level = *convergence.floor().law;
  for (const SolverError& error : convergence.errors()) {
    EXPECT_EQ(error.paths.has_value(), error.sampler == 3);
    ASSERT_TRUE(error.law);
    // Two sets of one law are about the level apart, at most three times as
    // far; after two steps of any of these a good part of the width is missing.
    if (error.steps == 2) {
      EXPECT_GT(*error.law, 4 * level) << error.sampler;
    } else {
      EXPECT_LT(*error.law, 3 * level) << error.sampler;
    }
  }
  // The level is what it is on paper: for N(m, s^2) the mean distance of two
  // draws is 2 s / sqrt(pi), known from 1000 of them to some 2 %, and its root
  // to half of that.
  const Coefficients at = exact.path->At(0.05);
  const double width = std::sqrt(GaussianData{1, 0.5}.VarianceAt(at));
  const double expected =
      std::sqrt(2. / 1000 * 2 * width / std::sqrt(3.14159265358979));
  EXPECT_NEAR(level, expected, 0.04 * expected);
}

TEST(Convergence, ThreadsChangeNoBit) {
  const char* pinwheel = "{}";
  std::string texts[2];
  for (const int threads : {1, 3}) {
    Pool pool(ThreadsUpTo(threads));
    const Exact exact("eight_gaussians", pinwheel, pool);
    const Convergence convergence = Done(
        exact.Setup({MakeSampler("ddpm"), MakeSampler("ode")}, {2, 5, 9}, 300));
    const std::string names[] = {"ddpm", "a,\"b\""};
    texts[threads / 2] = ToText(convergence, names, ',');
  }
  EXPECT_EQ(texts[0], texts[1]);
  EXPECT_EQ(texts[0].substr(0, 44),
            "sampler,steps,evaluations,paths,law\nddpm,2,2");
  EXPECT_NE(texts[0].find("\n\"a,\"\"b\"\"\",2,4,"), std::string::npos)
      << texts[0];
}

// A sampler whose times are its own is as exact whatever its steps.
TEST(Convergence, AnAdaptiveSamplerHasNoOrder) {
  const Exact exact;
  const Convergence convergence =
      Done(exact.Setup({MakeSampler("dopri5", R"({"rtol":1e-3,"atol":1e-3})")},
                       {1, 4, 16, 64}, 50));
  EXPECT_FALSE(convergence.PathsOrder(0));
  EXPECT_EQ(convergence.errors()[0].evaluations,
            convergence.errors()[3].evaluations);
}

class Broken final : public Denoiser {
 public:
  int dim() const override { return 1; }
  Density* density() override { return nullptr; }
  JacobianTrace* jacobian_trace() override { return nullptr; }
  void PredictAt(std::span<const double>, std::span<const float>,
                 Prediction out) override {
    for (float& x : out.data) x = std::numeric_limits<float>::quiet_NaN();
    for (float& x : out.noise) x = 0;
  }
};

TEST(Convergence, WhatFailsIsSaid) {
  const Exact exact;
  Broken broken;
  SolverSetup setup = exact.Setup({MakeSampler("ddim")}, {1, 2}, 300);
  const Convergence convergence(Done({.path = setup.path,
                                      .denoiser = broken,
                                      .data = setup.data,
                                      .units = setup.units,
                                      .samplers = setup.samplers,
                                      .steps = setup.steps,
                                      .points = setup.points}));
  EXPECT_NE(convergence.reference(), Outcome::kGood);
  EXPECT_FALSE(convergence.floor().paths);
  for (const SolverError& error : convergence.errors()) {
    EXPECT_TRUE(error.failed);
    EXPECT_FALSE(error.paths || error.law);
  }
  EXPECT_EQ(Write(*ToJson(convergence, 1)
                       .Find("rows")
                       ->AsArray()
                       ->at(0)
                       .Find("failed")),
            "true");
}

TEST(Convergence, BadSetupsAreNamed) {
  const Exact exact;
  const auto said = [&](std::vector<Choice<Sampler>> samplers,
                        std::vector<int64_t> steps, int64_t points) {
    return ToText(CheckSolvers(
        exact.Setup(std::move(samplers), std::move(steps), points)));
  };
  const auto ddim = MakeSampler("ddim");
  EXPECT_EQ(said({ddim}, {1, 1000}, 2), "");
  EXPECT_NE(said({}, {1}, 10).find("samplers: give 1 to 12"),
            std::string::npos);
  EXPECT_NE(said({ddim}, {}, 10).find("steps: give 1 to 40"),
            std::string::npos);
  EXPECT_NE(said({ddim}, {1, 0}, 10).find("0 is not a number of steps"),
            std::string::npos);
  EXPECT_NE(said({ddim}, {10001}, 10).find("from 1 to 10000"),
            std::string::npos);
  EXPECT_NE(said({ddim}, {1}, 1).find("n: give 2 to 100000"),
            std::string::npos);
  for (const std::vector<int64_t>& steps :
       {std::vector<int64_t>{2}, {3}, {5, 9}}) {
    const auto given = MakeSampler(
        "ddim", R"({"grid":{"kind":"given","times":[0.05,0.5,0.95]}})");
    EXPECT_NE(said({ddim, given}, steps, 10).find("number 2, ddim, has times"),
              std::string::npos);
  }
  // Langevin's steps stay at a level of noise.
  EXPECT_NE(said({MakeSampler("ula")}, {5}, 10)
                .find("number 1, ula, does not go from t_max to t_min"),
            std::string::npos);
  Broken broken;
  const SolverSetup blind{.path = *exact.path,
                          .denoiser = broken,
                          .data = *exact.data,
                          .units = exact.units,
                          .samplers = {MakeSampler("mala")},
                          .steps = {5}};
  EXPECT_NE(ToText(CheckSolvers(blind)).find("mala, needs the density"),
            std::string::npos);
}

}  // namespace
}  // namespace unnoise
