// Laws that tests of divergences share.

#ifndef UNNOISE_TESTS_CORE_DIVERGENCE_LAWS_H_
#define UNNOISE_TESTS_CORE_DIVERGENCE_LAWS_H_

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/divergence/divergence.h"

namespace unnoise {

// A mixture on the line.
inline MixtureLaw LineMixture(const std::vector<double>& weights,
                              const std::vector<double>& means,
                              const std::vector<double>& stds) {
  MixtureLaw law;
  Problems problems;
  EXPECT_TRUE(law.SetWeights(weights, problems));
  law.means = means;
  law.factors = stds;
  for (const double std : stds) law.variances.push_back(std * std);
  return law;
}
inline MixtureLaw LineLaw(double mean, double std) {
  return LineMixture({1}, {mean}, {std});
}

// One normal law in the plane by its factor (a 0; b c).
inline MixtureLaw PlaneLaw(double x, double y, double a, double b, double c) {
  MixtureLaw law;
  Problems problems;
  EXPECT_TRUE(law.SetWeights({1}, problems));
  law.dim = 2;
  law.means = {x, y};
  law.factors = {a, 0, b, c};
  law.variances = {a * a, b * b + c * c};
  return law;
}

inline const DivergenceInfo& Divergence(const std::string& name) {
  const std::vector<std::string> names = {name};
  const auto found = FindDivergences(names);
  EXPECT_TRUE(found.ok()) << name;
  return *(*found)[0];
}

inline Integral IntegralOf(const std::string& name, const KnownDensity& p,
                           const KnownDensity& q) {
  const DivergenceInfo* rows[] = {&Divergence(name)};
  return ValuesOf(rows, p, q).values[0];
}

// By quadrature, which has to converge.
inline double ValueOf(const std::string& name, const KnownDensity& p,
                      const KnownDensity& q) {
  const Integral integral = IntegralOf(name, p, q);
  EXPECT_EQ(integral.status, IntegralStatus::kConverged) << name;
  return integral.value;
}

// What the quadrature promises: 1e-9 of 1 + the value.
inline double Tolerance(double value) { return 1e-9 * (1 + std::fabs(value)); }

}  // namespace unnoise

#endif  // UNNOISE_TESTS_CORE_DIVERGENCE_LAWS_H_
