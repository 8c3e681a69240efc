#include "core/autodiff/conv.h"

#include "core/autodiff/batch_product.h"
#include "core/autodiff/elementwise.h"
#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"
#include "core/autodiff/reduce.h"
#include "core/backend/conv.h"

namespace unnoise {
namespace {

std::string ToText(Extent2 extent) {
  return std::to_string(extent.height) + " x " + std::to_string(extent.width);
}

// Two numbers below 2^31 in one of a node.
int64_t Packed(Extent2 e) { return (e.height << 32) | e.width; }
Extent2 Unpacked(int64_t packed) { return {packed >> 32, packed & 0xffffffff}; }

constexpr int64_t kMaxExtent = (int64_t{1} << 31) - 1;

bool Between(Extent2 e, int64_t least) {
  return e.height >= least && e.width >= least && e.height <= kMaxExtent &&
         e.width <= kMaxExtent;
}

// What a node must know beyond the shapes of its inputs and its own.
void Remember(Node& node, Extent2 kernel, const ConvOptions& options) {
  node.numbers = {Packed(kernel), Packed(options.stride),
                  Packed(options.padding), Packed(options.dilation),
                  options.groups};
}
Extent2 KernelOf(Tensor y) { return Unpacked(y.tape().node(y).numbers[0]); }
ConvOptions OptionsOf(Tensor y) {
  const Node node = y.tape().node(y);
  return {Unpacked(node.numbers[1]), Unpacked(node.numbers[2]),
          Unpacked(node.numbers[3]), node.numbers[4]};
}

Extent2 ImageOf(const Shape& shape) { return {shape[1], shape[2]}; }

WindowGrid GridOf(std::string_view op, const Shape& image, Extent2 kernel,
                  const ConvOptions& o) {
  if (image.rank() != 4) {
    ThrowShape(op, "an image [n, height, width, channels]", image.ToText());
  }
  if (!Between(ImageOf(image), 0) || !Between(kernel, 1) ||
      !Between(o.stride, 1) || !Between(o.padding, 0) ||
      !Between(o.dilation, 1)) {
    ThrowShape(op,
               "kernel, stride and dilation of at least 1, padding of at "
               "least 0, all below 2^31",
               "kernel " + ToText(kernel) + ", stride " + ToText(o.stride) +
                   ", dilation " + ToText(o.dilation) + ", padding " +
                   ToText(o.padding) + " on " + image.ToText());
  }
  if (o.groups < 1 || image[3] % o.groups != 0) {
    ThrowShape(op,
               "groups that divide " + std::to_string(image[3]) + " channels",
               std::to_string(o.groups));
  }
  const Extent2 out = WindowsOn(ImageOf(image), kernel, o);
  // Their products are then numbers of 64 bits, or shapes refuse them.
  const Shape places{image[0], out.height, out.width};
  const Shape taps{kernel.height, kernel.width, image[3] / o.groups};
  static_cast<void>(Shape{o.groups, places.size(), taps.size()});
  return {.images = image[0],
          .height = image[1],
          .width = image[2],
          .channels = image[3],
          .groups = o.groups,
          .kernel_y = kernel.height,
          .kernel_x = kernel.width,
          .stride_y = o.stride.height,
          .stride_x = o.stride.width,
          .padding_y = o.padding.height,
          .padding_x = o.padding.width,
          .dilation_y = o.dilation.height,
          .dilation_x = o.dilation.width,
          .out_y = out.height,
          .out_x = out.width};
}

// The shapes of a convolution, checked: image * weight = result.
struct Trio {
  Shape image, weight, result;
  WindowGrid grid;
  int64_t out;
};

Trio TrioOf(std::string_view op, const Shape& image, Extent2 kernel,
            int64_t out, const ConvOptions& options) {
  const WindowGrid grid = GridOf(op, image, kernel, options);
  if (out % options.groups != 0) {
    ThrowShape(op,
               "filters in " + std::to_string(options.groups) + " equal groups",
               std::to_string(out));
  }
  return {image,
          {out, kernel.height, kernel.width, grid.group_channels()},
          {image[0], grid.out_y, grid.out_x, out},
          grid,
          out};
}

void CheckIs(std::string_view op, const char* what, Tensor got,
             const Shape& expected) {
  if (!(got.shape() == expected)) {
    ThrowShape(op, std::string(what) + expected.ToText(), got.shape().ToText());
  }
}

// [n, oy, ox, out] as [groups, places, out / groups], and back.
Tensor ToGroups(Tensor y, const Trio& trio) {
  const int64_t groups = trio.grid.groups, places = trio.grid.places();
  const int64_t group_out = trio.out / groups;
  if (groups == 1) return Reshape(y, {1, places, group_out});
  return Permute(Reshape(y, {places, groups, group_out}), {1, 0, 2});
}
Tensor FromGroups(Tensor y, const Trio& trio) {
  if (trio.grid.groups > 1) y = Permute(y, {1, 0, 2});
  return Reshape(y, trio.result);
}
Tensor WeightMatrices(Tensor weight, const Trio& trio) {
  return Reshape(weight, {trio.grid.groups, trio.out / trio.grid.groups,
                          trio.grid.taps()});
}

Trio TrioOfWeight(std::string_view op, Tensor x, Tensor weight,
                  const ConvOptions& options) {
  CheckRank(op, weight, 4);
  const Shape shape = weight.shape();
  const Trio trio =
      TrioOf(op, x.shape(), {shape[1], shape[2]}, shape[0], options);
  CheckIs(op, "weight ", weight, trio.weight);
  return trio;
}
Trio TrioOfTranspose(std::string_view op, Tensor y, Tensor weight,
                     Extent2 image, const ConvOptions& options) {
  CheckRank(op, y, 4);
  CheckRank(op, weight, 4);
  const Shape shape = weight.shape();
  if (options.groups < 1 || options.groups > kMaxExtent ||
      shape[3] > kMaxExtent) {
    ThrowShape(op, "at least one group, and channels below 2^31",
               std::to_string(options.groups) + " groups of " +
                   std::to_string(shape[3]));
  }
  const Trio trio = TrioOf(
      op, {y.shape()[0], image.height, image.width, shape[3] * options.groups},
      {shape[1], shape[2]}, shape[0], options);
  CheckIs(op, "for that image, y ", y, trio.result);
  return trio;
}
Trio TrioOfResult(std::string_view op, Tensor x, Tensor y, Extent2 kernel,
                  const ConvOptions& options) {
  CheckRank(op, y, 4);
  const Trio trio = TrioOf(op, x.shape(), kernel, y.shape()[3], options);
  CheckIs(op, "for that kernel, y ", y, trio.result);
  return trio;
}

bool Fuses(Tensor x) {
  Tape& tape = x.tape();
  return ConvKernelsOf(tape.backend()).Fuses(tape.dtype());
}

// With a bias that may be missing (not valid).
Tensor Convolved(Tensor x, Tensor weight, Tensor bias,
                 const ConvOptions& options) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const ConvOptions options = OptionsOf(y);
    Tensor x = In(y, 0), weight = In(y, 1);
    if (Needs(y, 0)) {
      dx[0] = Conv2dTranspose(dy, weight, ImageOf(x.shape()), options);
    }
    if (Needs(y, 1)) dx[1] = Conv2dWeight(x, dy, KernelOf(y), options);
    if (dx.size() > 2 && Needs(y, 2)) dx[2] = Sum(dy, {0, 1, 2});
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const ConvOptions options = OptionsOf(y);
    Tensor sum;
    if (dx[0].valid()) sum = Conv2d(dx[0], In(y, 1), options);
    if (dx[1].valid()) sum = SumOf(sum, Conv2d(In(y, 0), dx[1], options));
    if (dx.size() > 2 && dx[2].valid()) {
      sum = SumOf(sum, BroadcastTo(dx[2], y.shape()));
    }
    return sum;
  };
  static constexpr OpInfo kOp{"Conv2d", pull, push};
  const Trio trio = TrioOfWeight(kOp.name, x, weight, options);
  if (bias.valid()) CheckIs(kOp.name, "bias ", bias, {trio.out});
  if (!Fuses(x)) {
    Tensor y = Conv2dComposed(x, weight, options);
    return bias.valid() ? Add(y, BroadcastTo(bias, y.shape())) : y;
  }
  Tape& tape = x.tape();
  Tensor scratch = tape.Push({.shape = {trio.grid.taps(), trio.out}});
  Node node{.op = &kOp, .shape = trio.result};
  Remember(node, {trio.grid.kernel_y, trio.grid.kernel_x}, options);
  const Tensor inputs[] = {x, weight, bias};
  Tensor y =
      tape.Push(node, std::span<const Tensor>(inputs, bias.valid() ? 3 : 2));
  ConvKernelsOf(tape.backend())
      .Conv2d(tape.backend(), trio.grid, DataOf(x), DataOf(weight),
              bias.valid() ? DataOf(bias) : nullptr, trio.out, DataOf(scratch),
              DataOf(y));
  return tape.Done(y);
}

}  // namespace

