// The exact 2-Wasserstein distance of two sets of points.

#ifndef UNNOISE_METRIC_W2_EXACT_H_
#define UNNOISE_METRIC_W2_EXACT_H_

#include <span>

#include "core/metric/baseline.h"

namespace unnoise {

// The 2-Wasserstein distance of two sets of as many points, a and b [n, dim],
// 2 <= n <= 10,000, finite: the root of the least mean square of the ways when
// each point of a goes to one of b. Two sets of one law are apart too, by about
// n^(-1/dim) in three dimensions or more.
// Standard error: that of the squared distance, (var u + var v) / n for the
// prices u, v of the assignment, which estimate the potentials of the two laws,
// divided by twice the distance; about its mean at this n. 0 for equal sets,
// and too large, never too small, for two sets of one law. Source: Peyre,
// Cuturi 2019, section 2.2; del Barrio, Loubes 2019, theorem 4.1 (standard
// error).
Estimate ExactW2(int dim, std::span<const float> a, std::span<const float> b);

}  // namespace unnoise

#endif  // UNNOISE_METRIC_W2_EXACT_H_
