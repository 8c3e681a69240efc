// The probability-flow ODE by Dormand and Prince's pair of orders 5 and 4. Each
// particle chooses its own steps, whatever the grid, and shows where it was at
// the grid's times by dense output. Fixed steps are in ode.cc.

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"
#include "core/sampling/rows.h"
#include "core/sampling/stages.h"

namespace unnoise {
namespace {

// Source: Dormand, Prince 1980, table 2; the last row of kA is also the step,
// and its slope the next step's first.
constexpr int kStages = 7;
constexpr double kC[kStages] = {0, 0.2, 0.3, 0.8, 8. / 9, 1, 1};
constexpr double kA[kStages][kStages - 1] = {
    {},
    {1. / 5},
    {3. / 40, 9. / 40},
    {44. / 45, -56. / 15, 32. / 9},
    {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
    {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
    {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84}};
// Fifth less fourth order.
constexpr double kError[kStages] = {
    71. / 57600,      0,         -71. / 16695, 71. / 1920,
    -17253. / 339200, 22. / 525, -1. / 40};
// The part of the dense output that the ends and their slopes do not give.
// Source: Hairer, Norsett, Wanner 1993, section II.6, DOPRI5.
constexpr double kDense[kStages] = {
    -12715105075. / 11282082432,  0,
    87487479700. / 32700410799,   -10690763975. / 1880347072,
    701980252875. / 199316789632, -1453857185. / 822651844,
    69997945. / 29380423};

struct Limits {
  double rtol, atol;
  int64_t max_steps;
};

class DormandPrince final : public Stepper {
 public:
  DormandPrince(const Limits& limits, const Journey& journey)
      : limits_(limits),
        journey_(journey),
        dim_(static_cast<size_t>(journey.denoiser.dim())),
        particles_(static_cast<size_t>(journey.count)),
        times_(particles_.size()) {
    const size_t size = particles_.size() * dim_;
    for (auto* buffer : {&start_, &end_}) buffer->resize(size);
    for (auto& slope : slopes_) slope.resize(size);
    for (auto* buffer : {&asked_, &data_, &noise_}) buffer->resize(size);
    active_.reserve(particles_.size());
    // The slope may be infinite at either end: there a sliver of the gap is
    // left to DDIM.
    const auto grid = journey.grid;
    const size_t last = grid.size() - 1;
    first_time_ = Regular(grid[last], grid[last - 1]);
    last_time_ = Regular(grid[0], grid[1]);
  }

  Outcome Step(int64_t from, std::span<float> x, const FreshNoise&) override {
    if (!started_) Begin(from, x);
    const double target = from == 1 ? last_time_ : journey_.grid[from - 1];
    for (int64_t round = 0;; ++round) {
      active_.clear();
      for (size_t i = 0; i < particles_.size(); ++i) {
        if (Ahead(target, particles_[i].end) > 0) active_.push_back(i);
      }
      if (active_.empty()) break;
      if (round == limits_.max_steps) return Outcome::kTooManySteps;
      if (!Attempt()) return Outcome::kStepTooSmall;
    }
    for (size_t i = 0; i < particles_.size(); ++i) Show(i, target, x);
    if (from == 1 && last_time_ != journey_.grid[0]) {
      Cross(last_time_, journey_.grid[0], x);
    }
    return Outcome::kGood;
  }
  // Steps are tried again here, not left out.
  std::optional<double> acceptance() const override { return {}; }

 private:
  // One particle's latest accepted step, from `start` to `end` in time, and the
  // length of the next one.
  struct Particle {
    double start, end;
    double step;
    double error = 1, error_before = 1;  // of the steps accepted before
    bool rejected = false;
  };

  // How far `a` lies beyond `b` on the way; grids may go either way.
  double Ahead(double a, double b) const {
    return first_time_ > last_time_ ? b - a : a - b;
  }

  double Regular(double t, double inward) const {
    const Coefficients at = journey_.path.At(t);
    constexpr double kSliver = 1e-6;
    return std::isfinite(at.d_alpha + at.d_sigma) ? t
                                                  : t + kSliver * (inward - t);
  }

  void Cross(double t, double s, std::span<float> x) {
    if (journey_.asked) journey_.asked->clear();
    journey_.denoiser.Predict(t, x, {data_, noise_});
    const Update update =
        MeanSlopeUpdate(journey_.path.At(t), journey_.path.At(s));
    for (size_t k = 0; k < x.size(); ++k) {
      x[k] = static_cast<float>(x[k] + update.data_weight * data_[k] +
                                update.noise_weight * noise_[k]);
    }
  }

  void Begin(int64_t from, std::span<float> x) {
    started_ = true;
    if (journey_.grid[from] != first_time_) {
      Cross(journey_.grid[from], first_time_, x);
    }
    std::copy(x.begin(), x.end(), asked_.begin());
    std::copy(x.begin(), x.end(), end_.begin());
    for (size_t i = 0; i < particles_.size(); ++i) {
      times_[i] = first_time_;
      active_.push_back(i);
    }
    Ask(kStages - 1);
    // The first step: first so that the slope moves a particle by a hundredth
    // of its size, then, asking there, so that a method of order 5 is in error
    // by a hundredth of what it may be.
    // Source: Hairer, Norsett, Wanner 1993, section II.4.
    start_ = end_;
    const auto& slope = slopes_[kStages - 1];
    const double span = std::fabs(last_time_ - first_time_);
    for (size_t i = 0; i < particles_.size(); ++i) {
      Particle& particle = particles_[i];
      particle.start = particle.end = first_time_;
      const double size = Size(i, [&](size_t k) { return end_[k]; });
      const double speed = Size(i, [&](size_t k) { return slope[k]; });
      const double guess = 0.01 * std::max(1., size) / speed;
      particle.step = guess < span ? guess : span;
      times_[i] = first_time_ + Signed(particle);
      for (size_t k = i * dim_; k < (i + 1) * dim_; ++k) {
        asked_[k] = static_cast<float>(end_[k] + Signed(particle) * slope[k]);
      }
    }
    Ask(0);
    for (size_t i = 0; i < particles_.size(); ++i) {
      double& step = particles_[i].step;
      const double speed = Size(i, [&](size_t k) { return slope[k]; });
      const double bend =
          Size(i, [&](size_t k) { return slopes_[0][k] - slope[k]; }) / step;
      const double guess =
          exact::Exp(exact::Log(0.01 / std::max(speed, bend)) / 5);
      step = std::min({100 * step, guess < span ? guess : span, span});
    }
  }

  // The root mean square, over a particle's coordinates k, of `of`(k) in units
  // of the tolerance.
  template <class Of>
  double Size(size_t i, Of of) const {
    double sum = 0;
    for (size_t k = i * dim_; k < (i + 1) * dim_; ++k) {
      const double size = std::max(std::fabs(start_[k]), std::fabs(end_[k]));
      const double part = of(k) / (limits_.atol + limits_.rtol * size);
      sum += part * part;
    }
    return std::sqrt(sum / static_cast<double>(dim_));
  }

  // The slopes of the active particles at asked_ and times_, into `stage`.
  void Ask(int stage) {
    const size_t size = active_.size() * dim_;
    if (journey_.asked) journey_.asked->assign(active_.begin(), active_.end());
    journey_.denoiser.PredictAt(
        std::span(times_).first(active_.size()), std::span(asked_).first(size),
        {std::span(data_).first(size), std::span(noise_).first(size)});
    for (size_t j = 0; j < active_.size(); ++j) {
      const Coefficients at = journey_.path.At(times_[j]);
      for (size_t k = 0; k < dim_; ++k) {
        slopes_[stage][active_[j] * dim_ + k] =
            at.d_alpha * data_[j * dim_ + k] +
            at.d_sigma * noise_[j * dim_ + k];
      }
    }
  }

  // Tries one step of each active particle; false if one became too small.
  bool Attempt() {
    for (const size_t i : active_) {
      Particle& particle = particles_[i];
      if (!particle.rejected) {  // go on from the last one
        particle.start = particle.end;
        for (size_t k = i * dim_; k < (i + 1) * dim_; ++k) {
          start_[k] = end_[k];
          slopes_[0][k] = slopes_[kStages - 1][k];
        }
      }
      const double left = Ahead(last_time_, particle.start);
      // Nor leave a rest that is hardly a step.
      if (particle.step > left / 1.01) particle.step = left;
    }
    for (int stage = 1; stage < kStages; ++stage) {
      for (size_t j = 0; j < active_.size(); ++j) {
        const Particle& particle = particles_[active_[j]];
        const double step = Signed(particle);
        times_[j] = stage + 2 < kStages ? particle.start + kC[stage] * step
                                        : EndOf(particle);
        for (size_t k = 0; k < dim_; ++k) {
          const size_t place = active_[j] * dim_ + k;
          end_[place] = start_[place] + step * Sum(kA[stage], stage, place);
          asked_[j * dim_ + k] = static_cast<float>(end_[place]);
        }
      }
      Ask(stage);
    }
    bool good = true;
    for (const size_t i : active_) good = Judge(i) && good;
    return good;
  }

  double Signed(const Particle& particle) const {
    return first_time_ > last_time_ ? -particle.step : particle.step;
  }
  double EndOf(const Particle& particle) const {
    return particle.step == Ahead(last_time_, particle.start)
               ? last_time_
               : particle.start + Signed(particle);
  }
  double Sum(const double* weights, int stages, size_t place) const {
    double sum = 0;
    for (int l = 0; l < stages; ++l) sum += weights[l] * slopes_[l][place];
    return sum;
  }

  // Accepts a step or not, and chooses the next one by a PID controller.
  // Source: Kennedy, Carpenter 2003, section 5; Soderlind 2003.
  bool Judge(size_t i) {
    Particle& particle = particles_[i];
    const double step = Signed(particle);
    constexpr double kSafety = 0.95, kLeast = 0.2, kMost = 5, kNoError = 1e-4;
    const double error =
        Size(i, [&](size_t k) { return step * Sum(kError, kStages, k); });
    if (!(error <= 1)) {  // also where it is not a number
      const double factor =
          error < 1e9 ? kSafety * exact::Exp(-exact::Log(error) / 5) : kLeast;
      particle.step *= std::max(kLeast, factor);
      particle.rejected = true;
      // Less than times can tell.
      constexpr double kTimes = 1e-14;
      return particle.step > kTimes * std::max(1., std::fabs(particle.start));
    }
    const double now = std::max(error, kNoError);
    const double factor =
        kSafety * exact::Exp((-0.49 * exact::Log(now) +
                              0.34 * exact::Log(particle.error) -
                              0.10 * exact::Log(particle.error_before)) /
                             5);
    particle.end = EndOf(particle);
    particle.step *= std::clamp(factor, kLeast, particle.rejected ? 1 : kMost);
    particle.rejected = false;
    particle.error_before = particle.error;
    particle.error = now;
    return true;
  }

  // Where particle i was at `time`, within its latest step.
  void Show(size_t i, double time, std::span<float> x) const {
    const Particle& particle = particles_[i];
    const double step = particle.end - particle.start;
    const double part = (time - particle.start) / step;
    for (size_t k = i * dim_; k < (i + 1) * dim_; ++k) {
      if (time == particle.end) {
        x[k] = static_cast<float>(end_[k]);
        continue;
      }
      const double way = end_[k] - start_[k];
      const double left = step * slopes_[0][k] - way;
      const double right = way - step * slopes_[kStages - 1][k] - left;
      const double more = step * Sum(kDense, kStages, k);
      x[k] = static_cast<float>(
          start_[k] +
          part *
              (way + (1 - part) * (left + part * (right + (1 - part) * more))));
    }
  }

  Limits limits_;
  Journey journey_;
  size_t dim_;
  double first_time_, last_time_;
  bool started_ = false;
  std::vector<Particle> particles_;
  std::vector<size_t> active_;               // those that are tried
  std::vector<double> times_;                // of the active, in their order
  std::vector<float> asked_, data_, noise_;  // likewise, [active, dim]
  std::vector<double> start_, end_;          // [count, dim]
  std::vector<double> slopes_[kStages];      // each [count, dim]
};

class Dopri5 final : public Sampler {
 public:
  Dopri5() { follows_flow_ = true; }

  void Visit(Visitor& v) override {
    VisitSteps(v);
    v.Real({"rtol",
            "How large the error of one step may be, as a part of the point's "
            "size."},
           {1e-6, 0.1, Scale::kLog}, limits_.rtol);
    v.Real({"atol", "How large it may be besides, whatever the point's size."},
           {1e-6, 0.1, Scale::kLog}, limits_.atol);
    v.Int({"max_steps",
           "After how many steps between two times of the grid it gives up."},
          {10, 100000, Scale::kLog}, limits_.max_steps);
  }

  std::unique_ptr<Stepper> Start(const Journey& journey) const override {
    return std::make_unique<DormandPrince>(limits_, journey);
  }
  std::vector<double> Times(const Path& path) const override {
    return GridTimes(path);
  }
  bool needs_density() const override { return false; }

 private:
  Limits limits_{1e-5, 1e-5, 1000};
};

constexpr Row<Sampler> kRows[] = {
    MakeRow<Sampler, Dopri5>(
        "dopri5", "Dormand-Prince 5(4)",
        "Follows the probability flow in steps that it chooses by the error "
        "that it makes, for each point alone; steps and grid only say when it "
        "shows them. Dormand and Prince 1980."),
};

}  // namespace

std::span<const Row<Sampler>> AdaptiveSamplers() { return kRows; }

}  // namespace unnoise
