// The flow from data to noise and back on laws whose flow and density are
// known in closed form.

#include "core/sampling/flow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "core/base/pool.h"
#include "core/sampling/world_denoiser.h"
#include "tests/core/sampling/gaussian_data.h"
#include "tests/core/threads.h"

namespace unnoise {
namespace {

const Affine kPlain1{{0}, {1}};
const Affine kPlain2{{0, 0}, {1, 1}};

Choice<Path> MakePath(std::string_view name, std::string_view fields = "{}") {
  Choice<Path> path(name);
  EXPECT_EQ(ToText(FromJson(*ParseJson(fields, ""), *path)), "");
  return path;
}

std::unique_ptr<Denoiser> Mixture(const Path& path, std::string_view fields,
                                  const Affine& units,
                                  Pool& pool = SerialPool()) {
  Choice<Dataset> data("gaussian_mixture");
  EXPECT_EQ(ToText(FromJson(*ParseJson(fields, ""), *data)), "");
  return MakeWorldDenoiser(data->MakeWorld(units), path, pool);
}

// That of GaussianData.
constexpr char kNormal[] =
    R"({"weights":[1],"means":[[1]],"covariances":[[[0.25]]]})";
// Of mean 0 and variance 1, so that at the end of a path it differs from the
// noise by the third power of alpha alone.
constexpr char kTwo[] = R"({"weights":[0.4,0.6],"means":[[-1.2],[0.8]],)"
                        R"("covariances":[[[0.04]],[[0.04]]]})";
constexpr char kTilted[] =
    R"({"weights":[1],"means":[[0,0]],"covariances":[[[0.5,0.4],[0.4,0.5]]]})";

// Takes the flow to its end.
void Finish(Flow& flow) {
  while (flow.Step()) {
  }
  EXPECT_TRUE(flow.done() && flow.finite());
}

std::vector<float> Follow(const Sampler& sampler, const Path& path,
                          Denoiser& denoiser, Way way,
                          const std::vector<float>& points) {
  Flow flow(sampler, path, denoiser, way, points);
  Finish(flow);
  return flow.points();
}

std::vector<double> LogDensityOf(const Sampler& sampler, const Path& path,
                                 Denoiser& denoiser,
                                 const std::vector<float>& points,
                                 const Affine& units,
                                 const FlowTrace& trace = {}) {
  Flow flow(sampler, path, denoiser, Way::kToNoise, points, trace);
  Finish(flow);
  return flow.LogDensity(units);
}

const Choice<Sampler>& Fine() {
  static const Choice<Sampler> fine =
      MakeSampler("dopri5", R"({"rtol":1e-6,"atol":1e-6})");
  return fine;
}

double LogNormal(double x, double variance) {
  return -0.5 * (std::log(2 * std::numbers::pi * variance) + x * x / variance);
}

constexpr const char* kPaths[] = {"linear_beta", "cosine", "straight", "arc",
                                  "sigmoid",     "sub_vp", "ve",       "edm"};

TEST(Flow, EncodingGaussianDataIsTheAffineMapThatIsKnown) {
  const GaussianData data;
  const std::vector<float> points = {-1, 0.2f, 1, 2.5};
  for (const char* name : kPaths) {
    const Choice<Path> path(name);
    const auto denoiser = Mixture(*path, kNormal, kPlain1);
    const Coefficients low = path->At(path->t_min), top = path->At(path->t_max);
    const std::vector<float> noise =
        Follow(*Fine(), *path, *denoiser, Way::kToNoise, points);
    const std::vector<double> log_density =
        LogDensityOf(*Fine(), *path, *denoiser, points, kPlain1);
    const double prior = path->PriorStd();
    const double stretch =
        0.5 * std::log(data.VarianceAt(top) / data.VarianceAt(low));
    for (size_t i = 0; i < points.size(); ++i) {
      // Some 30 steps, each in error by 1e-6 of what is moved, and the model's
      // answers by rounding.
      const double known = data.Flow(low, top, points[i]);
      EXPECT_NEAR(noise[i], known, 5e-5 * std::max(1.0, prior)) << name;
      // What the prior says of where it comes to, and the map's stretching.
      EXPECT_NEAR(log_density[i], LogNormal(known, prior * prior) + stretch,
                  3e-4)
          << name;
      // Or the density at t_min, were the law at the end the prior.
      const double gap =
          LogNormal(known, prior * prior) -
          LogNormal(known - data.MeanAt(top), data.VarianceAt(top));
      EXPECT_NEAR(log_density[i] - gap,
                  LogNormal(points[i] - data.MeanAt(low), data.VarianceAt(low)),
                  3e-4)
          << name;
    }
  }
}

TEST(Flow, DensityOfAMixtureIsItsOwnAndIntegratesToOne) {
  for (const char* name : {"cosine", "straight", "ve"}) {
    const Choice<Path> path(name);
    const auto denoiser = Mixture(*path, kTwo, kPlain1);
    // From where next to nothing lies to where it does again: then the sum
    // over even points is off by less than any tolerance here.
    constexpr int kPoints = 240;
    constexpr double kEnd = 2.6;
    std::vector<float> points;
    for (int i = 0; i < kPoints; ++i) {
      points.push_back(static_cast<float>(-kEnd + 2 * kEnd * i / kPoints));
    }
    Flow flow(*Fine(), *path, *denoiser, Way::kToNoise, points, FlowTrace{});
    Finish(flow);
    const std::vector<double> found = flow.LogDensity(kPlain1);
    const std::vector<float> noise = flow.points();
    std::vector<double> known(points.size()), at_end(points.size());
    denoiser->density()->LogDensity(path->t_min, points, known);
    denoiser->density()->LogDensity(path->t_max, noise, at_end);
    double sum = 0;
    for (size_t i = 0; i < points.size(); ++i) {
      sum += std::exp(found[i]) * 2 * kEnd / kPoints;
      // But for the law at the end, which is not quite the prior. The slope of
      // the density's logarithm is up to 50 here, and what it multiplies is in
      // error by some 30 steps of 1e-6.
      const double gap =
          LogNormal(noise[i], path->PriorStd() * path->PriorStd()) - at_end[i];
      EXPECT_NEAR(found[i] - gap, known[i], 1.5e-3) << name << points[i];
    }
    EXPECT_NEAR(sum, 1, 2e-4) << name;
  }
}

TEST(Flow, DensityIsInDataUnits) {
  // The same law in the model's units whatever the data's.
  const Choice<Path> path("cosine");
  const auto denoiser = Mixture(*path, kTilted, kPlain2);
  const std::vector<float> points = {0.3f, -0.2f};
  const double plain =
      LogDensityOf(*Fine(), *path, *denoiser, points, kPlain2)[0];
  const double scaled =
      LogDensityOf(*Fine(), *path, *denoiser, points, {{5, -7}, {10, 0.5}})[0];
  EXPECT_NEAR(scaled, plain - std::log(10 * 0.5), 1e-12);
}

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

struct Scheme {
  const char* method;
  double order;
  // Of the way there and back: the leading errors of a step and of the step
  // back have the signs of h^(p + 1) and (-h)^(p + 1), so that they cancel for
  // even orders.
  double round_trip;
  std::vector<int> steps;
};
const Scheme kSchemes[] = {{"euler", 1, 1, {40, 80, 160, 320}},
                           {"heun", 2, 3, {12, 17, 24, 34, 48}},
                           {"midpoint", 2, 3, {12, 17, 24, 34, 48}},
                           {"rk4", 4, 5, {8, 10, 12, 14, 16}}};

// Where the path's slopes are moderate.
const Choice<Path>& Moderate() {
  static const Choice<Path> path =
      MakePath("cosine", R"({"t_min":0.05,"t_max":0.95})");
  return path;
}

TEST(Flow, ErrorsFallAtTheOrderOfTheScheme) {
  const Path& path = *Moderate();
  const GaussianData data;
  const auto denoiser = Mixture(path, kNormal, kPlain1);
  const std::vector<float> points = {-1, 0.2f, 1, 2.5};
  const Coefficients low = path.At(0.05), top = path.At(0.95);
  const double stretch =
      0.5 * std::log(data.VarianceAt(top) / data.VarianceAt(low));
  for (const Scheme& scheme : kSchemes) {
    std::vector<double> map_errors, density_errors, trip_errors;
    for (const int steps : scheme.steps) {
      const auto sampler =
          MakeSampler("ode", "{\"method\":\"" + std::string(scheme.method) +
                                 "\",\"steps\":" + std::to_string(steps) + "}");
      const std::vector<float> noise =
          Follow(*sampler, path, *denoiser, Way::kToNoise, points);
      const std::vector<float> back =
          Follow(*sampler, path, *denoiser, Way::kToData, noise);
      const std::vector<double> log_density =
          LogDensityOf(*sampler, path, *denoiser, points, kPlain1);
      double map = 0, density = 0, trip = 0;
      for (size_t i = 0; i < points.size(); ++i) {
        const double known = data.Flow(low, top, points[i]);
        map = std::max(map, std::fabs(noise[i] - known));
        density = std::max(
            density, std::fabs(log_density[i] - LogNormal(known, 1) - stretch));
        trip += (back[i] - points[i]) * (back[i] - points[i]);
      }
      map_errors.push_back(map);
      density_errors.push_back(density);
      trip_errors.push_back(std::sqrt(trip / 4));
    }
    // As in order_test.cc: the next order bends the line a little, and so does
    // rounding.
    constexpr double kTolerance = 0.35;
    EXPECT_NEAR(Slope(scheme.steps, map_errors), scheme.order, kTolerance)
        << scheme.method << ' ' << testing::PrintToString(map_errors);
    EXPECT_NEAR(Slope(scheme.steps, density_errors), scheme.order, kTolerance)
        << scheme.method << ' ' << testing::PrintToString(density_errors);
    EXPECT_NEAR(Slope(scheme.steps, trip_errors), scheme.round_trip, kTolerance)
        << scheme.method << ' ' << testing::PrintToString(trip_errors);
  }
}

TEST(Flow, ThereAndBackIsWhereItBegan) {
  for (const char* name : kPaths) {
    const Choice<Path> path(name);
    const auto denoiser = Mixture(*path, kTwo, kPlain1);
    const std::vector<float> points = {-1.3f, -1, 0.4f, 0.7f, 0.9f};
    const std::vector<float> back =
        Follow(*Fine(), *path, *denoiser, Way::kToData,
               Follow(*Fine(), *path, *denoiser, Way::kToNoise, points));
    for (size_t i = 0; i < points.size(); ++i) {
      // Some 30 steps there and back, each in error by 1e-6 of what is moved;
      // from noise to the edge of a cloud errors grow up to fivefold.
      EXPECT_NEAR(back[i], points[i], 3e-4) << name;
    }
  }
}

// Steps are the same for all probes of a fixed grid, and so is the way: the
// integral is v' M v with M that of the Jacobian.
TEST(Flow, EstimatesAreUnbiasedAndTheirProbesStay) {
  const Path& path = *Moderate();
  const auto denoiser = Mixture(path, kTilted, kPlain2);
  const auto sampler = MakeSampler("ode", R"({"method":"rk4","steps":40})");
  constexpr size_t kCopies = 4000;
  std::vector<float> points;
  for (size_t i = 0; i < kCopies; ++i) {
    points.insert(points.end(), {0.4f, -0.3f});
  }
  const double exact =
      LogDensityOf(*sampler, path, *denoiser, {0.4f, -0.3f}, kPlain2)[0];
  // Of the covariance's own axes, (1, 1) and (1, -1).
  const Coefficients low = path.At(0.05), top = path.At(0.95);
  const auto grown = [&](double variance) {
    const auto at = [&](const Coefficients& c) {
      return c.alpha * c.alpha * variance + c.sigma * c.sigma;
    };
    return 0.5 * std::log(at(top) / at(low));
  };
  const double along = grown(0.9), across = grown(0.1);
  const std::vector<double> m = {0.5 * (along + across), 0.5 * (along - across),
                                 0.5 * (along - across),
                                 0.5 * (along + across)};
  for (const TraceProbe law :
       {TraceProbe::kGaussian, TraceProbe::kRademacher}) {
    for (const int64_t probes : {1, 4}) {
      const FlowTrace trace{law, probes, KeyFromSeed(8), 0};
      const Estimate found = MeanOf(
          LogDensityOf(*sampler, path, *denoiser, points, kPlain2, trace));
      EXPECT_NEAR(found.value, exact, 4 * found.std_error) << probes;
      // A single one's variance; if the probes changed on the way, it would be
      // much less. That of the variance: with a fourth moment of up to 15
      // times its square, four deviations of the mean of 4,000 are a fifth.
      const double variance = TraceVariance(law, 2, m);
      EXPECT_NEAR(found.std_error * found.std_error * kCopies *
                      static_cast<double>(probes),
                  variance, 0.25 * variance)
          << probes;
    }
  }
}

TEST(Flow, OnTheLineSignsAreExact) {
  const Choice<Path> path("cosine");
  const auto denoiser = Mixture(*path, kTwo, kPlain1);
  const std::vector<float> points = {-1.1f, 0.3f};
  const FlowTrace signs{TraceProbe::kRademacher, 2, KeyFromSeed(1), 0};
  EXPECT_EQ(LogDensityOf(*Fine(), *path, *denoiser, points, kPlain1, signs),
            LogDensityOf(*Fine(), *path, *denoiser, points, kPlain1));
}

TEST(Flow, EveryParticleGoesByItselfWithItsOwnProbes) {
  const Choice<Path> path("cosine");
  Pool three(ThreadsUpTo(3));
  const auto alone = Mixture(*path, kTilted, kPlain2);
  const auto threaded = Mixture(*path, kTilted, kPlain2, three);
  std::vector<float> points(2 * 200);
  FillNormal(KeyFromSeed(3), 0, points);
  for (const char* name : {"dopri5", "ode"}) {
    const auto sampler = MakeSampler(name);
    for (const auto& estimate :
         {std::optional<TraceProbe>(), std::optional(TraceProbe::kGaussian)}) {
      FlowTrace trace{estimate, 3, KeyFromSeed(4), 1000};
      const std::vector<double> whole =
          LogDensityOf(*sampler, *path, *threaded, points, kPlain2, trace);
      for (const size_t i : {size_t{0}, size_t{77}, size_t{199}}) {
        trace.first = 1000 + i;
        const std::vector<float> point(&points[2 * i], &points[2 * i] + 2);
        EXPECT_EQ(
            LogDensityOf(*sampler, *path, *alone, point, kPlain2, trace)[0],
            whole[i])
            << name << i;
      }
    }
  }
}

// Where a slope is infinite the steps there need none, nor does the integral.
TEST(Flow, CrossesInfiniteSlopes) {
  Choice<Path> path("linear_beta");
  path->t_min = 0;
  ASSERT_FALSE(std::isfinite(path->At(0).d_sigma));
  const GaussianData data;
  const auto denoiser = Mixture(*path, kNormal, kPlain1);
  const Coefficients low = path->At(0), top = path->At(path->t_max);
  const std::vector<float> points = {0.2f};
  const double known =
      LogNormal(data.Flow(low, top, 0.2f), 1) +
      0.5 * std::log(data.VarianceAt(top) / data.VarianceAt(low));
  // What is left to one step is a millionth of a grid's gap. Up to t = 1e-6,
  // where no path may begin by its fields, the posterior's covariance differs
  // from that of no data by less than double precision tells, so that its
  // integral is off by some 1e-4.
  EXPECT_NEAR(LogDensityOf(*Fine(), *path, *denoiser, points, kPlain1)[0],
              known, 3e-4);
  // And here a thousandth of the way, where variances grow by 3e-4.
  const auto fixed = MakeSampler("ode", R"({"method":"rk4","steps":1000})");
  EXPECT_NEAR(LogDensityOf(*fixed, *path, *denoiser, points, kPlain1)[0], known,
              1e-3);
  const std::vector<float> back =
      Follow(*Fine(), *path, *denoiser, Way::kToData,
             Follow(*Fine(), *path, *denoiser, Way::kToNoise, points));
  EXPECT_NEAR(back[0], points[0], 1e-4);
  // One step of a method that asks at both ends is DDIM's: to E[x0 | xt].
  const auto one = MakeSampler("ode", R"({"method":"heun","steps":1})");
  EXPECT_NEAR(Follow(*one, *path, *denoiser, Way::kToData, {0.7f})[0],
              data.DataAt(top, 0.7f), 1e-6);
}

TEST(Flow, CountsItsQuestions) {
  const Choice<Path> path("cosine");
  const auto denoiser = Mixture(*path, kNormal, kPlain1);
  const auto sampler = MakeSampler("ode", R"({"method":"heun","steps":7})");
  Flow flow(*sampler, *path, *denoiser, Way::kToNoise,
            std::vector<float>{0, 1, 2}, FlowTrace{});
  Finish(flow);
  EXPECT_EQ(flow.evaluations(), 14);
}

TEST(Flow, KnowsWhoFollowsIt) {
  EXPECT_EQ(FlowSamplers(), (std::vector<std::string_view>{"ode", "dopri5"}));
}

TEST(Flow, RefusesWhatItCannotFollow) {
  const Choice<Path> path("cosine");
  const std::vector<float> points = {0, 1};
  GaussianDataDenoiser plain(*path, {});
  EXPECT_THROW(Flow(*MakeSampler("ddim"), *path, plain, Way::kToNoise, points),
               UsageError);
  EXPECT_THROW(Flow(*Fine(), *path, plain, Way::kToNoise, points, FlowTrace{}),
               UsageError);
  EXPECT_THROW(Flow(*Fine(), *path, plain, Way::kToNoise, {}), UsageError);
  Flow back(*Fine(), *path, plain, Way::kToData, points);
  Finish(back);
  EXPECT_THROW(back.LogDensity(kPlain1), UsageError);
}

TEST(Flow, SaysWhenItCannotGoOn) {
  // dx/dt = 5 x^2: infinite after 0.2 of time.
  class Exploding final : public Denoiser {
   public:
    int dim() const override { return 1; }
    Density* density() override { return nullptr; }
    JacobianTrace* jacobian_trace() override { return nullptr; }
    void PredictAt(std::span<const double>, std::span<const float> xt,
                   Prediction out) override {
      out.data[0] = 0;
      out.noise[0] = 5 * xt[0] * xt[0];
    }
  } exploding;
  const Choice<Path> path("straight");
  Flow flow(*MakeSampler("dopri5", R"({"max_steps":100000})"), *path, exploding,
            Way::kToNoise, std::vector<float>{1});
  while (flow.Step()) {
  }
  EXPECT_FALSE(flow.done());
  EXPECT_EQ(flow.outcome(), Outcome::kStepTooSmall);
}

}  // namespace
}  // namespace unnoise
