// The probability flow as a map between data and noise, both ways, and the log
// density that follows from how it stretches space. Its steps are those of the
// samplers that follow it; what draws samples is sampling.h.

#ifndef UNNOISE_SAMPLING_FLOW_H_
#define UNNOISE_SAMPLING_FLOW_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/key.h"
#include "core/data/dataset.h"
#include "core/divergence/trace_estimate.h"
#include "core/path/path.h"
#include "core/sampling/denoiser.h"
#include "core/sampling/sampler.h"

namespace unnoise {

enum class Way { kToNoise, kToData };

// How the divergence of the flow's velocity is found.
struct FlowTrace {
  // Exactly, by dim directions, or from probes drawn of this law: those of a
  // particle are the same at every time, so that its equation is one equation.
  std::optional<TraceProbe> estimate;
  int64_t probes = 1;  // of each particle
  // Those of particle i are first + i's in the stream of the key.
  Key key = {};
  uint64_t first = 0;
};

// Samplers that can be followed, by name: Sampler::follows_flow.
std::vector<std::string_view> FlowSamplers();

// Points on their way along dx/dt = d_alpha data + d_sigma noise, one
// transition of the sampler's grid a call: from its first time, near t_min, to
// its last, or back. What becomes of a point depends on nothing but that point
// (and its probes). The denoiser, the sampler and the path outlive this.
//
// The law at the first time is that of slightly noised data, alpha x0 + sigma
// eps, and points are taken as they are for points of it: that is the law whose
// density is found.
class Flow {
 public:
  // `points` [count, dim] in model units, count >= 1. With `trace` the integral
  // of the divergence is carried along, as one more coordinate: steps that
  // follow the error follow its error too. Throws UsageError: a sampler that
  // does not follow the flow, no whole points, a denoiser without derivatives.
  // All memory is taken here.
  // Source: Song et al. 2021, section 4.3 and appendix D.2.
  Flow(const Sampler& sampler, const Path& path, Denoiser& denoiser, Way way,
       std::span<const float> points,
       const std::optional<FlowTrace>& trace = std::nullopt);
  ~Flow();
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  // Makes one transition; false if there is none to make: the last one had been
  // made, or one went wrong.
  bool Step();

  bool done() const { return position_ == 0; }
  Outcome outcome() const { return outcome_; }
  // Where the points are, in model units, [count, dim].
  std::vector<float> points() const;
  // Whether every number is finite.
  bool finite() const;
  // How often the model was asked so far, the mean over particles; each time
  // for its divergence too, where that is carried along.
  double evaluations() const;

  // log p of where the points were at the grid's first time, [count], in nats:
  // of the normal law that sampling starts from, where they have arrived, plus
  // what the flow did to volumes on the way, in the data units of `units`.
  // Requires a trace, the way to the noise, and done().
  std::vector<double> LogDensity(const Affine& units) const;

 private:
  class Carrier;

  Way way_;
  double prior_std_;
  std::vector<double> times_;     // of the grid, the last one first visited
  std::vector<Coefficients> at_;  // the path there
  std::unique_ptr<Carrier> carrier_;
  std::vector<float> x_;  // [count, dim], or dim + 1 with the integral
  std::unique_ptr<Stepper> stepper_;
  int64_t position_;
  Outcome outcome_ = Outcome::kGood;
};

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_FLOW_H_
