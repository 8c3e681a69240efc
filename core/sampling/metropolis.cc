// Langevin and Hamiltonian steps that are proposals: each is taken or left by
// the density that it comes to, so that the law of the level is kept exactly.
// Networks have no density; on them these do not run.

#include <cmath>

#include "core/base/exact_math.h"
#include "core/sampling/level.h"
#include "core/sampling/rows.h"

namespace unnoise {
namespace {

// Fresh momenta, then a way of `leaps` steps of the leapfrog, at whose end the
// point is taken with the probability exp(-rise) of its energy, |momentum|^2 /
// 2
// - log density. With one leap the point proposed is x + h^2 / 2 score + h z
// and the probability that of Metropolis and Hastings for Langevin's step
// h^2 / 2. Source: Neal 2011, sections 3.2 and 5.2.
class HamiltonianStepper final : public Stepper {
 public:
  // `leap` in units.
  HamiltonianStepper(const Journey& journey, const StepLength& length,
                     double leap, int64_t leaps)
      : journey_(journey),
        density_(journey.denoiser.density()),
        length_(length),
        leap_(leap),
        leaps_(leaps),
        dim_(static_cast<size_t>(journey.denoiser.dim())),
        farthest_(FarthestOn(journey.path)) {
    Check(density_ != nullptr, "this sampler needs a density to go by");
    const size_t count = static_cast<size_t>(journey.count);
    for (auto* buffer : {&noise_, &asked_, &proposed_, &data_, &draws_}) {
      buffer->resize(count * dim_);
    }
    momentum_.resize(count * dim_);
    for (auto* buffer : {&log_density_, &proposed_density_, &energy_}) {
      buffer->resize(count);
    }
    lost_.resize(count);
  }

  Outcome Step(int64_t from, std::span<float> x,
               const FreshNoise& fresh) override {
    const int64_t level = from - 1;
    const double unit = length_.UnitAt(journey_, level);
    if (!(unit > 0)) return Outcome::kGood;
    const double t = journey_.grid[level];
    if (t != known_) {
      journey_.denoiser.Predict(t, x, {data_, noise_});
      density_->LogDensity(t, x, log_density_);
      known_ = t;
    }
    Begin(x, fresh);
    const double h = leap_ * unit;
    const double push = -0.5 * h / journey_.at[level].sigma;
    Push(push, noise_);
    for (int64_t i = 0; i < leaps_; ++i) {
      Drift(h, x);
      journey_.denoiser.Predict(t, proposed_, {data_, asked_});
      // Two halves between leaps, one at the end.
      Push(i + 1 < leaps_ ? 2 * push : push, asked_);
    }
    density_->LogDensity(t, proposed_, proposed_density_);
    Choose(fresh, x);
    return Outcome::kGood;
  }
  std::optional<double> acceptance() const override {
    if (proposals_ == 0) return {};
    return static_cast<double>(accepted_) / static_cast<double>(proposals_);
  }

 private:
  double Kinetic(size_t particle) const {
    double sum = 0;
    for (size_t k = particle * dim_; k < (particle + 1) * dim_; ++k) {
      sum += momentum_[k] * momentum_[k];
    }
    return 0.5 * sum;
  }

  void Begin(std::span<const float> x, const FreshNoise& fresh) {
    DrawNormal(fresh, draws_);
    momentum_.assign(draws_.begin(), draws_.end());
    std::copy(x.begin(), x.end(), proposed_.begin());
    for (size_t i = 0; i < energy_.size(); ++i) {
      energy_[i] = Kinetic(i) - log_density_[i];
      lost_[i] = false;
    }
  }

  void Push(double push, std::span<const float> noise) {
    for (size_t k = 0; k < momentum_.size(); ++k) {
      momentum_[k] += push * noise[k];
    }
  }

