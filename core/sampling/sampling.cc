// Particles in motion: from noise to data with any sampler, and from data to
// noise along the path.

#include <algorithm>
#include <cmath>

#include "core/sampling/sampler.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxSteps = 10000;

// The coefficients on the grid, which is kept as points to show.
std::vector<Coefficients> Along(const Path& path, std::span<const double> grid,
                                std::vector<GridPoint>& points) {
  Check(grid.size() >= 2, "a grid needs two points");
  std::vector<Coefficients> all;
  for (const double t : grid) {
    Check(points.empty() || points.back().t < t, "a grid ascends");
    all.push_back(path.At(t));
    points.push_back({t, all.back().alpha, all.back().sigma});
  }
  return all;
}

Key StepKey(Key key, int64_t n) {
  return Fold(Fold(key, "step"), static_cast<uint64_t>(n));
}

}  // namespace

void Sampler::VisitSteps(Visitor& visitor) {
  visitor.Int({"steps",
               "Number of transitions from noise to data; each asks the model "
               "once. More are slower and, up to a point, better."},
              {1, static_cast<double>(kMaxSteps), Scale::kLog}, steps);
}

void TakeStep(const Update& update, Prediction predicted, std::span<float> x) {
  // Weights are rounded to float once; sums go from left to right.
  const float xt_weight = static_cast<float>(update.xt_weight);
  const float data_weight = static_cast<float>(update.data_weight);
  const float noise_weight = static_cast<float>(update.noise_weight);
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = xt_weight * x[i] + data_weight * predicted.data[i] +
           noise_weight * predicted.noise[i];
  }
}

Sampling::Sampling(const Sampler& sampler, const Path& path,
                   std::span<const double> grid, Denoiser& denoiser, Key key,
                   uint64_t first, int64_t count)
    : denoiser_(denoiser),
      key_(key),
      first_value_(first * static_cast<uint64_t>(denoiser.dim())),
      position_(std::ssize(grid) - 1) {
  Check(count >= 1, "there are no particles to sample");
  const std::vector<Coefficients> at = Along(path, grid, points_);
  for (size_t i = 0; i + 1 < at.size(); ++i) {
    updates_.push_back(sampler.Between(at[i + 1], at[i]));
  }
  const size_t size =
      static_cast<size_t>(count) * static_cast<size_t>(denoiser.dim());
  for (auto* buffer : {&x_, &data_, &noise_, &fresh_}) buffer->resize(size);
  FillNormal(Fold(key_, "start"), first_value_, x_);
}

bool Sampling::Step() {
  if (done()) return false;
  const int64_t made = std::ssize(updates_) - position_;
  denoiser_.Predict(points_[position_].t, x_, {data_, noise_});
  --position_;
  const Update& update = updates_[position_];
  TakeStep(update, {data_, noise_}, x_);
  const float deviation = static_cast<float>(update.deviation);
  if (deviation > 0) {
    FillNormal(StepKey(key_, made), first_value_, fresh_);
    for (size_t i = 0; i < x_.size(); ++i) x_[i] += deviation * fresh_[i];
  }
  return true;
}

bool Sampling::finite() const {
  return std::all_of(x_.begin(), x_.end(),
                     [](float x) { return std::isfinite(x); });
}

Noising::Noising(const Path& path, std::span<const double> grid, int dim,
                 Key key, uint64_t first, std::span<const float> data)
    : key_(key),
      first_value_(first * static_cast<uint64_t>(dim)),
      x_(data.begin(), data.end()),
      fresh_(data.size()) {
  Check(dim >= 1 && !data.empty() && data.size() % dim == 0,
        "the data are not whole points");
  const std::vector<Coefficients> at = Along(path, grid, points_);
  for (size_t i = 0; i + 1 < at.size(); ++i) {
    const Transition step = TransitionBetween(at[i + 1], at[i]);
    moves_.push_back({step.ratio, std::sqrt(step.step_variance)});
  }
  Apply({at[0].alpha, at[0].sigma}, Fold(key_, "start"));
}

bool Noising::Step() {
  if (done()) return false;
  Apply(moves_[position_], StepKey(key_, position_));
  ++position_;
  return true;
}

void Noising::Apply(const Move& move, Key key) {
  const float ratio = static_cast<float>(move.ratio);
  const float deviation = static_cast<float>(move.deviation);
  FillNormal(key, first_value_, fresh_);
  for (size_t i = 0; i < x_.size(); ++i) {
    x_[i] = ratio * x_[i] + deviation * fresh_[i];
  }
}

}  // namespace unnoise
