// What ops state of their edges, beyond the conformance table: derivatives at
// bends, numbers that are not finite, singular matrices, errors.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/base/check.h"
#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct ValueAndGradient {
  std::vector<float> value;
  std::vector<float> gradient;  // of the sum
};

ValueAndGradient At(std::vector<float> x, const Function& f, Shape shape) {
  Tape tape(SimdBackend(), DType::kF32);
  const Tensor leaf = tape.Leaf(shape, x.data(), true);
  const Tensor y = f(std::span(&leaf, 1));
  Tensor gradient;
  Vjp(y, tape.Filled(y.shape(), 1), std::span(&leaf, 1),
      std::span(&gradient, 1));
  return {ReadAll<float>(y), ReadAll<float>(gradient)};
}

using X = std::span<const Tensor>;
using Floats = std::vector<float>;

TEST(Edges, AbsHasNoSlopeAtZeroAndNoNegativeZero) {
  const auto abs = At({0.0f, -0.0f, -2, 3}, [](X x) { return Abs(x[0]); }, {4});
  EXPECT_EQ(abs.value, (Floats{0, 0, 2, 3}));
  EXPECT_FALSE(std::signbit(abs.value[0]));
  EXPECT_EQ(abs.gradient, (Floats{0, 0, -1, 1}));
}

TEST(Edges, MaximumAndMinimumOfInfinitiesAndNan) {
  const float nan = std::nanf("");
  const Floats a = {kInfinity, -kInfinity, kInfinity, nan, 1, 2};
  const Floats b = {kInfinity, -kInfinity, -kInfinity, 1, nan, 2};
  Tape tape(SimdBackend(), DType::kF32);
  Tensor left = tape.Constant({6}, std::span<const float>(a));
  Tensor right = tape.Constant({6}, std::span<const float>(b));
  const auto most = ReadAll<float>(Maximum(left, right));
  const auto least = ReadAll<float>(Minimum(left, right));
  EXPECT_EQ(most[0], kInfinity);
  EXPECT_EQ(most[1], -kInfinity);
  EXPECT_EQ(most[2], kInfinity);
  EXPECT_EQ(least[1], -kInfinity);
  EXPECT_EQ(least[2], -kInfinity);
  EXPECT_EQ(most[5], 2);
  EXPECT_EQ(least[5], 2);
  for (size_t i : {3, 4}) {
    EXPECT_TRUE(std::isnan(most[i]));
    EXPECT_TRUE(std::isnan(least[i]));
  }
}

TEST(Edges, ClampKeepsNanAndHasSlopeOneAtItsBounds) {
  const auto clamp = At({-kInfinity, -1, 0.5f, 2, kInfinity, std::nanf("")},
                        [](X x) { return Clamp(x[0], -1, 2); }, {6});
  EXPECT_EQ(Floats(clamp.value.begin(), clamp.value.end() - 1),
            (Floats{-1, -1, 0.5f, 2, 2}));
  EXPECT_TRUE(std::isnan(clamp.value[5]));
  EXPECT_EQ(Floats(clamp.gradient.begin(), clamp.gradient.end() - 1),
            (Floats{0, 1, 1, 1, 0}));
}

TEST(Edges, EluOfLargeNumbersHasSlopes) {
  const auto elu =
      At({1e4f, -1e4f, kInfinity}, [](X x) { return Elu(x[0]); }, {3});
  EXPECT_EQ(elu.value, (Floats{1e4f, -1, kInfinity}));
  EXPECT_EQ(elu.gradient, (Floats{1, 0, 1}));
}

TEST(Edges, LogSumExpOfInfinities) {
  const auto sums =
      At({-kInfinity, 1, -kInfinity, -kInfinity, kInfinity, 2, 1e38f, 1e38f},
         [](X x) { return LogSumExp(x[0], {1}); }, {4, 2});
  EXPECT_EQ(sums.value, (Floats{1, -kInfinity, kInfinity, 1e38f}));
  EXPECT_EQ(sums.gradient[0], 0);
  EXPECT_EQ(sums.gradient[1], 1);
}

