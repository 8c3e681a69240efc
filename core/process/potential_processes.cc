// Downhill and uphill, with noise and without; a row each. Their noise, where
// there is one, is the same everywhere.

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/exact_math.h"
#include "core/process/mixture.h"
#include "core/process/rows.h"
#include "core/process/start.h"

namespace unnoise {
namespace {

class DoubleWell final : public Process {
 public:
  DoubleWell() : start_({0.0}) {
    t_max = 20;
    steps = 2000;
  }

  int dim() const override { return 1; }
  int channels() const override { return 1; }

  void Visit(Visitor& v) override {
    static constexpr std::string_view kOptions[] = {"euler", "heun"};
    VisitTime(v);
    v.Real({"height",
            "Of the hill between the wells, U = height (x^2 / place^2 - 1)^2. "
            "How long a particle stays grows as exp(2 height / sigma^2).",
            "Kramers 1940"},
           {0, 1e3}, height_);
    v.Real({"place", "The wells are at -place and place."}, {0.01, 100},
           place_);
    VisitSigma(v, sigma_);
    v.Option({"scheme",
              "euler: the drift of where the step begins; heun: the mean of "
              "the drifts at both ends, more exact where noise is weak."},
             kOptions, scheme_);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    start_.Validate(1, 1, problems);
    // In the wells U'' = 8 height / place^2.
    const double bound = 2 * place_ * place_ / (8 * height_);
    const double dt = t_max / static_cast<double>(steps);
    if (height_ > 0 && dt >= bound) {
      problems.push_back(
          {"steps",
           "steps are too long for wells as steep as these; give at "
           "least " +
               std::to_string(
                   static_cast<int64_t>(std::min(t_max / bound, 1e15)) + 1) +
               " steps, a shorter t_max or a lower height."});
    }
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    start_.Draw(key, first, 1, x);
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    for (size_t i = 0; i < x.size(); ++i) {
      const double kick = sigma_ * leap.Increment(i);
      const double slope = Drift(x[i]);
      const double moved = x[i] + slope * leap.dt + kick;
      x[i] = scheme_ == kEuler
                 ? moved
                 : x[i] + 0.5 * (slope + Drift(moved)) * leap.dt + kick;
    }
  }

  std::optional<double> StationaryAt(std::span<const double> x) const override {
    if (sigma_ == 0) return {};
    const double ratio = x[0] / place_;
    const double rest = ratio * ratio - 1;
    return exact::Exp(-2 * height_ * rest * rest / (sigma_ * sigma_));
  }
  std::optional<Normal> KernelAt(double, double dt, double x) const override {
    if (scheme_ != kEuler) return {};
    return Normal{x + Drift(x) * dt, sigma_ * sigma_ * dt};
  }
  bool Coefficients(double, std::span<const double> x, std::span<double> drift,
                    std::span<double> diffusion) const override {
    drift[0] = Drift(x[0]);
    diffusion[0] = 0.5 * sigma_ * sigma_;
    return true;
  }
  std::optional<StartLaw> StartedFrom() const override { return start_.law(); }

 private:
  enum Scheme { kEuler, kHeun };

  double Drift(double x) const {
    const double ratio = x / place_;
    return -4 * height_ * ratio * (ratio * ratio - 1) / place_;
  }

  double height_ = 1;
  double place_ = 1;
  double sigma_ = 0.7;
  int scheme_ = kEuler;
  NormalStart start_;
};

// Langevin's dynamics on a mixture; without noise, the ascent of its score.
template <bool kNoisy>
class OnMixture final : public Process {
 public:
  // Chan 2024, example 3.2.
  OnMixture() : target_({0.6, 0.4}, {{2}, {-2}}, {0.5, 0.2}) {
    t_max = 5;
    steps = 500;
  }

  int dim() const override { return static_cast<int>(target_.dim()); }
  std::string_view axis(int i) const override { return i == 0 ? "x" : "y"; }
  int channels() const override { return kNoisy ? dim() : 0; }

