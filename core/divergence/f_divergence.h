// f-divergences: the mean of a convex function f of the ratio of two densities,
// with what their variational dual needs. Each is data, a row of a table; how
// they are integrated is in divergence.h.

#ifndef UNNOISE_DIVERGENCE_F_DIVERGENCE_H_
#define UNNOISE_DIVERGENCE_F_DIVERGENCE_H_

#include <span>
#include <string_view>

#include "core/divergence/density.h"
#include "core/divergence/quadrature.h"

namespace unnoise {

//   D(p, q) = integral of q f(p / q),  f convex on [0, infinity), f(1) = 0
//           = sup over critics g of  E_p g - E_q f*(g),
//   f*(t) = sup over u >= 0 of  u t - f(u),
// reached by g = f'(p / q). Sources: Csiszar 1967; Nguyen, Wainwright, Jordan
// 2010, lemma 1; Nowozin, Cseke, Tomioka 2016, table 1 (the halves of
// Jensen-Shannon, total variation and Hellinger, and the restriction of u, are
// ours).
struct FDivergence {
  std::string_view name;
  std::string_view formula;  // f(u) in plain text
  double (*f)(double u);     // u >= 0; f(0) is its limit, perhaps infinite
  // f', and the same at u = e^r, where u itself may be out of range. Where f
  // bends (total variation at 1), a slope between those of both sides.
  double (*slope)(double u);
  double (*slope_at_log)(double r);
  // f*, infinite beyond its domain.
  double (*conjugate)(double t);
  // q f(p / q) from the logarithms of both densities, each perhaps -infinity,
  // without overflow on the way; 0 where both vanish.
  double (*integrand)(double log_p, double log_q);
};

// kl, reverse_kl, jensen_shannon, total_variation, chi_squared,
// squared_hellinger.
std::span<const FDivergence> FDivergences();
// Throws UsageError for a name that none has.
const FDivergence& FDivergenceOf(std::string_view name);

using Critic = std::function<double(Point x)>;

// E_p g - E_q f*(g): at most the divergence, for every critic. -infinity for a
// critic that leaves the domain of f* where q has mass. `extra` are corners of
// the critic, for each axis, or none. Throws UsageError.
Integral DualBound(const FDivergence& divergence, const KnownDensity& p,
                   const KnownDensity& q, const Critic& critic,
                   const std::vector<std::vector<double>>& extra = {},
                   const QuadratureOptions& options = {});

// f'(p / q), at which the bound is the divergence.
Critic OptimalCritic(const FDivergence& divergence, const KnownDensity& p,
                     const KnownDensity& q);

}  // namespace unnoise

#endif  // UNNOISE_DIVERGENCE_F_DIVERGENCE_H_
