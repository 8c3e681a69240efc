// A function that is run again instead of kept: the same values and derivatives
// of any order, in less memory; and the tape's way back to a moment.

#include "core/autodiff/recompute.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "core/base/check.h"
#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

// Several layers with a skip connection. inputs: x, weight, bias.
struct Layers final : TensorFunction {
  Tensor operator()(std::span<const Tensor> in) const override {
    Tensor h = LinearActivation(in[0], in[1], in[2], Activation::kSilu);
    h = LinearActivation(h, in[1], in[2], Activation::kTanh);
    return Add(h, in[0]);
  }
};
const Layers kLayers;

const std::vector<Shape> kShapes = {{5, 7}, {7, 7}, {7}, {7, 7}, {7}};

Tensor Kept(std::span<const Tensor> x) {
  Tensor y = kLayers(x.first(3));
  const Tensor again[] = {y, x[3], x[4]};
  return kLayers(again);
}

Tensor Recomputed(std::span<const Tensor> x) {
  Tensor y = Recompute(kLayers, x.first(3));
  const Tensor again[] = {y, x[3], x[4]};
  return Recompute(kLayers, again);
}

// Derivatives that several functions add to, as all do in the second order, are
// added in another order (below).
TEST(Recompute, HasTheBitsOfWhatIsKept) {
  const auto inputs = RandomInputs("layers", kShapes);
  const auto directions = RandomInputs("directions", kShapes);
  for (Order order : {Order::kFirst, Order::kForward}) {
    const auto kept = Evaluate<float>(Kept, kShapes, inputs, order, directions);
    const auto again =
        Evaluate<float>(Recomputed, kShapes, inputs, order, directions);
    EXPECT_EQ(again.value, kept.value);
    EXPECT_EQ(again.gradient, kept.gradient);
    EXPECT_EQ(again.tangent, kept.tangent);
  }
}

// Many layers deep, each its own op or one that is run again.
TEST(Recompute, TakesTheMemoryOfOneFunctionAtATime) {
  const auto peak_of = [](bool recompute, int depth) {
    Tape tape(SimdBackend(), DType::kF32);
    std::vector<float> memory(64 * 64, 0.1f);
    const Tensor x = tape.Filled({512, 64}, 1);
    const Tensor weight = tape.Leaf({64, 64}, memory.data(), true);
    const Tensor bias = tape.Leaf({64}, memory.data(), true);
    Tensor h = x;
    for (int i = 0; i < depth; ++i) {
      const Tensor in[] = {h, weight, bias};
      h = recompute ? Recompute(kLayers, in) : kLayers(in);
    }
    const Tensor inputs[] = {weight, bias};
    Tensor gradients[2];
    Grad(MeanAll(h), inputs, gradients);
    return static_cast<double>(tape.arena().peak()) / (512 * 64 * 4);
  };
  // Kept: five results a function on the way, some more on the way back.
  const double kept = (peak_of(false, 16) - peak_of(false, 8)) / 8;
  const double again = (peak_of(true, 16) - peak_of(true, 8)) / 8;
  EXPECT_GT(kept, 8);
  // One result on the way and one on the way back, and the weights' gradients.
  EXPECT_LT(again, 2.5);
}

// One weight in all functions, some of which depend on others through it.
TEST(Recompute, SharedInputsHaveTheirWholeDerivative) {
  const std::vector<Shape> shapes = {{5, 7}, {7, 7}, {7}};
  const auto chain = [](bool recompute) {
    return [recompute](std::span<const Tensor> x) {
      Tensor h = x[0];
      for (int i = 0; i < 3; ++i) {
        const Tensor in[] = {h, x[1], x[2]};
        h = recompute ? Recompute(kLayers, in) : kLayers(in);
      }
      return h;
    };
  };
  const auto inputs = Convert<double>(RandomInputs("layers", shapes));
  const auto directions = RandomInputs("directions", shapes);
  for (Order order : {Order::kFirst, Order::kSecond, Order::kForward}) {
    const auto kept =
        Evaluate<double>(chain(false), shapes, inputs, order, directions);
    const auto again =
        Evaluate<double>(chain(true), shapes, inputs, order, directions);
    const auto near = [](const Arrays<double>& a, const Arrays<double>& b) {
      ASSERT_EQ(a.size(), b.size());
      for (size_t i = 0; i < a.size(); ++i) {
        // Some hundred roundings, in another order.
        const double tolerance = 300 * 0x1p-53 * LargestOf(b[i]);
        for (size_t j = 0; j < a[i].size(); ++j) {
          ASSERT_NEAR(a[i][j], b[i][j], tolerance) << i << ", " << j;
        }
      }
    };
    near(again.gradient, kept.gradient);
    near(again.curvature, kept.curvature);
    near({again.tangent}, {kept.tangent});
    near(again.tangent_gradient, kept.tangent_gradient);
  }
}

