// Samplers: from noise to data along a path, on any denoiser. Each is a row of
// the table in samplers.cc.

#ifndef UNNOISE_SAMPLING_SAMPLER_H_
#define UNNOISE_SAMPLING_SAMPLER_H_

#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "core/base/describe.h"
#include "core/base/key.h"
#include "core/path/path.h"
#include "core/sampling/denoiser.h"

namespace unnoise {

// One transition of a discrete sampler, from xt (at grid point i) to xs (at
// i - 1): xs = xt_weight * xt + data_weight * data + noise_weight * noise +
// deviation * fresh noise, with {data, noise} the denoiser's prediction.
struct Update {
  double xt_weight;
  double data_weight;
  double noise_weight;
  double deviation;
};

// Makes x = xt, [count, dim], the state that the update leads to, without its
// fresh noise; `predicted` is what the denoiser said of xt.
void TakeStep(const Update& update, Prediction predicted, std::span<float> x);

class Sampler : public Described {
 public:
  // The transition between two points of a path, t > s.
  virtual Update Between(const Coefficients& t,
                         const Coefficients& s) const = 0;

  // Number of transitions; the grid has one more point.
  int64_t steps = 50;

 protected:
  // The field every sampler has; call first from Visit.
  void VisitSteps(Visitor& visitor);
};

template <>
std::span<const Row<Sampler>> Rows<Sampler>();

// One point of the grid that a sampler used.
struct GridPoint {
  double t;
  double alpha;
  double sigma;
};

// The state of `count` particles on their way from noise to data; every call of
// Step makes one transition, so a caller may stop, show and go on in between.
// Particle i depends on the key and first + i alone, not on count or on how the
// work is cut: the start is N(0, I) from Fold(key, "start"), fresh noise of the
// n-th transition, n = 0, 1, ..., is Fold(Fold(key, "step"), n). The denoiser
// must treat particles one by one, and outlive this.
class Sampling {
 public:
  // `grid` ascending in t, at least two points; count >= 1. Throws UsageError.
  // All memory is taken here, none in Step.
  Sampling(const Sampler& sampler, const Path& path,
           std::span<const double> grid, Denoiser& denoiser, Key key,
           uint64_t first, int64_t count);

  // Makes one transition; false if the last one had been made already.
  bool Step();

  bool done() const { return position_ == 0; }
  // Index into the grid of where the particles are: steps, ..., 0.
  int64_t position() const { return position_; }
  // The particles now, [count, dim], in model units.
  std::span<const float> particles() const { return x_; }
  const std::vector<GridPoint>& grid() const { return points_; }
  // Whether every particle is finite.
  bool finite() const;

 private:
  Denoiser& denoiser_;
  Key key_;
  uint64_t first_value_;           // index of x_[0] in the stream of normals
  std::vector<GridPoint> points_;  // [steps + 1]
  std::vector<Update> updates_;    // [steps], from point i + 1 to point i
  int64_t position_;
  std::vector<float> x_, data_, noise_, fresh_;  // each [count, dim]
};

// The way from data to noise on the same grid, by the Markov chain of the path:
// x_i = ratio x_(i-1) + sqrt(step_variance) eps. Same calls and same streams as
// Sampling, from given data.
class Noising {
 public:
  // `data` [count, dim] in model units, at t = 0; it is first noised to grid
  // point 0. `grid` as in Sampling. Throws UsageError.
  Noising(const Path& path, std::span<const double> grid, int dim, Key key,
          uint64_t first, std::span<const float> data);

  bool Step();

  bool done() const { return position_ + 1 == std::ssize(points_); }
  // 0, ..., steps.
  int64_t position() const { return position_; }
  std::span<const float> particles() const { return x_; }
  const std::vector<GridPoint>& grid() const { return points_; }

 private:
  struct Move {
    double ratio;
    double deviation;
  };
  // x = ratio x + deviation eps
  void Apply(const Move& move, Key key);

  Key key_;
  uint64_t first_value_;
  std::vector<GridPoint> points_;  // [steps + 1]
  std::vector<Move> moves_;        // [steps], from point i to point i + 1
  int64_t position_ = 0;
  std::vector<float> x_, fresh_;
};

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_SAMPLER_H_