Extent2 WindowsOn(Extent2 image, Extent2 kernel, const ConvOptions& o) {
  const auto along = [](int64_t extent, int64_t padding, int64_t dilation,
                        int64_t kernel, int64_t stride) -> int64_t {
    const int64_t room = extent + 2 * padding - dilation * (kernel - 1) - 1;
    return room < 0 ? 0 : room / stride + 1;
  };
  return {along(image.height, o.padding.height, o.dilation.height,
                kernel.height, o.stride.height),
          along(image.width, o.padding.width, o.dilation.width, kernel.width,
                o.stride.width)};
}

Tensor Unfold(Tensor x, Extent2 kernel, const ConvOptions& options) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    dx[0] = Fold(dy, In(y, 0).shape(), KernelOf(y), OptionsOf(y));
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    return Unfold(dx[0], KernelOf(y), OptionsOf(y));
  };
  static constexpr OpInfo kOp{"Unfold", pull, push};
  const WindowGrid grid = GridOf(kOp.name, x.shape(), kernel, options);
  Tape& tape = x.tape();
  Node node{.op = &kOp, .shape = {grid.groups, grid.places(), grid.taps()}};
  Remember(node, kernel, options);
  Tensor y = tape.Push(node, {x});
  ConvKernelsOf(tape.backend())
      .Unfold(tape.backend(), tape.dtype(), grid, DataOf(x), DataOf(y));
  return tape.Done(y);
}

