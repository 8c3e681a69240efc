// Sets of points that tests of metrics share.

#ifndef UNNOISE_TESTS_METRIC_POINT_SETS_H_
#define UNNOISE_TESTS_METRIC_POINT_SETS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/key.h"
#include "core/metric/metric.h"

namespace unnoise {

// Standard normal numbers, plus `shift`.
inline std::vector<float> NormalPoints(uint64_t seed, size_t size,
                                       float shift = 0) {
  std::vector<float> x(size);
  FillNormal(KeyFromSeed(seed), 0, x);
  for (float& value : x) value += shift;
  return x;
}

// Standard normal data, fresh for every key.
inline DataSource NormalSource() {
  return [](Key key, std::span<float> a, std::span<float> b) {
    FillNormal(Fold(key, "a"), 0, a);
    FillNormal(Fold(key, "b"), 0, b);
  };
}

// Two sets of 30 points in the plane, for k = 0 ... 29:
//   a: (37 k^2 + 11 k) mod 101 / 64, (53 k^2 + 29 k) mod 97 / 64
//   b: (41 k^2 + 17 k) mod 103 / 64 + 1/4, (59 k^2 + 5 k) mod 89 / 64
// What other programs say of them was made by numpy 1.24.2 and scipy 1.10.1
// (linear_sum_assignment, cdist) in double precision, with n = 30,
//   D = cdist; U(K) = K[~eye(n, dtype=bool)].mean()
//   energy = 2 D(a, b).mean() - U(D(a, a)) - U(D(b, b))
//   k(x, y) = exp(-cdist(x, y, "sqeuclidean") / (2 * h * h * 2))
//   mmd = U(k(a, a)) + U(k(b, b)) - 2 k(a, b).mean()
//   C = cdist(a, b, "sqeuclidean"); w2 =
//   sqrt(C[linear_sum_assignment(C)].mean()) hx = D(a, b).mean(1) - D(a,
//   a).sum(1) / (n - 1), hy the same by columns; error of energy = sqrt(4
//   hx.var(ddof=1) / n + 4 hy.var(ddof=1) / n)
struct GoldenSets {
  GoldenSets() {
    for (int k = 0; k < 30; ++k) {
      const auto part = [](int number, int divisor) {
        return static_cast<float>(number % divisor) / 64;
      };
      a.push_back(part(37 * k * k + 11 * k, 101));
      a.push_back(part(53 * k * k + 29 * k, 97));
      b.push_back(part(41 * k * k + 17 * k, 103) + 0.25f);
      b.push_back(part(59 * k * k + 5 * k, 89));
    }
  }
  std::vector<float> a, b;  // [30, 2]

  static constexpr double kEnergy = 0.084378157051322122;
  static constexpr double kEnergyError = 0.071855646479520724;
  static constexpr double kMmd[] = {0.031762326208970751, 0.0494454954475676,
                                    0.027797335576591253, 0.036335052411043199};
  static constexpr double kW2 = 0.41214670792591157;
};

}  // namespace unnoise

#endif  // UNNOISE_TESTS_METRIC_POINT_SETS_H_
