// The table of samplers, and those of one question a step: one final class and
// one row each.

#include <algorithm>
#include <cmath>

#include "core/sampling/sampler.h"

namespace unnoise {
namespace {

// Draws xs from its law given xt and the predicted data: the reverse of the
// noising chain, one transition at a time.
class Ddpm final : public OneStepSampler {
 public:
  void Visit(Visitor& v) override {
    static constexpr std::string_view kOptions[] = {"beta", "posterior"};
    VisitSteps(v);
    v.Option(
        {"variance",
         "How much fresh noise each step adds: beta, what the noising step "
         "added, or posterior (beta tilde), what is left to chance once the "
         "data are known. With few steps beta scatters samples too widely and "
         "posterior too narrowly; with many steps they agree.",
         "Ho, Jain, Abbeel 2020, section 3.2"},
        kOptions, variance_);
  }

  Update Between(const Coefficients& t, const Coefficients& s) const override {
    const Transition step = TransitionBetween(t, s);
    return {.xt_weight = step.mean_xt,
            .data_weight = step.mean_x0,
            .noise_weight = 0,
            .deviation = std::sqrt(variance_ == kBeta ? step.step_variance
                                                      : step.variance)};
  }

 private:
  enum Variance { kBeta, kPosterior };
  int variance_ = kPosterior;
};

// Moves along the predicted noise, and puts a part of it anew. With eta = 0 the
// start decides everything; with eta = 1 it is Ddpm with posterior variance.
class Ddim final : public OneStepSampler {
 public:
  void Visit(Visitor& v) override {
    VisitSteps(v);
    v.Real({"eta",
            "How much fresh noise each step adds: 0 none, so that the same "
            "start always ends in the same sample, 1 as much as ddpm.",
            "Song, Meng, Ermon 2021, eq. 16"},
           {0, 1}, eta_);
  }

  Update Between(const Coefficients& t, const Coefficients& s) const override {
    const double deviation = eta_ * std::sqrt(TransitionBetween(t, s).variance);
    const double kept =
        std::max(0.0, (s.sigma - deviation) * (s.sigma + deviation));
    return {.xt_weight = 0,
            .data_weight = s.alpha,
            .noise_weight = std::sqrt(kept),
            .deviation = deviation};
  }

 private:
  double eta_ = 0;
};

constexpr Row<Sampler> kRows[] = {
    MakeRow<Sampler, Ddpm>(
        "ddpm", "DDPM",
        "Undoes the noising step by step, with fresh noise in each. Wants many "
        "steps. Ho, Jain, Abbeel 2020."),
    MakeRow<Sampler, Ddim>(
        "ddim", "DDIM",
        "Follows the predicted noise back to the data, in few steps and, if "
        "you like, without any chance. Song, Meng, Ermon 2021."),
};

}  // namespace

template <>
std::span<const Row<Sampler>> Rows<Sampler>() {
  return kRows;
}

}  // namespace unnoise
