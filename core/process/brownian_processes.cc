// Brownian motion, forwards and backwards, and what is made from it by a linear
// equation whose coefficients change in time; a row each.

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/exact_math.h"
#include "core/process/matrix.h"
#include "core/process/rows.h"
#include "core/process/start.h"

namespace unnoise {
namespace {

// The round normal law of `mean` and `variance`.
StateMoments Round(std::vector<double> mean, double variance) {
  const size_t n = mean.size();
  StateMoments moments{std::move(mean), Identity(n)};
  for (double& value : moments.covariance) value *= variance;
  return moments;
}

std::optional<double> RoundDensity(const StateMoments& moments,
                                   std::span<const double> x) {
  if (!(moments.covariance[0] > 0)) return {};
  return NormalDensity(moments.mean, moments.covariance, x);
}

class BrownianMotion final : public Process {
 public:
  int dim() const override { return static_cast<int>(start_.dim()); }
  // Where it started comes after the coordinates: x is that plus sigma W, with
  // no sum over steps, so that a finer grid keeps all bits of a coarser one.
  int state_size() const override { return 2 * dim(); }
  int channels() const override { return dim(); }

  void Visit(Visitor& v) override {
    VisitTime(v);
    VisitSigma(v, sigma_);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    start_.Validate(1, 2, problems);
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    const size_t n = start_.dim();
    start_.Draw(key, first, 2 * n, x);
    for (size_t i = 0; i < x.size(); i += 2 * n) {
      std::copy_n(&x[i], n, &x[i + n]);
    }
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const size_t n = start_.dim();
    for (size_t i = 0; i < x.size(); i += 2 * n) {
      for (size_t axis = 0; axis < n; ++axis) {
        x[i + axis] = x[i + n + axis] + sigma_ * leap.w_to[i / 2 + axis];
      }
    }
  }

  std::optional<StateMoments> MomentsAt(double t) const override {
    const StartLaw law = start_.law();
    return Round(law.mean, law.std * law.std + sigma_ * sigma_ * t);
  }
  std::optional<double> DensityAt(double t,
                                  std::span<const double> x) const override {
    return RoundDensity(*MomentsAt(t), x);
  }
  bool AlwaysNormal() const override { return true; }
  std::optional<Normal> KernelAt(double, double dt, double x) const override {
    if (start_.dim() != 1) return {};
    return Normal{x, sigma_ * sigma_ * dt};
  }
  bool Coefficients(double, std::span<const double>, std::span<double> drift,
                    std::span<double> diffusion) const override {
    const Matrix round =
        Round(start_.law().mean, 0.5 * sigma_ * sigma_).covariance;
    std::fill(drift.begin(), drift.end(), 0);
    std::copy(round.begin(), round.end(), diffusion.begin());
    return true;
  }
  std::optional<StartLaw> StartedFrom() const override { return start_.law(); }

 private:
  double sigma_ = 1;
  NormalStart start_{{0.0}};
};

// Time s = 0 here is the end t_max of a Brownian motion; it runs back to that
// one's start.
class ReverseBrownianMotion final : public Process {
 public:
  ReverseBrownianMotion() : start_({0.0}, 0.2) {}

  int dim() const override { return static_cast<int>(start_.dim()); }
  int channels() const override { return dim(); }

  void Visit(Visitor& v) override {
    static constexpr std::string_view kOptions[] = {"score", "none"};
    VisitTime(v);
    VisitSigma(v, sigma_);
    v.Option({"drift",
              "score: Anderson's drift along the score of the law, which "
              "gathers the particles again; none: Brownian steps as they come, "
              "which scatter them further.",
              "Anderson 1982"},
             kOptions, drift_);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    start_.Validate(1, 2, problems);
    if (drift_ == kScore && start_.law().std == 0) {
      problems.push_back({"spread",
                          "the score has no bound where all particles end in a "
                          "point; give a spread above 0, or drift=none."});
    }
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    const size_t n = start_.dim();
    const StartLaw law = start_.law();
    std::vector<float> normal(x.size());
    FillNormal(key, first * n, normal);
    const double std = std::sqrt(VarianceAt(0));
    for (size_t i = 0; i < x.size(); ++i) {
      x[i] = law.mean[i % n] + std * normal[i];
    }
  }
  // Exact in law: given where it is, a Brownian motion was a normal number away
  // from there, as Bayes' rule has it.
  void Step(const Leap& leap, std::span<double> x) const override {
    const size_t n = start_.dim();
    const StartLaw law = start_.law();
    double keep = 1, part = 1;
    if (drift_ == kScore) {
      keep = VarianceAt(leap.t + leap.dt) / VarianceAt(leap.t);
      part = std::sqrt(keep);
    }
    for (size_t i = 0; i < x.size(); ++i) {
      const double mean = law.mean[i % n];
      x[i] = mean + keep * (x[i] - mean) + sigma_ * part * leap.Increment(i);
    }
  }

