// Langevin dynamics without a correction: at one level of noise (ula), down all
// of them (annealed_langevin), and with velocities (underdamped). What corrects
// their steps is in metropolis.cc.

#include <cmath>

#include "core/base/exact_math.h"
#include "core/sampling/level.h"
#include "core/sampling/rows.h"

namespace unnoise {
namespace {

// So many of Langevin's steps at each level that a transition comes to.
class LangevinStepper final : public Stepper {
 public:
  LangevinStepper(const Journey& journey, const StepLength& length,
                  int64_t repeats)
      : journey_(journey),
        length_(length),
        repeats_(repeats),
        farthest_(FarthestOn(journey.path)),
        moves_(journey) {}

  Outcome Step(int64_t from, std::span<float> x,
               const FreshNoise& fresh) override {
    const double unit = length_.UnitAt(journey_, from - 1);
    if (!(unit > 0)) return Outcome::kGood;
    for (int64_t i = 0; i < repeats_; ++i) {
      moves_.Take(from - 1, length_.step() * unit * unit,
                  i == 0 ? fresh : Other(fresh, static_cast<uint64_t>(i)), x);
      const Outcome outcome = OutcomeOf(x, farthest_);
      if (outcome != Outcome::kGood) return outcome;
    }
    return Outcome::kGood;
  }
  std::optional<double> acceptance() const override { return {}; }

 private:
  Journey journey_;
  StepLength length_;
  int64_t repeats_;
  float farthest_;
  LangevinMoves moves_;
};

class Ula final : public LevelSampler {
 public:
  void Visit(Visitor& v) override {
    VisitLevel(v);
    length_.Visit(
        v, {"step",
            "How far a step goes: step times the score, and noise of variance "
            "2 step; in squares of the unit. Long ones widen the law, and "
            "beyond twice its variance nothing holds them.",
            "Roberts, Tweedie 1996, section 1.4.1"});
  }

  std::unique_ptr<Stepper> Start(const Journey& journey) const override {
    return std::make_unique<LangevinStepper>(journey, length_, 1);
  }
  bool needs_density() const override { return false; }

 private:
  StepLength length_{0.5};
};

// Source: Song, Ermon 2019, algorithm 1; their alpha_i = epsilon sigma_i^2 /
// sigma_L^2 is twice the step here.
class AnnealedLangevin final : public Sampler {
 public:
  // Levels of equal ratios.
  AnnealedLangevin() : Sampler("log_snr") {}

  void Visit(Visitor& v) override {
    VisitSteps(v);
    v.Int({"repeats", "Langevin's steps at each level of noise.",
           "Song, Ermon 2019, algorithm 1: T"},
          {1, 100, Scale::kLog}, repeats_);
    length_.Visit(
        v, {"step",
            "How far a step goes: at each level in proportion to its sigma "
            "squared, so that all levels settle alike; in squares of the unit.",
            "Song, Ermon 2019, algorithm 1: epsilon / 2"});
  }

  std::unique_ptr<Stepper> Start(const Journey& journey) const override {
    return std::make_unique<LangevinStepper>(journey, length_, repeats_);
  }
  std::vector<double> Times(const Path& path) const override {
    return GridTimes(path);
  }
  bool needs_density() const override { return false; }

 private:
  int64_t repeats_ = 5;
  StepLength length_{0.15};
};

// Velocities of mass 1, pushed by the score, kept by friction at temperature 1:
// half a push, half a way, friction and noise for the whole step, half a way,
// half a push. On normal laws the places have their variance exactly, whatever
// the step, as long as it is below twice their standard deviation.
// Source: Leimkuhler, Matthews 2013, the scheme BAOAB.
class UnderdampedStepper final : public Stepper {
 public:
  UnderdampedStepper(const Journey& journey, const StepLength& length,
                     double friction)
      : journey_(journey),
        length_(length),
        kept_(exact::Exp(-friction * length.step())),
        renewed_(std::sqrt(-exact::Expm1(-2 * friction * length.step()))),
        farthest_(FarthestOn(journey.path)) {
    const size_t size = static_cast<size_t>(journey.count) *
                        static_cast<size_t>(journey.denoiser.dim());
    velocity_.resize(size);
    for (auto* buffer : {&data_, &noise_, &draws_}) buffer->resize(size);
  }

