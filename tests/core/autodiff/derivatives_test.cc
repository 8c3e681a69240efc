// Divergences, Laplacians, Jacobians and Hessians against closed forms, and
// Hutchinson's estimates against what they estimate.

#include "core/autodiff/derivatives.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/check.h"
#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

// Points in three dimensions, and a network's layer on them.
class DerivativesTest : public testing::Test {
 protected:
  static constexpr int64_t kRows = 4, kDim = 3;

  Tensor Point() { return tape_.Leaf({kRows, kDim}, memory_.data(), true); }
  double X(int64_t row, int64_t i) const { return memory_[row * kDim + i]; }

  std::vector<double> memory_ = [] {
    const auto values = RandomValues("points", kRows * kDim);
    return std::vector<double>(values.begin(), values.end());
  }();
  Tape tape_{ReferenceBackend(), DType::kF64};
};

// y_i = x_i sin(x_0): divergence 3 sin(x_0) + x_0 cos(x_0).
Tensor Field(Tensor x) {
  Tensor first = BroadcastTo(SliceAxis(x, 1, 0, 1), x.shape());
  return Mul(x, Sin(first));
}

TEST_F(DerivativesTest, DivergenceIsTheClosedForm) {
  const Tensor x = Point();
  const auto got = ReadAll<double>(Divergence(Field(x), x));
  for (int64_t row = 0; row < kRows; ++row) {
    const double a = X(row, 0);
    EXPECT_NEAR(got[row], 3 * std::sin(a) + a * std::cos(a), 1e-14);
  }
}

TEST_F(DerivativesTest, DivergenceCanBeDifferentiatedAgain) {
  const Tensor x = Point();
  const Tensor divergence = Divergence(Field(x), x, true);
  const auto got = ReadAll<double>(RowGradient(divergence, x));
  for (int64_t row = 0; row < kRows; ++row) {
    const double a = X(row, 0);
    EXPECT_NEAR(got[row * kDim], 4 * std::cos(a) - a * std::sin(a), 1e-14);
    EXPECT_NEAR(got[row * kDim + 1], 0, 1e-14);
  }
}

// u = x_0^2 x_1 + sin(x_2): gradient (2 x_0 x_1, x_0^2, cos x_2), Laplacian
// 2 x_1 - sin(x_2).
Tensor Potential(Tensor x) {
  Tensor a = SliceAxis(x, 1, 0, 1), b = SliceAxis(x, 1, 1, 2);
  Tensor product = Mul(Mul(a, a), b);
  Tensor sum = Add(product, Sin(SliceAxis(x, 1, 2, 3)));
  return Reshape(sum, {x.shape()[0]});
}

TEST_F(DerivativesTest, LaplacianIsTheClosedForm) {
  const Tensor x = Point();
  const Tensor u = Potential(x);
  const auto gradient = ReadAll<double>(RowGradient(u, x));
  const auto laplacian = ReadAll<double>(Laplacian(u, x));
  // Also where nothing is recorded outside.
  const NoGrad off(tape_);
  EXPECT_EQ(ReadAll<double>(Laplacian(u, x)), laplacian);
  for (int64_t row = 0; row < kRows; ++row) {
    const double a = X(row, 0), b = X(row, 1), c = X(row, 2);
    EXPECT_NEAR(gradient[row * kDim], 2 * a * b, 1e-14);
    EXPECT_NEAR(gradient[row * kDim + 1], a * a, 1e-14);
    EXPECT_NEAR(gradient[row * kDim + 2], std::cos(c), 1e-14);
    EXPECT_NEAR(laplacian[row], 2 * b - std::sin(c), 1e-14);
  }
}

// Over all eight sign vectors the mean of probe . J probe is the trace,
// exactly: what is not on the diagonal cancels.
TEST_F(DerivativesTest, HutchinsonIsExactOverAllSigns) {
  const Tensor x = Point();
  const Tensor y = Field(x), u = Potential(x);
  std::vector<double> divergence(kRows), laplacian(kRows);
  for (int signs = 0; signs < 8; ++signs) {
    std::vector<double> probe;
    for (int64_t i = 0; i < kRows * kDim; ++i) {
      probe.push_back(signs >> (i % kDim) & 1 ? 1 : -1);
    }
    const Tensor p =
        tape_.Constant({kRows, kDim}, std::span<const double>(probe));
    const auto d = ReadAll<double>(HutchinsonDivergence(y, x, p));
    const auto l = ReadAll<double>(HutchinsonLaplacian(u, x, p));
    for (int64_t row = 0; row < kRows; ++row) {
      divergence[row] += d[row] / 8;
      laplacian[row] += l[row] / 8;
    }
  }
  const auto want_d = ReadAll<double>(Divergence(y, x));
  const auto want_l = ReadAll<double>(Laplacian(u, x));
  for (int64_t row = 0; row < kRows; ++row) {
    EXPECT_NEAR(divergence[row], want_d[row], 1e-13);
    EXPECT_NEAR(laplacian[row], want_l[row], 1e-13);
  }
}

