// What a model and a sampler make of one point: what they take it for, and the
// way it would go. Many points at one time are field.h's business.

#ifndef UNNOISE_SAMPLING_PROBE_H_
#define UNNOISE_SAMPLING_PROBE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/sampling/sampler.h"

namespace unnoise {

// All points [dim], in model units.
struct Probe {
  std::vector<float> data;   // predicted: x0hat
  std::vector<float> noise;  // predicted: epshat
  // The sampler's next state and its time; the point itself and t where the
  // grid ends.
  std::vector<float> next;
  double next_t;
  // The way from the point to the grid's end, [times.size(), dim], and when it
  // was where, from t down.
  std::vector<double> times;
  std::vector<float> way;
};

// Asks the denoiser about `x` [dim] at time t in [t_min, t_max], and follows
// the sampler from there down its grid (ascending, at least two points), always
// without fresh noise: where it adds some, these are the means of its steps.
// From a state of a Sampling without fresh noise the way is that of the
// particle, to the bit. Of a long grid the way visits each k-th point and the
// end, with the least k that needs no more than `most` >= 1 transitions; next
// is one transition of the whole grid nevertheless. Throws UsageError.
Probe ProbeAt(const Sampler& sampler, const Path& path,
              std::span<const double> grid, Denoiser& denoiser, double t,
              std::span<const float> x, int64_t most);

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_PROBE_H_
