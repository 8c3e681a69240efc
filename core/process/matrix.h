// Small square matrices, row-major [n, n], and what a constant linear equation
// makes of a normal law. For processes: n is a few, up to some tens. Exact in
// the sense of core/base/exact_math.h: + - * / sqrt in a stated order.

#ifndef UNNOISE_PROCESS_MATRIX_H_
#define UNNOISE_PROCESS_MATRIX_H_

#include <cstddef>
#include <span>
#include <vector>

namespace unnoise {

using Matrix = std::vector<double>;

Matrix Identity(size_t n);
Matrix Times(const Matrix& a, const Matrix& b, size_t n);
Matrix Transposed(const Matrix& a, size_t n);
// a c a^T.
Matrix Congruent(const Matrix& a, const Matrix& c, size_t n);
// Lower triangular l with l l^T = c, for c symmetric and not negative; where c
// is singular, columns of l are 0.
Matrix LowerFactor(const Matrix& c, size_t n);
// The density at x [n] of a normal law; 0 if the covariance is singular.
double NormalDensity(std::span<const double> mean, const Matrix& covariance,
                     std::span<const double> x);

// The first `terms` terms of Maclaurin's series of exp(a t), of which the first
// is the identity.
Matrix ExpSeries(const Matrix& a, double t, int terms, size_t n);

// dX = (a X + b) dt + noise of covariance q dt, with constant coefficients.
struct LinearEquation {
  size_t n;
  Matrix a;               // [n, n]
  std::vector<double> b;  // [n]
  Matrix q;               // [n, n] symmetric, not negative
};

// What it does to a state in some time: X becomes factor X + shift + a normal
// number of that covariance.
struct LinearFlow {
  Matrix factor;              // exp(a t)
  std::vector<double> shift;  // the integral of exp(a s) b, s from 0 to t
  Matrix covariance;          // of exp(a s) q exp(a^T s)
};

// t >= 0. Series for a time so short that they converge at once, then doubling:
// no inverse, so a may be singular, and no cancellation, however stiff it is.
// Not finite where exp(a t) is too large for a double. (Higham 2008, section
// 10.3, on scaling and squaring; Van Loan 1978 has the integral.)
LinearFlow FlowOf(const LinearEquation& equation, double t);

// The law N(mean, covariance) after a flow.
void Transport(const LinearFlow& flow, size_t n, std::vector<double>& mean,
               Matrix& covariance);

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_MATRIX_H_
