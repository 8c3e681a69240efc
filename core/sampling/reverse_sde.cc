// Euler-Maruyama steps of the reverse of the noising equation, and of the
// family between it and the probability-flow ODE.

#include <cmath>

#include "core/sampling/rows.h"
#include "core/sampling/stages.h"

namespace unnoise {
namespace {

// dx = f x dt + g dw runs backwards with the drift -f x + (2 - lambda) / 2 g^2
// score and the noise sqrt(1 - lambda) g, with the same law at every time for
// every lambda. With f = d_alpha / alpha, g^2 = 2 sigma (d_sigma - f sigma),
// score = -noise / sigma and x = alpha data + sigma noise the drift is
//   -d_alpha data - ((2 - lambda) d_sigma - (1 - lambda) f sigma) noise.
// Source: Anderson 1982; Song et al. 2021, eq. 6 and 13; Zhang, Chen 2021,
// for the family.
class EulerMaruyama final : public StagedSampler {
 public:
  void Visit(Visitor& v) override {
    VisitSteps(v);
    v.Real({"lambda",
            "From 0, the reverse of the noising with all its chance, to 1, the "
            "probability-flow ODE without any. With exact scores and small "
            "steps it changes the ways but not the law of the samples.",
            "Zhang and Chen 2021"},
           {0, 1}, lambda_);
  }

  void Plan(const Journey& journey, int64_t from,
            Stages& stages) const override {
    const double time = journey.grid[from];
    const double dt = time - journey.grid[from - 1];
    const Coefficients& t = journey.at[from];
    const double f = t.d_alpha / t.alpha;
    const double rest = 1 - lambda_;
    const double data = dt * t.d_alpha;
    const double noise = dt * ((1 + rest) * t.d_sigma - rest * f * t.sigma);
    const double power = 2 * dt * t.sigma * (t.d_sigma - f * t.sigma);
    if (!std::isfinite(data + noise + power)) {
      AddUpdate(time, DdimUpdate(t, journey.at[from - 1], std::sqrt(rest)),
                stages);
      return;
    }
    AddUpdate(time,
              {.xt_weight = 1,
               .data_weight = -data,
               .noise_weight = -noise,
               .deviation = power > 0 ? std::sqrt(rest * power) : 0},
              stages);
  }

 private:
  double lambda_ = 0;
};

constexpr Row<Sampler> kRows[] = {
    MakeRow<Sampler, EulerMaruyama>(
        "euler_maruyama", "Reverse SDE",
        "Euler steps of the noising equation run backwards, or of its "
        "relatives with less chance. Song et al. 2021."),
};

}  // namespace

std::span<const Row<Sampler>> SdeSamplers() { return kRows; }

}  // namespace unnoise
