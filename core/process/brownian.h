// Brownian motions on a grid of equal steps, refined by bridges: a path for
// twice as many steps runs through all points of the coarser one, to the bit.

#ifndef UNNOISE_PROCESS_BROWNIAN_H_
#define UNNOISE_PROCESS_BROWNIAN_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/key.h"

namespace unnoise {

// Standard Brownian motions W, W(0) = 0, at the times t_max i / steps. Written
// as roots 2^levels, `steps` cuts the time into `roots` equal intervals, whose
// increments are drawn first; each is then halved `levels` times, the middle
// being drawn given both ends (Levy's construction; Karatzas and Shreve 1991,
// section 2.3): the mean of the ends plus a normal number of variance h / 4,
// for an interval of length h. A draw's key names its interval, so halving the
// step adds points and changes none. `steps` normal numbers are drawn in all.
class BrownianPaths {
 public:
  // `size` motions, those of index first, first + 1, ... of the streams. t_max
  // > 0, steps >= 1. All memory is taken here.
  BrownianPaths(double t_max, int64_t steps, Key key, uint64_t first,
                size_t size);

  // Moves to the next point of the grid; call at most `steps` times.
  void Advance();

  // W at the point before and at this one, [size].
  std::span<const double> from() const { return from_; }
  std::span<const double> to() const { return to_; }

 private:
  // W at the right end of the interval of each level that holds this point.
  std::span<double> End(int level) {
    return std::span(ends_).subspan(static_cast<size_t>(level) * from_.size(),
                                    from_.size());
  }

  Key key_;
  uint64_t first_;
  int levels_ = 0;
  double root_length_;
  int64_t position_ = 0;
  std::vector<double> from_, to_;
  std::vector<double> ends_;   // [levels + 1, size]
  std::vector<float> normal_;  // [size]
};

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_BROWNIAN_H_
