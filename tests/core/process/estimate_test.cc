// What is read off paths, against processes whose answers are known.

#include "core/process/estimate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/process/matrix.h"
#include "tests/core/process/moves.h"

namespace unnoise {
namespace {

// Numbers first, first + stride, ... of points.
std::vector<float> Column(const std::vector<float>& x, size_t first,
                          size_t stride) {
  std::vector<float> column;
  for (size_t i = first; i < x.size(); i += stride) column.push_back(x[i]);
  return column;
}

// Chan 2024, theorem 5.7: of an OU process D1 = -rate x, D2 = sigma^2 / 2, and
// nothing beyond as dt falls: D4 is D2^2 dt / 2 to first order.
TEST(KramersMoyal, OfADiffusionStopsAtTheSecondOrder) {
  const ProcessChoice choice = Make(
      "ornstein_uhlenbeck",
      {"rate=2", "sigma=0.8", "x0=[0]", "spread=0.4", "t_max=0.02", "steps=2"});
  constexpr int64_t kCount = 400000;
  const auto moved = Moved(*choice.process, kCount);
  const Cells cells{-0.8, 0.8, 8};
  const KramersMoyal one = KramersMoyalOf(moved[0], moved[1], 0.01, cells, 4);
  const KramersMoyal two = KramersMoyalOf(moved[0], moved[2], 0.02, cells, 4);
  for (size_t cell = 0; cell < cells.count; ++cell) {
    const double n = static_cast<double>(one.counts[cell]);
    ASSERT_GT(n, 5000);
    const double std = 0.8 / std::sqrt(0.01 * n);  // of D1
    // Bias of D1: rate dt / 2 of it, and the slope of the density in the cell.
    EXPECT_NEAR(one.at(cell, 1), -2 * cells.center(cell), 4 * std + 0.06);
    EXPECT_NEAR(one.at(cell, 2), 0.32, 4 * 0.32 * std::sqrt(2 / n) + 0.02);
    EXPECT_NEAR(one.at(cell, 4), 0.32 * 0.32 * 0.005,
                4 * 0.0005 * std::sqrt(96 / (9 * n)) * 3 + 5e-5);
    EXPECT_GT(two.at(cell, 4), 1.5 * one.at(cell, 4));
    EXPECT_TRUE(PawulaHolds(one, cell, 3));
  }
}

// Of jumps D_m = rate size^m / m! for all m; Pawula's inequality, corrected, is
// an equality: at rate 2, 4 = 4. Chan 2024, theorems 5.7 and 5.8.
TEST(KramersMoyal, OfJumpsNeverStops) {
  constexpr double kDt = 0.001;
  const ProcessChoice choice = Make(
      "jump_and_diffusion", {"rate=2", "size=1", "t_max=0.001", "steps=1"});
  constexpr int64_t kCount = 2000000;
  const auto moved = Moved(*choice.process, kCount);
  const Cells cells{-0.5, 0.5, 1};
  const KramersMoyal jumps = KramersMoyalOf(
      Column(moved[0], 0, 2), Column(moved[1], 0, 2), kDt, cells, 6);
  const KramersMoyal diffusion = KramersMoyalOf(
      Column(moved[0], 1, 2), Column(moved[1], 1, 2), kDt, cells, 6);
  double factorial = 1;
  for (int m = 1; m <= 6; ++m) {
    factorial *= m;
    // 4000 jumps: 1.6 % each; two in a step add 2^m rate dt / 2.
    EXPECT_NEAR(jumps.at(0, m) * factorial, 2,
                2 * 4 / std::sqrt(4000.0) + std::pow(2, m) * 0.002)
        << m;
  }
  EXPECT_TRUE(PawulaHolds(jumps, 0, 3, 0.1));
  const double left = 36 * jumps.at(0, 3) * jumps.at(0, 3),
               right = 2 * 24 * jumps.at(0, 2) * jumps.at(0, 4);
  EXPECT_NEAR(left / right, 1, 0.02);
  EXPECT_NEAR(diffusion.at(0, 2), 1, 4 * std::sqrt(2.0 / kCount) + 0.002);
  EXPECT_LT(diffusion.at(0, 4), 0.01 * jumps.at(0, 4));
  // Exactly Poisson's coefficients give equality; the inequality as it is
  // printed, without factorials, would fail.
  KramersMoyal exact{4, {1}, {2, 1, 1.0 / 3, 1.0 / 12}};
  EXPECT_TRUE(PawulaHolds(exact, 0, 3));
  exact.coefficients[2] *= 1.001;
  EXPECT_FALSE(PawulaHolds(exact, 0, 3));
  EXPECT_GT(exact.at(0, 3) * exact.at(0, 3), exact.at(0, 2) * exact.at(0, 4));
}

// The past matters for x driven by coloured noise, and not for x with its
// noise, nor for a process driven by white noise. 20000 particles settle a
// correlation to 4 / sqrt(n) = 0.028. Chan 2024, definition 5.3.
TEST(MarkovTest, ColouredNoiseRemembers) {
  constexpr double kNone = 4 / 141.4;
  const ProcessChoice coloured =
      Make("coloured_noise", {"rate=1", "t_max=12", "steps=24"});
  const auto moved = Moved(*coloured.process, 20000);
  const auto x = [&](size_t i) { return Column(moved[i], 0, 2); };
  const auto noise = [&](size_t i) { return Column(moved[i], 1, 2); };
  EXPECT_LT(PartialCorrelation(x(22), x(23), x(24)), -0.2);
  EXPECT_NEAR(PartialCorrelation(noise(22), noise(23), noise(24)), 0, kNone);
  const ProcessChoice white =
      Make("ornstein_uhlenbeck", {"t_max=12", "steps=24"});
  const auto plain = Moved(*white.process, 20000);
  EXPECT_NEAR(PartialCorrelation(plain[22], plain[23], plain[24]), 0, kNone);
  // Where b tells all, nothing is left.
  const float ends[] = {1, 2, 3};
  EXPECT_EQ(PartialCorrelation(ends, ends, ends), 0);
}

// Chan 2024, eq. 137: white noise has a flat spectrum of height q; noise of
// correlation exp(-2 |t|) and strength 2 has 2 / (1 + omega^2 / 4). Means over
// 400 periodograms, each exponential: 5 % error, 4.5 times that.
TEST(Spectrum, WhiteNoiseIsFlatAndColouredIsNot) {
  constexpr size_t kLength = 256, kSeries = 400;
  const auto mean = [&](const ProcessChoice& choice, size_t axis) {
    const size_t dim = static_cast<size_t>(choice.process->dim());
    const auto moved = Moved(*choice.process, kSeries);
    const double dt = choice.process->TimeAt(1);
    std::vector<double> power(kLength / 2 + 1, 0);
    for (size_t k = 0; k < kSeries; ++k) {
      std::vector<float> series;
      for (size_t i = moved.size() - kLength; i < moved.size(); ++i) {
        series.push_back(moved[i][k * dim + axis]);
      }
      const std::vector<double> one = Periodogram(series, dt);
      for (size_t f = 0; f < power.size(); ++f) power[f] += one[f] / kSeries;
    }
    return power;
  };
  const auto white =
      mean(Make("white_noise", {"strength=0.7", "t_max=25.6", "steps=256"}), 0);
  for (size_t f = 1; f < 128; ++f) EXPECT_NEAR(white[f] / 0.7, 1, 0.225) << f;
  // At both ends it is the square of one normal number: twice the variance.
  EXPECT_NEAR(white[0] / 0.7, 1, 0.32);
  EXPECT_NEAR(white[128] / 0.7, 1, 0.32);

  const auto coloured = mean(
      Make("coloured_noise", {"rate=2", "strength=2", "t_max=40", "steps=400"}),
      1);
  for (const size_t f : {2u, 4u, 8u, 16u}) {
    const double omega = 2 * M_PI * static_cast<double>(f) / 25.6;
    // Leakage of a window of 50 correlation times and aliasing: 10 % more.
    EXPECT_NEAR(coloured[f] * (1 + omega * omega / 4) / 2, 1, 0.33) << f;
  }
}

TEST(Spectrum, PeriodogramIsTheFormulaAndKeepsTheEnergy) {
  std::vector<float> series(16);
  FillNormal(KeyFromSeed(3), 0, series);
  const std::vector<double> power = Periodogram(series, 0.5);
  for (size_t k = 0; k <= 8; ++k) {
    double re = 0, im = 0;
    for (size_t j = 0; j < 16; ++j) {
      re += series[j] * std::cos(2 * M_PI * j * k / 16);
      im -= series[j] * std::sin(2 * M_PI * j * k / 16);
    }
    EXPECT_NEAR(power[k], 0.5 / 16 * (re * re + im * im), 1e-13) << k;
  }
  double square = 0, sum = power[0] + power[8];
  for (size_t k = 1; k < 8; ++k) sum += 2 * power[k];
  for (const float x : series) square += double{x} * x;
  EXPECT_NEAR(sum, 0.5 * square, 1e-12);
  EXPECT_THROW(Periodogram(std::span(series).first(12), 1), UsageError);
}

// Chan 2024, theorem 5.3: sigma^2 / (2 a) exp(-a lag), here 1/2 exp(-lag); a
// series of 4000 correlation times leaves 4 sqrt(2 / 4000) of it.
TEST(Spectrum, CorrelationsOfAnOuProcessDecay) {
  const ProcessChoice choice =
      Make("ornstein_uhlenbeck",
           {"x0=[0]", "spread=0.7", "t_max=4000", "steps=16000"});
  std::vector<float> series;
  for (const auto& state : Moved(*choice.process, 1))
    series.push_back(state[0]);
  const std::vector<double> r = Autocorrelation(series, 13);
  for (size_t lag = 0; lag < 13; lag += 4) {
    EXPECT_NEAR(r[lag], 0.5 * std::exp(-0.25 * static_cast<double>(lag)), 0.045)
        << lag;
  }
}

// Chan 2024, theorem 5.5: two steps are one longer step for a process, not for
// Euler's scheme.
TEST(ChapmanKolmogorov, HoldsForProcessesAndNotForSchemes) {
  const Cells cells{-4, 4, 800};
  const auto gap = [&](const char* name, std::vector<std::string> words,
                       double t, double dt) {
    return ChapmanKolmogorovGap(*Make(name, words).process, t, dt, 0.8, cells);
  };
  // Cells of h add h^2 / 12 to a variance of 0.1 or more: 1e-4 of it.
  EXPECT_LT(gap("brownian_motion", {}, 0, 0.6), 1e-4);
  EXPECT_LT(gap("ornstein_uhlenbeck", {}, 0, 0.6), 1e-4);
  EXPECT_LT(gap("linear_sde", {}, 0.3, 0.6), 1e-4);
  const double coarse = gap("ornstein_uhlenbeck", {"scheme=euler"}, 0, 0.6);
  EXPECT_GT(coarse, 0.05);
  EXPECT_LT(gap("ornstein_uhlenbeck", {"scheme=euler"}, 0, 0.06), coarse / 5);
}

// The mean over x of either score is 0; Stein's is the slope of log density in
// x, Fisher's those in the parameters. Chan 2024, eqs 98 and 99.
TEST(Scores, OfANormalLawInPlaceAndInItsParameters) {
  const Normal law{0.7, 2.3};
  const auto log_density = [](const Normal& n, double x) {
    return -0.5 * std::log(2 * M_PI * n.variance) -
           0.5 * (x - n.mean) * (x - n.mean) / n.variance;
  };
  constexpr double kH = 1e-5;
  for (const double x : {-1.0, 0.7, 4.0}) {
    const NormalScores s = ScoresOf(law, x);
    EXPECT_NEAR(
        s.x, (log_density(law, x + kH) - log_density(law, x - kH)) / (2 * kH),
        1e-9);
    EXPECT_NEAR(s.mean,
                (log_density({law.mean + kH, law.variance}, x) -
                 log_density({law.mean - kH, law.variance}, x)) /
                    (2 * kH),
                1e-9);
    EXPECT_NEAR(s.variance,
                (log_density({law.mean, law.variance + kH}, x) -
                 log_density({law.mean, law.variance - kH}, x)) /
                    (2 * kH),
                1e-9);
    EXPECT_EQ(s.x, -s.mean);
  }
  double means[3] = {0, 0, 0};
  for (double x = -15; x < 16; x += 0.01) {
    const double p = 0.01 * std::exp(log_density(law, x));
    const NormalScores s = ScoresOf(law, x);
    means[0] += p * s.x;
    means[1] += p * s.mean;
    means[2] += p * s.variance;
  }
  for (const double mean : means) EXPECT_NEAR(mean, 0, 1e-12);
}

// x ~ N(m, S), y = A x + b + noise of covariance R: y ~ N(A m + b, A S A^T +
// R). Checked as Bayes has it: the precision of (x, y), a block each, turned
// into its covariance, has that of y in its corner. Chan 2024, theorem 2.8.
TEST(LinearGaussianLemma, MarginalIsThatOfTheJointLaw) {
  const Matrix a = {0.7, -1.2, 0.4, 0.9}, s = {1.3, 0.4, 0.4, 0.8},
               r = {0.5, -0.1, -0.1, 0.3};
  std::vector<double> mean = {1, -2};
  Matrix covariance = s;
  Transport({a, {0.3, 0.6}, r}, 2, mean, covariance);
  EXPECT_NEAR(mean[0], 0.7 * 1 + 1.2 * 2 + 0.3, 1e-15);
  EXPECT_NEAR(mean[1], 0.4 - 1.8 + 0.6, 1e-15);
  const auto inverse = [](const Matrix& m) {
    const double det = m[0] * m[3] - m[1] * m[2];
    return Matrix{m[3] / det, -m[1] / det, -m[2] / det, m[0] / det};
  };
  // Precision blocks: xx = S^-1 + A^T L A, xy = -A^T L, yy = L, L = R^-1; the
  // covariance of y is the inverse of yy - yx xx^-1 xy.
  const Matrix l = inverse(r), at = Transposed(a, 2);
  Matrix xx = Times(Times(at, l, 2), a, 2);
  const Matrix prior = inverse(s);
  for (size_t i = 0; i < 4; ++i) xx[i] += prior[i];
  const Matrix la = Times(l, a, 2);
  const Matrix taken = Times(Times(la, inverse(xx), 2), Transposed(la, 2), 2);
  Matrix yy = l;
  for (size_t i = 0; i < 4; ++i) yy[i] -= taken[i];
  const Matrix expected = inverse(yy);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(covariance[i], expected[i], 1e-13);
  }
}

}  // namespace
}  // namespace unnoise