// All but the row itself are as if it were not there.
TEST(Edges, SoftmaxOfARowThatIsMaskedOutIsNan) {
  for (const Function& f :
       {Function([](X x) { return Softmax(x[0], {1}); }),
        Function([](X x) { return LogSoftmax(x[0], {1}); })}) {
    const Floats masked = {0, -kInfinity, -kInfinity, -kInfinity, 1, 2};
    const auto rows = At(masked, f, {3, 2});
    const auto first = At({0, -kInfinity}, f, {1, 2});
    const auto last = At({1, 2}, f, {1, 2});
    EXPECT_EQ(rows.value[0], first.value[0]);
    EXPECT_EQ(rows.value[1], first.value[1]);
    for (size_t i : {2, 3}) {
      EXPECT_TRUE(std::isnan(rows.value[i]));
      EXPECT_TRUE(std::isnan(rows.gradient[i]));
    }
    for (size_t i : {0, 1}) {
      EXPECT_EQ(rows.value[4 + i], last.value[i]);
      EXPECT_EQ(rows.gradient[4 + i], last.gradient[i]);
    }
  }
  Floats row = {-kInfinity, -kInfinity};
  Tape tape(SimdBackend(), DType::kF32);
  tape.TrapNan(true);
  EXPECT_THROW(Softmax(tape.Leaf({1, 2}, row.data(), false), {1}), NotANumber);
}

TEST(Edges, NormHasNoSlopeAtZero) {
  const auto norm =
      At({0, 0, 3, 4}, [](X x) { return Norm(x[0], {1}); }, {2, 2});
  EXPECT_EQ(norm.value, (Floats{0, 5}));
  EXPECT_EQ(Floats(norm.gradient.begin(), norm.gradient.begin() + 2),
            (Floats{0, 0}));
}

TEST(Edges, LogDetOfASingularMatrixIsMinusInfinity) {
  Tape tape(SimdBackend(), DType::kF32);
  const Floats x = {1, 2, 2, 4};
  Tensor singular = tape.Constant({2, 2}, std::span<const float>(x));
  EXPECT_EQ(ReadAll<float>(LogDet(singular)), Floats{-kInfinity});
  EXPECT_EQ(ReadAll<float>(LogDet(tape.Filled({0, 0}, 0))), Floats{0});
}

TEST(Edges, TriangularSolveTakesItsTriangleOnly) {
  Tape tape(SimdBackend(), DType::kF32);
  const Floats a = {2, 99, 1, 4}, b = {2, 9};
  Tensor matrix = tape.Constant({2, 2}, std::span<const float>(a));
  Tensor right = tape.Constant({2, 1}, std::span<const float>(b));
  Tensor y = TriangularSolve(matrix, right, Triangle::kLower);
  EXPECT_EQ(ReadAll<float>(y), (Floats{1, 2}));
}

TEST(Edges, RsqrtAndLog1pAtTheirPoles) {
  const auto rsqrt =
      At({0, -1, kInfinity, 4}, [](X x) { return Rsqrt(x[0]); }, {4});
  EXPECT_EQ(rsqrt.value[0], kInfinity);
  EXPECT_TRUE(std::isnan(rsqrt.value[1]));
  EXPECT_EQ(rsqrt.value[2], 0);
  EXPECT_EQ(rsqrt.value[3], 0.5f);
  EXPECT_EQ(rsqrt.gradient[0], -kInfinity);
  EXPECT_EQ(rsqrt.gradient[3], -0.0625f);
  const auto log =
      At({-1, -2, kInfinity, 1e-30f, 0}, [](X x) { return Log1p(x[0]); }, {5});
  EXPECT_EQ(log.value[0], -kInfinity);
  EXPECT_TRUE(std::isnan(log.value[1]));
  EXPECT_EQ(log.value[2], kInfinity);
  EXPECT_EQ(log.value[3], 1e-30f);
  EXPECT_EQ(log.value[4], 0);
  EXPECT_EQ(log.gradient[0], kInfinity);
  EXPECT_EQ(log.gradient[4], 1);
}

// The message of the error that f throws.
template <class F>
std::string ErrorOf(const F& f) {
  try {
    f();
  } catch (const ShapeError& error) {
    return error.what();
  }
  return "none";
}

TEST(Edges, IndicesOutOfRangeAreNamed) {
  Tape tape(SimdBackend(), DType::kF32);
  Tensor x = tape.Filled({3, 2}, 1);
  const int32_t indices[] = {0, 3, 1};
  EXPECT_EQ(ErrorOf([&] { Gather(x, indices); }),
            "Gather: expected indices in [0, 3), got 3 at place 1");
  EXPECT_EQ(ErrorOf([&] { ScatterAdd(x, indices, 2); }),
            "ScatterAdd: expected indices in [0, 2), got 3 at place 1");
  EXPECT_EQ(ErrorOf([&] { OneHot(tape, indices, 3); }),
            "OneHot: expected indices in [0, 3), got 3 at place 1");
  const int32_t below[] = {-1};
  EXPECT_EQ(ErrorOf([&] { Gather(x, below); }),
            "Gather: expected indices in [0, 3), got -1 at place 0");
  EXPECT_EQ(ErrorOf([&] { ScatterAdd(x, below, 2); }),
            "ScatterAdd: expected 1 rows, one an index, got [3, 2]");
}

