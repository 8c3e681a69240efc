// The rule of Gauss and Legendre with eight nodes on [0, 1], exact for
// polynomials up to degree 15: only for the files of core/data that define
// worlds.
//
// Of e^-phi over a panel on which phi is close to a quadratic, with its linear
// part at most kSteep from end to end and its bend (the middle's distance from
// the chord) at most kBent, it errs by less than 1e-11 of the greatest value:
// the remainder is |f^(16)| 8!^4 / (17 16!^3), and a normal density over two
// of its deviations has kBent.

#ifndef UNNOISE_DATA_GAUSS_LEGENDRE_H_
#define UNNOISE_DATA_GAUSS_LEGENDRE_H_

#include <cmath>

namespace unnoise {

inline constexpr int kRuleNodes = 8;
inline constexpr double kRuleAt[kRuleNodes] = {
    0.019855071751231884, 0.10166676129318664, 0.2372337950418355,
    0.4082826787521751,   0.5917173212478249,  0.7627662049581645,
    0.8983332387068134,   0.9801449282487681};
inline constexpr double kRuleWeight[kRuleNodes] = {
    0.05061426814518813, 0.11119051722668724, 0.15685332293894363,
    0.18134189168918100, 0.18134189168918100, 0.15685332293894363,
    0.11119051722668724, 0.05061426814518813};

inline constexpr double kSteep = 4;
inline constexpr double kBent = 0.5;

// Whether the rule is good on a panel, from phi at its ends and its middle;
// differences within its rounding error count as none.
inline bool RuleHolds(double first, double middle, double last,
                      double rounding = 0) {
  return std::fabs(last - first) <= kSteep + rounding &&
         std::fabs(middle - 0.5 * (first + last)) <= kBent + rounding;
}

}  // namespace unnoise

#endif  // UNNOISE_DATA_GAUSS_LEGENDRE_H_
