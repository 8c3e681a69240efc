// The tape itself: who needs a gradient, what Grad returns and refuses, and
// errors of shape, which name the op, what it expected and what it got.

#include "core/autodiff/tape.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/autodiff/ops.h"
#include "core/base/check.h"
#include "tests/core/autodiff/all_rows.h"

namespace unnoise {
namespace {

std::vector<double> Read(Tensor x) {
  std::vector<double> values(static_cast<size_t>(x.shape().size()));
  x.tape().Read(x, values.data());
  return values;
}

class TapeTest : public testing::Test {
 protected:
  Tape tape_{ReferenceBackend(), DType::kF64};
  double memory_[6] = {1, 2, 3, 4, 5, 6};
  Tensor leaf_ = tape_.Leaf({2, 3}, memory_, true);
};

TEST_F(TapeTest, LeafIsNotCopied) {
  memory_[4] = 50;
  EXPECT_EQ(Read(leaf_), (std::vector<double>{1, 2, 3, 4, 50, 6}));
}

TEST_F(TapeTest, ConstantsAreConvertedWhole) {
  std::vector<float> values(1000);  // more than the upload buffer
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(i);
  }
  const Tensor constant =
      tape_.Constant({10, 100}, std::span<const float>(values));
  EXPECT_EQ(Read(constant), std::vector<double>(values.begin(), values.end()));
  EXPECT_FALSE(tape_.node(constant).needs_grad);
  EXPECT_THROW(tape_.Constant({7}, std::span<const float>(values)), UsageError);
}

TEST_F(TapeTest, RefusesAFormatWithoutKernels) {
  EXPECT_THROW(Tape(SimdBackend(), DType::kF64), UsageError);
  EXPECT_THROW(Tape(ReferenceBackend(), DType::kF32), UsageError);
}

TEST_F(TapeTest, NeedOfAGradientFlowsFromInputs) {
  const Tensor constant = tape_.Filled({2, 3}, 1);
  EXPECT_TRUE(tape_.node(Add(constant, leaf_)).needs_grad);
  EXPECT_FALSE(tape_.node(Add(constant, constant)).needs_grad);
}

TEST_F(TapeTest, NothingIsRecordedUnderNoGrad) {
  for (const OpRow& row : OpRows()) {
    Tape tape(SimdBackend(), DType::kF32);
    std::vector<Tensor> leaves;
    std::vector<std::vector<float>> memory;
    for (const Shape& shape : row.inputs.back()) {
      memory.emplace_back(static_cast<size_t>(shape.size()) + 1);
      leaves.push_back(tape.Leaf(shape, memory.back().data(), true));
    }
    {
      const NoGrad outer(tape);
      { const NoGrad inner(tape); }
      const Tensor y = row.build(leaves);
      EXPECT_FALSE(tape.node(y).needs_grad) << row.name;
      EXPECT_EQ(tape.node(y).saved, -1) << row.name;
    }
    EXPECT_TRUE(tape.node(row.build(leaves)).needs_grad) << row.name;
  }
}

TEST_F(TapeTest, ForwardUnderNoGradTakesNoMemoryForDerivatives) {
  Tape tape(SimdBackend(), DType::kF32);
  std::vector<float> memory(64 * 64);
  const Tensor x = tape.Leaf({64, 64}, memory.data(), true);
  const Tensor bias = tape.Leaf({64}, memory.data(), true);
  const int64_t before = tape.arena().used();
  {
    const NoGrad off(tape);
    LinearActivation(x, x, bias, Activation::kSilu);
  }
  EXPECT_EQ(tape.arena().used() - before, 64 * 64 * 4);
}

TEST_F(TapeTest, GradientOfWhatDoesNotDependIsZero) {
  double other_memory[2] = {1, 2};
  const Tensor other = tape_.Leaf({2}, other_memory, true);
  const Tensor loss = SumAll(Mul(leaf_, leaf_));
  // Also one that is younger than the output.
  const Tensor late = tape_.Leaf({2}, other_memory, true);
  const Tensor inputs[] = {other, leaf_, late};
  Tensor gradients[3];
  Grad(loss, inputs, gradients);
  EXPECT_EQ(Read(gradients[0]), (std::vector<double>{0, 0}));
  EXPECT_EQ(Read(gradients[1]), (std::vector<double>{2, 4, 6, 8, 10, 12}));
  EXPECT_EQ(Read(gradients[2]), (std::vector<double>{0, 0}));
  // An output that depends on nothing.
  Grad(tape_.Filled({}, 3), inputs, gradients);
  EXPECT_EQ(Read(gradients[1]), std::vector<double>(6, 0.0));
}

TEST_F(TapeTest, GradientOfInnerNodesAndOfTheOutputItself) {
  const Tensor square = Mul(leaf_, leaf_);
  const Tensor loss = SumAll(Mul(square, square));
  const Tensor inputs[] = {square, loss};
  Tensor gradients[2];
  Grad(loss, inputs, gradients);
  EXPECT_EQ(Read(gradients[0]), (std::vector<double>{2, 8, 18, 32, 50, 72}));
  EXPECT_EQ(gradients[1].shape(), Shape{});
  EXPECT_EQ(Read(gradients[1]), std::vector<double>{1});
}

TEST_F(TapeTest, OnlyDifferentiableGradientsAreRecorded) {
  const Tensor loss = SumAll(Mul(Mul(leaf_, leaf_), leaf_));
  const Tensor inputs[] = {leaf_};
  Tensor gradient[1];
  Grad(loss, inputs, gradient);
  EXPECT_FALSE(tape_.node(gradient[0]).needs_grad);
  EXPECT_TRUE(tape_.recording());
  Grad(loss, inputs, gradient, true);
  EXPECT_TRUE(tape_.node(gradient[0]).needs_grad);
  // x^3 three times: 3 x^2, 6 x, 6.
  Grad(SumAll(gradient[0]), inputs, gradient, true);
  EXPECT_EQ(Read(gradient[0]), (std::vector<double>{6, 12, 18, 24, 30, 36}));
  Grad(SumAll(gradient[0]), inputs, gradient, true);
  EXPECT_EQ(Read(gradient[0]), std::vector<double>(6, 6.0));
  const NoGrad off(tape_);
  Grad(loss, inputs, gradient, true);
  EXPECT_FALSE(tape_.node(gradient[0]).needs_grad);
  EXPECT_FALSE(tape_.recording());
}

TEST_F(TapeTest, ComputesOnlyWhatLeadsToTheInputs) {
  double other_memory[6] = {1, 1, 1, 1, 1, 1};
  const Tensor other = tape_.Leaf({2, 3}, other_memory, true);
  const Tensor loss = SumAll(Mul(leaf_, other));
  const auto pieces = [&](std::span<const Tensor> inputs) {
    const int64_t before = tape_.arena().used();
    std::vector<Tensor> gradients(inputs.size());
    Grad(loss, inputs, gradients);
    return tape_.arena().used() - before;
  };
  const Tensor both[] = {leaf_, other};
  const int64_t one = pieces(std::span(both, 1));
  EXPECT_EQ(pieces(both) - one, 64);  // one product more
}

TEST_F(TapeTest, StoppedGradientsDoNotPass) {
  const Tensor stopped = StopGradient(leaf_);
  EXPECT_EQ(Read(stopped), Read(leaf_));
  EXPECT_FALSE(tape_.node(stopped).needs_grad);
  const Tensor y = Mul(stopped, leaf_);
  const Tensor inputs[] = {leaf_};
  Tensor gradient[1];
  Grad(SumAll(y), inputs, gradient);
  EXPECT_EQ(Read(gradient[0]), Read(leaf_));
  const Tensor tangents[] = {tape_.Filled({2, 3}, 1)};
  EXPECT_EQ(Read(Jvp(y, inputs, tangents)), Read(leaf_));
}

TEST_F(TapeTest, ForwardModeNeedsNoGradientsAndRefusesMisuse) {
  const NoGrad off(tape_);
  const Tensor x = tape_.Filled({2, 3}, 2);
  const Tensor y = Mul(x, Mul(x, x));
  const Tensor inputs[] = {x};
  const Tensor tangents[] = {tape_.Filled({2, 3}, 0.5)};
  EXPECT_EQ(Read(Jvp(y, inputs, tangents)), std::vector<double>(6, 6.0));
  // An output that does not depend on the input, one that is it, one before it.
  EXPECT_EQ(Read(Jvp(leaf_, inputs, tangents)), std::vector<double>(6, 0.0));
  EXPECT_EQ(Read(Jvp(x, inputs, tangents)), std::vector<double>(6, 0.5));
  const Tensor wrong[] = {tape_.Filled({3}, 1)};
  EXPECT_THROW(Jvp(y, inputs, wrong), ShapeError);
  EXPECT_THROW(Jvp(y, inputs, {}), UsageError);
}

TEST_F(TapeTest, TensorsOfSeveralTapesDoNotMix) {
  Tape other(ReferenceBackend(), DType::kF64);
  EXPECT_THROW(Add(leaf_, other.Filled({2, 3}, 1)), UsageError);
}

TEST_F(TapeTest, TrapNamesTheOpThatMadeTheFirstNan) {
  const Tensor zero = tape_.Filled({2, 3}, 0);
  Div(zero, zero);  // not looked at
  tape_.TrapNan(true);
  const Tensor infinite = Div(leaf_, zero);
  try {
    Sub(infinite, infinite);
    ADD_FAILURE() << "a NaN was let through";
  } catch (const NotANumber& error) {
    EXPECT_STREQ(error.what(),
                 "Sub made the first NaN (element 0 of [2, 3], from [2, 3] and "
                 "[2, 3]).");
  }
  const double given[] = {1, std::nan("")};
  EXPECT_THROW(tape_.Constant({2}, given), NotANumber);
  tape_.TrapNan(false);
  Sub(infinite, infinite);
}

TEST(Shapes, RefuseWhatCannotBeCounted) {
  EXPECT_THROW((Shape{1, 1, 1, 1, 1, 1, 1}), ShapeError);
  EXPECT_THROW((Shape{2, -1}), ShapeError);
  EXPECT_THROW((Shape{int64_t{1} << 40, int64_t{1} << 40}), ShapeError);
  // Nor behind a zero, which would hide it.
  EXPECT_THROW((Shape{0, int64_t{1} << 40, int64_t{1} << 40}), ShapeError);
  EXPECT_EQ((Shape{int64_t{1} << 28, int64_t{1} << 28}).size(),
            Shape::kMaxSize);
  EXPECT_EQ((Shape{3, 0}).size(), 0);
}

TEST_F(TapeTest, GradRefusesMisuse) {
  const Tensor inputs[] = {leaf_};
  Tensor gradients[2];
  EXPECT_THROW(Grad(leaf_, inputs, std::span(gradients, 1)), ShapeError);
  EXPECT_THROW(Grad(SumAll(leaf_), inputs, gradients), UsageError);
  const Tensor constant[] = {tape_.Filled({2, 3}, 1)};
  EXPECT_THROW(Grad(SumAll(leaf_), constant, std::span(gradients, 1)),
               UsageError);
  EXPECT_TRUE(tape_.recording());
}

TEST_F(TapeTest, ClearForgetsNodesAndKeepsMemory) {
  double* const first =
      static_cast<double*>(tape_.node(Add(leaf_, leaf_)).data);
  tape_.Clear();
  leaf_ = tape_.Leaf({2, 3}, memory_, true);
  EXPECT_EQ(leaf_.id(), 0);
  EXPECT_EQ(tape_.node(Add(leaf_, leaf_)).data, first);
}

TEST_F(TapeTest, SelectTakesTheFirstWhereTheConditionIsPositive) {
  double c_memory[6] = {1, -1, 0, -0.0, 1e-300, -1e-300};
  const Tensor c = tape_.Leaf({2, 3}, c_memory, true);
  const Tensor y = Select(c, leaf_, tape_.Filled({2, 3}, -1));
  EXPECT_EQ(Read(y), (std::vector<double>{1, -1, -1, -1, 5, -1}));
}

TEST_F(TapeTest, ReluIsFlatAtZero) {
  double zero[1] = {0};
  const Tensor x[] = {tape_.Leaf({1}, zero, true)};
  Tensor gradient[1];
  Grad(SumAll(Relu(x[0])), x, gradient);
  EXPECT_EQ(Read(gradient[0])[0], 0);
}

struct Misfit {
  const char* op;
  std::vector<const char*> words;  // what the message must hold
  std::function<void(Tape&)> call;
};

TEST_F(TapeTest, ShapeErrorsNameTheOpWhatItExpectedAndGot) {
  using T = Transpose;
  const auto make = [](Tape& tape, const Shape& shape) {
    return tape.Filled(shape, 1);
  };
  const std::vector<Misfit> misfits = {
      {"Add",
       {"equal shapes", "[2, 3]", "[3, 2]"},
       [&](Tape& t) {
         Add(make(t, {2, 3}), make(t, {3, 2}));
       }},
      {"Sub",
       {"equal shapes", "[2]", "[2, 1]"},
       [&](Tape& t) {
         Sub(make(t, {2}), make(t, {2, 1}));
       }},
      {"Mul",
       {"equal shapes", "[]", "[1]"},
       [&](Tape& t) { Mul(make(t, {}), make(t, {1})); }},
      {"Select",
       {"equal shapes", "[2]", "[3]"},
       [&](Tape& t) { Select(make(t, {2}), make(t, {2}), make(t, {3})); }},
      {"Select",
       {"equal shapes", "[4]", "[3]"},
       [&](Tape& t) { Select(make(t, {4}), make(t, {3}), make(t, {3})); }},
      {"Product",
       {"rank 2", "[6]"},
       [&](Tape& t) {
         Product(make(t, {6}), make(t, {6, 1}));
       }},
      {"Product",
       {"equal inner extents", "3 and 2"},
       [&](Tape& t) {
         Product(make(t, {2, 3}), make(t, {2, 3}));
       }},
      {"Product",
       {"equal inner extents", "2 and 3"},
       [&](Tape& t) {
         Product(make(t, {2, 3}), make(t, {2, 3}), T::kYes, T::kYes);
       }},
      {"Sum",
       {"an axis of [2, 3]", "2"},
       [&](Tape& t) {
         Sum(make(t, {2, 3}), {0, 2});
       }},
      {"Sum",
       {"ascending", "0 after 1"},
       [&](Tape& t) {
         Sum(make(t, {2, 3}), {1, 0});
       }},
      {"BroadcastTo",
       {"broadcasts to [2, 2]", "[3]"},
       [&](Tape& t) {
         BroadcastTo(make(t, {3}), {2, 2});
       }},
      {"BroadcastTo",
       {"broadcasts to [2]", "[1, 2]"},
       [&](Tape& t) {
         BroadcastTo(make(t, {1, 2}), {2});
       }},
      {"SumTo",
       {"[3, 1] broadcasts to", "[2, 2]"},
       [&](Tape& t) {
         SumTo(make(t, {2, 2}), {3, 1});
       }},
      {"Concat",
       {"equal extents but along axis 1", "[2, 3]", "[4, 3]"},
       [&](Tape& t) {
         Concat({make(t, {2, 3}), make(t, {4, 3})}, 1);
       }},
      {"SliceAxis",
       {"a range within 3", "2 to 4"},
       [&](Tape& t) {
         SliceAxis(make(t, {2, 3}), 1, 2, 4);
       }},
      {"SliceAxis",
       {"a range within 3", "2 to 1"},
       [&](Tape& t) {
         SliceAxis(make(t, {2, 3}), 1, 2, 1);
       }},
      {"Slice",
       {"a block within [2, 3]", "[1, 2] at (0, 2)"},
       [&](Tape& t) {
         const int64_t begin[] = {0, 2};
         Slice(make(t, {2, 3}), begin, {1, 2});
       }},
      {"Pad",
       {"a block within [2, 3]", "[2, 3] at (0, 1)"},
       [&](Tape& t) {
         const int64_t begin[] = {0, 1};
         Pad(make(t, {2, 3}), begin, {2, 3});
       }},
      {"Permute",
       {"each axis of [2, 3] once", "(0, 0)"},
       [&](Tape& t) {
         Permute(make(t, {2, 3}), {0, 0});
       }},
      {"Reshape",
       {"as many elements as [2, 3]", "[5]"},
       [&](Tape& t) {
         Reshape(make(t, {2, 3}), {5});
       }},
      {"LinearActivation",
       {"weight [out, 3] and bias [out]", "[4, 2]", "[4]"},
       [&](Tape& t) {
         LinearActivation(make(t, {2, 3}), make(t, {4, 2}), make(t, {4}),
                          Activation::kSilu);
       }},
      {"LinearActivation",
       {"weight [out, 3] and bias [out]", "[4, 3]", "[3]"},
       [&](Tape& t) {
         LinearActivation(make(t, {2, 3}), make(t, {4, 3}), make(t, {3}),
                          Activation::kSilu);
       }},
      {"Grad",
       {"one element", "[2, 3]"},
       [&](Tape& t) {
         const Tensor x[] = {make(t, {2, 3})};
         Tensor gradient[1];
         Grad(x[0], x, gradient);
       }},
  };
  for (const Misfit& misfit : misfits) {
    try {
      misfit.call(tape_);
      ADD_FAILURE() << misfit.op << " took shapes that do not fit";
    } catch (const ShapeError& error) {
      const std::string message = error.what();
      EXPECT_EQ(message.find(misfit.op), 0u) << message;
      EXPECT_NE(message.find("expected"), std::string::npos) << message;
      EXPECT_NE(message.find("got"), std::string::npos) << message;
      for (const char* word : misfit.words) {
        EXPECT_NE(message.find(word), std::string::npos)
            << message << " lacks " << word;
      }
    }
  }
}

}  // namespace
}  // namespace unnoise
