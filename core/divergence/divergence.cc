#include "core/divergence/divergence.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "core/base/exact_math.h"
#include "core/base/find_named.h"

namespace unnoise {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double FisherAt(double log_density, double score_gap) {
  return log_density == -kInfinity ? 0 : exact::Exp(log_density) * score_gap;
}
double FisherIntegrand(const DensityPoint& at) {
  return FisherAt(at.log_p, at.score_gap);
}
double ReverseFisherIntegrand(const DensityPoint& at) {
  return FisherAt(at.log_q, at.score_gap);
}
double W1Integrand(const DensityPoint& at) {
  return std::fabs(at.cdf_p - at.cdf_q);
}
double W2Integrand(const DensityPoint& at) {
  return exact::Exp(at.log_p) * (at.way * at.way);
}

using Known = std::optional<double>;
Known KnownKl(const NormalLaw& p, const NormalLaw& q) { return NormalKl(p, q); }
Known KnownReverseKl(const NormalLaw& p, const NormalLaw& q) {
  return NormalKl(q, p);
}
Known KnownChi(const NormalLaw& p, const NormalLaw& q) {
  return NormalChiSquared(p, q);
}
Known KnownHellinger(const NormalLaw& p, const NormalLaw& q) {
  return NormalSquaredHellinger(p, q);
}
Known KnownFisher(const NormalLaw& p, const NormalLaw& q) {
  return NormalFisher(p, q);
}
Known KnownReverseFisher(const NormalLaw& p, const NormalLaw& q) {
  return NormalFisher(q, p);
}
Known KnownW2(const NormalLaw& p, const NormalLaw& q) { return NormalW2(p, q); }

// q's quantile of a probability between two places, by halving.
double QuantileOf(const KnownDensity& law, double probability, double low,
                  double high) {
  for (int step = 0; step < 200; ++step) {
    const double middle = low + 0.5 * (high - low);
    if (!(middle > low && middle < high)) break;
    (law.cdf(middle) < probability ? low : high) = middle;
  }
  return low + 0.5 * (high - low);
}

// The places beyond which a law on the line has nothing that counts.
void EndsOf(const KnownDensity& law, double* low, double* high) {
  constexpr double kReach = 10;  // a normal law: 1e-23
  *low = kInfinity;
  *high = -kInfinity;
  for (const Bump& bump : law.bumps[0]) {
    *low = std::min(*low, bump.centre - kReach * bump.width);
    *high = std::max(*high, bump.centre + kReach * bump.width);
  }
}

// The integrals of these, and the masses of p and q.
std::vector<Integral> IntegralsOf(
    std::span<const DivergenceInfo* const> divergences, const KnownDensity& p,
    const KnownDensity& q, const QuadratureOptions& options) {
  bool scores = false, cdfs = false, map = false;
  for (const DivergenceInfo* row : divergences) {
    scores |= row->needs == DivergenceNeeds::kScores;
    cdfs |= row->needs == DivergenceNeeds::kCdfs;
    map |= row->needs == DivergenceNeeds::kMonotoneMap;
  }
  double low = 0, high = 0;
  if (map) EndsOf(q, &low, &high);
  const size_t count = divergences.size(), dim = static_cast<size_t>(p.dim);
  std::vector<double> score_p(dim), score_q(dim);
  return Integrate(
      DomainOf(p, q), count + 2,
      [&](Point x, std::span<double> out) {
        DensityPoint at{.log_p = p.log_density(x), .log_q = q.log_density(x)};
        if (scores) {
          p.score(x, score_p);
          q.score(x, score_q);
          for (size_t i = 0; i < dim; ++i) {
            at.score_gap +=
                (score_p[i] - score_q[i]) * (score_p[i] - score_q[i]);
          }
        }
        if (cdfs || map) at.cdf_p = p.cdf(x[0]);
        if (cdfs) at.cdf_q = q.cdf(x[0]);
        // What p has no mass to carry from need not be looked for.
        if (map && at.log_p > -700) {
          at.way = QuantileOf(q, at.cdf_p, low, high) - x[0];
        }
        for (size_t k = 0; k < count; ++k) {
          const DivergenceInfo& row = *divergences[k];
          out[k] =
              row.f ? row.f->integrand(at.log_p, at.log_q) : row.integrand(at);
        }
        out[count] = exact::Exp(at.log_p);
        out[count + 1] = exact::Exp(at.log_q);
      },
      options);
}

}  // namespace

