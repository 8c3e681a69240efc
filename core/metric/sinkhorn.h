// Optimal transport of squared distances with an entropy term, by Sinkhorn's
// iterations: for sets of points too large for an exact assignment, of any
// sizes and weights. Time n m per iteration, memory n + m.

#ifndef UNNOISE_METRIC_SINKHORN_H_
#define UNNOISE_METRIC_SINKHORN_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/metric/baseline.h"

namespace unnoise {

// Points [n, dim], finite, and their weights [n]: > 0, of which only the ratios
// count, or none for equal ones.
struct WeightedPoints {
  std::span<const float> points;
  std::span<const double> weights = {};
};

enum class SinkhornStatus { kConverged, kOutOfIterations };
std::string_view NameOf(SinkhornStatus status);  // "converged", ...

struct SinkhornOptions {
  // What the entropy is multiplied by, in units of the squared distance; 0 for
  // kSinkhornEpsilon times the sum of the variances of both sets.
  double epsilon = 0;
  // Iterations end when the masses of the plan differ from the weights by this
  // much in all. The cost is then off by the square of it, about.
  double tolerance = 1e-2;
  int max_iterations = 2000;
};
inline constexpr double kSinkhornEpsilon = 0.01;

// The plan is P_ij = a_i b_j exp((f_i + g_j - |a_i - b_j|^2) / epsilon).
struct SinkhornSolution {
  std::vector<double> f, g;
  // min over plans of <P, C> + epsilon KL(P, a b'), from below: that of the
  // potentials. At least the squared W2 once it has converged.
  double cost = 0;
  double epsilon = 0;
  double marginal_error = 0;  // what tolerance bounds
  int iterations = 0;
  SinkhornStatus status = SinkhornStatus::kConverged;
};

// Source: Cuturi 2013; in logarithms, from a large epsilon downwards, Peyre,
// Cuturi 2019, section 4.4. Throws UsageError.
SinkhornSolution SolveSinkhorn(int dim, const WeightedPoints& a,
                               const WeightedPoints& b,
                               const SinkhornOptions& options = {});

// The distance W2 of two sets as Sinkhorn's divergence gives it: the root of
// cost(a, b), less half of cost(a, a) and cost(b, b) if `debias`, which is 0
// for equal sets, exact for shifts and off by epsilon squared for smooth laws.
// Without, the entropy makes it too large. Standard error: as for ExactW2, with
// the potentials. Source: Feydy, Sejourne, Vialard, Amari, Trouve, Peyre 2019.
struct SinkhornDistance {
  Estimate w2{0, 0};
  double epsilon = 0;
  double marginal_error = 0;  // the largest of the three
  int iterations = 0;         // of all three
  SinkhornStatus status = SinkhornStatus::kConverged;
};
SinkhornDistance SinkhornW2(int dim, const WeightedPoints& a,
                            const WeightedPoints& b, bool debias = true,
                            const SinkhornOptions& options = {});

}  // namespace unnoise

#endif  // UNNOISE_METRIC_SINKHORN_H_