TEST_F(DerivativesTest, JacobianAndHessianAreTheClosedForm) {
  double point[3] = {0.5, -1.5, 2};
  const Tensor x = tape_.Leaf({1, 3}, point, true);
  const double s = std::sin(0.5), c = std::cos(0.5);
  const auto jacobian = ReadAll<double>(Jacobian(Field(x), x));
  const double want_j[] = {s + 0.5 * c, 0, 0, -1.5 * c, s, 0, 2 * c, 0, s};
  const auto hessian = ReadAll<double>(Hessian(SumAll(Potential(x)), x));
  const double want_h[] = {-3, 1, 0, 1, 0, 0, 0, 0, -std::sin(2.0)};
  for (int i = 0; i < 9; ++i) {
    EXPECT_NEAR(jacobian[i], want_j[i], 1e-14) << i;
    EXPECT_NEAR(hessian[i], want_h[i], 1e-14) << i;
  }
}

// Third order, through the fused layer: the derivative of a Hessian's sum.
TEST_F(DerivativesTest, FusedLayersGoThroughEveryOrder) {
  const std::vector<Shape> shapes = {{2, 3}, {3, 3}, {3}};
  const auto inputs = RandomInputs("layer", shapes);
  const auto field = [](std::span<const Tensor> x) {
    Tensor y = LinearActivation(x[0], x[1], x[2], Activation::kSilu);
    Tensor divergence = Divergence(y, x[0], true);
    return Mul(divergence, divergence);
  };
  const auto run =
      Evaluate<double>(field, shapes, Convert<double>(inputs), Order::kFirst);
  auto moved = Convert<Complex>(inputs);
  for (size_t i = 0; i < moved.size(); ++i) {
    for (size_t j = 0; j < moved[i].size(); ++j) {
      moved[i][j] += Complex(0, kStep);
      const Complex loss =
          Evaluate<Complex>(field, shapes, moved, Order::kValue).loss;
      moved[i][j] = inputs[i][j];
      EXPECT_NEAR(run.gradient[i][j], loss.imag() / kStep, 1e-12)
          << i << ", " << j;
    }
  }
  // And in float, where the layer is fused, to within rounding: some hundred
  // of them on numbers of size 10.
  const auto fused = Evaluate<float>(field, shapes, inputs, Order::kFirst);
  for (size_t i = 0; i < moved.size(); ++i) {
    for (size_t j = 0; j < moved[i].size(); ++j) {
      EXPECT_NEAR(fused.gradient[i][j], run.gradient[i][j], 100 * 0x1p-24 * 10)
          << i << ", " << j;
    }
  }
}

TEST_F(DerivativesTest, RefusesWhatIsNoField) {
  const Tensor x = Point();
  EXPECT_THROW(Divergence(SliceAxis(x, 1, 0, 1), x), ShapeError);
  EXPECT_THROW(Divergence(SumAll(x), x), ShapeError);
  EXPECT_THROW(RowGradient(x, x), ShapeError);
  const Tensor wrong = tape_.Filled({kDim}, 1);
  EXPECT_THROW(HutchinsonDivergence(Field(x), x, wrong), ShapeError);
}

// Gradients that were not to be differentiated again are constants, also in
// forward mode.
TEST_F(DerivativesTest, ConstantGradientsHaveNoTangent) {
  const Tensor x = Point();
  const Tensor gradient = RowGradient(Potential(x), x);
  const Tensor direction = tape_.Filled(x.shape(), 1);
  const Tensor inputs[] = {x}, tangents[] = {direction};
  EXPECT_EQ(ReadAll<double>(Jvp(gradient, inputs, tangents)),
            std::vector<double>(kRows * kDim, 0.0));
}

}  // namespace
}  // namespace unnoise
