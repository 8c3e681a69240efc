// See field.h.

#include "core/sampling/field.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/check.h"

namespace unnoise {
namespace {

// The i-th of n numbers from `low` to `high`, both of them exactly.
double Between(double low, double high, int64_t i, int64_t n) {
  if (i == n - 1) return high;
  return low +
         (high - low) * (static_cast<double>(i) / static_cast<double>(n - 1));
}

}  // namespace

ArrowField::ArrowField(const Lattice& lattice, const Affine& units,
                       Denoiser& denoiser, double t,
                       const std::optional<Move>& move)
    : lattice_(lattice),
      scale_(units.scale),
      denoiser_(denoiser),
      t_(t),
      move_(move),
      axes_(std::min(2, denoiser.dim())) {
  const int dim = denoiser.dim();
  Check(std::isfinite(lattice.x1 - lattice.x0) && lattice.x0 < lattice.x1,
        "a lattice ascends in x");
  Check(axes_ == 1
            ? lattice.ny == 1
            : lattice.ny >= 2 && std::isfinite(lattice.y1 - lattice.y0) &&
                  lattice.y0 < lattice.y1,
        "a lattice ascends in y");
  Check(lattice.nx >= 2, "a lattice has two nodes a row");
  Check(units.scale.size() == static_cast<size_t>(dim),
        "units and model have the same dimension");
  const size_t count = static_cast<size_t>(lattice.nx * lattice.ny);
  nodes_.resize(count * static_cast<size_t>(axes_));
  arrows_.resize(nodes_.size());
  for (auto* buffer : {&x_, &data_, &noise_, &moved_}) {
    buffer->resize(count * static_cast<size_t>(dim));
  }
  size_t node = 0;
  for (int64_t row = 0; row < lattice.ny; ++row) {
    for (int64_t column = 0; column < lattice.nx; ++column, ++node) {
      const double place[2] = {
          Between(lattice.x0, lattice.x1, column, lattice.nx),
          axes_ == 1 ? 0 : Between(lattice.y0, lattice.y1, row, lattice.ny)};
      for (int axis = 0; axis < axes_; ++axis) {
        const double x = static_cast<float>(place[axis]);
        nodes_[node * axes_ + axis] = static_cast<float>(x);
        x_[node * dim + axis] =
            static_cast<float>((x - units.shift[axis]) / units.scale[axis]);
      }
    }
  }
}

bool ArrowField::Advance(int64_t rows) {
  const int64_t end = std::min(lattice_.ny, made_ + rows);
  const size_t dim = static_cast<size_t>(denoiser_.dim());
  const size_t axes = static_cast<size_t>(axes_);
  const size_t first = static_cast<size_t>(made_ * lattice_.nx);
  const size_t count = static_cast<size_t>(end * lattice_.nx) - first;
  const auto part = [&](std::vector<float>& all) {
    return std::span(all).subspan(first * dim, count * dim);
  };
  const std::span<float> x = part(x_);
  const Prediction predicted{part(data_), part(noise_)};
  std::span<const float> target = predicted.data;
  if (count > 0 && move_) {
    const std::span<float> moved = part(moved_);
    std::copy(x.begin(), x.end(), moved.begin());
    const double grid[] = {move_->s, t_};
    const Coefficients at[] = {move_->path->At(move_->s), move_->path->At(t_)};
    move_->sampler
        ->Start(
            {*move_->path, grid, at, denoiser_, static_cast<int64_t>(count)})
        ->Step(1, moved, {.key = {}, .dim = denoiser_.dim(), .muted = true});
    target = moved;
  } else if (count > 0) {
    denoiser_.Predict(t_, x, predicted);
  }
  for (size_t i = 0; i < count; ++i) {
    for (size_t axis = 0; axis < axes; ++axis) {
      const double way = static_cast<double>(target[i * dim + axis]) -
                         static_cast<double>(x[i * dim + axis]);
      arrows_[(first + i) * axes + axis] =
          static_cast<float>(scale_[axis] * way);
    }
  }
  made_ = end;
  return made_ < lattice_.ny;
}

}  // namespace unnoise
