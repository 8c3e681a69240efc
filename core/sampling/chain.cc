// The reverse of the noising chain, one question a step: one final class and
// one row each.

#include <cmath>

#include "core/base/exact_math.h"
#include "core/sampling/rows.h"
#include "core/sampling/stages.h"

namespace unnoise {
namespace {

// Draws xs from its law given xt and the predicted data: the reverse of the
// noising chain, one transition at a time.
class Ddpm final : public OneStepSampler {
 public:
  void Visit(Visitor& v) override {
    static constexpr std::string_view kOptions[] = {"beta", "posterior",
                                                    "interpolated"};
    VisitSteps(v);
    v.Option(
        {"variance",
         "How much fresh noise each step adds: beta, what the noising step "
         "added, or posterior (beta tilde), what is left to chance once the "
         "data are known; interpolated lies between. With few steps beta "
         "scatters samples too widely and posterior too narrowly; with many "
         "steps they agree.",
         "Ho, Jain, Abbeel 2020, section 3.2"},
        kOptions, variance_);
    v.Real({"weight",
            "Where the interpolated variance lies on a logarithmic scale: 0 "
            "posterior, 1 beta. Other variances do not use it.",
            "Nichol and Dhariwal 2021, eq. 15"},
           {0, 1}, weight_);
  }

  Update Between(const Coefficients& t, const Coefficients& s) const override {
    const Transition step = TransitionBetween(t, s);
    return {.xt_weight = step.mean_xt,
            .data_weight = step.mean_x0,
            .noise_weight = 0,
            .deviation = std::sqrt(VarianceOf(step))};
  }

 private:
  enum Variance { kBeta, kPosterior, kInterpolated };

  double VarianceOf(const Transition& step) const {
    if (variance_ == kBeta) return step.step_variance;
    if (variance_ == kPosterior) return step.variance;
    // beta^weight tilde^(1 - weight), with tilde a fraction of beta.
    const double fraction = step.variance / step.step_variance;
    if (!(fraction > 0)) return weight_ < 1 ? 0 : step.step_variance;
    return step.step_variance *
           exact::Exp((1 - weight_) * exact::Log(fraction));
  }

  int variance_ = kPosterior;
  double weight_ = 0.5;
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
    return DdimUpdate(t, s, eta_);
  }

 private:
  double eta_ = 0;
};

constexpr Row<Sampler> kRows[] = {
    MakeRow<Sampler, Ddpm>(
        "ddpm", "DDPM",
        "Undoes the noising step by step, with fresh noise in each. Wants many "
        "steps. Ho, Jain, Abbeel 2020; with the posterior variance, on any "
        "grid, the ancestral step of Kingma et al. 2021."),
    MakeRow<Sampler, Ddim>(
        "ddim", "DDIM",
        "Follows the predicted noise back to the data, in few steps and, if "
        "you like, without any chance. Song, Meng, Ermon 2021."),
};

}  // namespace

std::span<const Row<Sampler>> ChainSamplers() { return kRows; }

}  // namespace unnoise
