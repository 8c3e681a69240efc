// See level.h.

#include "core/sampling/level.h"

#include <algorithm>
#include <cmath>

namespace unnoise {

void StepLength::Visit(Visitor& visitor, const Field& step) {
  static constexpr std::string_view kOptions[] = {"level", "data"};
  visitor.Real(step, {1e-4, 10, Scale::kLog}, step_);
  visitor.Option(
      {"unit",
       "What a step is measured by. level: sigma, the noise of the level, "
       "which is never too long for an exact law if step is below 2; data: "
       "the units of the points at the level nearest to the data."},
      kOptions, unit_);
}

double StepLength::UnitAt(const Journey& journey, int64_t level) const {
  enum { kLevel, kData };
  const double sigma = journey.at[level].sigma, last = journey.at[0].sigma;
  // A grid that ends without noise has no last level to measure by.
  return unit_ == kLevel || last == 0 ? sigma : sigma / last;
}

std::vector<double> LevelSampler::Times(const Path& path) const {
  return std::vector<double>(static_cast<size_t>(steps) + 1,
                             std::clamp(t_, path.t_min, path.t_max));
}

void LevelSampler::VisitLevel(Visitor& visitor) {
  VisitStepCount(visitor);
  visitor.Real({"t",
                "The level of noise whose law is drawn from; below path.t_min "
                "it is that. Near the data the picture is sharp and the way "
                "between modes is long.",
                "Song, Ermon 2019, section 3.2"},
               {0, 1}, t_);
}

LangevinMoves::LangevinMoves(const Journey& journey) : journey_(journey) {
  const size_t size = static_cast<size_t>(journey.count) *
                      static_cast<size_t>(journey.denoiser.dim());
  data_.resize(size);
  noise_.resize(size);
}

void LangevinMoves::Take(int64_t level, double step, const FreshNoise& fresh,
                         std::span<float> x) {
  journey_.denoiser.Predict(journey_.grid[level], x, {data_, noise_});
  const float climb = static_cast<float>(-step / journey_.at[level].sigma);
  for (size_t i = 0; i < x.size(); ++i) x[i] += climb * noise_[i];
  if (fresh.muted) return;
  fresh.Normal(noise_);
  const float spread = static_cast<float>(std::sqrt(2 * step));
  for (size_t i = 0; i < x.size(); ++i) x[i] += spread * noise_[i];
}

void DrawNormal(const FreshNoise& fresh, std::span<float> out) {
  if (fresh.muted) {
    std::fill(out.begin(), out.end(), 0.0f);
  } else {
    fresh.Normal(out);
  }
}

FreshNoise Other(const FreshNoise& fresh, std::string_view name) {
  return {Fold(fresh.key, name), fresh.first, fresh.dim, fresh.muted,
          fresh.drawn};
}
FreshNoise Other(const FreshNoise& fresh, uint64_t number) {
  return {Fold(fresh.key, number), fresh.first, fresh.dim, fresh.muted,
          fresh.drawn};
}

float FarthestOn(const Path& path) {
  return static_cast<float>(1e6 * std::max(1.0, path.PriorStd()));
}

Outcome OutcomeOf(std::span<const float> x, float farthest) {
  const bool near = std::all_of(x.begin(), x.end(), [&](float value) {
    return std::fabs(value) <= farthest;
  });
  return near ? Outcome::kGood : Outcome::kUnstable;
}

}  // namespace unnoise