std::span<const DivergenceInfo> Divergences() {
  using Needs = DivergenceNeeds;
  static const DivergenceInfo kRows[] = {
      {.name = "kl",
       .title = "Kullback-Leibler",
       .help =
           "What is lost when q stands in for p: the mean over p of log p - "
           "log q. Infinite where p has mass and q none, so that a q fitted by "
           "it covers all of p.",
       .source = "Kullback, Leibler 1951",
       .f = &FDivergenceOf("kl"),
       .closed_form = KnownKl},
      {.name = "reverse_kl",
       .title = "Reverse Kullback-Leibler",
       .help =
           "The same with the two laws exchanged: the mean over q of log q - "
           "log p. A q fitted by it may seek one mode of p and leave others.",
       .source = "Kullback, Leibler 1951",
       .f = &FDivergenceOf("reverse_kl"),
       .closed_form = KnownReverseKl},
      {.name = "jensen_shannon",
       .title = "Jensen-Shannon",
       .help =
           "The mean divergence of both laws from their average: symmetric, "
           "and log 2 at most, which laws that do not overlap have however far "
           "apart they are. A perfect discriminator sees twice this less log "
           "4.",
       .source = "Lin 1991",
       .symmetric = true,
       .triangle = Triangle::kRoot,
       .f = &FDivergenceOf("jensen_shannon")},
      {.name = "total_variation",
       .title = "Total variation",
       .help =
           "The mass that must change to make one law the other, between 0 and "
           "1: half the area between the densities, and the most that the "
           "probabilities of any event differ by.",
       .source = "Levin, Peres, Wilmer 2009, section 4.1",
       .symmetric = true,
       .triangle = Triangle::kItself,
       .f = &FDivergenceOf("total_variation"),
       .closed_form = NormalTotalVariation},
      {.name = "chi_squared",
       .title = "Chi squared",
       .help =
           "The variance over q of the ratio p / q, and so of an importance "
           "weight. Infinite when the tails of q are too thin.",
       .source = "Pearson 1900",
       .f = &FDivergenceOf("chi_squared"),
       .closed_form = KnownChi},
      {.name = "squared_hellinger",
       .title = "Squared Hellinger",
       .help =
           "Half the squared distance of the roots of the densities, between 0 "
           "and 1; its root is a distance.",
       .source = "Hellinger 1909",
       .symmetric = true,
       .triangle = Triangle::kRoot,
       .f = &FDivergenceOf("squared_hellinger"),
       .closed_form = KnownHellinger},
      {.name = "fisher",
       .title = "Fisher",
       .help =
           "The mean over p of the squared distance of the two scores (no "
           "half): what score matching makes small. It hardly sees the weights "
           "of modes that lie far apart.",
       .source = "Hyvarinen 2005, eq. 2, without its half",
       .needs = Needs::kScores,
       .integrand = FisherIntegrand,
       .closed_form = KnownFisher},
      {.name = "reverse_fisher",
       .title = "Reverse Fisher",
       .help = "The same with the mean over q.",
       .source = "Hyvarinen 2005, eq. 2, without its half",
       .needs = Needs::kScores,
       .integrand = ReverseFisherIntegrand,
       .closed_form = KnownReverseFisher},
      {.name = "w1",
       .title = "Wasserstein-1",
       .help =
           "The mean way on which mass must be carried from one law to the "
           "other: on the line the area between the distribution functions.",
       .source = "Villani 2009, remark 6.5; on the line Vallender 1974",
       .needs = Needs::kCdfs,
       .symmetric = true,
       .triangle = Triangle::kItself,
       .integrand = W1Integrand,
       .closed_form = NormalW1},
      {.name = "w2",
       .title = "Wasserstein-2",
       .help =
           "The root mean square way, when mass is carried as well as can be: "
           "on the line every quantile goes to its like.",
       .source = "Peyre, Cuturi 2019, section 2.6",
       .needs = Needs::kMonotoneMap,
       .symmetric = true,
       .triangle = Triangle::kItself,
       .integrand = W2Integrand,
       .root = true,
       .closed_form = KnownW2},
  };
  return kRows;
}

Result<std::vector<const DivergenceInfo*>> FindDivergences(
    std::span<const std::string> names) {
  return FindNamed(Divergences(), names, "divergences", "divergence");
}

std::string_view WhyNot(const DivergenceInfo& divergence, const KnownDensity& p,
                        const KnownDensity& q) {
  switch (divergence.needs) {
    case DivergenceNeeds::kNothing:
      return "";
    case DivergenceNeeds::kScores:
      return p.score && q.score ? "" : "a score is not known.";
    case DivergenceNeeds::kCdfs:
    case DivergenceNeeds::kMonotoneMap:
      if (p.dim != 1) return "of densities it is known on the line alone.";
      return p.cdf && q.cdf ? "" : "a distribution function is not known.";
  }
  return "";
}

DivergenceValues ValuesOf(std::span<const DivergenceInfo* const> divergences,
                          const KnownDensity& p, const KnownDensity& q,
                          const QuadratureOptions& options) {
  // The monotone map is dear: it is not looked for where others bend.
  std::vector<const DivergenceInfo*> plain, mapped;
  for (const DivergenceInfo* row : divergences) {
    Check(WhyNot(*row, p, q).empty(), "these densities lack what it needs");
    const bool map = row->needs == DivergenceNeeds::kMonotoneMap;
    (map ? mapped : plain).push_back(row);
  }
  const std::vector<Integral> of_plain = IntegralsOf(plain, p, q, options);
  const std::vector<Integral> of_mapped = IntegralsOf(mapped, p, q, options);
  DivergenceValues values{{}, of_plain[plain.size()], of_plain.back()};
  size_t next_plain = 0, next_mapped = 0;
  for (const DivergenceInfo* row : divergences) {
    const bool map = row->needs == DivergenceNeeds::kMonotoneMap;
    Integral integral = map ? of_mapped[next_mapped++] : of_plain[next_plain++];
    if (row->root) {
      const double root = std::sqrt(std::max(integral.value, 0.0));
      // Of a root near 0 the error is the root of that of its square.
      integral.error = root > 0 ? std::min(integral.error / (2 * root),
                                           std::sqrt(integral.error))
                                : std::sqrt(integral.error);
      integral.value = root;
    }
    values.values.push_back(integral);
  }
  return values;
}

}  // namespace unnoise
