// A denoiser as a picture: where it would take the points of a regular grid at
// one time. One point and its whole way are probe.h's business. Draws nothing.

#ifndef UNNOISE_SAMPLING_FIELD_H_
#define UNNOISE_SAMPLING_FIELD_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/data/dataset.h"
#include "core/sampling/denoiser.h"
#include "core/sampling/sampler.h"

namespace unnoise {

// A regular grid over a rectangle in the plane of the first two coordinates, in
// data units, ends included. With one coordinate there is one row and y0, y1
// do not count.
struct Lattice {
  double x0, x1;
  double y0, y1;
  int64_t nx, ny;
};

// A sampler's way from the field's time down to s.
struct Move {
  const Sampler* sampler;
  const Path* path;
  double s;
};

// Arrows from the nodes of a lattice, made some rows at a time, so that a
// caller may answer others in between. Other coordinates than the first two
// are at the middle of the model's units, 0: the data's mean, unless
// data.standardise=none says otherwise.
class ArrowField {
 public:
  // Arrows at time t in [t_min, t_max]: to the predicted data, x0hat - xt, or,
  // given a move, to the state that it leads to without fresh noise, xs - xt.
  // x0 < x1, y0 < y1, nx, ny >= 2 (ny = 1 with one coordinate), all finite;
  // `units` of the denoiser's dimension. Throws UsageError. `denoiser`
  // and what the move names outlive this.
  // Source: Karras et al. 2022, figure 1 and eq. 3, for x0hat - xt.
  ArrowField(const Lattice& lattice, const Affine& units, Denoiser& denoiser,
             double t, const std::optional<Move>& move = std::nullopt);

  // Makes up to `rows` more rows; false once all are made.
  bool Advance(int64_t rows);

  const Lattice& lattice() const { return lattice_; }
  // min(2, dim): numbers of a node and of an arrow.
  int axes() const { return axes_; }
  // Nodes and arrows of the rows made so far, [rows, nx, axes], data units;
  // rows from y0 upwards, nodes from x0 to the right.
  std::span<const float> nodes() const { return Made(nodes_); }
  std::span<const float> arrows() const { return Made(arrows_); }

 private:
  std::span<const float> Made(const std::vector<float>& values) const {
    return std::span(values).first(
        static_cast<size_t>(made_ * lattice_.nx * axes_));
  }

  Lattice lattice_;
  std::vector<double> scale_;  // of the units
  Denoiser& denoiser_;
  double t_;
  std::optional<Move> move_;
  int axes_;
  int64_t made_ = 0;                             // rows
  std::vector<float> nodes_;                     // [ny, nx, axes]
  std::vector<float> arrows_;                    // [ny, nx, axes]
  std::vector<float> x_, data_, noise_, moved_;  // [ny * nx, dim]
};

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_FIELD_H_
