// Convolutions: the fused kernels against their definition, bit for bit, and
// what these and their neighbours refuse.

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "core/base/check.h"
#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

using Shapes = std::vector<Shape>;

struct Case {
  Shape image, weight;
  ConvOptions options;
};

// Beyond the edges of tiles: more than 64 windows, of more than 576 elements,
// and more than 256 of them where they are summed over.
const Case kCases[] = {
    {{1, 3, 3, 1}, {1, 1, 1, 1}, {}},
    {{2, 9, 11, 5}, {7, 3, 3, 5}, {.padding = {1, 1}}},
    {{3, 10, 12, 70}, {18, 3, 3, 70}, {.padding = {1, 1}}},
    {{2, 13, 14, 33}, {40, 1, 1, 33}, {}},
    {{2, 9, 8, 6}, {8, 3, 2, 3}, {.stride = {2, 3}, .groups = 2}},
    {{1, 9, 8, 3},
     {6, 3, 3, 1},
     {.padding = {2, 2}, .dilation = {2, 2}, .groups = 3}},
    {{2, 7, 9, 4}, {5, 2, 5, 4}, {.stride = {1, 2}, .padding = {3, 4}}},
    {{1, 2, 2, 3}, {4, 5, 5, 3}, {.padding = {1, 1}}},  // no windows
};

bool SameBits(const Arrays<float>& a, const Arrays<float>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].size() != b[i].size() ||
        (!a[i].empty() &&
         std::memcmp(a[i].data(), b[i].data(), a[i].size() * 4) != 0)) {
      return false;
    }
  }
  return true;
}

TEST(Conv, FusedKernelsHaveTheBitsOfTheirDefinition) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.image.ToText() + " " + c.weight.ToText());
    const Extent2 kernel{c.weight[1], c.weight[2]};
    const Extent2 image{c.image[1], c.image[2]};
    const Extent2 out = WindowsOn(image, kernel, c.options);
    const Shape result{c.image[0], out.height, out.width, c.weight[0]};
    const auto expect = [&](const char* what, const Shapes& shapes,
                            const Function& fused, const Function& composed) {
      const auto inputs = RandomInputs(what, shapes);
      const auto directions = RandomInputs("directions", shapes);
      const auto got =
          Evaluate<float>(fused, shapes, inputs, Order::kSecond, directions);
      const auto want =
          Evaluate<float>(composed, shapes, inputs, Order::kSecond, directions);
      EXPECT_TRUE(SameBits({got.value}, {want.value})) << what;
      EXPECT_TRUE(SameBits(got.gradient, want.gradient))
          << what << ", gradient";
      // Of the same numbers, added in another order of nodes; sums of at most
      // 630 of them, twice.
      for (size_t i = 0; i < shapes.size(); ++i) {
        const auto& bend = want.curvature[i];
        const double size =
            LargestOf(std::vector<double>(bend.begin(), bend.end()));
        for (size_t j = 0; j < bend.size(); ++j) {
          ASSERT_NEAR(got.curvature[i][j], bend[j], 2 * 630 * 0x1p-24 * size)
              << what << ", second derivative";
        }
      }
    };
    expect(
        "convolution", {c.image, c.weight},
        [&](auto x) { return Conv2d(x[0], x[1], c.options); },
        [&](auto x) { return Conv2dComposed(x[0], x[1], c.options); });
    expect(
        "transpose", {result, c.weight},
        [&](auto x) { return Conv2dTranspose(x[0], x[1], image, c.options); },
        [&](auto x) {
          return Conv2dTransposeComposed(x[0], x[1], image, c.options);
        });
    expect(
        "weight", {c.image, result},
        [&](auto x) { return Conv2dWeight(x[0], x[1], kernel, c.options); },
        [&](auto x) {
          return Conv2dWeightComposed(x[0], x[1], kernel, c.options);
        });
  }
}

TEST(Conv, BiasIsAddedToTheWholeSum) {
  const Case& c = kCases[2];
  const Shapes shapes{c.image, c.weight, {c.weight[0]}};
  const auto inputs = RandomInputs("bias", shapes);
  const auto run = [&](const Function& f) {
    return Evaluate<float>(f, shapes, inputs, Order::kFirst);
  };
  const auto fused =
      run([&](auto x) { return Conv2d(x[0], x[1], x[2], c.options); });
  const auto composed = run([&](auto x) {
    Tensor y = Conv2dComposed(x[0], x[1], c.options);
    return Add(y, BroadcastTo(x[2], y.shape()));
  });
  EXPECT_TRUE(SameBits({fused.value}, {composed.value}));
  EXPECT_TRUE(SameBits(fused.gradient, composed.gradient));
}

// One value by hand: a filter that looks at one neighbour shifts the image.
TEST(Conv, FiltersAreRowsAndWindowsBeginAtThePadding) {
  Tape tape(ReferenceBackend(), DType::kF64);
  const double pixels[] = {1, 2, 3, 4, 5, 6};
  Tensor x = tape.Constant({1, 2, 3, 1}, std::span<const double>(pixels));
  double filter[9] = {};
  filter[5] = 10;  // the right neighbour
  Tensor weight = tape.Constant({1, 3, 3, 1}, std::span<const double>(filter));
  Tensor y = Conv2d(x, weight, {.padding = {1, 1}});
  EXPECT_EQ(ReadAll<double>(y), (std::vector<double>{20, 30, 0, 50, 60, 0}));
}

