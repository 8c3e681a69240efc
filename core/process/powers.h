// Powers and geometric sums of whole numbers of steps, in arithmetic that is
// the same everywhere: what a chain makes of its moments.

#ifndef UNNOISE_PROCESS_POWERS_H_
#define UNNOISE_PROCESS_POWERS_H_

#include <cstdint>

namespace unnoise {

// base^exponent, exponent >= 0.
inline double Power(double base, int64_t exponent) {
  double power = 1;
  for (; exponent > 0; exponent /= 2, base *= base) {
    if (exponent % 2 == 1) power *= base;
  }
  return power;
}

// 1 + r + ... + r^(n - 1), by halving n: no quotient that fails at r = 1.
inline double GeometricSum(double r, int64_t n) {
  if (n == 0) return 0;
  const double half = GeometricSum(r, n / 2);
  const double even = half * (1 + Power(r, n / 2));
  return n % 2 == 0 ? even : 1 + r * even;
}

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_POWERS_H_
