// Particles in motion: from noise to data with any sampler, and from data to
// noise along the path; one transition a call, so that a caller may stop, show
// and go on in between.

#ifndef UNNOISE_SAMPLING_SAMPLING_H_
#define UNNOISE_SAMPLING_SAMPLING_H_

#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/key.h"
#include "core/path/path.h"
#include "core/path/sde.h"
#include "core/sampling/denoiser.h"
#include "core/sampling/sampler.h"

namespace unnoise {

// One point of the grid that a sampler used.
struct GridPoint {
  double t;
  double alpha;
  double sigma;
};

// The state of `count` particles on their way from noise to data. Particle i
// depends on the key and first + i alone, not on count or on how the work is
// cut: the start is N(0, prior_std^2) of the path from Fold(key, "start"),
// draws of the n-th transition, n = 0, 1, ..., are of Fold(Fold(key, "step"),
// n). The denoiser must treat particles one by one; it, the sampler and the
// path outlive this.
class Sampling {
 public:
  // `grid` in order of t, no point twice unless all are the same, at least two
  // points; count >= 1. Throws UsageError. All memory is taken here, none in
  // Step.
  Sampling(const Sampler& sampler, const Path& path,
           std::span<const double> grid, Denoiser& denoiser, Key key,
           uint64_t first, int64_t count);
  // On the sampler's own grid.
  Sampling(const Sampler& sampler, const Path& path, Denoiser& denoiser,
           Key key, uint64_t first, int64_t count)
      : Sampling(sampler, path, sampler.Times(path), denoiser, key, first,
                 count) {}

  // Makes one transition; false if there is none to make: the last one had been
  // made, or one went wrong.
  bool Step();

  bool done() const { return position_ == 0; }
  // Of the last transition.
  Outcome outcome() const { return outcome_; }
  // Index into the grid of where the particles are: steps, ..., 0.
  int64_t position() const { return position_; }
  int64_t steps() const { return std::ssize(points_) - 1; }
  // The particles now, [count, dim], in model units.
  std::span<const float> particles() const { return x_; }
  const std::vector<GridPoint>& grid() const { return points_; }
  // How often the model has been asked so far, the mean over particles.
  double evaluations() const { return counting_.evaluations(); }
  // Whether any transition so far left something to chance.
  bool drew() const { return drew_; }
  // See Stepper.
  std::optional<double> acceptance() const { return stepper_->acceptance(); }
  // Whether every particle is finite.
  bool finite() const;

 private:
  // Counts how many points a denoiser is asked about.
  class Counting final : public Denoiser {
   public:
    Counting(Denoiser& denoiser, int64_t count)
        : denoiser_(denoiser), count_(static_cast<double>(count)) {}
    int dim() const override { return denoiser_.dim(); }
    void PredictAt(std::span<const double> t, std::span<const float> xt,
                   Prediction out) override {
      points_ += std::ssize(xt) / dim();
      denoiser_.PredictAt(t, xt, out);
    }
    Density* density() override { return denoiser_.density(); }
    JacobianTrace* jacobian_trace() override {
      return denoiser_.jacobian_trace();
    }
    double evaluations() const { return static_cast<double>(points_) / count_; }

   private:
    Denoiser& denoiser_;
    double count_;
    int64_t points_ = 0;
  };

  Counting counting_;
  Key key_;
  uint64_t first_;
  std::vector<double> times_;      // [steps + 1]
  std::vector<GridPoint> points_;  // [steps + 1]
  std::vector<Coefficients> at_;   // [steps + 1], made with points_
  int64_t position_;
  Outcome outcome_ = Outcome::kGood;
  bool drew_ = false;
  std::vector<float> x_;  // [count, dim]
  std::unique_ptr<Stepper> stepper_;
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
  Key key_;
  uint64_t first_value_;
  std::vector<GridPoint> points_;  // [steps + 1]
  std::vector<NormalStep> moves_;  // [steps], from point i to point i + 1
  int64_t position_ = 0;
  std::vector<float> x_;
};

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_SAMPLING_H_
