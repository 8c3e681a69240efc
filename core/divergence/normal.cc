#include "core/divergence/normal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/check.h"
#include "core/base/cholesky.h"
#include "core/base/exact_math.h"

namespace unnoise {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSqrtHalf = 0.70710678118654752440;
constexpr double kSqrtTwoOverPi = 0.79788456080286535588;

using Matrix = std::vector<double>;  // [dim, dim], row-major

void CheckPair(const NormalLaw& p, const NormalLaw& q) {
  Check(p.dim() == q.dim() && p.dim() >= 1,
        "the two laws are of different dimensions");
}

// Inverse of a lower triangle times b [n, columns], in place.
void SolveLower(const Matrix& lower, size_t columns, std::vector<double>& b) {
  const size_t n = b.size() / columns;
  for (size_t i = 0; i < n; ++i) {
    for (size_t c = 0; c < columns; ++c) {
      double sum = b[i * columns + c];
      for (size_t k = 0; k < i; ++k) {
        sum -= lower[i * n + k] * b[k * columns + c];
      }
      b[i * columns + c] = sum / lower[i * n + i];
    }
  }
}

// Inverse of its transpose times b.
void SolveUpper(const Matrix& lower, size_t columns, std::vector<double>& b) {
  const size_t n = b.size() / columns;
  for (size_t i = n; i-- > 0;) {
    for (size_t c = 0; c < columns; ++c) {
      double sum = b[i * columns + c];
      for (size_t k = i + 1; k < n; ++k) {
        sum -= lower[k * n + i] * b[k * columns + c];
      }
      b[i * columns + c] = sum / lower[i * n + i];
    }
  }
}

double SumOfSquares(const std::vector<double>& x) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  return sum;
}

double HalfLogDeterminant(const Matrix& lower, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += exact::Log(lower[i * n + i]);
  return sum;
}

std::vector<double> MeanGap(const NormalLaw& p, const NormalLaw& q) {
  std::vector<double> gap = p.mean;
  for (size_t i = 0; i < gap.size(); ++i) gap[i] -= q.mean[i];
  return gap;
}

Matrix Covariance(const NormalLaw& law) {
  const size_t n = law.dim();
  Matrix covariance(n * n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      double sum = 0;
      for (size_t k = 0; k <= std::min(i, j); ++k) {
        sum += law.factor[i * n + k] * law.factor[j * n + k];
      }
      covariance[i * n + j] = sum;
    }
  }
  return covariance;
}

// The sum of the singular values of a [n, n]: its columns are turned in pairs
// until all are orthogonal. Source: Hestenes 1958; Golub, Van Loan 2013,
// section 8.6.3.
double NuclearNorm(Matrix a, size_t n) {
  constexpr int kMaxSweeps = 60;
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    bool turned = false;
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = i + 1; j < n; ++j) {
        double ii = 0, jj = 0, ij = 0;
        for (size_t k = 0; k < n; ++k) {
          ii += a[k * n + i] * a[k * n + i];
          jj += a[k * n + j] * a[k * n + j];
          ij += a[k * n + i] * a[k * n + j];
        }
        if (std::fabs(ij) <= 1e-15 * std::sqrt(ii * jj)) continue;
        turned = true;
        const double tau = (jj - ii) / (2 * ij);
        const double tangent =
            (tau < 0 ? -1 : 1) / (std::fabs(tau) + std::sqrt(1 + tau * tau));
        const double cosine = 1 / std::sqrt(1 + tangent * tangent);
        const double sine = cosine * tangent;
        for (size_t k = 0; k < n; ++k) {
          const double x = a[k * n + i], y = a[k * n + j];
          a[k * n + i] = cosine * x - sine * y;
          a[k * n + j] = sine * x + cosine * y;
        }
      }
    }
    if (!turned) break;
  }
  double sum = 0;
  for (size_t i = 0; i < n; ++i) {
    double square = 0;
    for (size_t k = 0; k < n; ++k) square += a[k * n + i] * a[k * n + i];
    sum += std::sqrt(square);
  }
  return sum;
}

