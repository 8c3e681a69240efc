// The ops that models and losses are written in. All tensors of a call are on
// one tape; every op throws ShapeError that names it, what it expected and what
// it got. Elements that are not finite pass through.

#ifndef UNNOISE_AUTODIFF_OPS_H_
#define UNNOISE_AUTODIFF_OPS_H_

#include "core/autodiff/tape.h"

namespace unnoise {

// Elementwise; both of the same shape.
Tensor Add(Tensor a, Tensor b);
Tensor Sub(Tensor a, Tensor b);
Tensor Mul(Tensor a, Tensor b);

// scale x + shift, elementwise.
Tensor ScaleShift(Tensor x, double scale, double shift);

// c <= 0 ? b : a, elementwise, same shapes (so NaN chooses a); no gradient
// flows to c.
Tensor Select(Tensor c, Tensor a, Tensor b);

// Elementwise; arguments of Sin and Cos in radians.
Tensor Sin(Tensor x);
Tensor Cos(Tensor x);
Tensor Tanh(Tensor x);
Tensor Sigmoid(Tensor x);  // 1 / (1 + e^-x)

// Matrix product of a and b, each transposed if said so: [m, k] [k, n] ->
// [m, n].
enum class Transpose : uint8_t { kNo, kYes };
Tensor Product(Tensor a, Tensor b, Transpose transpose_a = Transpose::kNo,
               Transpose transpose_b = Transpose::kNo);

// [rows, cols] -> [cols], and any shape -> [].
Tensor SumRows(Tensor x);
Tensor SumAll(Tensor x);

// [cols] -> [rows, cols], and one element -> any shape.
Tensor BroadcastRows(Tensor x, int64_t rows);
Tensor BroadcastAll(Tensor x, const Shape& shape);

// [rows, p], [rows, q] -> [rows, p + q].
Tensor ConcatColumns(Tensor a, Tensor b);
// Columns [begin, end) of [rows, cols].
Tensor SliceColumns(Tensor x, int64_t begin, int64_t end);

// The same elements in another shape of the same size.
Tensor Reshape(Tensor x, const Shape& shape);

// x weight^T + bias, composed of primitives; shapes as below.
Tensor Preactivation(Tensor x, Tensor weight, Tensor bias);

// activation(x weight^T + bias). x [rows, in], weight [out, in], bias [out] ->
// [rows, out]. One fused pass where the backend has it; defined by
// LinearActivationComposed, which also serves derivatives of higher order.
Tensor LinearActivation(Tensor x, Tensor weight, Tensor bias,
                        Activation activation);
Tensor LinearActivationComposed(Tensor x, Tensor weight, Tensor bias,
                                Activation activation);

// Compositions.
Tensor Silu(Tensor x);  // x Sigmoid(x)
Tensor Relu(Tensor x);  // max(x, 0); derivative 0 at 0
Tensor Apply(Activation activation, Tensor x);
Tensor MeanAll(Tensor x);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_OPS_H_
