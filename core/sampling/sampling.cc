// See sampling.h.

#include "core/sampling/sampling.h"

#include <algorithm>
#include <cmath>

namespace unnoise {
namespace {

// The coefficients on the grid, which is kept as points to show.
std::vector<Coefficients> Along(const Path& path, std::span<const double> grid,
                                std::vector<GridPoint>& points) {
  Check(grid.size() >= 2, "a grid needs two points");
  std::vector<Coefficients> all;
  for (const double t : grid) {
    Check(points.empty() || points.back().t < t ||
              (t == grid.front() && t == grid.back()),
          "a grid ascends");
    all.push_back(path.At(t));
    points.push_back({t, all.back().alpha, all.back().sigma});
  }
  return all;
}

Key StepKey(Key key, int64_t n) {
  return Fold(Fold(key, "step"), static_cast<uint64_t>(n));
}

}  // namespace

Sampling::Sampling(const Sampler& sampler, const Path& path,
                   std::span<const double> grid, Denoiser& denoiser, Key key,
                   uint64_t first, int64_t count)
    : counting_(denoiser, count),
      key_(key),
      first_(first),
      times_(grid.begin(), grid.end()),
      at_(Along(path, grid, points_)),
      position_(std::ssize(grid) - 1) {
  Check(count >= 1, "there are no particles to sample");
  const uint64_t dim = static_cast<uint64_t>(denoiser.dim());
  x_.resize(static_cast<size_t>(count) * dim);
  FillNormal(Fold(key_, "start"), first_ * dim, x_);
  const float width = static_cast<float>(path.PriorStd());
  for (float& x : x_) x *= width;
  stepper_ = sampler.Start({path, times_, at_, counting_, count});
}

bool Sampling::Step() {
  if (done() || outcome_ != Outcome::kGood) return false;
  const FreshNoise fresh{.key = StepKey(key_, steps() - position_),
                         .first = first_,
                         .dim = counting_.dim(),
                         .drawn = &drew_};
  outcome_ = stepper_->Step(position_, x_, fresh);
  if (outcome_ != Outcome::kGood) return false;
  constexpr double kLeastAcceptance = 0.01;
  if (position_ == 1 && acceptance().value_or(1) < kLeastAcceptance) {
    outcome_ = Outcome::kStuck;
    return false;
  }
  --position_;
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
      x_(data.begin(), data.end()) {
  Check(dim >= 1 && !data.empty() && data.size() % dim == 0,
        "the data are not whole points");
  const std::vector<Coefficients> at = Along(path, grid, points_);
  for (size_t i = 0; i + 1 < at.size(); ++i) {
    const Transition step = TransitionBetween(at[i + 1], at[i]);
    moves_.push_back({step.ratio, step.step_variance});
  }
  Take({at[0].alpha, at[0].sigma * at[0].sigma}, Fold(key_, "start"),
       first_value_, x_);
}

bool Noising::Step() {
  if (done()) return false;
  Take(moves_[position_], StepKey(key_, position_), first_value_, x_);
  ++position_;
  return true;
}

}  // namespace unnoise
