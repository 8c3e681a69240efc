// Samplers whose transitions are a few stages, each a question to the model
// and a weighted sum of what is known so far: chains, Runge-Kutta methods,
// exponential integrators. They say the weights; the arithmetic is here.
// Samplers that choose their own steps are not of this kind.

#ifndef UNNOISE_SAMPLING_STAGES_H_
#define UNNOISE_SAMPLING_STAGES_H_

#include <array>
#include <memory>
#include <vector>

#include "core/sampling/sampler.h"

namespace unnoise {

// Predictions that may be remembered, also from earlier transitions.
inline constexpr int kSlots = 4;

// Asks about the point that the stage before came to, at first x, and goes to
//   state x + sum_k (data[k] data_k + noise[k] noise_k) + deviation fresh,
// with {data_k, noise_k} the prediction in slot k.
struct Stage {
  double t = 0;   // the time of the question
  int slot = -1;  // where its answer goes; -1 asks nothing
  double state = 0;
  std::array<double, kSlots> data = {};
  std::array<double, kSlots> noise = {};
  double deviation = 0;  // only where x moves; at most once in a transition
  // Whether x itself moves there, as it always does in the last stage, or only
  // a trial point.
  bool moves = false;
};

// The stages of one transition.
class Stages {
 public:
  Stage& Add() { return stages_[count_++]; }
  const Stage* begin() const { return stages_.data(); }
  const Stage* end() const { return stages_.data() + count_; }

 private:
  std::array<Stage, kSlots> stages_ = {};
  int count_ = 0;
};

class StagedSampler : public Sampler {
 public:
  // The transition from grid point `from` to from - 1; slots still hold what
  // earlier transitions of the journey, from its far end on, left in them. The
  // grid may also descend in t, for the way from data to noise.
  virtual void Plan(const Journey& journey, int64_t from,
                    Stages& stages) const = 0;

  std::unique_ptr<Stepper> Start(const Journey& journey) const final;
  std::vector<double> Times(const Path& path) const final {
    return GridTimes(path);
  }
  bool needs_density() const final { return false; }
};

// One transition with a single question to the model, from xt (at grid point i)
// to xs (at i - 1): xs = xt_weight * xt + data_weight * data + noise_weight *
// noise + deviation * fresh noise, with {data, noise} the denoiser's prediction
// at xt.
struct Update {
  double xt_weight;
  double data_weight;
  double noise_weight;
  double deviation;
};

// A sampler that is nothing but such transitions.
class OneStepSampler : public StagedSampler {
 public:
  // The transition between two points of a path, t > s.
  virtual Update Between(const Coefficients& t,
                         const Coefficients& s) const = 0;

  void Plan(const Journey& journey, int64_t from, Stages& stages) const final;
};

// The step of DDIM from t to s, with the part eta of the noise anew. It needs
// no slope of the path, so that it also serves where that is infinite.
// Source: Song, Meng, Ermon 2021, eq. 12 and 16.
Update DdimUpdate(const Coefficients& t, const Coefficients& s, double eta);

// The same with eta = 0, as a move from xt: by the mean slopes of alpha and
// sigma between t and s, which are finite. It is DDIM's as alpha data + sigma
// noise = xt, and also moves what else is carried along.
Update MeanSlopeUpdate(const Coefficients& t, const Coefficients& s);

// A whole transition by `update`, from one question at time t.
void AddUpdate(double t, const Update& update, Stages& stages);

// A question at time t into `slot`, then alpha_s data + sigma_s noise of the
// prediction in slot `base`: DDIM, which methods of higher order correct.
Stage& AddDdim(double t, int slot, const Coefficients& s, int base,
               Stages& stages);

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_STAGES_H_
