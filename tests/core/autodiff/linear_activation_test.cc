// The fused layer against its definition in primitives, on the SIMD backend:
// value, gradient and second derivative.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

using Shapes = std::vector<Shape>;

const Shapes kSizes[] = {
    {Shape{1, 1}, Shape{1, 1}, Shape{1}},
    {Shape{3, 0}, Shape{5, 0}, Shape{5}},
    {Shape{5, 7}, Shape{9, 7}, Shape{9}},
    {Shape{9, 33}, Shape{17, 33}, Shape{17}},
    {Shape{8, 257}, Shape{35, 257}, Shape{35}},
};

struct Pair {
  Evaluation<float> fused;
  Evaluation<float> composed;
};

Pair EvaluateBoth(Activation activation, const Shapes& shapes) {
  const auto inputs = RandomInputs("layer", shapes);
  const auto directions = RandomInputs("directions", shapes);
  const auto run = [&](auto layer) {
    return Evaluate<float>(
        [&](std::span<const Tensor> x) {
          return layer(x[0], x[1], x[2], activation);
        },
        shapes, inputs, Order::kSecond, directions);
  };
  return {run(LinearActivation), run(LinearActivationComposed)};
}

// Every array of a run, by name.
std::vector<std::pair<const char*, Arrays<float>>> Parts(
    const Evaluation<float>& e) {
  return {{"value", {e.value}},
          {"gradient", e.gradient},
          {"squared gradient", e.squared_gradient},
          {"second derivative", e.curvature}};
}

TEST(LinearActivation, IdentityHasTheBitsOfItsDefinition) {
  for (const Shapes& shapes : kSizes) {
    const Pair pair = EvaluateBoth(Activation::kIdentity, shapes);
    const auto fused = Parts(pair.fused), composed = Parts(pair.composed);
    for (size_t p = 0; p < fused.size(); ++p) {
      for (size_t i = 0; i < fused[p].second.size(); ++i) {
        const auto& a = fused[p].second[i];
        const auto& b = composed[p].second[i];
        ASSERT_EQ(a.size(), b.size());
        ASSERT_TRUE(a.empty() ||
                    std::memcmp(a.data(), b.data(), a.size() * 4) == 0)
            << fused[p].first << " of " << shapes[0].ToText();
      }
    }
  }
}

TEST(LinearActivation, CurvedIsItsDefinitionToRounding) {
  for (Activation activation :
       {Activation::kSilu, Activation::kTanh, Activation::kRelu}) {
    for (const Shapes& shapes : kSizes) {
      const Pair pair = EvaluateBoth(activation, shapes);
      const auto fused = Parts(pair.fused), composed = Parts(pair.composed);
      for (size_t p = 0; p < fused.size(); ++p) {
        for (size_t i = 0; i < fused[p].second.size(); ++i) {
          const auto& a = fused[p].second[i];
          const auto& b = composed[p].second[i];
          ASSERT_EQ(a.size(), b.size());
          // Both take the same preactivation, bit for bit; what differs is the
          // order of about 8 operations in the slope, and the sums over at most
          // 35 units and 9 rows that follow.
          double size = 0;
          for (float value : b) {
            size = std::max(size, std::fabs(static_cast<double>(value)));
          }
          for (size_t j = 0; j < a.size(); ++j) {
            ASSERT_NEAR(a[j], b[j], (8 + 35 + 9) * 0x1p-24 * size)
                << fused[p].first << " of " << shapes[0].ToText()
                << ", activation " << static_cast<int>(activation) << ", input "
                << i << ", element " << j;
          }
        }
      }
    }
  }
}

