// See half_log_snr.h.

#include "core/sampling/half_log_snr.h"

#include "core/base/exact_math.h"

namespace unnoise {

double HalfLogSnr(const Coefficients& at) {
  return exact::Log(at.alpha / at.sigma);
}

double TimeOfHalfLogSnr(const Path& path, double a, double b, double lambda) {
  constexpr int kMost = 60;  // halvings that a double can tell
  for (int i = 0; i < kMost; ++i) {
    const double middle = a + 0.5 * (b - a);
    (HalfLogSnr(path.At(middle)) > lambda ? a : b) = middle;
  }
  return a + 0.5 * (b - a);
}

}  // namespace unnoise