  void Visit(Visitor& v) override {
    static constexpr std::string_view kOptions[] = {"normal", "uniform"};
    VisitTime(v);
    target_.Visit(v);
    if (kNoisy) {
      v.Real({"temperature",
              "The noise is sqrt(2 temperature) dW, and the law tends to the "
              "mixture's density to the power 1 / temperature: 1 samples it, "
              "less crowds at its peaks.",
              "Risken 1989, section 5.2"},
             {0, 1e3}, temperature_);
    }
    v.Option({"start",
              "normal: from N(x0, spread^2); uniform: evenly between x0 - "
              "spread and x0 + spread."},
             kOptions, uniform_);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    const size_t before = problems.size();
    target_.Validate(2, problems);
    if (problems.size() > before) return;
    start_.Validate(target_.dim(), target_.dim(), problems);
    const double dt = t_max / static_cast<double>(steps);
    const double bound = 2 * target_.narrowest() * target_.narrowest();
    if (dt >= bound) {
      problems.push_back(
          {"steps",
           "steps longer than twice the least variance explode; give "
           "at least " +
               std::to_string(
                   static_cast<int64_t>(std::min(t_max / bound, 1e15)) + 1) +
               " steps, a shorter t_max or wider stds."});
    }
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    const size_t n = target_.dim();
    if (!uniform_) {
      start_.Draw(key, first, n, x);
      return;
    }
    const StartLaw law = start_.law();
    for (size_t i = 0; i < x.size(); ++i) {
      x[i] =
          law.mean[i % n] + law.std * (2 * UniformAt(key, first * n + i) - 1);
    }
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const size_t n = target_.dim();
    const double noise = std::sqrt(2 * Temperature());
    const NoisedMixture target = target_.Noised();
    double score[2];
    for (size_t i = 0; i < x.size(); i += n) {
      target.Score(x.subspan(i, n), {score, n});
      for (size_t axis = 0; axis < n; ++axis) {
        x[i + axis] += leap.dt * score[axis];
        if (kNoisy) x[i + axis] += noise * leap.Increment(i + axis);
      }
    }
  }

  std::optional<double> StationaryAt(std::span<const double> x) const override {
    if (Temperature() == 0) return {};
    const double density = target_.Noised().Density(x);
    if (density == 0) return 0.0;
    return exact::Exp(exact::Log(density) / Temperature());
  }
  std::optional<Normal> KernelAt(double, double dt, double x) const override {
    if (target_.dim() != 1) return {};
    double score;
    target_.Noised().Score({&x, 1}, {&score, 1});
    return Normal{x + dt * score, 2 * Temperature() * dt};
  }
  bool Coefficients(double, std::span<const double> x, std::span<double> drift,
                    std::span<double> diffusion) const override {
    target_.Noised().Score(x, drift);
    for (size_t i = 0; i < diffusion.size(); ++i) {
      diffusion[i] = i % (x.size() + 1) == 0 ? Temperature() : 0;
    }
    return true;
  }
  // Known where it starts evenly in a box.
  std::optional<double> DensityAt(double t,
                                  std::span<const double> x) const override {
    const StartLaw law = start_.law();
    if (t != 0 || !uniform_ || law.std == 0) return {};
    double density = 1;
    for (size_t i = 0; i < x.size(); ++i) {
      const bool within = std::fabs(x[i] - law.mean[i]) <= law.std;
      density *= within ? 0.5 / law.std : 0;
    }
    return density;
  }
  std::optional<StartLaw> StartedFrom() const override {
    const StartLaw law = start_.law();
    if (uniform_ && law.std > 0) return {};
    return law;
  }

 private:
  double Temperature() const { return kNoisy ? temperature_ : 0; }

