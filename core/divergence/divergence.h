// Divergences between two laws with densities: the table, and their values by
// quadrature. What is only known of samples is in sample_distance.h.

#ifndef UNNOISE_DIVERGENCE_DIVERGENCE_H_
#define UNNOISE_DIVERGENCE_DIVERGENCE_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/divergence/density.h"
#include "core/divergence/f_divergence.h"
#include "core/divergence/normal.h"
#include "core/divergence/quadrature.h"

namespace unnoise {

// What an integrand may look at, at one point; what its row does not need is 0.
struct DensityPoint {
  double log_p = 0, log_q = 0;
  double score_gap = 0;         // |score of p - score of q|^2
  double cdf_p = 0, cdf_q = 0;  // on the line
  double way = 0;               // to where the monotone map takes the point
};

// What a divergence needs beyond log densities.
enum class DivergenceNeeds { kNothing, kScores, kCdfs, kMonotoneMap };

// Which of the laws of a distance it keeps, apart from being 0 for equal laws
// alone: symmetric or not; the triangle inequality itself, by its square root,
// or not.
enum class Triangle { kNo, kItself, kRoot };

struct DivergenceInfo {
  std::string_view name;
  std::string_view title;
  std::string_view help;
  std::string_view source;
  DivergenceNeeds needs = DivergenceNeeds::kNothing;
  bool symmetric = false;
  Triangle triangle = Triangle::kNo;
  // One of these two.
  const FDivergence* f = nullptr;
  double (*integrand)(const DensityPoint&) = nullptr;
  bool root = false;  // the value is the root of the integral
  // Of two normal laws: infinite where it is, nothing where none is known. Null
  // if there is none.
  std::optional<double> (*closed_form)(const NormalLaw& p,
                                       const NormalLaw& q) = nullptr;
};

// The f-divergences, fisher, reverse_fisher, w1 and w2.
std::span<const DivergenceInfo> Divergences();

// Those of these names in the order of the table, all for no names. A problem
// at "divergences" for a name that none has.
Result<std::vector<const DivergenceInfo*>> FindDivergences(
    std::span<const std::string> names);

// Why a divergence cannot be had of these densities, as a sentence; empty if it
// can.
std::string_view WhyNot(const DivergenceInfo& divergence, const KnownDensity& p,
                        const KnownDensity& q);

// The values of divergences that can be had (WhyNot), and the masses of both
// densities, which are 1 if they are what they say. An integral that does not
// settle as its window grows has the status kUnbounded: the divergence is
// infinite, or nearly so. Throws UsageError.
struct DivergenceValues {
  std::vector<Integral> values;  // as many as divergences
  Integral mass_p, mass_q;
};
DivergenceValues ValuesOf(std::span<const DivergenceInfo* const> divergences,
                          const KnownDensity& p, const KnownDensity& q,
                          const QuadratureOptions& options = {});

}  // namespace unnoise

#endif  // UNNOISE_DIVERGENCE_DIVERGENCE_H_
