// Optimal transport on the line, where it is exact and cheap: mass goes in
// order, from the least to the greatest, whatever convex cost a way has. Of
// weighted points, in sets of any sizes, and of distribution functions.

#ifndef UNNOISE_DIVERGENCE_LINE_TRANSPORT_H_
#define UNNOISE_DIVERGENCE_LINE_TRANSPORT_H_

#include <cstdint>
#include <span>
#include <vector>

namespace unnoise {

// Points on the line, finite, at least one, and their weights: >= 0 with a sum
// above 0, of which only the ratios count, or none for equal ones.
struct LinePoints {
  std::span<const double> x;
  std::span<const double> weights = {};
};

// A part of the mass that goes from a point of one set to one of the other.
struct LineMove {
  uint32_t from;
  uint32_t to;
  double mass;
};

// The optimal plan, from the least point to the greatest: n + m - 1 moves at
// most, whose masses are above 0 and sum to 1. Between equal points order is
// that of the index. Throws UsageError.
std::vector<LineMove> MonotonePlan(const LinePoints& a, const LinePoints& b);

// The Wasserstein-1 and -2 distances, exact up to rounding: the mean way of the
// plan, and its root mean square. For sets of n equal weights the mean of
// |a_(i) - b_(i)|. Throws UsageError. Source: Vallender 1974; Peyre, Cuturi
// 2019, section 2.6.
double LineW1(const LinePoints& a, const LinePoints& b);
double LineW2(const LinePoints& a, const LinePoints& b);

// A distribution function by its values at knots: x increasing, f from 0 to 1,
// not decreasing, linear in between; two knots at least.
struct LineCdf {
  std::span<const double> x;
  std::span<const double> f;
};

// The same distances, exact for such functions. Throws UsageError.
double CdfW1(const LineCdf& a, const LineCdf& b);
double CdfW2(const LineCdf& a, const LineCdf& b);

// The critic of slope 1 in size that tells the two sets apart the best: E_a g -
// E_b g = W1(a, b), its dual (Kantorovich, Rubinstein 1958). By its values at
// all points of both, sorted, 0 at the first; linear in between.
struct LineCritic {
  std::vector<double> x;
  std::vector<double> g;
};
LineCritic BestLineCritic(const LinePoints& a, const LinePoints& b);

}  // namespace unnoise

#endif  // UNNOISE_DIVERGENCE_LINE_TRANSPORT_H_