  // A point that flies off comes back to where it started, and stays.
  void Drift(double h, std::span<const float> x) {
    for (size_t i = 0; i < lost_.size(); ++i) {
      for (size_t k = i * dim_; k < (i + 1) * dim_; ++k) {
        const double next = proposed_[k] + h * momentum_[k];
        lost_[i] = lost_[i] || !(std::fabs(next) <= farthest_);
        proposed_[k] = lost_[i] ? x[k] : static_cast<float>(next);
      }
    }
  }

  void Choose(const FreshNoise& fresh, std::span<float> x) {
    const Key key = Fold(fresh.key, "accept");
    for (size_t i = 0; i < lost_.size(); ++i) {
      ++proposals_;
      const double rise = Kinetic(i) - proposed_density_[i] - energy_[i];
      // Muted draws are 0, and take whatever is a number.
      const double draw =
          fresh.muted ? 0
                      : UniformAt(key, fresh.first + static_cast<uint64_t>(i));
      const bool taken = draw > 0 ? rise <= -exact::Log(draw) : rise == rise;
      if (lost_[i] || !taken) continue;
      ++accepted_;
      log_density_[i] = proposed_density_[i];
      for (size_t k = i * dim_; k < (i + 1) * dim_; ++k) {
        x[k] = proposed_[k];
        noise_[k] = asked_[k];
      }
    }
  }

  Journey journey_;
  Density* density_;
  StepLength length_;
  double leap_;
  int64_t leaps_;
  size_t dim_;
  float farthest_;
  double known_ = -1;  // the time at which noise_ and log_density_ are of x
  int64_t proposals_ = 0, accepted_ = 0;
  std::vector<float> noise_, asked_, proposed_;  // [count, dim]
  std::vector<float> data_, draws_;              // [count, dim], passing
  std::vector<double> momentum_;                 // [count, dim]
  std::vector<double> log_density_, proposed_density_, energy_;  // [count]
  std::vector<char> lost_;                                       // [count]
};

class Mala final : public LevelSampler {
 public:
  void Visit(Visitor& v) override {
    VisitLevel(v);
    length_.Visit(v, {"step",
                      "How far a proposal goes: step times the score, and "
                      "noise of variance 2 step; in squares of the unit. Long "
                      "ones are mostly left.",
                      "Roberts, Tweedie 1996, section 1.4.2"});
  }

  std::unique_ptr<Stepper> Start(const Journey& journey) const override {
    return std::make_unique<HamiltonianStepper>(
        journey, length_, std::sqrt(2 * length_.step()), 1);
  }
  bool needs_density() const override { return true; }

 private:
  StepLength length_{0.5};
};

class Hmc final : public LevelSampler {
 public:
  Hmc() { steps = 40; }

  void Visit(Visitor& v) override {
    VisitLevel(v);
    length_.Visit(v, {"step",
                      "How long a leap lasts: points of velocity 1 go that "
                      "far; in the unit. The shorter, the more ways are taken.",
                      "Neal 2011, section 2.3"});
    v.Int({"leaps",
           "How many leaps a way has before it is taken or left. One is mala.",
           "Neal 2011, section 3.2"},
          {1, 100, Scale::kLog}, leaps_);
  }

  std::unique_ptr<Stepper> Start(const Journey& journey) const override {
    return std::make_unique<HamiltonianStepper>(journey, length_,
                                                length_.step(), leaps_);
  }
  bool needs_density() const override { return true; }

 private:
  StepLength length_{0.5};
  int64_t leaps_ = 10;
};

constexpr Row<Sampler> kRows[] = {
    MakeRow<Sampler, Mala>(
        "mala", "Langevin, corrected",
        "Langevin's steps as proposals, taken or left by the density: the law "
        "of the level exactly, for steps of any length. On exact laws only, "
        "since a network knows no density. Roberts and Tweedie 1996."),
    MakeRow<Sampler, Hmc>(
        "hmc", "Hamiltonian Monte Carlo",
        "Lets the points roll on the landscape of the density with a random "
        "push, and takes or leaves where they come to. On exact laws only. "
        "Duane et al. 1987; Neal 2011."),
};

}  // namespace

std::span<const Row<Sampler>> MetropolisSamplers() { return kRows; }

}  // namespace unnoise