Tensor Fold(Tensor windows, const Shape& image, Extent2 kernel,
            const ConvOptions& options) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    dx[0] = Unfold(dy, KernelOf(y), OptionsOf(y));
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    return Fold(dx[0], y.shape(), KernelOf(y), OptionsOf(y));
  };
  static constexpr OpInfo kOp{"Fold", pull, push};
  const WindowGrid grid = GridOf(kOp.name, image, kernel, options);
  CheckIs(kOp.name, "windows ", windows,
          {grid.groups, grid.places(), grid.taps()});
  Tape& tape = windows.tape();
  Node node{.op = &kOp, .shape = image};
  Remember(node, kernel, options);
  Tensor y = tape.Push(node, {windows});
  ConvKernelsOf(tape.backend())
      .Fold(tape.backend(), tape.dtype(), grid, DataOf(windows), DataOf(y));
  return tape.Done(y);
}

Tensor Conv2d(Tensor x, Tensor weight, const ConvOptions& options) {
  return Convolved(x, weight, Tensor(), options);
}

Tensor Conv2d(Tensor x, Tensor weight, Tensor bias,
              const ConvOptions& options) {
  return Convolved(x, weight, bias, options);
}

Tensor Conv2dTranspose(Tensor y, Tensor weight, Extent2 image,
                       const ConvOptions& options) {
  constexpr auto pull = [](Tensor x, Tensor dx, Parts parts) {
    const ConvOptions options = OptionsOf(x);
    if (Needs(x, 0)) parts[0] = Conv2d(dx, In(x, 1), options);
    if (Needs(x, 1)) {
      parts[1] = Conv2dWeight(dx, In(x, 0), KernelOf(x), options);
    }
  };
  constexpr auto push = [](Tensor x, Tangents d) {
    const ConvOptions options = OptionsOf(x);
    const Extent2 image = ImageOf(x.shape());
    Tensor left, right;
    if (d[0].valid()) left = Conv2dTranspose(d[0], In(x, 1), image, options);
    if (d[1].valid()) right = Conv2dTranspose(In(x, 0), d[1], image, options);
    return SumOf(left, right);
  };
  static constexpr OpInfo kOp{"Conv2dTranspose", pull, push};
  const Trio trio = TrioOfTranspose(kOp.name, y, weight, image, options);
  if (!Fuses(y)) return Conv2dTransposeComposed(y, weight, image, options);
  Tape& tape = y.tape();
  Node node{.op = &kOp, .shape = trio.image};
  Remember(node, {trio.grid.kernel_y, trio.grid.kernel_x}, options);
  Tensor x = tape.Push(node, {y, weight});
  ConvKernelsOf(tape.backend())
      .Transpose(tape.backend(), trio.grid, DataOf(y), DataOf(weight), trio.out,
                 DataOf(x));
  return tape.Done(x);
}