// P(a < Z < b), each perhaps infinite.
double NormalMass(double a, double b) {
  return 0.5 * (exact::Erf(b * kSqrtHalf) - exact::Erf(a * kSqrtHalf));
}

}  // namespace

NormalLaw NormalOnLine(double mean, double std) {
  Check(std > 0, "a normal law has a standard deviation above 0");
  return {{mean}, {std}};
}

NormalLaw MakeNormal(std::vector<double> mean,
                     const std::vector<double>& covariance) {
  const size_t n = mean.size();
  Check(n >= 1 && covariance.size() == n * n, "a covariance is a square");
  NormalLaw law{std::move(mean), Matrix(n * n)};
  Check(CholeskyOf(covariance, n, 1, law.factor.data()),
        "a covariance is positive definite");
  return law;
}

std::optional<NormalLaw> NormalOf(const MixtureLaw& law) {
  const size_t n = static_cast<size_t>(law.dim);
  std::optional<NormalLaw> found;
  for (size_t c = 0; c < law.weights.size(); ++c) {
    if (law.weights[c] == 0) continue;
    if (found) return std::nullopt;
    const auto mean = law.means.begin() + static_cast<std::ptrdiff_t>(c * n);
    const auto factor =
        law.factors.begin() + static_cast<std::ptrdiff_t>(c * n * n);
    found =
        NormalLaw{{mean, mean + law.dim}, {factor, factor + law.dim * law.dim}};
    for (size_t i = 0; i < n; ++i) {
      if (!(found->factor[i * n + i] > 0)) return std::nullopt;
    }
  }
  return found;
}

double NormalKl(const NormalLaw& p, const NormalLaw& q) {
  CheckPair(p, q);
  const size_t n = p.dim();
  Matrix ratio = p.factor;
  SolveLower(q.factor, n, ratio);
  std::vector<double> gap = MeanGap(p, q);
  SolveLower(q.factor, 1, gap);
  return 0.5 * (SumOfSquares(ratio) - static_cast<double>(n) +
                SumOfSquares(gap)) +
         (HalfLogDeterminant(q.factor, n) - HalfLogDeterminant(p.factor, n));
}

// The scores differ by (B - A) (x - m_p) + B (m_p - m_q), A and B the
// precisions; with x - m_p = L z the first is (B L - A L) z, A L = L'^-1.
double NormalFisher(const NormalLaw& p, const NormalLaw& q) {
  CheckPair(p, q);
  const size_t n = p.dim();
  Matrix first = p.factor, identity(n * n, 0);
  SolveLower(q.factor, n, first);
  SolveUpper(q.factor, n, first);
  for (size_t i = 0; i < n; ++i) identity[i * n + i] = 1;
  SolveUpper(p.factor, n, identity);
  for (size_t i = 0; i < n * n; ++i) first[i] -= identity[i];
  std::vector<double> gap = MeanGap(p, q);
  SolveLower(q.factor, 1, gap);
  SolveUpper(q.factor, 1, gap);
  return SumOfSquares(first) + SumOfSquares(gap);
}

// With W = L_q^-1 L_p, K K' = 2 I - W' W and d = L_q^-1 (m_p - m_q) the
// integral of p^2 / q is
//   det L_q / (det L_p det K) exp((|d|^2 + |K^-1 W' d|^2) / 2).
double NormalChiSquared(const NormalLaw& p, const NormalLaw& q) {
  CheckPair(p, q);
  const size_t n = p.dim();
  Matrix ratio = p.factor;
  SolveLower(q.factor, n, ratio);
  Matrix rest(n * n), root(n * n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      double sum = i == j ? 2 : 0;
      for (size_t k = 0; k < n; ++k) sum -= ratio[k * n + i] * ratio[k * n + j];
      rest[i * n + j] = sum;
    }
  }
  if (!CholeskyOf(rest, n, 1, root.data())) return kInfinity;
  // What is left of a difference of equal numbers is rounding, not a tail.
  for (size_t i = 0; i < n; ++i) {
    if (root[i * n + i] * root[i * n + i] < 4e-15 * static_cast<double>(n)) {
      return kInfinity;
    }
  }
  std::vector<double> gap = MeanGap(p, q), tilted(n, 0);
  SolveLower(q.factor, 1, gap);
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < n; ++k) tilted[i] += ratio[k * n + i] * gap[k];
  }
  SolveLower(root, 1, tilted);
  return exact::Expm1(HalfLogDeterminant(q.factor, n) -
                      HalfLogDeterminant(p.factor, n) -
                      HalfLogDeterminant(root, n) +
                      0.5 * (SumOfSquares(gap) + SumOfSquares(tilted)));
}