struct Open final : TensorFunction {
  explicit Open(Tensor outside) : outside(outside) {}
  Tensor outside;
  Tensor operator()(std::span<const Tensor> in) const override {
    return Mul(in[0], outside);
  }
};

TEST(Recompute, RefusesWhatItWouldForget) {
  Tape tape(ReferenceBackend(), DType::kF64);
  double memory[3] = {1, 2, 3};
  const Tensor x = tape.Leaf({3}, memory, true);
  const Tensor other = tape.Leaf({3}, memory, true);
  const Open open(other);
  const Tensor in[] = {x};
  EXPECT_THROW(Recompute(open, in), UsageError);
  const Tensor both[] = {x, other};
  EXPECT_NO_THROW(Recompute(open, both));
  EXPECT_THROW(Recompute(open, {}), UsageError);
}

TEST(Rewind, KeepsWhatItIsToldAndGivesTheRestBack) {
  Tape tape(SimdBackend(), DType::kF32);
  const Tensor before = tape.Filled({100}, 1);
  const int64_t used = tape.arena().used();
  const Tape::Mark mark = tape.Now();
  Tensor sum = before;
  for (int i = 0; i < 5; ++i) sum = Add(sum, before);
  Tensor late = ScaleShift(sum, 2, 0);
  Tensor view = Reshape(sum, {10, 10});
  Tensor keep[] = {late, before, view, sum};  // in no order of memory
  tape.Rewind(mark, keep);
  EXPECT_EQ(ReadAll<float>(keep[0]), std::vector<float>(100, 12.0f));
  EXPECT_EQ(ReadAll<float>(keep[1]), std::vector<float>(100, 1.0f));
  EXPECT_EQ(ReadAll<float>(keep[2]), std::vector<float>(100, 6.0f));
  EXPECT_EQ(keep[2].shape(), (Shape{10, 10}));
  EXPECT_EQ(ReadAll<float>(keep[3]), std::vector<float>(100, 6.0f));
  EXPECT_EQ(tape.node(keep[2]).data, tape.node(keep[3]).data);
  EXPECT_EQ(tape.arena().used() - used, 2 * 448);  // of 400 bytes, aligned
}

TEST(Rewind, WorksAcrossBlocksOfMemory) {
  Tape tape(SimdBackend(), DType::kF32);
  constexpr int64_t kCount = 3 << 17;  // 1.5 MiB: each beyond the block before
  const Tape::Mark mark = tape.Now();
  std::vector<Tensor> kept;
  for (int i = 1; i <= 6; ++i) kept.push_back(tape.Filled({kCount}, i));
  tape.Rewind(mark, kept);
  for (int i = 1; i <= 6; ++i) {
    const auto values = ReadAll<float>(kept[i - 1]);
    EXPECT_EQ(values.front(), static_cast<float>(i));
    EXPECT_EQ(values.back(), static_cast<float>(i));
  }
}

TEST(Evaluate, KeepsTheResultOnly) {
  Tape tape(SimdBackend(), DType::kF32);
  std::vector<float> memory(7 * 7, 0.25f);
  const Tensor x = tape.Filled({5, 7}, 1);
  const Tensor weight = tape.Leaf({7, 7}, memory.data(), true);
  const Tensor bias = tape.Leaf({7}, memory.data(), true);
  const Tensor in[] = {x, weight, bias};
  const auto want = ReadAll<float>(kLayers(in));
  const int64_t used = tape.arena().used();
  const Tensor y = Evaluate(tape, [&] { return kLayers(in); });
  EXPECT_EQ(ReadAll<float>(y), want);
  EXPECT_FALSE(tape.node(y).needs_grad);
  EXPECT_EQ(tape.arena().used() - used, 192);  // 140 bytes, aligned
}

}  // namespace
}  // namespace unnoise
