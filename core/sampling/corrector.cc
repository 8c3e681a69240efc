// Predictor and corrector: a step of the reverse chain, then Langevin's steps
// at the level that it came to.

#include <cmath>

#include "core/sampling/level.h"
#include "core/sampling/rows.h"
#include "core/sampling/stages.h"

namespace unnoise {
namespace {

enum Rule { kReverseDiffusion, kAncestral };

// The predictor alone.
class Predictor final : public OneStepSampler {
 public:
  explicit Predictor(int rule) : rule_(rule) {}

  void Visit(Visitor&) override {}

  Update Between(const Coefficients& t, const Coefficients& s) const override {
    const Transition step = TransitionBetween(t, s);
    if (rule_ == kAncestral) {
      return {step.mean_xt, step.mean_x0, 0, std::sqrt(step.variance)};
    }
    // (2 - sqrt(1 - beta)) x + beta score + sqrt(beta) z on a path that keeps
    // the variance, x + (sigma_t^2 - sigma_s^2) score + ... where it explodes:
    // one formula in ratio and variance of the noising step.
    return {2 - step.ratio, 0, -step.step_variance / t.sigma,
            std::sqrt(step.step_variance)};
  }

 private:
  int rule_;
};

struct Corrections {
  int64_t count = 1;
  double snr = 0.16;
};

class CorrectedStepper final : public Stepper {
 public:
  CorrectedStepper(const Journey& journey, const Sampler& predictor,
                   const Corrections& corrections)
      : journey_(journey),
        corrections_(corrections),
        predictor_(predictor.Start(journey)),
        moves_(journey),
        farthest_(FarthestOn(journey.path)) {}

  Outcome Step(int64_t from, std::span<float> x,
               const FreshNoise& fresh) override {
    predictor_->Step(from, x, fresh);
    const Coefficients &t = journey_.at[from], &s = journey_.at[from - 1];
    const double ratio = TransitionBetween(t, s).ratio;
    const double length = ratio * corrections_.snr * s.sigma;
    const double step = 2 * length * length;
    for (int64_t i = 0; step > 0 && i < corrections_.count; ++i) {
      if (OutcomeOf(x, farthest_) != Outcome::kGood) break;
      moves_.Take(from - 1, step, Other(fresh, static_cast<uint64_t>(i)), x);
    }
    return OutcomeOf(x, farthest_);
  }
  std::optional<double> acceptance() const override { return {}; }

 private:
  Journey journey_;
  Corrections corrections_;
  std::unique_ptr<Stepper> predictor_;
  LangevinMoves moves_;
  float farthest_;
};

// Source: Song et al. 2021, algorithms 2 to 5. Their corrector's step is 2
// alpha (snr |z| / |score|)^2, alpha the square of `ratio`, with norms averaged
// over a batch. A particle here must not depend on others, and its own norms
// would make some steps endless, where the score is near 0; so they are root
// mean squares: sqrt(dim) of z, and sqrt(dim) / sigma of the score, which is
// that of pure noise and an upper bound of any law's.
class PredictorCorrector final : public Sampler {
 public:
  void Visit(Visitor& v) override {
    static constexpr std::string_view kOptions[] = {"reverse_diffusion",
                                                    "ancestral"};
    VisitSteps(v);
    v.Option({"predictor",
              "What leads from level to level. reverse_diffusion: the noising "
              "step, turned round by the score; ancestral: ddpm's, which is "
              "right for long steps too.",
              "Song et al. 2021, appendix E and F"},
             kOptions, predictor_);
    v.Int({"corrections",
           "Langevin's steps at each new level, which lead nearer to its law.",
           "Song et al. 2021, algorithms 2 and 3: M"},
          {0, 20}, corrections_.count);
    v.Real({"snr",
            "How long these are: the ratio of what is climbed to the noise "
            "that is added.",
            "Song et al. 2021, algorithms 4 and 5: r"},
           {0, 1}, corrections_.snr);
  }

  std::unique_ptr<Stepper> Start(const Journey& journey) const override {
    return std::make_unique<CorrectedStepper>(journey, Predictor(predictor_),
                                              corrections_);
  }
  std::vector<double> Times(const Path& path) const override {
    return GridTimes(path);
  }
  bool needs_density() const override { return false; }

 private:
  int predictor_ = kReverseDiffusion;
  Corrections corrections_;
};

constexpr Row<Sampler> kRows[] = {
    MakeRow<Sampler, PredictorCorrector>(
        "predictor_corrector", "Predictor and corrector",
        "A step of the reverse chain to the next level, then Langevin's steps "
        "there, which take away what is wrong with it. Song et al. 2021."),
};

}  // namespace

std::span<const Row<Sampler>> CorrectedSamplers() { return kRows; }

}  // namespace unnoise
