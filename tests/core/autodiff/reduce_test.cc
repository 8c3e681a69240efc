// What the conformance table does not reach with random numbers: equal maxima,
// empty axes, and what is not a number.

#include "core/autodiff/reduce.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

using Values = std::vector<double>;

class ReduceTest : public testing::Test {
 protected:
  Tensor Leaf(const Shape& shape, Values values) {
    memory_.push_back(std::move(values));
    return tape_.Leaf(shape, memory_.back().data(), true);
  }
  Values GradientOf(Tensor y, Tensor x) {
    Tensor gradient;
    Grad(SumAll(y), std::span(&x, 1), std::span(&gradient, 1));
    return ReadAll<double>(gradient);
  }

  std::vector<Values> memory_;
  Tape tape_{ReferenceBackend(), DType::kF64};
};

TEST_F(ReduceTest, EqualMaximaShareTheirDerivative) {
  const Tensor x = Leaf({2, 4}, {3, 1, 3, 2, -1, -1, -1, -1});
  const Tensor y = Max(x, {1});
  EXPECT_EQ(ReadAll<double>(y), (Values{3, -1}));
  EXPECT_EQ(GradientOf(y, x), (Values{0.5, 0, 0.5, 0, 0.25, 0.25, 0.25, 0.25}));
  const Tensor along = tape_.Constant(
      {2, 4}, std::span<const double>(Values{1, 10, 3, 10, 4, 8, 0, 0}));
  EXPECT_EQ(ReadAll<double>(Jvp(y, std::span(&x, 1), std::span(&along, 1))),
            (Values{2, 3}));
}

TEST_F(ReduceTest, WhatIsEmptyHasTheNeutralElement) {
  const Tensor x = tape_.Filled({2, 0}, 1);
  EXPECT_EQ(ReadAll<double>(Sum(x, {1})), (Values{0, 0}));
  EXPECT_EQ(ReadAll<double>(Max(x, {1})), (Values{-HUGE_VAL, -HUGE_VAL}));
  EXPECT_EQ(Sum(x, {0}).shape(), Shape{0});
  // No axes: the tensor itself.
  EXPECT_EQ(Sum(x, {}).id(), x.id());
}

TEST_F(ReduceTest, AMaximumOfNanIsNan) {
  const double nan = std::nan("");
  const Tensor x = Leaf({3, 2}, {nan, 1, 1, nan, 2, 1});
  const Values y = ReadAll<double>(Max(x, {1}));
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_TRUE(std::isnan(y[1]));
  EXPECT_EQ(y[2], 2);
}

TEST_F(ReduceTest, MeansDivideByTheirCount) {
  const Tensor x = Leaf({2, 3}, {1, 2, 3, 4, 5, 12});
  EXPECT_EQ(ReadAll<double>(Mean(x, {1})), (Values{2, 7}));
  EXPECT_EQ(ReadAll<double>(Mean(x, {0, 1})), (Values{4.5}));
  EXPECT_EQ(Mean(x, {1}, Keep::kYes).shape(), (Shape{2, 1}));
}

}  // namespace
}  // namespace unnoise
