#include "core/autodiff/resize.h"

#include <algorithm>
#include <vector>

#include "core/autodiff/elementwise.h"
#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"
#include "core/autodiff/product.h"
#include "core/autodiff/reduce.h"

namespace unnoise {
namespace {

void CheckImage(std::string_view op, Tensor x) {
  if (x.shape().rank() != 4) {
    ThrowShape(op, "an image [n, height, width, channels]", x.shape().ToText());
  }
}

void CheckSize(std::string_view op, Tensor x, Extent2 size) {
  CheckImage(op, x);
  const Shape shape = x.shape();
  const auto fits = [](int64_t from, int64_t to) {
    return to >= 0 && (from > 0 || to == 0);
  };
  if (!fits(shape[1], size.height) || !fits(shape[2], size.width)) {
    ThrowShape(
        op, "a size that can be made of " + shape.ToText(),
        std::to_string(size.height) + " x " + std::to_string(size.width));
  }
}

// How pixel `to` of `size` is made from `extent` pixels: adds its weights.
using Weights = void (*)(int64_t to, int64_t size, int64_t extent,
                         double* weights);

void Nearest(int64_t to, int64_t size, int64_t extent, double* weights) {
  weights[to * extent / size] = 1;
}

void Linear(int64_t to, int64_t size, int64_t extent, double* weights) {
  const double step = static_cast<double>(extent) / static_cast<double>(size);
  const double centre =
      std::max((static_cast<double>(to) + 0.5) * step - 0.5, 0.0);
  const int64_t below = std::min(static_cast<int64_t>(centre), extent - 1);
  const double part = centre - static_cast<double>(below);
  weights[below] += 1 - part;
  weights[std::min(below + 1, extent - 1)] += part;
}

Tensor MatrixOf(Tape& tape, Weights weights, int64_t size, int64_t extent) {
  std::vector<double> matrix(static_cast<size_t>(size * extent));
  for (int64_t i = 0; i < size; ++i) {
    weights(i, size, extent, matrix.data() + i * extent);
  }
  return tape.Constant({size, extent}, std::span<const double>(matrix));
}

Tensor Resized(Tensor x, Extent2 size, Weights weights) {
  Tape& tape = x.tape();
  const Shape from = x.shape();
  const int64_t n = from[0], h = from[1], w = from[2], c = from[3];
  const int64_t to_h = size.height, to_w = size.width;
  Tensor rows = MatrixOf(tape, weights, to_h, h);
  Tensor y = Reshape(Permute(x, {1, 0, 2, 3}), {h, n * w * c});
  y = Reshape(Product(rows, y), {to_h, n, w, c});
  Tensor columns = MatrixOf(tape, weights, to_w, w);
  y = Reshape(Permute(y, {2, 1, 0, 3}), {w, n * to_h * c});
  y = Reshape(Product(columns, y), {to_w, n, to_h, c});
  return Permute(y, {1, 2, 0, 3});
}

}  // namespace

Tensor AveragePool(Tensor x, Extent2 block) {
  CheckImage("AveragePool", x);
  const Shape shape = x.shape();
  if (block.height < 1 || block.width < 1 || shape[1] % block.height != 0 ||
      shape[2] % block.width != 0) {
    ThrowShape(
        "AveragePool", "blocks that divide " + shape.ToText(),
        std::to_string(block.height) + " x " + std::to_string(block.width));
  }
  Tensor blocks = Reshape(x, {shape[0], shape[1] / block.height, block.height,
                              shape[2] / block.width, block.width, shape[3]});
  return Mean(blocks, {2, 4});
}

Tensor ResizeNearest(Tensor x, Extent2 size) {
  CheckSize("ResizeNearest", x, size);
  const Shape shape = x.shape();
  const int64_t n = shape[0], h = shape[1], w = shape[2], c = shape[3];
  if (h == 0 || w == 0 || size.height % h != 0 || size.width % w != 0 ||
      size.height == 0 || size.width == 0) {
    return Resized(x, size, Nearest);
  }
  Tensor apart = Reshape(x, {n, h, 1, w, 1, c});
  Tensor repeated =
      BroadcastTo(apart, {n, h, size.height / h, w, size.width / w, c});
  return Reshape(repeated, {n, size.height, size.width, c});
}

Tensor ResizeBilinear(Tensor x, Extent2 size) {
  CheckSize("ResizeBilinear", x, size);
  return Resized(x, size, Linear);
}

}  // namespace unnoise
