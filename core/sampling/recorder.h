// Keeps some of the states of particles in motion, evenly spaced and both ends,
// in a buffer of fixed size: what a scrubber plays back. Works for Sampling and
// for Noising; draws nothing.

#ifndef UNNOISE_SAMPLING_RECORDER_H_
#define UNNOISE_SAMPLING_RECORDER_H_

#include <cstdint>
#include <span>
#include <vector>

namespace unnoise {

class Recorder {
 public:
  // Of `transitions` >= 1 transitions and their grid points 0 ... transitions,
  // keeps every k-th and both ends, with the least k that needs no more than
  // `max_times` >= 2 of them. `size` is the number of floats of a state. Throws
  // UsageError. All memory is taken here.
  Recorder(int64_t transitions, int64_t max_times, size_t size);

  // Shows the state at a grid point. Call before the first transition and after
  // each, in either direction; keeps the state if it is due, else does nothing.
  void Observe(int64_t position, std::span<const float> particles);

  // Number of states that will be kept in all.
  int64_t times() const { return times_; }
  // Indices into the grid of the states kept so far, in the order observed.
  std::span<const int64_t> recorded() const { return recorded_; }
  // The states kept so far, [recorded().size(), size].
  std::span<const float> values() const { return values_; }

 private:
  int64_t transitions_;
  int64_t stride_;
  int64_t times_;
  size_t size_;
  std::vector<int64_t> recorded_;
  std::vector<float> values_;
};

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_RECORDER_H_
