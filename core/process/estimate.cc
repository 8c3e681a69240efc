#include "core/process/estimate.h"

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"

namespace unnoise {
namespace {

constexpr int kMaxOrders = 8;

double Factorial(int n) {
  double product = 1;
  for (int k = 2; k <= n; ++k) product *= k;
  return product;
}

// Mean of a product, each about its own mean.
double Covariance(std::span<const float> a, std::span<const float> b) {
  const double n = static_cast<double>(a.size());
  double mean_a = 0, mean_b = 0, sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    mean_a += a[i];
    mean_b += b[i];
  }
  mean_a /= n;
  mean_b /= n;
  for (size_t i = 0; i < a.size(); ++i) {
    sum += (a[i] - mean_a) * (b[i] - mean_b);
  }
  return sum / n;
}

}  // namespace

KramersMoyal KramersMoyalOf(std::span<const float> from,
                            std::span<const float> to, double dt,
                            const Cells& cells, int orders) {
  Check(from.size() == to.size(), "the particles are the same at both times");
  Check(dt > 0 && orders >= 1 && orders <= kMaxOrders,
        "coefficients of 1 to 8 orders take some time");
  const size_t rows = static_cast<size_t>(orders);
  KramersMoyal estimate{orders, std::vector<int64_t>(cells.count, 0),
                        std::vector<double>(cells.count * rows, 0)};
  for (size_t i = 0; i < from.size(); ++i) {
    const double place = (from[i] - cells.low) / cells.width();
    if (!(place >= 0 && place < static_cast<double>(cells.count))) continue;
    const size_t cell = static_cast<size_t>(place);
    const double moved = double{to[i]} - from[i];
    ++estimate.counts[cell];
    double power = 1;
    for (size_t m = 0; m < rows; ++m) {
      power *= moved;
      estimate.coefficients[cell * rows + m] += power;
    }
  }
  for (size_t cell = 0; cell < cells.count; ++cell) {
    if (estimate.counts[cell] == 0) continue;
    const double count = static_cast<double>(estimate.counts[cell]);
    for (size_t m = 0; m < rows; ++m) {
      estimate.coefficients[cell * rows + m] /=
          count * dt * Factorial(static_cast<int>(m) + 1);
    }
  }
  return estimate;
}

bool PawulaHolds(const KramersMoyal& estimate, size_t cell, int m,
                 double error) {
  Check(m >= 3 && m % 2 == 1 && m + 1 <= estimate.orders,
        "the inequality is of an odd order with one above it");
  const double middle = Factorial(m) * estimate.at(cell, m);
  const double ends = Factorial(m - 1) * Factorial(m + 1) *
                      estimate.at(cell, m - 1) * estimate.at(cell, m + 1);
  return middle * middle <= ends * (1 + error);
}

double PartialCorrelation(std::span<const float> a, std::span<const float> b,
                          std::span<const float> c) {
  Check(a.size() == b.size() && b.size() == c.size() && !a.empty(),
        "there are equally many numbers");
  const double bb = Covariance(b, b);
  if (!(bb > 0)) return 0;
  const double ab = Covariance(a, b), bc = Covariance(b, c);
  const double rest_a = Covariance(a, a) - ab * ab / bb,
               rest_c = Covariance(c, c) - bc * bc / bb;
  if (!(rest_a > 0 && rest_c > 0)) return 0;
  return (Covariance(a, c) - ab * bc / bb) / std::sqrt(rest_a * rest_c);
}

std::vector<double> Autocorrelation(std::span<const float> series,
                                    int64_t lags) {
  Check(lags >= 0 && static_cast<size_t>(lags) <= series.size(),
        "a lag is shorter than the series");
  std::vector<double> means;
  for (size_t lag = 0; lag < static_cast<size_t>(lags); ++lag) {
    double sum = 0;
    for (size_t i = 0; i + lag < series.size(); ++i) {
      sum += double{series[i]} * series[i + lag];
    }
    means.push_back(sum / static_cast<double>(series.size() - lag));
  }
  return means;
}

std::vector<double> Periodogram(std::span<const float> series, double dt) {
  const size_t n = series.size();
  Check(n >= 1 && (n & (n - 1)) == 0, "the length is a power of 2");
  // Cooley and Tukey 1965: numbers in the order of reversed bits, then sums of
  // twice the length at a time.
  std::vector<double> re(n), im(n, 0);
  for (size_t i = 0, reversed = 0; i < n; ++i) {
    re[reversed] = series[i];
    size_t bit = n / 2;
    for (; bit > 0 && (reversed & bit) != 0; bit /= 2) reversed ^= bit;
    reversed |= bit;
  }
  constexpr double kTwoPi = 6.28318530717958647693;
  for (size_t half = 1; half < n; half *= 2) {
    for (size_t k = 0; k < half; ++k) {
      const double angle =
          kTwoPi * static_cast<double>(k) / static_cast<double>(2 * half);
      const double cos = exact::Cos(angle), sin = -exact::Sin(angle);
      for (size_t i = k; i < n; i += 2 * half) {
        const size_t j = i + half;
        const double turned_re = re[j] * cos - im[j] * sin;
        const double turned_im = re[j] * sin + im[j] * cos;
        re[j] = re[i] - turned_re;
        im[j] = im[i] - turned_im;
        re[i] += turned_re;
        im[i] += turned_im;
      }
    }
  }
  std::vector<double> power;
  for (size_t k = 0; k <= n / 2 && k < n; ++k) {
    power.push_back(dt / static_cast<double>(n) *
                    (re[k] * re[k] + im[k] * im[k]));
  }
  return power;
}

double ChapmanKolmogorovGap(const Process& process, double t, double dt,
                            double x, const Cells& cells) {
  const std::optional<Normal> whole = process.KernelAt(t, dt, x);
  const std::optional<Normal> half = process.KernelAt(t, 0.5 * dt, x);
  Check(whole && half, "the process has no normal law of one transition");
  return TotalVariation(NormalMass(cells, *whole),
                        MovedMass(process, t + 0.5 * dt, 0.5 * dt, cells,
                                  NormalMass(cells, *half)));
}

NormalScores ScoresOf(const Normal& law, double x) {
  const double z = (x - law.mean) / law.variance;
  return {-z, z, 0.5 * (z * z - 1 / law.variance)};
}

}  // namespace unnoise