double NormalSquaredHellinger(const NormalLaw& p, const NormalLaw& q) {
  CheckPair(p, q);
  const size_t n = p.dim();
  Matrix mean = Covariance(p), root(n * n);
  const Matrix other = Covariance(q);
  for (size_t i = 0; i < n * n; ++i) mean[i] = 0.5 * (mean[i] + other[i]);
  Check(CholeskyOf(mean, n, 1, root.data()),
        "a covariance is positive definite");
  std::vector<double> gap = MeanGap(p, q);
  SolveLower(root, 1, gap);
  return -exact::Expm1(0.5 * (HalfLogDeterminant(p.factor, n) +
                              HalfLogDeterminant(q.factor, n)) -
                       HalfLogDeterminant(root, n) - SumOfSquares(gap) / 8);
}

std::optional<double> NormalTotalVariation(const NormalLaw& p,
                                           const NormalLaw& q) {
  CheckPair(p, q);
  std::vector<double> gap = MeanGap(p, q);
  if (p.factor == q.factor) {
    SolveLower(q.factor, 1, gap);
    return exact::Erf(0.5 * std::sqrt(SumOfSquares(gap)) * kSqrtHalf);
  }
  if (p.dim() > 1) return std::nullopt;
  // The narrower law has more between the points where the densities cross:
  // there, z being offsets from its mean in its deviations and r < 1 the ratio
  // of the deviations, z^2 (1 - r^2) - 2 r d z = d^2 + 2 log(1 / r), with d
  // the way from the wider mean to the narrower one in wide deviations.
  const bool swap = p.factor[0] > q.factor[0];
  const double narrow = (swap ? q : p).factor[0];
  const double wide = (swap ? p : q).factor[0];
  const double d = (swap ? -gap[0] : gap[0]) / wide;
  const double r = narrow / wide;
  const double a = (1 - r) * (1 + r), b = r * d;
  const double c = d * d - 2 * exact::Log(r);
  const double root = std::sqrt(b * b + a * c);
  // The roots of a z^2 - 2 b z - c, without cancellation.
  const double far = b + (b < 0 ? -root : root);
  const double z1 = far / a, z2 = -c / far;
  const double low = std::min(z1, z2), high = std::max(z1, z2);
  return NormalMass(low, high) - NormalMass(d + r * low, d + r * high);
}

std::optional<double> NormalW1(const NormalLaw& p, const NormalLaw& q) {
  CheckPair(p, q);
  if (p.dim() > 1) return std::nullopt;
  const double m = std::fabs(p.mean[0] - q.mean[0]);
  const double s = std::fabs(p.factor[0] - q.factor[0]);
  if (s == 0) return m;
  const double z = m / s;
  return s * kSqrtTwoOverPi * exact::Exp(-0.5 * z * z) +
         m * exact::Erf(z * kSqrtHalf);
}

// tr (C_p^1/2 C_q C_p^1/2)^1/2 is the nuclear norm of L_p' L_q.
double NormalW2(const NormalLaw& p, const NormalLaw& q) {
  CheckPair(p, q);
  const size_t n = p.dim();
  double square = SumOfSquares(MeanGap(p, q));
  if (p.factor == q.factor) return std::sqrt(square);
  if (n == 1) {
    const double s = p.factor[0] - q.factor[0];
    return std::sqrt(square + s * s);
  }
  Matrix product(n * n, 0);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      for (size_t k = 0; k < n; ++k) {
        product[i * n + j] += p.factor[k * n + i] * q.factor[k * n + j];
      }
    }
  }
  square += SumOfSquares(p.factor) + SumOfSquares(q.factor) -
            2 * NuclearNorm(std::move(product), n);
  return std::sqrt(std::max(square, 0.0));
}

}  // namespace unnoise
