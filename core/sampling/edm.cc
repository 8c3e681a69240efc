// The stochastic sampler of Karras et al. 2022, on any path: it steps in rho =
// sigma / alpha for the points x / alpha.

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"
#include "core/path/measures.h"
#include "core/sampling/rows.h"
#include "core/sampling/stages.h"

namespace unnoise {
namespace {

double Rho(const Coefficients& at) { return at.sigma / at.alpha; }

// Each step may first go a little back towards the noise, with fresh noise, and
// then takes a step of Heun's method.
// Source: Karras et al. 2022, algorithm 2.
class Edm final : public StagedSampler {
 public:
  void Visit(Visitor& v) override {
    VisitSteps(v);
    v.Real({"s_churn",
            "Fresh noise that the steps put in between them; 0 leaves nothing "
            "to chance.",
            "Karras et al. 2022, algorithm 2"},
           {0, 1000}, s_churn_);
    v.Real({"s_min",
            "Least sigma / alpha at which noise is put in; none is if it is "
            "above s_max."},
           {0, 1000}, s_min_);
    v.Real({"s_max", "Greatest sigma / alpha at which noise is put in."},
           {0, 1e6}, s_max_);
    v.Real({"s_noise",
            "How strong the fresh noise is; a little above 1 makes up for "
            "networks that take out too much."},
           {0.5, 1.5}, s_noise_);
  }

  void Plan(const Journey& journey, int64_t from,
            Stages& stages) const override {
    const Coefficients& s = journey.at[from - 1];
    double time = journey.grid[from];
    Coefficients t = journey.at[from];
    if (const double rho = Rho(t);
        std::isfinite(rho) && s_churn_ > 0 && s_min_ <= rho && rho <= s_max_) {
      const double more =
          std::min(s_churn_ / static_cast<double>(std::ssize(journey.grid) - 1),
                   std::sqrt(2.0) - 1);
      // Not beyond the path's end, where no model has been.
      time = TimeOfHalfLogSnr(journey.path, time,
                              std::max(time, journey.path.t_max),
                              HalfLogSnr(t) - exact::Log1p(more));
      const Coefficients back = journey.path.At(time);
      Stage& stage = stages.Add();
      stage.state = back.alpha / t.alpha;
      stage.deviation =
          s_noise_ * std::sqrt(TransitionBetween(back, t).step_variance);
      stage.moves = true;
      t = back;
    }
    AddDdim(time, 0, s, 0, stages);
    const double half = 0.5 * s.alpha * (Rho(s) - Rho(t));
    if (s.sigma == 0 || !std::isfinite(half)) return;
    Stage& heun = AddDdim(journey.grid[from - 1], 1, s, 0, stages);
    heun.noise[0] -= half;
    heun.noise[1] += half;
  }

 private:
  double s_churn_ = 0;
  double s_min_ = 0.05;
  double s_max_ = 50;
  double s_noise_ = 1.003;
};

constexpr Row<Sampler> kRows[] = {
    MakeRow<Sampler, Edm>(
        "edm", "EDM",
        "Heun steps in sigma / alpha, with fresh noise in between if you like: "
        "s_churn. Karras et al. 2022."),
};

}  // namespace

std::span<const Row<Sampler>> EdmSamplers() { return kRows; }

}  // namespace unnoise