TEST(Conv, MemoryIsKnownFromShapes) {
  const auto peak = [](const Backend& backend) {
    Tape tape(backend, DType::kF32);
    const Case& c = kCases[4];
    auto inputs = RandomInputs("memory", Shapes{c.image, c.weight});
    Tensor x = tape.Leaf(c.image, inputs[0].data(), true);
    Tensor weight = tape.Leaf(c.weight, inputs[1].data(), true);
    Tensor y = Conv2d(x, weight, c.options);
    Tensor back = Fold(Unfold(x, {2, 2}, {}), c.image, {2, 2}, {});
    const Tensor leaves[] = {x, weight};
    Tensor gradients[2];
    Vjp(y, y, leaves, gradients);
    return tape.arena().peak() + back.id();
  };
  EXPECT_EQ(peak(ShapesOnlyBackend()), peak(SimdBackend()));
}

template <class F>
std::string RefusalOf(const F& f) {
  try {
    f();
  } catch (const ShapeError& error) {
    return error.what();
  }
  return "";
}

TEST(Conv, RefusalsNameTheOpAndWhatItGot) {
  Tape tape(SimdBackend(), DType::kF32);
  Tensor x = tape.Filled({2, 5, 4, 6}, 1);
  Tensor weight = tape.Filled({4, 3, 3, 6}, 1);
  const auto conv = [&](Tensor a, Tensor w, const ConvOptions& options) {
    return RefusalOf([&] { Conv2d(a, w, options); });
  };
  EXPECT_EQ(conv(Reshape(x, {2, 20, 6}), weight, {}),
            "Conv2d: expected an image [n, height, width, channels], got "
            "[2, 20, 6]");
  EXPECT_EQ(conv(x, Reshape(weight, {4, 9, 6}), {}),
            "Conv2d: expected rank 4, got [4, 9, 6]");
  EXPECT_EQ(conv(x, tape.Filled({4, 3, 3, 5}, 1), {}),
            "Conv2d: expected weight [4, 3, 3, 6], got [4, 3, 3, 5]");
  EXPECT_EQ(conv(x, weight, {.groups = 4}),
            "Conv2d: expected groups that divide 6 channels, got 4");
  EXPECT_EQ(conv(x, tape.Filled({4, 3, 3, 2}, 1), {.groups = 3}),
            "Conv2d: expected filters in 3 equal groups, got 4");
  EXPECT_EQ(conv(x, weight, {.groups = 0}),
            "Conv2d: expected groups that divide 6 channels, got 0");
  EXPECT_EQ(
      conv(x, weight, {.stride = {0, 1}}),
      "Conv2d: expected kernel, stride and dilation of at least 1, padding of "
      "at least 0, all below 2^31, got kernel 3 x 3, stride 0 x 1, dilation 1 "
      "x 1, padding 0 x 0 on [2, 5, 4, 6]");
  EXPECT_NE(conv(x, weight, {.padding = {int64_t{1} << 40, 0}}), "");
  // Sizes that overflow.
  EXPECT_NE(conv(x, weight, {.padding = {1 << 30, 1 << 30}}), "");
  const ConvOptions wide{.padding = {1 << 30, 1 << 30}};
  EXPECT_NE(RefusalOf([&] { Unfold(x, {1 << 30, 1 << 30}, wide); }), "");
  EXPECT_NE(RefusalOf([&] {
              Conv2dTranspose(tape.Filled({0, 1, 1, 0}, 0),
                              tape.Filled({0, 1, 1, int64_t{1} << 55}, 0),
                              {1, 1}, {.groups = 1 << 20});
            }),
            "");
  EXPECT_EQ(RefusalOf([&] { Conv2d(x, weight, tape.Filled({5}, 0)); }),
            "Conv2d: expected bias [4], got [5]");
  Tensor y = tape.Filled({2, 3, 2, 4}, 1);
  EXPECT_EQ(RefusalOf([&] {
              Conv2dTranspose(y, weight, {6, 4});
            }),
            "Conv2dTranspose: expected for that image, y [2, 4, 2, 4], got "
            "[2, 3, 2, 4]");
  EXPECT_EQ(RefusalOf([&] {
              Conv2dWeight(x, y, {3, 2});
            }),
            "Conv2dWeight: expected for that kernel, y [2, 3, 3, 4], got "
            "[2, 3, 2, 4]");
  EXPECT_EQ(RefusalOf([&] {
              Fold(y, x.shape(), {3, 3}, {});
            }),
            "Fold: expected windows [1, 12, 54], got [2, 3, 2, 4]");
  EXPECT_EQ(RefusalOf([&] {
              AveragePool(x, {2, 2});
            }),
            "AveragePool: expected blocks that divide [2, 5, 4, 6], got 2 x 2");
  EXPECT_EQ(RefusalOf([&] {
              ResizeNearest(x, {-1, 2});
            }),
            "ResizeNearest: expected a size that can be made of [2, 5, 4, 6], "
            "got -1 x 2");
  EXPECT_EQ(RefusalOf([&] {
              BatchProduct(x, Reshape(x, {2, 4, 5, 6}));
            }),
            "BatchProduct: expected matrices behind equal extents, got "
            "[2, 5, 4, 6] and [2, 4, 5, 6]");
  EXPECT_EQ(RefusalOf([&] { BatchProduct(x, x); }),
            "BatchProduct: expected equal inner extents, got 6 and 4");
  EXPECT_EQ(RefusalOf([&] {
              GroupNorm(x, 4, tape.Filled({6}, 1), tape.Filled({6}, 0), 1e-5);
            }),
            "GroupNorm: expected groups that divide 6 channels, got 4");
  EXPECT_EQ(RefusalOf([&] {
              GroupNorm(x, 3, tape.Filled({6}, 1), tape.Filled({5}, 0), 1e-5);
            }),
            "GroupNorm: expected scale and shift [6], got [5]");
  EXPECT_EQ(RefusalOf([&] {
              SplitHeads(Reshape(x, {2, 20, 6}), 4);
            }),
            "SplitHeads: expected heads that divide 6, got 4");
}

}  // namespace
}  // namespace unnoise
