// See interval.h. Differences of error functions and the usual formulas for a
// cut normal law cancel where the interval is short or far away; there the
// rule of gauss_legendre.h is exact enough, and adds positive terms only.

#include "core/data/interval.h"

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"
#include "core/data/gauss_legendre.h"
#include "core/data/posterior.h"

namespace unnoise {
namespace {

constexpr double kRootHalf = 0.70710678118654752440;
constexpr double kInverseRootTwoPi = 0.39894228040143267794;

// log of the density of z = near + w over that at w = 0.
double Decay(const SeenInterval& seen, double w) {
  return -w * (seen.near + 0.5 * w);
}

bool IsSmooth(const SeenInterval& seen) {
  return RuleHolds(0, Decay(seen, 0.5 * seen.size), Decay(seen, seen.size));
}

// The normal weight of [near, near + size], for one that is not smooth, over
// the density at `near` where that is positive.
double Weight(const SeenInterval& seen) {
  const double far = seen.near + seen.size;
  if (seen.near < 0) {
    return 1 - 0.5 * (exact::Erfc(-seen.near * kRootHalf) +
                      exact::Erfc(far * kRootHalf));
  }
  // erfc(z / sqrt 2) / 2 over e^(-z^2 / 2).
  return 0.5 *
         (exact::Erfcx(seen.near * kRootHalf) -
          exact::Exp(Decay(seen, seen.size)) * exact::Erfcx(far * kRootHalf));
}

// Mean and variance of w under e^Decay on [0, range].
IntervalMoments Sum(const SeenInterval& seen, double range, int panels) {
  const double size = range / panels;
  double weight = 0, first = 0, second = 0;
  for (int panel = 0; panel < panels; ++panel) {
    for (int i = 0; i < kRuleNodes; ++i) {
      const double w = size * (panel + kRuleAt[i]);
      const double term = kRuleWeight[i] * exact::Exp(Decay(seen, w));
      weight += term;
      const double part = term / weight, step = w - first;
      second = (1 - part) * (second + part * step * step);
      first += part * step;
    }
  }
  return {first, second};
}

IntervalMoments MomentsOfW(const SeenInterval& seen) {
  constexpr double kTail = 3;
  if (IsSmooth(seen)) return Sum(seen, seen.size, 1);
  if (seen.near > kTail) {
    // Farther away lies e^-36 of the law: -Decay(range) = 36.
    const double range = std::min(
        seen.size, 72 / (seen.near + std::sqrt(seen.near * seen.near + 72)));
    return Sum(seen, range, 1 + static_cast<int>(-Decay(seen, range) / kSteep));
  }
  const double near = seen.near, far = near + seen.size;
  const double weight = Weight(seen);
  // Densities, as Weight has them.
  double at_near = kInverseRootTwoPi;
  double at_far = kInverseRootTwoPi * exact::Exp(Decay(seen, seen.size));
  if (near < 0) {
    at_near *= exact::Exp(-0.5 * near * near);
    at_far = kInverseRootTwoPi * exact::Exp(-0.5 * far * far);
  }
  const double mean = (at_near - at_far) / weight;
  return {mean - near,
          1 + (near * at_near - far * at_far) / weight - mean * mean};
}

}  // namespace

SeenInterval See(const Interval& interval, double x, double alpha,
                 double total) {
  SeenInterval seen{.interval = interval, .root = std::sqrt(total)};
  const double to_low = (x - alpha * interval.low) / seen.root;
  const double to_high = (x - alpha * interval.high) / seen.root;
  seen.high_is_near = to_low + to_high >= 0;
  seen.near = seen.high_is_near ? to_high : -to_low;
  seen.size = alpha * (interval.high - interval.low) / seen.root;
  return seen;
}

double LogDensity(const SeenInterval& seen) {
  const double at_near = -0.5 * seen.near * seen.near;
  const double scale = exact::Log(seen.root);
  if (IsSmooth(seen)) {
    double sum = 0;
    for (int i = 0; i < kRuleNodes; ++i) {
      sum += kRuleWeight[i] * exact::Exp(Decay(seen, seen.size * kRuleAt[i]));
    }
    return at_near - 0.5 * kLogTwoPi + exact::Log(sum) - scale;
  }
  const double log_weight = exact::Log(Weight(seen)) - exact::Log(seen.size);
  return (seen.near < 0 ? 0 : at_near) + log_weight - scale;
}

IntervalMoments Posterior(const SeenInterval& seen) {
  const IntervalMoments w = MomentsOfW(seen);
  const double length = seen.interval.high - seen.interval.low;
  // Where alpha is 0 so is the size, and the sum's range: the law is uniform.
  if (!(seen.size > 0)) {
    return {0.5 * (seen.interval.low + seen.interval.high),
            length * length / 12};
  }
  const double part = std::clamp(w.mean / seen.size, 0.0, 1.0);
  const double scale = length / seen.size;
  return {seen.high_is_near ? seen.interval.high - length * part
                            : seen.interval.low + length * part,
          std::max(0.0, w.variance) * scale * scale};
}

}  // namespace unnoise