  std::optional<StateMoments> MomentsAt(double t) const override {
    return Round(start_.law().mean, VarianceAt(t));
  }
  std::optional<double> DensityAt(double t,
                                  std::span<const double> x) const override {
    return RoundDensity(*MomentsAt(t), x);
  }
  bool AlwaysNormal() const override { return true; }
  bool Coefficients(double t, std::span<const double> x,
                    std::span<double> drift,
                    std::span<double> diffusion) const override {
    const StartLaw law = start_.law();
    const Matrix round = Round(law.mean, 0.5 * sigma_ * sigma_).covariance;
    std::copy(round.begin(), round.end(), diffusion.begin());
    for (size_t i = 0; i < drift.size(); ++i) {
      drift[i] = drift_ == kScore
                     ? -sigma_ * sigma_ * (x[i] - law.mean[i]) / VarianceAt(t)
                     : 0;
    }
    return true;
  }
  bool Autonomous() const override { return drift_ == kNone; }
  std::optional<StartLaw> StartedFrom() const override {
    return StartLaw{start_.law().mean, std::sqrt(VarianceAt(0))};
  }

 private:
  enum Drift { kScore, kNone };

  double VarianceAt(double s) const {
    const double std = start_.law().std;
    if (drift_ == kScore) {
      return std * std + sigma_ * sigma_ * std::max(0.0, t_max - s);
    }
    return std * std + sigma_ * sigma_ * s;
  }

  double sigma_ = 1;
  int drift_ = kScore;
  NormalStart start_;
};

// Values that know nothing of each other. On a grid white noise of strength q
// has variance q / dt, so that its integral over a step has variance q dt.
class WhiteNoise final : public Process {
 public:
  int dim() const override { return 1; }
  int channels() const override { return 1; }
  void Visit(Visitor& v) override {
    VisitTime(v);
    v.Real({"strength",
            "q: the area under its autocorrelation, and the height of its flat "
            "spectrum.",
            "Risken 1989, section 3.1"},
           {0, 1e6}, strength_);
  }
  void Start(Key key, uint64_t first, std::span<double> x) const override {
    std::vector<float> normal(x.size());
    FillNormal(key, first, normal);
    const double std =
        std::sqrt(strength_ * static_cast<double>(steps) / t_max);
    for (size_t i = 0; i < x.size(); ++i) x[i] = std * normal[i];
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const double factor = std::sqrt(strength_) / leap.dt;
    for (size_t i = 0; i < x.size(); ++i) x[i] = factor * leap.Increment(i);
  }
  std::optional<StateMoments> MomentsAt(double) const override {
    return StateMoments{{0}, {strength_ * static_cast<double>(steps) / t_max}};
  }

 private:
  double strength_ = 1;
};

double Polynomial(const std::vector<double>& c, double t) {
  double sum = 0;
  for (size_t k = c.size(); k-- > 0;) sum = sum * t + c[k];
  return sum;
}
double PolynomialIntegral(const std::vector<double>& c, double t) {
  double sum = 0;
  for (size_t k = c.size(); k-- > 0;) {
    sum = sum * t + c[k] / static_cast<double>(k + 1);
  }
  return sum * t;
}

class LinearSde final : public Process {
 public:
  int dim() const override { return 1; }
  int channels() const override { return 1; }

  void Visit(Visitor& v) override {
    static constexpr std::string_view kOptions[] = {"exact", "euler"};
    constexpr Range kAny = {-1e4, 1e4};
    VisitTime(v);
    v.Numbers({"f",
               "f of dX = (f(t) X + h(t)) dt + g(t) dW, as a polynomial in t: "
               "[1,2,3] is 1 + 2 t + 3 t^2."},
              kAny, 1, f_);
    v.Numbers({"h", "h, likewise."}, kAny, 1, h_);
    v.Numbers({"g", "g, likewise."}, kAny, 1, g_);
    v.Option({"scheme",
              "exact: each step has the true law, by quadrature; euler: Euler "
              "and Maruyama's scheme."},
             kOptions, scheme_);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    start_.Validate(1, 1, problems);
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    start_.Draw(key, first, 1, x);
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const Move move = Between(leap.t, leap.dt, scheme_ == kEuler);
    const double noise = std::sqrt(move.variance / leap.dt);
    for (size_t i = 0; i < x.size(); ++i) {
      x[i] = move.factor * x[i] + move.shift + noise * leap.Increment(i);
    }
  }

