// Ways between two points of noise, which a flow turns into ways between data
// (flow.h). Knows no model.

#ifndef UNNOISE_SAMPLING_INTERPOLATION_H_
#define UNNOISE_SAMPLING_INTERPOLATION_H_

#include <cstdint>
#include <span>
#include <vector>

namespace unnoise {

// How a way leads from one noise to another.
enum class Interpolation { kLinear, kSpherical };

// `count` >= 2 points [count, dim] from a to b, both [dim], at even parts of
// the way, ends included and exact. Linear: a straight line, which passes
// closer to 0 than noise does. Spherical: directions turn at an even pace on
// the great circle, and norms change evenly, so that equal norms are kept,
// whatever the noise's deviation. Where a direction does not exist or does not
// say which way to turn (a norm of 0, one line), it is the straight line.
// Throws UsageError. Source: Shoemake 1985, section 3.3.
std::vector<float> Interpolate(Interpolation kind, std::span<const float> a,
                               std::span<const float> b, int64_t count);

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_INTERPOLATION_H_
