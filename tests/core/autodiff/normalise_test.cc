// The fused group normalisation against its definition, and what normalising
// means.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

using Shapes = std::vector<Shape>;

Shapes ShapesFor(const Shape& x) {
  const Shape c{x[x.rank() - 1]};
  return {x, c, c};
}

const Shape kSizes[] = {{3, 2}, {2, 5, 3, 6}, {1, 9, 34}, {2, 4, 4, 64}};

TEST(GroupNorm, FusedValueHasTheBitsOfItsDefinition) {
  for (Activation activation :
       {Activation::kIdentity, Activation::kSilu, Activation::kRelu}) {
    for (const Shape& x : kSizes) {
      const Shapes shapes = ShapesFor(x);
      const auto inputs = RandomInputs("norm", shapes);
      const auto run = [&](auto norm) {
        return Evaluate<float>(
            [&](std::span<const Tensor> in) {
              return norm(in[0], 2, in[1], in[2], 1e-5, activation);
            },
            shapes, inputs, Order::kFirst);
      };
      const auto fused = run(GroupNorm), composed = run(GroupNormComposed);
      ASSERT_EQ(std::memcmp(fused.value.data(), composed.value.data(),
                            fused.value.size() * 4),
                0)
          << x.ToText();
      // The same sums in another order: over at most 32 channels of 16 places
      // in one, and 2 samples, each way.
      for (size_t i = 0; i < shapes.size(); ++i) {
        double size = 1;
        for (float g : composed.gradient[i]) {
          size = std::max(size, std::fabs(static_cast<double>(g)));
        }
        for (size_t j = 0; j < fused.gradient[i].size(); ++j) {
          ASSERT_NEAR(fused.gradient[i][j], composed.gradient[i][j],
                      2 * 2 * 32 * 16 * 0x1p-24 * size)
              << x.ToText() << ", input " << i << ", element " << j;
        }
      }
    }
  }
}

// Far from zero the mean goes first: squares of 1000 would leave no variance.
TEST(GroupNorm, IsStableFarFromZero) {
  Tape tape(SimdBackend(), DType::kF32);
  std::vector<float> values(64), near;
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = 4096 + static_cast<float>(i % 7) / 8;
    near.push_back(static_cast<float>(i % 7) / 8);
  }
  Tensor scale = tape.Filled({4}, 1), shift = tape.Filled({4}, 0);
  const auto normalised = [&](const std::vector<float>& from) {
    Tensor x = tape.Constant({1, 16, 4}, std::span<const float>(from));
    return ReadAll<float>(GroupNorm(x, 2, scale, shift, 1e-5));
  };
  const auto far = normalised(values), expected = normalised(near);
  double sum = 0, squares = 0;
  for (size_t i = 0; i < far.size(); ++i) {
    // The mean of 32 numbers near 4096, wrong by 33 roundings of it at most,
    // over a deviation of 1/4.
    EXPECT_NEAR(far[i], expected[i], 33 * 4096 * 0x1p-24 * 4);
    sum += expected[i];
    squares += expected[i] * expected[i];
  }
  EXPECT_NEAR(sum / 64, 0, 1e-5);
  // variance / (variance + epsilon), of 1/16.
  EXPECT_NEAR(squares / 64, 1, 2e-4);
}

TEST(GroupNorm, MemoryIsKnownFromShapes) {
  const Shapes shapes = ShapesFor({2, 4, 4, 8});
  auto inputs = RandomInputs("memory", shapes);
  const auto peak = [&](const Backend& backend) {
    Tape tape(backend, DType::kF32);
    std::vector<Tensor> leaves, gradients(3);
    for (size_t i = 0; i < shapes.size(); ++i) {
      leaves.push_back(tape.Leaf(shapes[i], inputs[i].data(), true));
    }
    Tensor y = GroupNorm(leaves[0], 2, leaves[1], leaves[2], 1e-5);
    Vjp(y, y, leaves, gradients);
    return tape.arena().peak();
  };
  EXPECT_EQ(peak(ShapesOnlyBackend()), peak(SimdBackend()));
}

}  // namespace
}  // namespace unnoise