  std::optional<StateMoments> MomentsAt(double t) const override {
    const StartLaw law = start_.law();
    const Move move = Between(0, t, false);
    return StateMoments{
        {move.factor * law.mean[0] + move.shift},
        {move.factor * move.factor * law.std * law.std + move.variance}};
  }
  std::optional<double> DensityAt(double t,
                                  std::span<const double> x) const override {
    return RoundDensity(*MomentsAt(t), x);
  }
  bool AlwaysNormal() const override { return true; }
  std::optional<Normal> KernelAt(double t, double dt, double x) const override {
    const Move move = Between(t, dt, scheme_ == kEuler);
    return Normal{move.factor * x + move.shift, move.variance};
  }
  bool Coefficients(double t, std::span<const double> x,
                    std::span<double> drift,
                    std::span<double> diffusion) const override {
    const double g = Polynomial(g_.numbers, t);
    drift[0] = Polynomial(f_.numbers, t) * x[0] + Polynomial(h_.numbers, t);
    diffusion[0] = 0.5 * g * g;
    return true;
  }
  bool Autonomous() const override { return false; }
  std::optional<StartLaw> StartedFrom() const override { return start_.law(); }

 private:
  enum Scheme { kExact, kEuler };
  struct Move {
    double factor, shift, variance;
  };

  // From t to t + dt. With F the integral of f, the factor is exp(F(t + dt) -
  // F(t)), and what h and g add at u is carried on by exp(F(t + dt) - F(u)):
  // the rule of Gauss with five points on panels over which that changes
  // little.
  Move Between(double t, double dt, bool euler) const {
    if (euler) {
      const double g = Polynomial(g_.numbers, t);
      return {1 + Polynomial(f_.numbers, t) * dt,
              Polynomial(h_.numbers, t) * dt, g * g * dt};
    }
    constexpr double kNode[] = {-0.906179845938663993, -0.538469310105683091, 0,
                                0.538469310105683091, 0.906179845938663993};
    constexpr double kWeight[] = {0.236926885056189088, 0.478628670499366468,
                                  0.568888888888888889, 0.478628670499366468,
                                  0.236926885056189088};
    const double end = t + dt, total = PolynomialIntegral(f_.numbers, end);
    double steepest = 0, power = 1;
    for (const double c : f_.numbers) {
      steepest += std::fabs(c) * power;
      power *= end;
    }
    const double panels = std::floor(std::min(4096.0, 4 + 4 * steepest * dt));
    Move move{exact::Exp(total - PolynomialIntegral(f_.numbers, t)), 0, 0};
    const double width = dt / panels;
    for (double panel = 0; panel < panels; ++panel) {
      for (int i = 0; i < 5; ++i) {
        const double u = t + width * (panel + 0.5 * (1 + kNode[i]));
        const double carried =
            exact::Exp(total - PolynomialIntegral(f_.numbers, u));
        const double g = Polynomial(g_.numbers, u) * carried;
        const double weight = 0.5 * width * kWeight[i];
        move.shift += weight * Polynomial(h_.numbers, u) * carried;
        move.variance += weight * g * g;
      }
    }
    return move;
  }

  NumberArray f_{{0, -1}, {}};
  NumberArray h_{{0}, {}};
  NumberArray g_{{0.5, 0.5}, {}};
  int scheme_ = kExact;
  NormalStart start_{{1.0}};
};

constexpr Row<Process> kRows[] = {
    MakeRow<Process, BrownianMotion>(
        "brownian_motion", "Brownian motion",
        "Steps that know nothing of each other: the variance grows in "
        "proportion to time. Halve the step, and the same path shows finer "
        "detail."),
    MakeRow<Process, ReverseBrownianMotion>(
        "reverse_brownian_motion", "Reverse Brownian motion",
        "Brownian motion with time running back. Its steps alone scatter on; "
        "with the score they gather to where all began."),
    MakeRow<Process, WhiteNoise>(
        "white_noise", "White noise",
        "A new normal number at every moment, none related to another: all "
        "frequencies are equally strong."),
    MakeRow<Process, LinearSde>(
        "linear_sde", "Linear equation in time",
        "dX = (f(t) X + h(t)) dt + g(t) dW with any polynomials f, h and g: "
        "from a normal start, normal at every time."),
};

}  // namespace

std::span<const Row<Process>> BrownianProcesses() { return kRows; }

}  // namespace unnoise
