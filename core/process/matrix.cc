#include "core/process/matrix.h"

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"

namespace unnoise {
namespace {

constexpr double kTwoPi = 6.28318530717958647693;

// With a norm of at most a half, the next term is below 1e-21 of the first.
constexpr int kTerms = 18;
// Beyond this the exponential overflows, or has long reached its limit.
constexpr int kMaxDoublings = 200;

std::vector<double> Apply(const Matrix& a, const std::vector<double>& x,
                          size_t n) {
  std::vector<double> y(n, 0);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) y[i] += a[i * n + j] * x[j];
  }
  return y;
}

void AddTo(std::vector<double>& sum, const std::vector<double>& x) {
  for (size_t i = 0; i < sum.size(); ++i) sum[i] += x[i];
}

void Scale(std::vector<double>& x, double factor) {
  for (double& value : x) value *= factor;
}

// The greatest sum of magnitudes in a row.
double NormOf(const Matrix& a, size_t n) {
  double norm = 0;
  for (size_t i = 0; i < n; ++i) {
    double sum = 0;
    for (size_t j = 0; j < n; ++j) sum += std::fabs(a[i * n + j]);
    norm = std::max(norm, sum);
  }
  return norm;
}

}  // namespace

Matrix Identity(size_t n) {
  Matrix one(n * n, 0);
  for (size_t i = 0; i < n; ++i) one[i * n + i] = 1;
  return one;
}

Matrix Times(const Matrix& a, const Matrix& b, size_t n) {
  Matrix c(n * n, 0);
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < n; ++k) {
      for (size_t j = 0; j < n; ++j)
        c[i * n + j] += a[i * n + k] * b[k * n + j];
    }
  }
  return c;
}

Matrix Transposed(const Matrix& a, size_t n) {
  Matrix b(n * n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) b[i * n + j] = a[j * n + i];
  }
  return b;
}

Matrix Congruent(const Matrix& a, const Matrix& c, size_t n) {
  return Times(Times(a, c, n), Transposed(a, n), n);
}

Matrix LowerFactor(const Matrix& c, size_t n) {
  Matrix l(n * n, 0);
  for (size_t j = 0; j < n; ++j) {
    double rest = c[j * n + j];
    for (size_t k = 0; k < j; ++k) rest -= l[j * n + k] * l[j * n + k];
    // What rounding leaves of 0 is no direction.
    if (!(rest > 1e-14 * c[j * n + j])) continue;
    l[j * n + j] = std::sqrt(rest);
    for (size_t i = j + 1; i < n; ++i) {
      double sum = c[i * n + j];
      for (size_t k = 0; k < j; ++k) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = sum / l[j * n + j];
    }
  }
  return l;
}

double NormalDensity(std::span<const double> mean, const Matrix& covariance,
                     std::span<const double> x) {
  const size_t n = mean.size();
  const Matrix l = LowerFactor(covariance, n);
  // Solves l y = x - mean.
  std::vector<double> y(n);
  double square = 0, density = 1;
  for (size_t i = 0; i < n; ++i) {
    if (l[i * n + i] == 0) return 0;
    y[i] = x[i] - mean[i];
    for (size_t j = 0; j < i; ++j) y[i] -= l[i * n + j] * y[j];
    y[i] /= l[i * n + i];
    square += y[i] * y[i];
    density /= l[i * n + i] * std::sqrt(kTwoPi);
  }
  return density * exact::Exp(-0.5 * square);
}

Matrix ExpSeries(const Matrix& a, double t, int terms, size_t n) {
  Matrix sum = Identity(n), term = sum;
  for (int k = 1; k < terms; ++k) {
    term = Times(a, term, n);
    Scale(term, t / k);
    AddTo(sum, term);
  }
  return sum;
}

LinearFlow FlowOf(const LinearEquation& equation, double t) {
  const size_t n = equation.n;
  const Matrix& a = equation.a;
  double h = t;
  int doublings = 0;
  for (double norm = NormOf(a, n) * t; norm > 0.5 && doublings < kMaxDoublings;
       norm *= 0.5) {
    h *= 0.5;
    ++doublings;
  }

  LinearFlow flow{ExpSeries(a, h, kTerms, n), std::vector<double>(n, 0),
                  Matrix(n * n, 0)};
  // The integrals term by term: h^(k+1) / (k+1)! times the k-th derivative of
  // what is integrated, which is a^k b, and the operator X -> a X + X a^T taken
  // k times on q.
  std::vector<double> shift = equation.b;
  Matrix spread = equation.q;
  Scale(shift, h);
  Scale(spread, h);
  for (int k = 1; k <= kTerms; ++k) {
    AddTo(flow.shift, shift);
    AddTo(flow.covariance, spread);
    shift = Apply(a, shift, n);
    Matrix next = Times(a, spread, n);
    AddTo(next, Transposed(next, n));
    spread = next;
    Scale(shift, h / (k + 1));
    Scale(spread, h / (k + 1));
  }
  for (int i = 0; i < doublings; ++i) {
    Transport(flow, n, flow.shift, flow.covariance);
    flow.factor = Times(flow.factor, flow.factor, n);
  }
  return flow;
}

void Transport(const LinearFlow& flow, size_t n, std::vector<double>& mean,
               Matrix& covariance) {
  std::vector<double> moved = Apply(flow.factor, mean, n);
  Matrix spread = Congruent(flow.factor, covariance, n);
  AddTo(moved, flow.shift);
  AddTo(spread, flow.covariance);
  mean = std::move(moved);
  covariance = std::move(spread);
}

}  // namespace unnoise
