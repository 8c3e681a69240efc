// Equations on the line whose solution is known, with several schemes; a row
// each.

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/exact_math.h"
#include "core/process/rows.h"
#include "core/process/start.h"

namespace unnoise {
namespace {

// dX = growth X dt + sigma X dW, in the sense of Ito or of Stratonovich. With a
// the drift in Ito's sense, that in Stratonovich's is a - sigma^2 X / 2
// (Kloeden, Platen 1992, section 4.9).
class MultiplicativeNoise final : public Process {
 public:
  int dim() const override { return 1; }
  int channels() const override { return 1; }

  void Visit(Visitor& v) override {
    static constexpr std::string_view kSenses[] = {"ito", "stratonovich"};
    static constexpr std::string_view kSchemes[] = {"euler", "milstein",
                                                    "heun"};
    VisitTime(v);
    v.Real({"growth", "The drift: the state grows by this part of itself."},
           {-1e4, 1e4}, growth_);
    VisitSigma(v, sigma_);
    v.Option({"sense",
              "How noise that depends on the state is meant: ito, by the state "
              "before the kick; stratonovich, by the mean of before and after, "
              "which adds sigma^2 / 2 to the growth of the mean.",
              "Kloeden, Platen 1992, section 4.9"},
             kSenses, sense_);
    v.Option({"scheme",
              "euler: strong order 1/2; milstein: order 1; heun: order 1, by a "
              "trial step. Each is given the drift that its own sense needs.",
              "Kloeden, Platen 1992, chapter 10"},
             kSchemes, scheme_);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    start_.Validate(1, 1, problems);
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    start_.Draw(key, first, 1, x);
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const double ito = ItoGrowth(), dt = leap.dt;
    const double stratonovich = ito - 0.5 * sigma_ * sigma_;
    for (size_t i = 0; i < x.size(); ++i) {
      const double dw = leap.Increment(i);
      switch (scheme_) {
        case kEuler:
          x[i] += ito * x[i] * dt + sigma_ * x[i] * dw;
          break;
        case kMilstein:
          x[i] += ito * x[i] * dt + sigma_ * x[i] * dw +
                  0.5 * sigma_ * sigma_ * x[i] * (dw * dw - dt);
          break;
        default: {
          const double trial =
              x[i] + stratonovich * x[i] * dt + sigma_ * x[i] * dw;
          const double middle = 0.5 * (x[i] + trial);
          x[i] += stratonovich * middle * dt + sigma_ * middle * dw;
        }
      }
    }
  }

  std::optional<StateMoments> MomentsAt(double t) const override {
    const StartLaw law = start_.law();
    const double mean = law.mean[0] * exact::Exp(ItoGrowth() * t);
    const double square = (law.mean[0] * law.mean[0] + law.std * law.std) *
                          exact::Exp((2 * ItoGrowth() + sigma_ * sigma_) * t);
    return StateMoments{{mean}, {std::max(0.0, square - mean * mean)}};
  }
  // Log-normal, from a point.
  std::optional<double> DensityAt(double t,
                                  std::span<const double> x) const override {
    const StartLaw law = start_.law();
    const double variance = sigma_ * sigma_ * t;
    if (law.std > 0 || !(variance > 0) || law.mean[0] == 0) return {};
    const double ratio = x[0] / law.mean[0];
    if (!(ratio > 0)) return 0.0;
    const double z =
        exact::Log(ratio) - (ItoGrowth() - 0.5 * sigma_ * sigma_) * t;
    constexpr double kTwoPi = 6.28318530717958647693;
    return exact::Exp(-0.5 * z * z / variance) /
           (std::fabs(x[0]) * std::sqrt(kTwoPi * variance));
  }
  std::optional<Normal> KernelAt(double, double dt, double x) const override {
    if (scheme_ != kEuler) return {};
    return Normal{x + ItoGrowth() * x * dt, sigma_ * sigma_ * x * x * dt};
  }
  bool Coefficients(double, std::span<const double> x, std::span<double> drift,
                    std::span<double> diffusion) const override {
    drift[0] = ItoGrowth() * x[0];
    diffusion[0] = 0.5 * sigma_ * sigma_ * x[0] * x[0];
    return true;
  }
  std::optional<StartLaw> StartedFrom() const override { return start_.law(); }

 private:
  enum Sense { kIto, kStratonovich };
  enum Scheme { kEuler, kMilstein, kHeun };

  double ItoGrowth() const {
    return growth_ + (sense_ == kStratonovich ? 0.5 * sigma_ * sigma_ : 0);
  }

  double growth_ = 0;
  double sigma_ = 0.7;
  int sense_ = kIto;
  int scheme_ = kMilstein;
  NormalStart start_{{1.0}};
};

// One ordinary differential equation, by solvers that can be compared; forth,
// and back if asked.
class Ode final : public Process {
 public:
  int dim() const override { return 1; }
  int channels() const override { return 0; }

