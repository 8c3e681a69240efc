// What every sampler is: a configuration that starts a stepper, which takes
// particles from noise to data along the grid of a path, on any denoiser. The
// table is in samplers.cc; what runs one is sampling.h.

#ifndef UNNOISE_SAMPLING_SAMPLER_H_
#define UNNOISE_SAMPLING_SAMPLER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/describe.h"
#include "core/base/key.h"
#include "core/path/path.h"
#include "core/sampling/denoiser.h"
#include "core/sampling/time_grid.h"

namespace unnoise {

// The random draws of one transition. Those of particle i depend on the key and
// on first + i alone. Muted, a stepper moves as if every draw were 0.
struct FreshNoise {
  Key key;
  uint64_t first = 0;  // the first particle
  int dim = 1;
  bool muted = false;
  bool* drawn = nullptr;  // if given, set once anything is drawn

  // Standard normal draws [count, dim].
  void Normal(std::span<float> out) const;
};

// What becomes of a transition: a value, not an error.
enum class Outcome {
  kGood,
  kStepTooSmall,  // an adaptive step could not be made small enough
  kTooManySteps,  // nor the grid's gap be crossed with those allowed
  kUnstable,      // steps of a given length grew without bound
  kStuck,         // next to no proposal was accepted
};

// What there is to say of samples that did not come to be: the field to change,
// what is the matter with them and what to do about it, as parts of a sentence.
// Of kGood: that they are not finite nevertheless.
struct Advice {
  std::string_view field, matter, repair;
};
Advice AdviceOn(Outcome outcome);

// Takes particles along a grid; holds what lasts from one transition to the
// next.
class Stepper {
 public:
  virtual ~Stepper() = default;
  // Takes x [count, dim], in place, from grid point `from` to from - 1. Calls
  // come in order down the grid. Allocates nothing.
  virtual Outcome Step(int64_t from, std::span<float> x,
                       const FreshNoise& fresh) = 0;
  // The part of its proposals that were accepted so far; nothing where every
  // move is made.
  virtual std::optional<double> acceptance() const = 0;
};

// What a stepper is made for. All of it outlives the stepper.
struct Journey {
  const Path& path;
  std::span<const double> grid;      // times, the first one nearest the data
  std::span<const Coefficients> at;  // the path at each
  Denoiser& denoiser;
  int64_t count;  // particles
  // Where not null, a stepper that asks about some of the particles alone says
  // first which, in their order; it leaves it empty where it asks about all.
  std::vector<size_t>* asked = nullptr;
};

class Sampler : public Described {
 public:
  // All memory is taken here. Throws UsageError where a density is needed and
  // not known.
  virtual std::unique_ptr<Stepper> Start(const Journey& journey) const = 0;
  // The times that particles visit; see Journey.
  virtual std::vector<double> Times(const Path& path) const = 0;
  // Whether it runs only on denoisers that know the density.
  virtual bool needs_density() const = 0;

  // Whether it follows the velocity d_alpha data + d_sigma noise of the
  // probability flow and draws nothing: such a one may also be given a grid
  // that descends, and then goes from data to noise; and its steps are sums x +
  // h (weighted velocities), so that more coordinates may be carried along.
  bool follows_flow() const { return follows_flow_; }

  // Number of transitions, unless the grid has its own; it has one point more.
  int64_t steps = 50;

 protected:
  Sampler() = default;
  // With other times than even ones unless told.
  explicit Sampler(std::string_view grid) : grid_(grid) {}

  // The fields that samplers have which go down a grid; call first from Visit.
  void VisitSteps(Visitor& visitor);
  // Only their number.
  void VisitStepCount(Visitor& visitor);
  std::vector<double> GridTimes(const Path& path) const {
    return grid_->Times(path, steps);
  }

  bool follows_flow_ = false;

 private:
  Choice<TimeGrid> grid_;
};

template <>
std::span<const Row<Sampler>> Rows<Sampler>();

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_SAMPLER_H_