  RoundMixture target_;
  double temperature_ = 1;
  int uniform_ = 1;
  NormalStart start_{{0}, 3};
};

class GradientFlow final : public Process {
 public:
  GradientFlow() {
    t_max = 3;
    steps = 300;
  }

  int dim() const override { return 2; }
  std::string_view axis(int i) const override { return i == 0 ? "x" : "y"; }
  int channels() const override { return 0; }

  void Visit(Visitor& v) override {
    static constexpr std::string_view kOptions[] = {"bowl", "bend", "wells"};
    VisitTime(v);
    v.Option({"landscape",
              "bowl: (x^2 + stretch y^2) / 2; bend: a curved valley, (1 - x)^2 "
              "+ stretch (y - x^2)^2; wells: (x^2 - 1)^2 / 4 + stretch y^2 / "
              "2."},
             kOptions, landscape_);
    v.Real({"stretch", "How much steeper it is across than along."}, {0, 1e3},
           stretch_);
    v.Real({"speed", "What the gradient is multiplied by."}, {0, 1e3}, speed_);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    start_.Validate(2, 2, problems);
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    start_.Draw(key, first, 2, x);
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    double slope[2];
    for (size_t i = 0; i < x.size(); i += 2) {
      Gradient(x[i], x[i + 1], slope);
      x[i] -= leap.dt * speed_ * slope[0];
      x[i + 1] -= leap.dt * speed_ * slope[1];
    }
  }

  // Of the bowl alone.
  std::optional<StateMoments> MomentsAt(double t) const override {
    if (landscape_ != kBowl) return {};
    const StartLaw law = start_.law();
    const double x = exact::Exp(-speed_ * t),
                 y = exact::Exp(-speed_ * stretch_ * t);
    const double variance = law.std * law.std;
    return StateMoments{{x * law.mean[0], y * law.mean[1]},
                        {x * x * variance, 0, 0, y * y * variance}};
  }
  bool Coefficients(double, std::span<const double> x, std::span<double> drift,
                    std::span<double> diffusion) const override {
    double slope[2];
    Gradient(x[0], x[1], slope);
    for (int i = 0; i < 2; ++i) drift[i] = -speed_ * slope[i];
    std::fill(diffusion.begin(), diffusion.end(), 0);
    return true;
  }
  std::optional<StartLaw> StartedFrom() const override { return start_.law(); }

 private:
  enum Landscape { kBowl, kBend, kWells };

  void Gradient(double x, double y, double* slope) const {
    switch (landscape_) {
      case kBowl:
        slope[0] = x;
        slope[1] = stretch_ * y;
        return;
      case kBend:
        slope[0] = -2 * (1 - x) - 4 * stretch_ * x * (y - x * x);
        slope[1] = 2 * stretch_ * (y - x * x);
        return;
      default:
        slope[0] = x * (x * x - 1);
        slope[1] = stretch_ * y;
    }
  }

  int landscape_ = kBowl;
  double stretch_ = 5;
  double speed_ = 1;
  NormalStart start_{{2, 1}, 0.3};
};

constexpr Row<Process> kRows[] = {
    MakeRow<Process, GradientFlow>(
        "gradient_flow", "Gradient flow",
        "Downhill the steepest way: descent with steps so short that they are "
        "a flow."),
    MakeRow<Process, OnMixture<false>>(
        "score_ascent", "Ascent of the score",
        "Uphill on the log density of a mixture, without noise: every particle "
        "ends at the peak of its own basin, and the law is lost."),
    MakeRow<Process, OnMixture<true>>(
        "langevin", "Langevin's dynamics",
        "The same ascent with noise. It samples the mixture, if steps are "
        "short and there is time to go from peak to peak."),
    MakeRow<Process, DoubleWell>(
        "double_well", "Double well",
        "Two valleys and noise that now and then throws a particle over the "
        "hill between them."),
};

}  // namespace

std::span<const Row<Process>> PotentialProcesses() { return kRows; }

}  // namespace unnoise
