// Predictor and corrector where its transitions are not affine, and what the
// corrections are for. Its transition is in textbook_test.cc.

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/base/pool.h"
#include "core/data/mixture_world.h"
#include "core/sampling/sampling.h"
#include "core/sampling/world_denoiser.h"
#include "tests/core/sampling/gaussian_data.h"

namespace unnoise {
namespace {

struct Ends {
  double right, mean, variance;
};

Ends EndsOf(const Sampler& sampler, const Path& path, Denoiser& denoiser,
            int64_t count) {
  Sampling sampling(sampler, path, denoiser, KeyFromSeed(12), 0, count);
  while (sampling.Step()) {
  }
  EXPECT_EQ(sampling.outcome(), Outcome::kGood);
  Ends ends{0, 0, 0};
  const double n = static_cast<double>(count);
  for (const float x : sampling.particles()) {
    ends.right += (x > 0) / n;
    ends.mean += x / n;
    ends.variance += double{x} * x / n;
  }
  ends.variance -= ends.mean * ends.mean;
  return ends;
}

// 0.6 N(2, 0.25) and 0.4 N(-2, 0.04): both paths end in the weights, mean and
// variance of the mixture, where Langevin's steps near the data never cross
// between the modes: from N(0, 1) about half of the points go either way.
TEST(PredictorCorrector, FindsTheWeightsOfTheModes) {
  constexpr int64_t kCount = 10000;
  Pool pool(1);
  const auto law = [] {
    return MakeWorld(NormalMixture{.dim = 1,
                                   .weights = {0.6, 0.4},
                                   .means = {2, -2},
                                   .covariances = {0.25, 0.04}});
  };
  // Moments of the mixture: 0.4 and 0.166 + 4 - 0.16.
  const double mean = 0.4, variance = 4.006;
  for (const char* name : {"cosine", "ve"}) {
    const Choice<Path> path(name);
    const auto denoiser = MakeWorldDenoiser(law(), *path, pool);
    for (const char* predictor : {"reverse_diffusion", "ancestral"}) {
      const auto sampler = MakeSampler(
          "predictor_corrector",
          std::string(R"({"steps":200,"corrections":2,"predictor":")") +
              predictor + "\"}");
      const Ends ends = EndsOf(*sampler, *path, *denoiser, kCount);
      // Four standard errors, and what 200 steps are off by: some 1 / 200.
      EXPECT_NEAR(ends.right, 0.6, 4 * std::sqrt(0.24 / kCount) + 0.005)
          << name << predictor;
      EXPECT_NEAR(ends.mean, mean, 4 * std::sqrt(variance / kCount) + 0.02)
          << name << predictor;
      // E (x - mean)^4 is 19.9: a standard error of 0.02.
      EXPECT_NEAR(ends.variance, variance, 0.08 + 0.02) << name << predictor;
    }
  }
  const Choice<Path> path("cosine");
  const auto denoiser = MakeWorldDenoiser(law(), *path, pool);
  const Ends plain =
      EndsOf(*MakeSampler("ula", R"({"unit":"data","t":0.01,"step":0.005})"),
             *path, *denoiser, kCount);
  // The part of N(0, 1) on the right of the antimode, -0.82, is 0.79.
  EXPECT_NEAR(plain.right, 0.79, 0.04);
}

// Few steps of the reverse equation leave a law of wrong width; Langevin's
// steps at each level take most of that away.
// Source: Song et al. 2021, section 4.2.
TEST(PredictorCorrector, CorrectionsTakeAwayWhatThePredictorLeaves) {
  constexpr int64_t kCount = 40000;
  for (const char* name : {"cosine", "ve"}) {
    Choice<Path> path(name);
    path->t_min = 0.05;
    const GaussianData data;
    GaussianDataDenoiser denoiser(*path, data);
    const double known = data.VarianceAt(path->At(path->t_min));
    const auto off = [&](int corrections) {
      const auto sampler = MakeSampler(
          "predictor_corrector",
          R"({"grid":{"kind":"log_snr"},"steps":12,"snr":0.3,"corrections":)" +
              std::to_string(corrections) + "}");
      return std::fabs(EndsOf(*sampler, *path, denoiser, kCount).variance -
                       known);
    };
    EXPECT_GT(off(0), 3 * off(20)) << name << off(0) << ' ' << off(20);
  }
}

}  // namespace
}  // namespace unnoise