  void Visit(Visitor& v) override {
    static constexpr std::string_view kEquations[] = {"decay", "curve",
                                                      "logistic"};
    static constexpr std::string_view kMethods[] = {"euler", "midpoint", "rk4"};
    VisitTime(v);
    v.Option({"equation",
              "decay: x' = -rate x; curve: x' = (x + t^2 - 2) / (t + 1); "
              "logistic: x' = rate x (1 - x).",
              "Chan 2024, examples 4.1 and 4.8"},
             kEquations, equation_);
    v.Real({"rate", "Of decay and logistic."}, {-1e3, 1e3}, rate_);
    v.Option({"method",
              "euler: order 1; midpoint: order 2; rk4: order 4, by four slopes "
              "a step.",
              "Chan 2024, section 4.4"},
             kMethods, method_);
    v.Bool({"back",
            "At half of the steps it turns and takes them back with the sign "
            "of the slope changed, time running back too. Only an exact solver "
            "ends where it began.",
            "Chan 2024, eq. 115"},
           back_);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    start_.Validate(1, 1, problems);
    if (back_ && steps % 2 != 0) {
      problems.push_back({"steps",
                          "there and back takes an even number; give one "
                          "more."});
    }
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    start_.Draw(key, first, 1, x);
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const double h = Returns(leap.t) ? -leap.dt : leap.dt;
    const double t = ClockAt(leap.t);
    for (double& value : x) value += h * Slope(t, h, value);
  }

  std::optional<StateMoments> MomentsAt(double t) const override {
    const StartLaw law = start_.law();
    const double clock = ClockAt(t), x0 = law.mean[0];
    double factor, mean;
    if (equation_ == kDecay) {
      factor = exact::Exp(-rate_ * clock);
      mean = factor * x0;
    } else if (equation_ == kCurve) {
      factor = 1 + clock;
      mean = clock * clock + 2 * clock + 2 - 2 * factor * exact::Log1p(clock) +
             (x0 - 2) * factor;
    } else {
      if (law.std > 0) return {};
      const double growth = exact::Exp(rate_ * clock);
      factor = 0;
      mean = x0 * growth / (1 + x0 * (growth - 1));
    }
    return StateMoments{{mean}, {factor * factor * law.std * law.std}};
  }
  bool Coefficients(double t, std::span<const double> x,
                    std::span<double> drift,
                    std::span<double> diffusion) const override {
    drift[0] = (Returns(t) ? -1 : 1) * Field(ClockAt(t), x[0]);
    diffusion[0] = 0;
    return true;
  }
  bool Autonomous() const override { return equation_ != kCurve && !back_; }
  std::optional<StartLaw> StartedFrom() const override { return start_.law(); }

 private:
  enum Equation { kDecay, kCurve, kLogistic };
  enum Method { kEuler, kMidpoint, kRk4 };

  // Halfway between two grid points, so that rounding decides nothing.
  bool Returns(double t) const {
    const double half_step = 0.5 * t_max / static_cast<double>(steps);
    return back_ && t > 0.5 * t_max - half_step;
  }
  // The time of the equation, which turns too.
  double ClockAt(double t) const { return Returns(t) ? t_max - t : t; }

  double Field(double t, double x) const {
    switch (equation_) {
      case kDecay:
        return -rate_ * x;
      case kCurve:
        return (x + t * t - 2) / (t + 1);
      default:
        return rate_ * x * (1 - x);
    }
  }
  // The mean slope of a step of h from (t, x).
  double Slope(double t, double h, double x) const {
    const double k1 = Field(t, x);
    if (method_ == kEuler) return k1;
    const double k2 = Field(t + 0.5 * h, x + 0.5 * h * k1);
    if (method_ == kMidpoint) return k2;
    const double k3 = Field(t + 0.5 * h, x + 0.5 * h * k2);
    const double k4 = Field(t + h, x + h * k3);
    return (k1 + 2 * k2 + 2 * k3 + k4) / 6;
  }

  int equation_ = kDecay;
  double rate_ = 1;
  int method_ = kEuler;
  bool back_ = false;
  NormalStart start_{{1.0}};
};

constexpr Row<Process> kRows[] = {
    MakeRow<Process, MultiplicativeNoise>(
        "multiplicative_noise", "Multiplicative noise",
        "Noise in proportion to the state: growth with chance. What such an "
        "equation means depends on the sense, Ito's or Stratonovich's."),
    MakeRow<Process, Ode>(
        "ode", "An equation without noise",
        "Solvers of one ordinary differential equation against its exact "
        "solution, forth and, if you like, back."),
};

}  // namespace

std::span<const Row<Process>> ScalarProcesses() { return kRows; }

}  // namespace unnoise
