// Markov chains whose law tends to one that is asked for: the classical ways to
// draw from a posterior or a joint law. t counts the steps. A row each; those
// that run on a denoiser are samplers (core/sampling).

#include <cmath>
#include <string>

#include "core/base/exact_math.h"
#include "core/base/json.h"
#include "core/process/mixture.h"
#include "core/process/powers.h"
#include "core/process/rows.h"
#include "core/process/start.h"

namespace unnoise {
namespace {

constexpr double kLeastStep = 1e-6;

// The unknown mean of data y_i ~ N(mean, noise^2), a priori normal: its
// posterior is normal too, and drawn from by noisy climbs that look at a batch
// of the data each. The data lie in a circle, and a batch is those that follow
// one of them, each as likely: every batch sum is then as unbiased as that of
// a draw without return, and the whole circle is the whole sum.
// Source: Welling, Teh 2011, eq. 2 to 4.
class Sgld final : public Process {
 public:
  Sgld() : start_({-1.0}, 0) {
    steps = 500;
    t_max = 500;
    DrawData();
  }

  int dim() const override { return 1; }
  std::string_view axis(int) const override { return "mean"; }
  int channels() const override { return 1; }

  void Visit(Visitor& v) override {
    VisitSteps(v);
    v.Real({"step",
            "How long the first step is: half of it times the slope of the log "
            "posterior, and noise of that variance.",
            "Welling, Teh 2011, eq. 4"},
           {kLeastStep, 10, Scale::kLog}, step_);
    v.Real({"decay",
            "How fast steps shrink, as (1 + t / delay)^-decay: 0 not at all; "
            "above 1/2 and up to 1 the chain ends in the posterior itself.",
            "Welling, Teh 2011, eq. 2"},
           {0, 1}, decay_);
    v.Real({"delay", "After how many steps the shrinking shows."},
           {1, 1e6, Scale::kLog}, delay_);
    v.Int({"batch",
           "How many of the data each step looks at; from data_count on all "
           "of them.",
           "Welling, Teh 2011, eq. 4: n"},
          {1, kMostData}, batch_);
    v.Bool({"noisy",
            "Adds the noise. Without it this is stochastic ascent, which ends "
            "at the most probable mean."},
           noisy_);
    v.Int({"data_count", "How many data there are."}, {1, kMostData}, count_);
    v.Int({"data_seed", "Which data are drawn."}, {0, 1e6}, seed_);
    v.Real({"data_mean", "The mean that the data are drawn with."}, {-100, 100},
           truth_);
    v.Real({"data_std", "Their standard deviation, which is known."},
           {0.01, 100, Scale::kLog}, noise_);
    v.Real({"prior_mean", "Where the mean is supposed to be."}, {-100, 100},
           prior_mean_);
    v.Real({"prior_std", "How far from there it may be."},
           {0.01, 100, Scale::kLog}, prior_std_);
    start_.Visit(v);
    DrawData();
  }
  void Validate(Problems& problems) const override {
    start_.Validate(1, 1, problems);
    const double bound = 4 / Precision();
    if (step_ < bound) return;
    problems.push_back(
        {"step",
         "steps longer than four times the posterior's variance explode; "
         "give " +
             (bound > kLeastStep ? "less than " + Write(Json(bound)) + ", "
                                 : std::string()) +
             "fewer data or a larger data_std."});
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    start_.Draw(key, first, 1, x);
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const double length = LengthAt(leap.number);
    const double kick = noisy_ ? std::sqrt(length) : 0;
    const Key key =
        Fold(Fold(leap.key, "batch"), static_cast<uint64_t>(leap.number));
    for (size_t i = 0; i < x.size(); ++i) {
      const size_t from =
          IndexAt(key, leap.first + i, static_cast<uint32_t>(count_));
      x[i] += 0.5 * length * (Slope(from) - Precision() * x[i]) +
              kick * leap.Increment(i);
    }
  }

  // Where steps do not shrink: the chain's own, which tend to the posterior's
  // mean and, for short steps and whole batches, to its variance.
  std::optional<StateMoments> MomentsAt(double t) const override {
    if (decay_ != 0) return {};
    const int64_t n = static_cast<int64_t>(t);
    const double keep = 1 - 0.5 * step_ * Precision();
    double mean = 0, square = 0;
    for (int64_t from = 0; from < count_; ++from) {
      mean += Slope(from) / static_cast<double>(count_);
    }
    for (int64_t from = 0; from < count_; ++from) {
      const double off = Slope(from) - mean;
      square += off * off / static_cast<double>(count_);
    }
    const StartLaw start = start_.law();
    const double factor = Power(keep, n);
    const double added = 0.25 * step_ * step_ * square + (noisy_ ? step_ : 0);
    return StateMoments{
        {factor * start.mean[0] + 0.5 * step_ * mean * GeometricSum(keep, n)},
        {factor * factor * start.std * start.std +
         added * GeometricSum(keep * keep, n)}};
  }
  // The posterior.
  std::optional<double> StationaryAt(std::span<const double> x) const override {
    const double off = x[0] - SlopeOf(sums_[count_], count_) / Precision();
    return exact::Exp(-0.5 * Precision() * off * off);
  }
  std::optional<StartLaw> StartedFrom() const override { return start_.law(); }

