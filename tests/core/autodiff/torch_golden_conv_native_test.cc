// Convolutions and resizes against PyTorch, values and gradients. Its images
// are NCHW and its filters OIHW: they are turned on the tape, so that the
// gradients come back as they are there.

#include "tests/core/autodiff/torch_golden.h"

namespace unnoise {
namespace {

// Sums of at most 27 terms, and of 40 for a gradient, of numbers around 1:
// roundings of 2^-53 and 2^-24 each.
constexpr double kTolerance = 1e-14;
constexpr double kFloatTolerance = 5e-6;

Tensor ToOurs(Tensor nchw) { return Permute(nchw, {0, 2, 3, 1}); }
Tensor ToTorch(Tensor nhwc) { return Permute(nhwc, {0, 3, 1, 2}); }

TEST(TorchGolden, Conv2d) {
  const TorchGolden golden;
  struct Case {
    const char* name;
    ConvOptions options;
  };
  for (const Case& c :
       {Case{"plain", {}}, Case{"same", {.padding = {1, 1}}},
        Case{"stride2", {.stride = {2, 2}, .padding = {1, 1}}},
        Case{"oblong", {.stride = {1, 2}, .padding = {0, 1}}},
        Case{"pointwise", {}},
        Case{"groups2", {.padding = {1, 1}, .groups = 2}},
        Case{"depthwise", {.stride = {2, 2}, .padding = {1, 1}, .groups = 3}},
        Case{"one", {.padding = {1, 1}}}}) {
    golden.Expect(
        std::string("conv2d/") + c.name, {"x", "weight", "bias"},
        [&](std::span<const Tensor> in) {
          Tensor x = ToOurs(in[0]), weight = ToOurs(in[1]);
          return ToTorch(Conv2d(x, weight, in[2], c.options));
        },
        kTolerance, kFloatTolerance);
  }
  golden.Expect(
      "conv2d/patches", {"x", "weight"},
      [&](std::span<const Tensor> in) {
        Tensor x = ToOurs(in[0]), weight = ToOurs(in[1]);
        return ToTorch(Conv2d(x, weight, {.stride = {2, 2}}));
      },
      kTolerance, kFloatTolerance);
}

TEST(TorchGolden, Conv2dTranspose) {
  const TorchGolden golden;
  struct Case {
    const char* name;
    ConvOptions options;
  };
  for (const Case& c :
       {Case{"plain", {}},
        Case{"double", {.stride = {2, 2}, .padding = {1, 1}}},
        Case{"stride2", {.stride = {2, 2}, .padding = {1, 1}}},
        Case{"oblong", {.stride = {1, 2}, .padding = {0, 1}}},
        Case{"groups2", {.stride = {2, 2}, .padding = {1, 1}, .groups = 2}}}) {
    const std::string name = std::string("conv_transpose2d/") + c.name;
    const Shape y = golden.ShapeOf(name + "/y");
    golden.Expect(
        name, {"x", "weight", "bias"},
        [&](std::span<const Tensor> in) {
          Tensor x = ToOurs(in[0]), weight = ToOurs(in[1]);
          Tensor image = Conv2dTranspose(x, weight, {y[2], y[3]}, c.options);
          return ToTorch(Add(image, BroadcastTo(in[2], image.shape())));
        },
        kTolerance, kFloatTolerance);
  }
}

TEST(TorchGolden, Resize) {
  const TorchGolden golden;
  const auto expect = [&](const std::string& name,
                          Tensor (*resize)(Tensor, Extent2)) {
    const Shape y = golden.ShapeOf(name + "/y");
    golden.Expect(
        name, {"x"},
        [&](std::span<const Tensor> in) {
          return ToTorch(resize(ToOurs(in[0]), {y[2], y[3]}));
        },
        kTolerance, kFloatTolerance);
  };
  for (const char* name : {"double", "half", "odd", "third"}) {
    expect(std::string("resize_bilinear/") + name, ResizeBilinear);
  }
  for (const char* name : {"double", "half", "odd"}) {
    expect(std::string("resize_nearest/") + name, ResizeNearest);
  }
  golden.Expect(
      "avg_pool2d/two", {"x"},
      [&](std::span<const Tensor> in) {
        return ToTorch(AveragePool(ToOurs(in[0]), {2, 2}));
      },
      kTolerance, kFloatTolerance);
}

}  // namespace
}  // namespace unnoise
