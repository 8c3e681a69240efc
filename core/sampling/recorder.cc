// See recorder.h.

#include "core/sampling/recorder.h"

#include "core/base/check.h"

namespace unnoise {

Recorder::Recorder(int64_t transitions, int64_t max_times, size_t size)
    : transitions_(transitions), size_(size) {
  Check(transitions >= 1 && max_times >= 2, "a recording has both ends");
  const int64_t gaps = max_times - 1;
  stride_ = (transitions + gaps - 1) / gaps;
  times_ = (transitions + stride_ - 1) / stride_ + 1;
  recorded_.reserve(static_cast<size_t>(times_));
  values_.reserve(static_cast<size_t>(times_) * size);
}

void Recorder::Observe(int64_t position, std::span<const float> particles) {
  if (position % stride_ != 0 && position != transitions_) return;
  Check(particles.size() == size_, "a state has another size");
  Check(static_cast<int64_t>(recorded_.size()) < times_,
        "the recording is complete");
  recorded_.push_back(position);
  values_.insert(values_.end(), particles.begin(), particles.end());
}

}  // namespace unnoise