 private:
  static constexpr int64_t kMostData = 1000;

  void DrawData() {
    std::vector<float> normal(static_cast<size_t>(count_));
    FillNormal(Fold(KeyFromSeed(static_cast<uint64_t>(seed_)), "data"), 0,
               normal);
    // Twice round, so that no sum has to begin again.
    sums_.assign(1, 0);
    for (size_t i = 0; i < 2 * normal.size(); ++i) {
      sums_.push_back(sums_.back() + truth_ +
                      noise_ * normal[i % normal.size()]);
    }
  }

  double Precision() const {
    return 1 / (prior_std_ * prior_std_) +
           static_cast<double>(count_) / (noise_ * noise_);
  }
  // The slope of the log posterior is SlopeOf - Precision() mean, with the sum
  // of so many of the data counted as that of all.
  double SlopeOf(double sum, int64_t of) const {
    return prior_mean_ / (prior_std_ * prior_std_) +
           static_cast<double>(count_) / static_cast<double>(of) * sum /
               (noise_ * noise_);
  }
  // Of the batch that begins with datum `from`.
  double Slope(size_t from) const {
    const int64_t size = batch_ < count_ ? batch_ : count_;
    return SlopeOf(sums_[from + static_cast<size_t>(size)] - sums_[from], size);
  }
  double LengthAt(int64_t number) const {
    if (decay_ == 0) return step_;
    return step_ *
           exact::Exp(-decay_ *
                      exact::Log1p(static_cast<double>(number) / delay_));
  }

  double step_ = 0.005;
  double decay_ = 0;
  double delay_ = 10;
  int64_t batch_ = 10;
  bool noisy_ = true;
  int64_t count_ = 100;
  int64_t seed_ = 0;
  double truth_ = 1;
  double noise_ = 1;
  double prior_mean_ = 0;
  double prior_std_ = 1;
  NormalStart start_;
  std::vector<double> sums_;  // [2 data_count + 1], of the data before
};

// One coordinate at a time, from its law given the other.
// Source: Geman, Geman 1984.
class Gibbs final : public Process {
 public:
  Gibbs()
      : target_({0.6, 0.4}, {{1, 1}, {-1, -1}}, {0.6, 0.4}), start_({0, 0}) {
    steps = 100;
    t_max = 100;
  }

  int dim() const override { return static_cast<int>(target_.dim()); }
  std::string_view axis(int i) const override { return i == 0 ? "x" : "y"; }
  int channels() const override { return 1; }

  void Visit(Visitor& v) override {
    VisitSteps(v);
    target_.Visit(v);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    const size_t before = problems.size();
    target_.Validate(2, problems);
    if (problems.size() > before) return;
    start_.Validate(target_.dim(), target_.dim(), problems);
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    start_.Draw(key, first, target_.dim(), x);
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const size_t n = target_.dim();
    const size_t axis = static_cast<size_t>(leap.number) % n;
    const Key key =
        Fold(Fold(leap.key, "part"), static_cast<uint64_t>(leap.number));
    for (size_t i = 0; i < x.size() / n; ++i) {
      const std::span<double> point = x.subspan(i * n, n);
      point[axis] = target_.Conditional(
          axis, point, UniformAt(key, leap.first + i), leap.Increment(i));
    }
  }

  std::optional<double> StationaryAt(std::span<const double> x) const override {
    return target_.Noised().Density(x);
  }
  std::optional<StartLaw> StartedFrom() const override { return start_.law(); }

 private:
  RoundMixture target_;
  NormalStart start_;
};

constexpr Row<Process> kRows[] = {
    MakeRow<Process, Sgld>(
        "sgld", "Langevin's dynamics on a posterior",
        "The unknown mean of some data, found by noisy steps that each look "
        "at a few of them: with shrinking steps the chain draws from the "
        "posterior. Welling and Teh 2011."),
    MakeRow<Process, Gibbs>(
        "gibbs", "Gibbs sampling",
        "Each coordinate in turn is drawn anew given the other: right angles "
        "all the way, and a long wait between peaks that share no row or "
        "column. Geman and Geman 1984."),
};

}  // namespace

std::span<const Row<Process>> SamplingProcesses() { return kRows; }

}  // namespace unnoise
