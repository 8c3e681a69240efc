#include "core/autodiff/batch_product.h"

#include <algorithm>

#include "core/autodiff/elementwise.h"
#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"
#include "core/backend/partition.h"

namespace unnoise {
namespace {

Transpose Flip(Transpose transpose) {
  return transpose == Transpose::kYes ? Transpose::kNo : Transpose::kYes;
}

// The first of the matrices of x.
MatrixView FirstOf(Tensor x, Transpose transpose) {
  const Shape shape = x.shape();
  const int64_t rows = shape[shape.rank() - 2], cols = shape[shape.rank() - 1];
  if (transpose == Transpose::kYes) return {DataOf(x), cols, rows, 1, cols};
  return {DataOf(x), rows, cols, cols, 1};
}

// The i-th of matrices like `first`, that lie one behind the other.
MatrixView MatrixAt(MatrixView first, int64_t i, DType dtype) {
  first.data = static_cast<const char*>(first.data) +
               i * first.rows * first.cols * SizeOf(dtype);
  return first;
}

}  // namespace

Tensor BatchProduct(Tensor a, Tensor b, Transpose transpose_a,
                    Transpose transpose_b) {
  // As those of Product.
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const Node node = y.tape().node(y);
    const auto ta = static_cast<Transpose>(node.numbers[0]);
    const auto tb = static_cast<Transpose>(node.numbers[1]);
    Tensor a = In(y, 0), b = In(y, 1);
    if (Needs(y, 0)) {
      dx[0] = ta == Transpose::kNo
                  ? BatchProduct(dy, b, Transpose::kNo, Flip(tb))
                  : BatchProduct(b, dy, tb, Transpose::kYes);
    }
    if (Needs(y, 1)) {
      dx[1] = tb == Transpose::kNo
                  ? BatchProduct(a, dy, Flip(ta), Transpose::kNo)
                  : BatchProduct(dy, a, Transpose::kYes, ta);
    }
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    const auto ta = static_cast<Transpose>(node.numbers[0]);
    const auto tb = static_cast<Transpose>(node.numbers[1]);
    Tensor left, right;
    if (dx[0].valid()) left = BatchProduct(dx[0], In(y, 1), ta, tb);
    if (dx[1].valid()) right = BatchProduct(In(y, 0), dx[1], ta, tb);
    return SumOf(left, right);
  };
  static constexpr OpInfo kOp{"BatchProduct", pull, push};
  const Shape shape_a = a.shape(), shape_b = b.shape();
  const int rank = shape_a.rank();
  bool fits = rank >= 2 && shape_b.rank() == rank;
  std::array<int64_t, Shape::kMaxRank> extents{};
  int64_t batch = 1;
  for (int i = 0; fits && i < rank - 2; ++i) {
    fits = shape_a[i] == shape_b[i];
    extents[i] = shape_a[i];
    batch *= shape_a[i];
  }
  if (!fits) {
    ThrowShape(kOp.name, "matrices behind equal extents",
               shape_a.ToText() + " and " + shape_b.ToText());
  }
  const MatrixView first_a = FirstOf(a, transpose_a);
  const MatrixView first_b = FirstOf(b, transpose_b);
  if (first_a.cols != first_b.rows) {
    ThrowShape(
        kOp.name, "equal inner extents",
        std::to_string(first_a.cols) + " and " + std::to_string(first_b.rows));
  }
  extents[rank - 2] = first_a.rows;
  extents[rank - 1] = first_b.cols;
  Tape& tape = a.tape();
  Tensor y = tape.Push(
      {.op = &kOp,
       .numbers = {static_cast<int64_t>(transpose_a),
                   static_cast<int64_t>(transpose_b)},
       .shape = Shape(std::span<const int64_t>(extents.data(), rank))},
      {a, b});
  const Backend& backend = tape.backend();
  char* results = static_cast<char*>(DataOf(y));
  const auto multiply = [&](int64_t i) {
    const DType dtype = tape.dtype();
    backend.Product(dtype, MatrixAt(first_a, i, dtype),
                    MatrixAt(first_b, i, dtype),
                    results + i * first_a.rows * first_b.cols * SizeOf(dtype));
  };
  // Threads divide the batch where it gives each some of it, and otherwise each
  // product; small ones go to a thread together.
  Pool& pool = backend.pool();
  const int64_t products =
      std::max<int64_t>(first_a.rows * first_a.cols * first_b.cols, 1);
  if (batch >= 2 * pool.threads()) {
    const int64_t parts = std::clamp<int64_t>(
        batch / std::max<int64_t>(kPartProducts / products, 1), 1,
        int64_t{Pool::kPartsPerThread} * pool.threads());
    pool.Run(parts, [&](int64_t part) {
      const int64_t end = batch * (part + 1) / parts;
      for (int64_t i = batch * part / parts; i < end; ++i) multiply(i);
    });
  } else {
    for (int64_t i = 0; i < batch; ++i) multiply(i);
  }
  return tape.Done(y);
}

Tensor MaskedLinear(Tensor x, Tensor weight, Tensor mask, Tensor bias,
                    Activation activation) {
  CheckSame("MaskedLinear", weight, mask);
  Tensor constant = StopGradient(mask);
  return LinearActivation(x, Mul(weight, constant), bias, activation);
}

}  // namespace unnoise
