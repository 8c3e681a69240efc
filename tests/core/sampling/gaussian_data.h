// Data N(mean, spread^2) in one dimension, on which every sampler's transition
// is affine: the denoiser, the flow in closed form, and what one journey of a
// sampler does to a point.

#ifndef UNNOISE_TESTS_SAMPLING_GAUSSIAN_DATA_H_
#define UNNOISE_TESTS_SAMPLING_GAUSSIAN_DATA_H_

#include <gtest/gtest.h>

#include <cmath>
#include <string_view>
#include <vector>

#include "core/base/config.h"
#include "core/sampling/sampler.h"

namespace unnoise {

struct GaussianData {
  double mean = 1;
  double spread = 0.5;

  double MeanAt(const Coefficients& at) const { return at.alpha * mean; }
  double VarianceAt(const Coefficients& at) const {
    return at.alpha * at.alpha * spread * spread + at.sigma * at.sigma;
  }
  // E[x0 | x], by conditioning a normal pair.
  double DataAt(const Coefficients& at, double x) const {
    return mean +
           at.alpha * spread * spread / VarianceAt(at) * (x - MeanAt(at));
  }
  // E[eps | x]
  double NoiseAt(const Coefficients& at, double x) const {
    return at.sigma / VarianceAt(at) * (x - MeanAt(at));
  }
  // Where the probability flow takes x: it keeps (x - mean) / deviation.
  double Flow(const Coefficients& t, const Coefficients& s, double x) const {
    return MeanAt(s) +
           std::sqrt(VarianceAt(s) / VarianceAt(t)) * (x - MeanAt(t));
  }
};

class GaussianDataDenoiser final : public Denoiser, public Density {
 public:
  GaussianDataDenoiser(const Path& path, const GaussianData& data, int dim = 1)
      : path_(path), data_(data), dim_(dim) {}
  int dim() const override { return dim_; }
  Density* density() override { return this; }
  JacobianTrace* jacobian_trace() override { return nullptr; }
  void LogDensity(double t, std::span<const float> xt,
                  std::span<double> log_density) override {
    const Coefficients at = path_.At(t);
    const double variance = data_.VarianceAt(at);
    const size_t dim = static_cast<size_t>(dim_);
    for (size_t i = 0; i < log_density.size(); ++i) {
      log_density[i] = -0.5 * dim_ * std::log(2 * M_PI * variance);
      for (size_t k = i * dim; k < (i + 1) * dim; ++k) {
        const double off = xt[k] - data_.MeanAt(at);
        log_density[i] -= 0.5 * off * off / variance;
      }
    }
  }
  void PredictAt(std::span<const double> t, std::span<const float> xt,
                 Prediction out) override {
    Coefficients at = path_.At(t[0]);
    for (size_t i = 0; i < xt.size(); ++i) {
      if (t.size() > 1) at = path_.At(t[i / static_cast<size_t>(dim_)]);
      out.data[i] = static_cast<float>(data_.DataAt(at, xt[i]));
      out.noise[i] = static_cast<float>(data_.NoiseAt(at, xt[i]));
    }
  }

 private:
  const Path& path_;
  GaussianData data_;
  int dim_;
};

inline Choice<Sampler> MakeSampler(std::string_view name,
                                   std::string_view fields = "{}") {
  Choice<Sampler> sampler(name);
  EXPECT_EQ(ToText(FromJson(*ParseJson(fields, ""), *sampler)), "");
  return sampler;
}

inline std::vector<Coefficients> Along(const Path& path,
                                       const std::vector<double>& grid) {
  std::vector<Coefficients> at;
  for (const double t : grid) at.push_back(path.At(t));
  return at;
}

// What a journey makes of the points x, without fresh noise.
inline std::vector<float> Mean(const Sampler& sampler, const Path& path,
                               const std::vector<double>& grid,
                               Denoiser& denoiser, std::vector<float> x) {
  const std::vector<Coefficients> at = Along(path, grid);
  const auto stepper =
      sampler.Start({path, grid, at, denoiser, std::ssize(x) / denoiser.dim()});
  for (int64_t from = std::ssize(grid) - 1; from > 0; --from) {
    const FreshNoise fresh{{}, 0, denoiser.dim(), true};
    EXPECT_EQ(stepper->Step(from, x, fresh), Outcome::kGood);
  }
  return x;
}

struct Law {
  double mean;
  double variance;
};

// The law of the samples from a start of normal law, as the sampler itself
// makes it: each transition is an affine map, known from two points, and what
// its draws add is told apart by muting them. For samplers that remember
// nothing. In float arithmetic: a transition is off by some 1e-7.
inline Law LawOf(const Sampler& sampler, const Path& path,
                 const std::vector<double>& grid, const GaussianData& data,
                 Law law) {
  const std::vector<Coefficients> at = Along(path, grid);
  GaussianDataDenoiser denoiser(path, data);
  const auto stepper = sampler.Start({path, grid, at, denoiser, 2});
  FreshNoise fresh{KeyFromSeed(3), 0, 1};
  std::vector<float> draws(2);
  fresh.Normal(draws);
  for (int64_t from = std::ssize(grid) - 1; from > 0; --from) {
    std::vector<float> mean = {0, 1}, drawn = {0, 1};
    fresh.muted = true;
    stepper->Step(from, mean, fresh);
    fresh.muted = false;
    stepper->Step(from, drawn, fresh);
    const double slope = static_cast<double>(mean[1]) - mean[0];
    const double added = (static_cast<double>(drawn[0]) - mean[0]) / draws[0];
    law = {mean[0] + slope * law.mean,
           slope * slope * law.variance + added * added};
  }
  return law;
}

}  // namespace unnoise

#endif  // UNNOISE_TESTS_SAMPLING_GAUSSIAN_DATA_H_