  Outcome Step(int64_t from, std::span<float> x,
               const FreshNoise& fresh) override {
    const int64_t level = from - 1;
    const double unit = length_.UnitAt(journey_, level);
    if (!(unit > 0)) return Outcome::kGood;
    if (!moving_) {
      DrawNormal(Other(fresh, "velocity"), draws_);
      velocity_.assign(draws_.begin(), draws_.end());
      moving_ = true;
    }
    const double t = journey_.grid[level];
    if (t != asked_) journey_.denoiser.Predict(t, x, {data_, noise_});
    asked_ = t;
    DrawNormal(fresh, draws_);
    const double step = length_.step() * unit;
    const double push = -0.5 * step / journey_.at[level].sigma;
    for (size_t i = 0; i < x.size(); ++i) {
      double& v = velocity_[i];
      v += push * noise_[i];
      const double middle = x[i] + 0.5 * step * v;
      v = kept_ * v + renewed_ * draws_[i];
      x[i] = static_cast<float>(middle + 0.5 * step * v);
    }
    const Outcome outcome = OutcomeOf(x, farthest_);
    if (outcome != Outcome::kGood) return outcome;
    journey_.denoiser.Predict(t, x, {data_, noise_});
    for (size_t i = 0; i < x.size(); ++i) velocity_[i] += push * noise_[i];
    return Outcome::kGood;
  }
  std::optional<double> acceptance() const override { return {}; }

 private:
  Journey journey_;
  StepLength length_;
  double kept_, renewed_;  // of the velocity, by friction and noise
  float farthest_;
  bool moving_ = false;
  double asked_ = -1;             // the time of what noise_ says of x
  std::vector<double> velocity_;  // [count, dim]
  std::vector<float> data_, noise_, draws_;  // [count, dim]
};

class Underdamped final : public LevelSampler {
 public:
  void Visit(Visitor& v) override {
    VisitLevel(v);
    length_.Visit(v, {"step",
                      "How long a step lasts: points of velocity 1 go that "
                      "far; in the unit. Beyond twice the law's standard "
                      "deviation nothing holds them.",
                      "Leimkuhler, Matthews 2013, BAOAB"});
    v.Real({"friction",
            "How fast velocities are forgotten, per unit of time. Little: "
            "points swing through the law; much: they creep as ula's do.",
            "Leimkuhler, Matthews 2013, gamma"},
           {1e-3, 100, Scale::kLog}, friction_);
  }

  std::unique_ptr<Stepper> Start(const Journey& journey) const override {
    return std::make_unique<UnderdampedStepper>(journey, length_, friction_);
  }
  bool needs_density() const override { return false; }

 private:
  StepLength length_{0.5};
  double friction_ = 0.5;
};

constexpr Row<Sampler> kRows[] = {
    MakeRow<Sampler, Ula>(
        "ula", "Langevin",
        "Climbs the score of one level of noise and adds noise of its own, "
        "again and again: the points tend to the law of that level, a little "
        "wider for long steps. Roberts and Tweedie 1996."),
    MakeRow<Sampler, Underdamped>(
        "underdamped", "Langevin with velocities",
        "As Langevin, but the score pushes velocities, which friction and "
        "noise keep at one temperature: a kinetic Langevin equation. "
        "Leimkuhler and Matthews 2013."),
    MakeRow<Sampler, AnnealedLangevin>(
        "annealed_langevin", "Annealed Langevin",
        "Langevin's steps at every level from much noise to little, so that "
        "modes are found while they still touch. Song and Ermon 2019."),
};

}  // namespace

std::span<const Row<Sampler>> LangevinSamplers() { return kRows; }

}  // namespace unnoise
