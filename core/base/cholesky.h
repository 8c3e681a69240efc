// The Cholesky factor of a small matrix, in exact arithmetic.
// Source: Golub and Van Loan 2013, algorithm 4.2.1.

#ifndef UNNOISE_BASE_CHOLESKY_H_
#define UNNOISE_BASE_CHOLESKY_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace unnoise {

// Replaces the lower triangle of a symmetric matrix a [n, n] by that of L, L L'
// = a, and leaves what is above the diagonal. False, with `a` half done, unless
// every pivot is above `slack` times n times rounding of its diagonal element:
// 0 takes whatever is positive, 1 what is positive by more than rounding can
// tell.
inline bool Cholesky(double* a, size_t n, double slack) {
  const double rounding =
      slack * static_cast<double>(n) * std::numeric_limits<double>::epsilon();
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      const double diagonal = a[i * n + i];
      double sum = a[i * n + j];
      for (size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      if (i != j) {
        a[i * n + j] = sum / a[j * n + j];
      } else if (sum > rounding * diagonal) {
        a[i * n + i] = std::sqrt(sum);
      } else {
        return false;
      }
    }
  }
  return true;
}

// The same of a row-major `a`, which stays, into `lower` [n, n], of which what
// is above the diagonal is left alone.
inline bool CholeskyOf(std::span<const double> a, size_t n, double slack,
                       double* lower) {
  for (size_t i = 0; i < n; ++i) {
    std::copy_n(a.begin() + i * n, i + 1, lower + i * n);
  }
  return Cholesky(lower, n, slack);
}

}  // namespace unnoise

#endif  // UNNOISE_BASE_CHOLESKY_H_