TEST(LinearActivation, LeavesOneNodeAndASlopeOnlyWhereNeeded) {
  Tape tape(SimdBackend(), DType::kF32);
  const Tensor x = tape.Filled({2, 3}, 1), bias = tape.Filled({4}, 0);
  float weights[12] = {};
  const Tensor weight = tape.Leaf({4, 3}, weights, true);
  const auto saved = [&](Activation activation) {
    return tape.node(LinearActivation(x, weight, bias, activation)).saved;
  };
  EXPECT_GE(saved(Activation::kSilu), 0);
  EXPECT_EQ(saved(Activation::kIdentity), -1);
  const NoGrad off(tape);
  EXPECT_EQ(saved(Activation::kSilu), -1);
}

// Layers on top of each other, where a product multiplies by the slope below.
// `twice` reads the middle layer once more; its own gradient is asked for too
// if `middle`.
struct Stack {
  bool twice;
  bool middle;
};

// Gradients of a sum over the stack: by `walk`, bit for bit.
template <class Walk>
std::vector<std::vector<float>> StackGradients(const Stack& stack,
                                               const Walk& walk) {
  Tape tape(SimdBackend(), DType::kF32);
  const Shapes shapes = {{37, 5},   {70, 5}, {70},    {300, 70}, {300},
                         {70, 300}, {70},    {2, 70}, {2}};
  auto values = RandomInputs("stack", shapes);
  std::vector<std::vector<float>> numbers;
  std::vector<Tensor> leaves;
  for (size_t i = 0; i < shapes.size(); ++i) {
    numbers.emplace_back(values[i].begin(), values[i].end());
    leaves.push_back(tape.Leaf(shapes[i], numbers.back().data(), true));
  }
  Tensor h = leaves[0], middle;
  for (size_t i = 1; i < 7; i += 2) {
    h = LinearActivation(h, leaves[i], leaves[i + 1], Activation::kSilu);
    if (i == 3) middle = h;
  }
  Tensor y = LinearActivation(h, leaves[7], leaves[8], Activation::kIdentity);
  Tensor loss = SumAll(Mul(y, y));
  if (stack.twice) {
    Tensor more = SumAll(middle);
    loss = Add(loss, more);
  }
  std::vector<Tensor> inputs = leaves;
  if (stack.middle) inputs.push_back(middle);
  std::vector<Tensor> gradients(inputs.size());
  walk(loss, inputs, gradients);
  std::vector<std::vector<float>> results;
  for (Tensor gradient : gradients) {
    results.emplace_back(static_cast<size_t>(gradient.shape().size()));
    tape.Read(gradient, results.back().data());
  }
  return results;
}

TEST(LinearActivation, SlopesInProductsChangeNoBits) {
  using Tensors = std::span<const Tensor>;
  for (const Stack& stack : {Stack{false, false}, Stack{true, false},
                             Stack{false, true}, Stack{true, true}}) {
    const auto plain = StackGradients(
        stack, [](Tensor loss, Tensors inputs, std::span<Tensor> gradients) {
          Grad(loss, inputs, gradients);
        });
    const auto again = StackGradients(
        stack, [](Tensor loss, Tensors inputs, std::span<Tensor> gradients) {
          Grad(loss, inputs, gradients);
          Grad(loss, inputs, gradients);
        });
    const auto spent = StackGradients(
        stack, [](Tensor loss, Tensors inputs, std::span<Tensor> gradients) {
          GradAndSpend(loss, inputs, gradients);
        });
    const auto apart = StackGradients(
        stack, [](Tensor loss, Tensors inputs, std::span<Tensor> gradients) {
          // Every layer's result is asked for, so no product takes a slope.
          std::vector<Tensor> all(inputs.begin(), inputs.end());
          for (int32_t id = 0; id < loss.id(); ++id) {
            Tensor node(&loss.tape(), id);
            if (loss.tape().node(node).saved >= 0) all.push_back(node);
          }
          std::vector<Tensor> found(all.size());
          Grad(loss, all, found);
          std::copy_n(found.begin(), gradients.size(), gradients.begin());
        });
    EXPECT_EQ(plain, apart);
    EXPECT_EQ(again, apart);
    EXPECT_EQ(spent, apart);
  }
}

}  // namespace
}  // namespace unnoise
