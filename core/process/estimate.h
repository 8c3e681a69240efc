// What can be read off paths, and checks of what a process is: coefficients of
// Kramers and Moyal, whether the past matters, spectra, scores. All of numbers
// that somebody has; nothing is drawn here.

#ifndef UNNOISE_PROCESS_ESTIMATE_H_
#define UNNOISE_PROCESS_ESTIMATE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/process/kernel.h"
#include "core/process/process.h"

namespace unnoise {

// Estimates of D_m(x) = lim E[(X(t + dt) - x)^m | X(t) = x] / (m! dt) by means
// over the particles that were in each cell.
struct KramersMoyal {
  int orders;
  std::vector<int64_t> counts;       // [cells]
  std::vector<double> coefficients;  // [cells, orders], m = 1, ..., orders

  // 0 of a cell that nothing was in.
  double at(size_t cell, int m) const {
    return coefficients[cell * static_cast<size_t>(orders) +
                        static_cast<size_t>(m - 1)];
  }
};

// `from` and `to`: the same particles, dt apart; those outside the cells do not
// count. 1 <= orders <= 8. The bias is of order dt: with dt the coefficients
// beyond the second of a diffusion fall to 0, those of jumps do not. Risken
// 1989, section 4.2. Throws UsageError.
KramersMoyal KramersMoyalOf(std::span<const float> from,
                            std::span<const float> to, double dt,
                            const Cells& cells, int orders);

// Whether (m! D_m)^2 <= (m - 1)! (m + 1)! D_(m-1) D_(m+1) for an odd m >= 3, of
// one cell, up to a relative error. If D_4 is 0, so is D_3 and all that follow:
// an expansion stops at the second order or never. Pawula 1967.
bool PawulaHolds(const KramersMoyal& estimate, size_t cell, int m,
                 double error = 1e-9);

// The correlation of a and c that is left when what b tells is taken out of
// both, of equally many numbers. For three times of a Gaussian process that is
// Markov it is 0. 0 where one of them is all in b.
double PartialCorrelation(std::span<const float> a, std::span<const float> b,
                          std::span<const float> c);

// Means of x_i x_(i + lag), lag = 0, ..., lags - 1, of a series about 0; lags
// at most its length.
std::vector<double> Autocorrelation(std::span<const float> series,
                                    int64_t lags);

// Power at frequencies k / (n dt), k = 0, ..., n / 2, of a series of n numbers
// dt apart: dt / n |sum_j x_j exp(-2 pi i j k / n)|^2. White noise of strength
// q has the mean q at each. n is a power of 2. Throws UsageError.
std::vector<double> Periodogram(std::span<const float> series, double dt);

// How far two transitions of half the time are from one of the whole, from x:
// the total variation of both laws on the cells. 0 to the width of the cells if
// the steps have the process's own law (Chapman and Kolmogorov's equation), not
// if they are a scheme's. Throws UsageError if the process has no kernel.
double ChapmanKolmogorovGap(const Process& process, double t, double dt,
                            double x, const Cells& cells);

// Of N(mean, variance) at x: by how much log density changes with x (Stein's
// score, which sampling climbs) and with the parameters (Fisher's score, which
// fitting climbs).
struct NormalScores {
  double x;
  double mean;
  double variance;
};
NormalScores ScoresOf(const Normal& law, double x);

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_ESTIMATE_H_