TEST(Edges, ScatterAddAddsInAscendingOrder) {
  Tape tape(SimdBackend(), DType::kF32);
  // (1e8 - 1e8) + 1 is 1, but 0 in float in the other order.
  const Floats values = {1e8f, -1e8f, 1};
  const int32_t indices[] = {1, 1, 1};
  Tensor x = tape.Constant({3}, std::span<const float>(values));
  EXPECT_EQ(ReadAll<float>(ScatterAdd(x, indices, 2)), (Floats{0, 1}));
}

TEST(Edges, IndicesAreCopied) {
  Tape tape(SimdBackend(), DType::kF32);
  Floats values = {1, 2, 3};
  const Tensor x = tape.Leaf({3}, values.data(), true);
  std::vector<int32_t> indices = {2, 2};
  const Tensor y = Gather(x, indices);
  indices = {0, 0};
  Tensor gradient;
  Vjp(y, tape.Filled({2}, 1), std::span(&x, 1), std::span(&gradient, 1));
  EXPECT_EQ(ReadAll<float>(gradient), (Floats{0, 0, 2}));
}

TEST(Edges, ThereIsNoMeanOfNothing) {
  Tape tape(SimdBackend(), DType::kF32);
  Tensor x = tape.Filled({2, 0, 3}, 1);
  const auto mean = [&](Axes axes, Keep keep) {
    return ErrorOf([&] { Mean(x, axes, keep); });
  };
  const char* kError = "Mean: expected numbers along the axes, got [2, 0, 3]";
  EXPECT_EQ(mean({1}, Keep::kYes), kError);
  EXPECT_EQ(mean({1}, Keep::kNo), kError);
  EXPECT_EQ(mean({0, 1}, Keep::kYes), kError);
  EXPECT_EQ(ErrorOf([&] { MeanAll(x); }),
            "MeanAll: expected numbers along the axes, got [2, 0, 3]");
  // No means are well defined, and so are sums of nothing.
  EXPECT_EQ(Mean(x, {0, 2}, Keep::kYes).shape(), (Shape{1, 0, 1}));
  EXPECT_EQ(ReadAll<float>(Sum(x, {1, 2})), (Floats{0, 0}));
}

TEST(Edges, SquareMatricesAreAskedFor) {
  Tape tape(SimdBackend(), DType::kF32);
  Tensor x = tape.Filled({3, 2}, 1);
  EXPECT_EQ(ErrorOf([&] { LogDet(x); }),
            "LogDet: expected a square matrix, got [3, 2]");
  EXPECT_EQ(ErrorOf([&] { Inverse(x); }),
            "Inverse: expected a square matrix, got [3, 2]");
  EXPECT_EQ(ErrorOf([&] {
              LogDet(tape.Filled({2, 3, 2}, 1));
            }),
            "LogDet: expected a square matrix, got [2, 3, 2]");
  EXPECT_EQ(ErrorOf([&] { LogDet(tape.Filled({3}, 1)); }),
            "LogDet: expected a square matrix, got [3]");
  const auto solve = [&](const Shape& a, const Shape& b) {
    return ErrorOf([&] {
      Tensor left = tape.Filled(a, 1);
      TriangularSolve(left, tape.Filled(b, 1), Triangle::kLower);
    });
  };
  EXPECT_EQ(solve({2, 2}, {3, 1}),
            "TriangularSolve: expected as many rows behind the same extents "
            "as [2, 2], got [3, 1]");
  EXPECT_EQ(solve({2, 3, 3}, {1, 3, 1}),
            "TriangularSolve: expected as many rows behind the same extents "
            "as [2, 3, 3], got [1, 3, 1]");
  EXPECT_EQ(solve({2, 3, 3}, {3, 1}),
            "TriangularSolve: expected as many rows behind the same extents "
            "as [2, 3, 3], got [3, 1]");
}

}  // namespace
}  // namespace unnoise
