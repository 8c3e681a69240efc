// Samplers as weights: on Gaussian data every transition is affine, so that the
// law of the samples is known to rounding, without Monte Carlo.

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

#include "core/base/config.h"
#include "core/sampling/stages.h"

namespace unnoise {
namespace {

Choice<Sampler> Make(std::string_view name, std::string_view fields = "{}") {
  Choice<Sampler> sampler(name);
  EXPECT_EQ(ToText(FromJson(*ParseJson(fields, ""), *sampler)), "");
  return sampler;
}

// The transition of a sampler that is nothing but such transitions.
Update Between(const Sampler& sampler, const Coefficients& t,
               const Coefficients& s) {
  return dynamic_cast<const OneStepSampler&>(sampler).Between(t, s);
}

struct Law {
  double mean;
  double variance;
};

// The law of the samples for data N(data.mean, data.variance), the exact
// denoiser and a standard normal start, on a path given at grid points.
Law LawOfSamples(const Sampler& sampler, const std::vector<Coefficients>& path,
                 Law data) {
  Law law{0, 1};
  for (size_t i = path.size() - 1; i > 0; --i) {
    const Coefficients& t = path[i];
    const Update u = Between(sampler, t, path[i - 1]);
    // E[x0 | xt] = gain xt + offset; the noise is what is left of xt.
    const double gain = t.alpha * data.variance /
                        (t.alpha * t.alpha * data.variance + t.sigma * t.sigma);
    const double offset = data.mean * (1 - gain * t.alpha);
    const double slope = u.xt_weight + u.data_weight * gain +
                         u.noise_weight * (1 - t.alpha * gain) / t.sigma;
    const double shift =
        u.data_weight * offset - u.noise_weight * t.alpha * offset / t.sigma;
    law.mean = slope * law.mean + shift;
    law.variance = slope * slope * law.variance + u.deviation * u.deviation;
  }
  return law;
}

// Rates evenly from 0.1 / T to min(20 / T, 0.999) over T steps, from clean
// data.
std::vector<Coefficients> LinearSteps(int steps) {
  std::vector<Coefficients> path = {{1, 0, 0, 0}};
  const double first = 0.1 / steps, last = std::min(20.0 / steps, 0.999);
  double kept = 1;
  for (int i = 0; i < steps; ++i) {
    kept *= 1 - (first + (last - first) * i / (steps - 1));
    path.push_back({std::sqrt(kept), std::sqrt(1 - kept), 0, 0});
  }
  return path;
}

TEST(SamplerTest, DdpmReproducesKnownVariances) {
  struct Known {
    double data;
    int steps;
    double posterior;
    double beta;
  };
  // Computed independently to four decimals. Fresh noise comes with the last
  // transition too; beta tilde is zero there.
  for (const Known& known : std::vector<Known>{{1, 10, 0.5858, 1},
                                               {1, 50, 0.8536, 1},
                                               {1, 100, 0.9208, 1},
                                               {1, 1000, 0.9911, 1},
                                               {0.25, 10, 0.1222, 0.3322},
                                               {0.25, 50, 0.1966, 0.2682},
                                               {0.25, 100, 0.2192, 0.2588},
                                               {0.25, 1000, 0.2461, 0.2509}}) {
    const auto path = LinearSteps(known.steps);
    for (const auto& [fields, variance] :
         {std::pair{R"({"variance":"posterior"})", known.posterior},
          {R"({"variance":"beta"})", known.beta}}) {
      const Law law =
          LawOfSamples(*Make("ddpm", fields), path, {1, known.data});
      // The start is N(0, 1) rather than what the chain ends in, N(0.0064, 1).
      EXPECT_NEAR(law.mean, 1, 1e-4) << known.steps;
      EXPECT_NEAR(law.variance, variance, 5e-5 + 1e-9) << known.steps << fields;
    }
  }
}

TEST(SamplerTest, DdimReproducesKnownFactors) {
  // alpha = cos(angle), evenly up to 0.98 of a right angle; data N(0, 1/4).
  // Computed independently to four decimals; the limit is 0.50019.
  for (const auto& [steps, factor] :
       {std::pair{10, 0.4298}, {50, 0.4853}, {1000, 0.4994}}) {
    std::vector<Coefficients> path;
    for (int i = 0; i <= steps; ++i) {
      const double angle = 0.98 * std::acos(0.0) * i / steps;
      path.push_back({std::cos(angle), std::sin(angle), 0, 0});
    }
    const Law law = LawOfSamples(*Make("ddim"), path, {0, 0.25});
    EXPECT_NEAR(std::sqrt(law.variance), factor, 5e-5) << steps;
  }
}

// x alpha_s / alpha_t + (sigma_s - sigma_t alpha_s / alpha_t) eps is the same.
// From alpha 0.5 to 0.9 with x = 1.1 and eps = 0.3, computed independently to
// nine digits.
TEST(SamplerTest, DdimHasTwoForms) {
  const Coefficients t{0.5, std::sqrt(0.75), 0, 0};
  const Coefficients s{0.9, std::sqrt(0.19), 0, 0};
  const Update u = Between(*Make("ddim"), t, s);
  constexpr double kX = 1.1, kNoise = 0.3;
  const double data = (kX - t.sigma * kNoise) / t.alpha;
  const double first =
      u.xt_weight * kX + u.data_weight * data + u.noise_weight * kNoise;
  const double ratio = s.alpha / t.alpha;
  const double second = ratio * kX + (s.sigma - t.sigma * ratio) * kNoise;
  EXPECT_NEAR(first, second, 16 * 2.3e-16);
  EXPECT_NEAR(first, 1.64311325, 5e-9);
}

TEST(SamplerTest, DdimConvergesAtFirstOrder) {
  const auto error = [](int steps) {
    const Choice<Path> path("linear_beta");
    std::vector<Coefficients> at;
    for (const double t : UniformGrid(*path, steps)) at.push_back(path->At(t));
    const Law law = LawOfSamples(*Make("ddim"), at, {0, 0.25});
    const auto spread = [](const Coefficients& c) {
      return std::sqrt(0.25 * c.alpha * c.alpha + c.sigma * c.sigma);
    };
    return std::sqrt(law.variance) - spread(at.front()) / spread(at.back());
  };
  // Twice the steps, half the error: the next order is 1 / steps of it.
  EXPECT_NEAR(error(400) / error(800), 2, 0.05);
}

TEST(SamplerTest, DdpmIsDdimWithAllItsNoise) {
  const Choice<Sampler> ddpm = Make("ddpm");
  const Choice<Sampler> ddim = Make("ddim", R"({"eta":1})");
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    for (const int64_t steps : {1, 3, 50, 1000}) {
      const std::vector<double> grid = UniformGrid(*path, steps);
      for (int64_t i = 1; i <= steps; ++i) {
        const Coefficients t = path->At(grid[i]), s = path->At(grid[i - 1]);
        const Update a = Between(*ddpm, t, s), b = Between(*ddim, t, s);
        // xt = alpha data + sigma noise takes xt out of the first.
        const double data = a.data_weight + a.xt_weight * t.alpha;
        const double noise = a.noise_weight + a.xt_weight * t.sigma;
        // sqrt(sigma_s^2 - deviation^2) loses up to half of the digits where
        // the two are equal, as they are for one long step.
        EXPECT_NEAR(data, b.data_weight, 1e-14) << row.name;
        EXPECT_NEAR(noise, b.noise_weight, 1e-12) << row.name;
        EXPECT_EQ(a.deviation, b.deviation) << row.name;
      }
    }
  }
}

TEST(SamplerTest, EveryTransitionKeepsTheNoisedLawOfOneDataPoint) {
  // If the denoiser is right about a single point, xs has the law of the path
  // at s, N(alpha_s x0, sigma_s^2): the definition of a right transition. It
  // does not hold for the variance beta, which is too large here.
  const std::pair<const char*, const char*> right[] = {
      {"ddpm", "{}"},
      {"ddim", "{}"},
      {"ddim", R"({"eta":0.3})"},
      {"ddim", R"({"eta":1})"}};
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    for (const auto& [name, fields] : right) {
      const Choice<Sampler> sampler = Make(name, fields);
      for (const auto& [s_time, t_time] :
           {std::pair{0.001, 0.002}, {0.1, 0.5}, {0.5, 0.999}, {0.0, 0.7}}) {
        const Coefficients s = path->At(s_time), t = path->At(t_time);
        const Update u = Between(*sampler, t, s);
        const double x0 = u.data_weight + u.xt_weight * t.alpha;
        const double eps = u.noise_weight + u.xt_weight * t.sigma;
        EXPECT_NEAR(x0, s.alpha, 1e-14) << row.name << name << fields;
        EXPECT_NEAR(eps * eps + u.deviation * u.deviation, s.sigma * s.sigma,
                    1e-14)
            << row.name << name << fields;
      }
    }
  }
}

TEST(SamplerTest, BetaAddsWhatTheNoisingStepAdded) {
  const Choice<Path> path("cosine");
  const Coefficients s = path->At(0.4), t = path->At(0.5);
  const Update u = Between(*Make("ddpm", R"({"variance":"beta"})"), t, s);
  const double beta =
      1 - t.alpha * t.alpha / (s.alpha * s.alpha);  // variance preserving
  EXPECT_NEAR(u.deviation, std::sqrt(beta), 1e-15);
  EXPECT_EQ(u.xt_weight, Between(*Make("ddpm"), t, s).xt_weight);
}

TEST(SamplerTest, EtaIsAFractionOfTheNoise) {
  const Choice<Path> path("straight");
  const Coefficients s = path->At(0.4), t = path->At(0.5);
  EXPECT_EQ(Between(*Make("ddim"), t, s).deviation, 0);
  EXPECT_DOUBLE_EQ(
      Between(*Make("ddim", R"({"eta":0.25})"), t, s).deviation,
      0.25 * Between(*Make("ddim", R"({"eta":1})"), t, s).deviation);
}

}  // namespace
}  // namespace unnoise
