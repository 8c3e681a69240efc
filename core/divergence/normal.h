// Divergences of two normal laws in closed form, in any dimension.

#ifndef UNNOISE_DIVERGENCE_NORMAL_H_
#define UNNOISE_DIVERGENCE_NORMAL_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "core/data/gaussian_mixture.h"

namespace unnoise {

// N(mean, factor factor'), mean [dim], factor [dim, dim] lower triangular with
// a diagonal above 0.
struct NormalLaw {
  std::vector<double> mean;
  std::vector<double> factor;

  size_t dim() const { return mean.size(); }
};

// N(mean, std^2) on the line.
NormalLaw NormalOnLine(double mean, double std);

// N(mean, covariance) with covariance [dim, dim], symmetric. Throws UsageError
// if it is not positive definite.
NormalLaw MakeNormal(std::vector<double> mean,
                     const std::vector<double>& covariance);

// The law of a mixture of one component of a width above 0; nothing for others.
std::optional<NormalLaw> NormalOf(const MixtureLaw& law);

// All of the following take laws of one dimension, and throw UsageError for
// others.

// integral of p log(p / q). Source: Kullback 1959, chapter 9, eq. 1.2.
double NormalKl(const NormalLaw& p, const NormalLaw& q);
// integral of p |score p - score q|^2 (no half).
double NormalFisher(const NormalLaw& p, const NormalLaw& q);
// integral of (p - q)^2 / q; infinite unless twice the precision of p is above
// that of q in every direction. Source: Nielsen, Nock 2014, section 2.2.
double NormalChiSquared(const NormalLaw& p, const NormalLaw& q);
// 1 - integral of sqrt(p q).
double NormalSquaredHellinger(const NormalLaw& p, const NormalLaw& q);
// On the line, by the points where the densities cross; elsewhere for equal
// factors alone, where it is 2 Phi(d / 2) - 1 with the distance d in units of
// the law.
std::optional<double> NormalTotalVariation(const NormalLaw& p,
                                           const NormalLaw& q);
// On the line alone: the mean of |m + (s_p - s_q) Z|.
std::optional<double> NormalW1(const NormalLaw& p, const NormalLaw& q);
// Source: Dowson, Landau 1982; Gelbrich 1990.
double NormalW2(const NormalLaw& p, const NormalLaw& q);

}  // namespace unnoise

#endif  // UNNOISE_DIVERGENCE_NORMAL_H_
