#include "core/process/brownian.h"

#include <algorithm>
#include <cmath>

#include "core/base/check.h"

namespace unnoise {

BrownianPaths::BrownianPaths(double t_max, int64_t steps, Key key,
                             uint64_t first, size_t size)
    : first_(first), from_(size), to_(size), normal_(size) {
  Check(t_max > 0 && steps >= 1, "a Brownian motion needs time and steps");
  int64_t roots = steps;
  while (roots % 2 == 0) {
    roots /= 2;
    ++levels_;
  }
  root_length_ = t_max / static_cast<double>(roots);
  // Other numbers of roots are other cuts of the time, with draws of their own.
  key_ = Fold(Fold(key, "brownian"), static_cast<uint64_t>(roots));
  ends_.resize(static_cast<size_t>(levels_ + 1) * size);
}

void BrownianPaths::Advance() {
  std::swap(from_, to_);
  // The interval of each level that begins here is new; the finest one always.
  int level = levels_;
  int64_t interval = position_;
  while (level > 0 && interval % 2 == 0) {
    interval /= 2;
    --level;
  }
  double length = root_length_;  // of what is halved at `level`
  for (int above = 1; above < level; ++above) length *= 0.5;
  for (; level <= levels_; ++level, interval *= 2) {
    const std::span<double> end = End(level);
    // The right half of an interval ends where that one does; the left half, in
    // its middle, which is drawn.
    if (level > 0 && interval % 2 == 1) {
      std::copy(End(level - 1).begin(), End(level - 1).end(), end.begin());
      length *= 0.5;
      continue;
    }
    FillNormal(Fold(Fold(key_, static_cast<uint64_t>(level)),
                    static_cast<uint64_t>(interval)),
               first_, normal_);
    if (level == 0) {
      const double deviation = std::sqrt(length);
      for (size_t i = 0; i < end.size(); ++i) {
        end[i] = from_[i] + deviation * normal_[i];
      }
      continue;
    }
    const std::span<const double> right = End(level - 1);
    const double deviation = 0.5 * std::sqrt(length);
    for (size_t i = 0; i < end.size(); ++i) {
      end[i] = 0.5 * (from_[i] + right[i]) + deviation * normal_[i];
    }
    length *= 0.5;
  }
  ++position_;
  std::copy(End(levels_).begin(), End(levels_).end(), to_.begin());
}

}  // namespace unnoise
