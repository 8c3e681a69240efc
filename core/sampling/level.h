// What the samplers share that move by the score of one level of noise: how
// long a step is there, Langevin's step, and when steps have grown too far.
// Only for the files of core/sampling that define such samplers.
//
// The score at a level is -noise / sigma, with the noise that the denoiser
// says; the law at time t is that of alpha x0 + sigma eps. A transition from
// grid point i to i - 1 moves at the level of i - 1, so that a grid of equal
// times stays at one level; where that has no noise, nothing moves.

#ifndef UNNOISE_SAMPLING_LEVEL_H_
#define UNNOISE_SAMPLING_LEVEL_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/sampling/sampler.h"

namespace unnoise {

// The fields step and unit.
class StepLength {
 public:
  explicit StepLength(double step) : step_(step) {}

  // `step` says what the number means.
  void Visit(Visitor& visitor, const Field& step);

  double step() const { return step_; }
  // What a length of 1 is at grid point `level`: its sigma, or sigma over that
  // of the level nearest to the data, which is 1 at one level alone.
  double UnitAt(const Journey& journey, int64_t level) const;

 private:
  double step_;
  int unit_ = 0;
};

// A sampler that stays at one level, for as many steps as it is given: its
// chains forget the start and tend to the law of that level.
class LevelSampler : public Sampler {
 public:
  std::vector<double> Times(const Path& path) const final;

 protected:
  LevelSampler() { steps = 200; }

  // The fields steps and t; call first from Visit.
  void VisitLevel(Visitor& visitor);

 private:
  double t_ = 0.05;
};

// Langevin's steps without a correction: x + step score + sqrt(2 step) z. On
// data N(m, s^2) and their law N(alpha m, v) at the level, v = alpha^2 s^2 +
// sigma^2, they settle at the variance v / (1 - step / (2 v)) where step < 2 v,
// and grow without bound beyond.
// Source: Roberts, Tweedie 1996, section 1.4.1; Song, Ermon 2019, eq. 4, whose
// epsilon is 2 step.
class LangevinMoves {
 public:
  explicit LangevinMoves(const Journey& journey);

  // One step of that length, > 0, at grid point `level`, which has noise; x
  // [count, dim] in place.
  void Take(int64_t level, double step, const FreshNoise& fresh,
            std::span<float> x);

 private:
  Journey journey_;
  std::vector<float> data_, noise_;  // [count, dim]
};

// Fills `out` with the draws, or with 0 where they are muted.
void DrawNormal(const FreshNoise& fresh, std::span<float> out);

// The same particles' draws of another name or number.
FreshNoise Other(const FreshNoise& fresh, std::string_view name);
FreshNoise Other(const FreshNoise& fresh, uint64_t number);

// How far from 0 a coordinate may be: far beyond any law at a level of the
// path, and far within the range of floats.
float FarthestOn(const Path& path);

// kUnstable if a coordinate is farther, or no number.
Outcome OutcomeOf(std::span<const float> x, float farthest);

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_LEVEL_H_