Tensor Conv2dWeight(Tensor x, Tensor y, Extent2 kernel,
                    const ConvOptions& options) {
  constexpr auto pull = [](Tensor w, Tensor dw, Parts parts) {
    const ConvOptions options = OptionsOf(w);
    Tensor x = In(w, 0);
    if (Needs(w, 0)) {
      parts[0] = Conv2dTranspose(In(w, 1), dw, ImageOf(x.shape()), options);
    }
    if (Needs(w, 1)) parts[1] = Conv2d(x, dw, options);
  };
  constexpr auto push = [](Tensor w, Tangents d) {
    const ConvOptions options = OptionsOf(w);
    const Extent2 kernel = KernelOf(w);
    Tensor left, right;
    if (d[0].valid()) left = Conv2dWeight(d[0], In(w, 1), kernel, options);
    if (d[1].valid()) right = Conv2dWeight(In(w, 0), d[1], kernel, options);
    return SumOf(left, right);
  };
  static constexpr OpInfo kOp{"Conv2dWeight", pull, push};
  const Trio trio = TrioOfResult(kOp.name, x, y, kernel, options);
  if (!Fuses(x)) return Conv2dWeightComposed(x, y, kernel, options);
  Tape& tape = x.tape();
  Node node{.op = &kOp, .shape = trio.weight};
  Remember(node, kernel, options);
  Tensor w = tape.Push(node, {x, y});
  ConvKernelsOf(tape.backend())
      .Weight(tape.backend(), trio.grid, DataOf(x), DataOf(y), trio.out,
              DataOf(w));
  return tape.Done(w);
}

Tensor Conv2dComposed(Tensor x, Tensor weight, const ConvOptions& options) {
  const Trio trio = TrioOfWeight("Conv2dComposed", x, weight, options);
  Tensor windows = Unfold(x, {trio.grid.kernel_y, trio.grid.kernel_x}, options);
  Tensor filters = WeightMatrices(weight, trio);
  Tensor y = BatchProduct(windows, filters, Transpose::kNo, Transpose::kYes);
  return FromGroups(y, trio);
}

Tensor Conv2dTransposeComposed(Tensor y, Tensor weight, Extent2 image,
                               const ConvOptions& options) {
  const Trio trio =
      TrioOfTranspose("Conv2dTransposeComposed", y, weight, image, options);
  Tensor results = ToGroups(y, trio);
  Tensor filters = WeightMatrices(weight, trio);
  Tensor windows = BatchProduct(results, filters);
  return Fold(windows, trio.image, {trio.grid.kernel_y, trio.grid.kernel_x},
              options);
}

Tensor Conv2dWeightComposed(Tensor x, Tensor y, Extent2 kernel,
                            const ConvOptions& options) {
  const Trio trio = TrioOfResult("Conv2dWeightComposed", x, y, kernel, options);
  Tensor windows = Unfold(x, kernel, options);
  Tensor results = ToGroups(y, trio);
  Tensor filters =
      BatchProduct(results, windows, Transpose::kYes, Transpose::kNo);
  return Reshape(filters, trio.weight);
}

}  // namespace unnoise
