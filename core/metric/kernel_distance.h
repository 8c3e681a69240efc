// Distances that are means of a function of pairs: the energy distance and the
// maximum mean discrepancy, which differ by that function alone (Sejdinovic,
// Sriperumbudur, Gretton, Fukumizu 2013).

#ifndef UNNOISE_METRIC_KERNEL_DISTANCE_H_
#define UNNOISE_METRIC_KERNEL_DISTANCE_H_

#include <array>
#include <span>

#include "core/metric/baseline.h"

namespace unnoise {

// The energy distance of two sets, a [n, dim] and b [m, dim], n, m >= 2,
// finite:
//   2 mean |x - y| - mean |x - x'| - mean |y - y'|,
// x, x' of a, y, y' of b, means over pairs of different points (U-statistic:
// unbiased, so that it may be negative). In model units; not its root.
// Source: Szekely, Rizzo 2013, eq. 2 and section 6.
//
// The standard error here and below is that of the first-order projections
// (Hoeffding 1948): h(x) = mean k(x, x') - mean k(x, y) over the points of both
// sets, 4 var h / n of each added up. It grows too large, never too small, as
// the two laws become one.
Estimate EnergyDistance(int dim, std::span<const float> a,
                        std::span<const float> b);

// The same of the two sets as they are, means over all pairs, a point with
// itself among them (V-statistic): never negative, and 0 for equal sets alone.
// Two sets of n independent draws of one law are apart by 2 / n times the mean
// distance of two draws, on average. Its root is a distance.
double EnergyDistanceOfSets(int dim, std::span<const float> a,
                            std::span<const float> b);

// The mean distance of two different points of a set [n, dim], n >= 2.
double MeanDistance(int dim, std::span<const float> points);

// The bandwidths of MMD in units of sqrt(dim).
inline constexpr std::array<double, 3> kBandwidths = {0.1, 0.3, 1};

// The squared maximum mean discrepancy of two sets as above:
//   mean k(x, x') + mean k(y, y') - 2 mean k(x, y),
//   k(x, y) = exp(-|x - y|^2 / (2 h^2)),
// a U-statistic, unbiased and so negative now and then: for each bandwidth h of
// kBandwidths times sqrt(dim), and last the mean of these, which is the same
// for the mean of the kernels.
// Source: Gretton, Borgwardt, Rasch, Schoelkopf, Smola 2012, lemma 6.
std::array<Estimate, kBandwidths.size() + 1> SquaredMmd(
    int dim, std::span<const float> a, std::span<const float> b);

}  // namespace unnoise

#endif  // UNNOISE_METRIC_KERNEL_DISTANCE_H_
