// Exponentials, and normal laws under linear equations, against closed forms
// and against many small steps.

#include "core/process/matrix.h"

#include <gtest/gtest.h>

#include <cmath>

namespace unnoise {
namespace {

void ExpectClose(const std::vector<double>& a, const std::vector<double>& b,
                 double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(a[i], b[i], tolerance * (1 + std::fabs(b[i]))) << i;
  }
}

LinearFlow ExpOf(const Matrix& a, double t, size_t n) {
  return FlowOf({n, a, std::vector<double>(n, 0), Matrix(n * n, 0)}, t);
}

// Each of d doublings adds a rounding error: d eps.
constexpr double kClose = 1e-14;

TEST(MatrixExponential, DiagonalRotationAndJordanBlockAreKnown) {
  ExpectClose(ExpOf({-1, 0, 0, 3}, 0.7, 2).factor,
              {std::exp(-0.7), 0, 0, std::exp(2.1)}, kClose);
  ExpectClose(ExpOf({0, -2, 2, 0}, 1.3, 2).factor,
              {std::cos(2.6), -std::sin(2.6), std::sin(2.6), std::cos(2.6)},
              kClose);
  const double e = std::exp(-0.5);
  ExpectClose(ExpOf({-1, 1, 0, -1}, 0.5, 2).factor, {e, 0.5 * e, 0, e}, kClose);
}

TEST(MatrixExponential, IsASemigroupWithTheDeterminantOfTheTrace) {
  const Matrix a = {-0.4, 1.7, -2.2, 0.9};
  const Matrix one = ExpOf(a, 1.1, 2).factor, two = ExpOf(a, 0.6, 2).factor;
  ExpectClose(Times(one, two, 2), ExpOf(a, 1.7, 2).factor, kClose);
  EXPECT_NEAR(one[0] * one[3] - one[1] * one[2], std::exp(1.1 * 0.5), 1e-13);
}

// exp(A t) of a stochastic matrix's generator stays one: columns sum to 1.
TEST(MatrixExponential, StiffGeneratorsKeepTheirSums) {
  const Matrix a = {-1e5, 2, 1e5, -2};
  const Matrix e = ExpOf(a, 3, 2).factor;
  EXPECT_NEAR(e[0] + e[2], 1, 1e-9);  // 20 doublings of eps
  EXPECT_NEAR(e[0], 2 / (1e5 + 2), 1e-12);
  EXPECT_NEAR(e[1], 2 / (1e5 + 2), 1e-12);
}

TEST(MatrixExponential, TheSeriesConvergesToIt) {
  const Matrix a = {-1, 2, 0.5, -3};
  double last = 1e9;
  for (const int terms : {5, 10, 15, 20, 30}) {
    const Matrix partial = ExpSeries(a, 1, terms, 2);
    const Matrix whole = ExpOf(a, 1, 2).factor;
    double error = 0;
    for (size_t i = 0; i < 4; ++i) error += std::fabs(partial[i] - whole[i]);
    EXPECT_LT(error, last);
    last = error;
  }
  // Terms of up to 3.6^4 / 4! cancel.
  EXPECT_LT(last, 1e-13);
  EXPECT_EQ(ExpSeries(a, 0.5, 2, 2), (Matrix{0.5, 1, 0.25, -0.5}));
}

TEST(LinearFlow, ScalarCaseIsKnown) {
  for (const double rate : {1e-9, 0.3, 2.0, 500.0}) {
    for (const double t : {1e-6, 0.1, 7.0}) {
      const LinearFlow flow = FlowOf({1, {-rate}, {0.8}, {0.5}}, t);
      ExpectClose(flow.factor, {std::exp(-rate * t)}, kClose);
      ExpectClose(flow.shift, {0.8 * -std::expm1(-rate * t) / rate}, kClose);
      ExpectClose(flow.covariance,
                  {0.5 * -std::expm1(-2 * rate * t) / (2 * rate)}, kClose);
    }
  }
  EXPECT_EQ(FlowOf({1, {0}, {0.5}, {2}}, 3).covariance[0], 6);
}

// The moment equations m' = a m + b, C' = a C + C a^T + q by many small steps
// of the midpoint rule: error about (|a| h)^2 = 1e-6.
TEST(LinearFlow, SolvesTheMomentEquations) {
  const LinearEquation equation{
      2, {-0.6, 1.1, -1.4, -0.2}, {0.3, -0.5}, {0.4, 0.1, 0.1, 0.9}};
  std::vector<double> mean = {1, -2};
  Matrix covariance = {0.5, 0.2, 0.2, 0.3};
  constexpr int kSteps = 2000;
  constexpr double kH = 2.0 / kSteps;
  const auto slope = [&](const std::vector<double>& m, const Matrix& c,
                         std::vector<double>& dm, Matrix& dc) {
    const Matrix& a = equation.a;
    const Matrix ac = Times(a, c, 2);
    for (size_t i = 0; i < 2; ++i) {
      dm[i] = a[2 * i] * m[0] + a[2 * i + 1] * m[1] + equation.b[i];
      for (size_t j = 0; j < 2; ++j) {
        dc[2 * i + j] = ac[2 * i + j] + ac[2 * j + i] + equation.q[2 * i + j];
      }
    }
  };
  std::vector<double> m = mean, dm(2);
  Matrix c = covariance, dc(4);
  for (int step = 0; step < kSteps; ++step) {
    slope(m, c, dm, dc);
    std::vector<double> mid = m;
    Matrix mid_c = c;
    for (size_t i = 0; i < 2; ++i) mid[i] += 0.5 * kH * dm[i];
    for (size_t i = 0; i < 4; ++i) mid_c[i] += 0.5 * kH * dc[i];
    slope(mid, mid_c, dm, dc);
    for (size_t i = 0; i < 2; ++i) m[i] += kH * dm[i];
    for (size_t i = 0; i < 4; ++i) c[i] += kH * dc[i];
  }
  Transport(FlowOf(equation, 2), 2, mean, covariance);
  ExpectClose(mean, m, 5e-6);
  ExpectClose(covariance, c, 5e-6);
}

TEST(LowerFactor, IsARootAlsoOfSingularMatrices) {
  for (const Matrix& c : {Matrix{4, 2, 2, 3}, Matrix{0, 0, 0, 5},
                          Matrix{1, 2, 2, 4}, Matrix{0, 0, 0, 0}}) {
    const Matrix l = LowerFactor(c, 2);
    EXPECT_EQ(l[1], 0);
    ExpectClose(Times(l, Transposed(l, 2), 2), c, 1e-15);
  }
}

TEST(NormalDensity, IsTheFormula) {
  EXPECT_NEAR(
      NormalDensity(std::vector<double>{1.0}, {4}, std::vector<double>{2.0}),
      std::exp(-0.125) / std::sqrt(2 * M_PI * 4), 1e-16);
  // det 3, inverse [2 -1; -1 2] / 3: x = (1, 0) has the form 2 / 3.
  EXPECT_NEAR(NormalDensity(std::vector<double>{0.0, 0.0}, {2, 1, 1, 2},
                            std::vector<double>{1.0, 0.0}),
              std::exp(-1.0 / 3) / (2 * M_PI * std::sqrt(3.0)), 1e-16);
}

}  // namespace
}  // namespace unnoise
