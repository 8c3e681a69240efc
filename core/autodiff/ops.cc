#include "core/autodiff/ops.h"

#include <string>

#include "core/base/check.h"

namespace unnoise {
namespace {

[[noreturn]] void ThrowShape(const char* op, const std::string& expected,
                             const std::string& got) {
  throw ShapeError(std::string(op) + ": expected " + expected + ", got " + got);
}

void CheckSame(const char* op, Tensor a, Tensor b) {
  if (!(a.shape() == b.shape())) {
    ThrowShape(op, "equal shapes",
               a.shape().ToText() + " and " + b.shape().ToText());
  }
}

void CheckRank(const char* op, Tensor x, int rank) {
  if (x.shape().rank() != rank) {
    ThrowShape(op, "rank " + std::to_string(rank), x.shape().ToText());
  }
}

void* DataOf(Tensor x) { return x.tape().node(x).data; }

Tensor Binary(Op op, BinaryOp kernel, const char* name, Tensor a, Tensor b) {
  CheckSame(name, a, b);
  Tape& tape = a.tape();
  Tensor y =
      tape.Push({.op = op, .inputs = {a.id(), b.id(), -1}, .shape = a.shape()});
  tape.backend().Binary(kernel, tape.dtype(), DataOf(a), DataOf(b),
                        a.shape().size(), DataOf(y));
  return y;
}

Tensor Unary(Op op, UnaryOp kernel, Tensor x) {
  Tape& tape = x.tape();
  Tensor y =
      tape.Push({.op = op, .inputs = {x.id(), -1, -1}, .shape = x.shape()});
  tape.backend().Unary(kernel, tape.dtype(), DataOf(x), x.shape().size(),
                       DataOf(y));
  return y;
}

MatrixView ViewOf(Tensor x, Transpose transpose) {
  const int64_t rows = x.shape()[0], cols = x.shape()[1];
  if (transpose == Transpose::kYes) return {DataOf(x), cols, rows, 1, cols};
  return {DataOf(x), rows, cols, cols, 1};
}

}  // namespace

Tensor Add(Tensor a, Tensor b) {
  return Binary(Op::kAdd, BinaryOp::kAdd, "Add", a, b);
}
Tensor Sub(Tensor a, Tensor b) {
  return Binary(Op::kSub, BinaryOp::kSub, "Sub", a, b);
}
Tensor Mul(Tensor a, Tensor b) {
  return Binary(Op::kMul, BinaryOp::kMul, "Mul", a, b);
}

Tensor Sin(Tensor x) { return Unary(Op::kSin, UnaryOp::kSin, x); }
Tensor Cos(Tensor x) { return Unary(Op::kCos, UnaryOp::kCos, x); }
Tensor Tanh(Tensor x) { return Unary(Op::kTanh, UnaryOp::kTanh, x); }
Tensor Sigmoid(Tensor x) { return Unary(Op::kSigmoid, UnaryOp::kSigmoid, x); }

Tensor ScaleShift(Tensor x, double scale, double shift) {
  Tape& tape = x.tape();
  Tensor y = tape.Push({.op = Op::kScaleShift,
                        .inputs = {x.id(), -1, -1},
                        .scalars = {scale, shift},
                        .shape = x.shape()});
  tape.backend().ScaleShift(tape.dtype(), scale, shift, DataOf(x),
                            x.shape().size(), DataOf(y));
  return y;
}

Tensor Select(Tensor c, Tensor a, Tensor b) {
  CheckSame("Select", c, a);
  CheckSame("Select", a, b);
  Tape& tape = a.tape();
  Tensor y = tape.Push({.op = Op::kSelect,
                        .inputs = {c.id(), a.id(), b.id()},
                        .shape = a.shape()});
  tape.backend().Select(tape.dtype(), DataOf(c), DataOf(a), DataOf(b),
                        a.shape().size(), DataOf(y));
  return y;
}

Tensor Product(Tensor a, Tensor b, Transpose transpose_a,
               Transpose transpose_b) {
  CheckRank("Product", a, 2);
  CheckRank("Product", b, 2);
  const MatrixView view_a = ViewOf(a, transpose_a);
  const MatrixView view_b = ViewOf(b, transpose_b);
  if (view_a.cols != view_b.rows) {
    ThrowShape(
        "Product", "equal inner extents",
        std::to_string(view_a.cols) + " and " + std::to_string(view_b.rows));
  }
  Tape& tape = a.tape();
  Tensor y = tape.Push({.op = Op::kProduct,
                        .inputs = {a.id(), b.id(), -1},
                        .numbers = {static_cast<int32_t>(transpose_a),
                                    static_cast<int32_t>(transpose_b)},
                        .shape = {view_a.rows, view_b.cols}});
  tape.backend().Product(tape.dtype(), view_a, view_b, DataOf(y));
  return y;
}

Tensor SumRows(Tensor x) {
  CheckRank("SumRows", x, 2);
  Tape& tape = x.tape();
  Tensor y = tape.Push({.op = Op::kSumRows,
                        .inputs = {x.id(), -1, -1},
                        .shape = {x.shape()[1]}});
  tape.backend().SumRows(tape.dtype(), DataOf(x), x.shape()[0], x.shape()[1],
                         DataOf(y));
  return y;
}

Tensor SumAll(Tensor x) {
  Tape& tape = x.tape();
  Tensor y =
      tape.Push({.op = Op::kSumAll, .inputs = {x.id(), -1, -1}, .shape = {}});
  tape.backend().SumAll(tape.dtype(), DataOf(x), x.shape().size(), DataOf(y));
  return y;
}

Tensor BroadcastRows(Tensor x, int64_t rows) {
  CheckRank("BroadcastRows", x, 1);
  Tape& tape = x.tape();
  const int64_t cols = x.shape()[0];
  Tensor y = tape.Push({.op = Op::kBroadcastRows,
                        .inputs = {x.id(), -1, -1},
                        .shape = {rows, cols}});
  tape.backend().Copy(tape.dtype(), {DataOf(x), rows, cols, 0, 1}, cols,
                      DataOf(y));
  return y;
}

Tensor BroadcastAll(Tensor x, const Shape& shape) {
  if (x.shape().size() != 1) {
    ThrowShape("BroadcastAll", "one element", x.shape().ToText());
  }
  Tape& tape = x.tape();
  Tensor y = tape.Push(
      {.op = Op::kBroadcastAll, .inputs = {x.id(), -1, -1}, .shape = shape});
  tape.backend().Copy(tape.dtype(), {DataOf(x), 1, shape.size(), 0, 0}, 0,
                      DataOf(y));
  return y;
}

Tensor ConcatColumns(Tensor a, Tensor b) {
  CheckRank("ConcatColumns", a, 2);
  CheckRank("ConcatColumns", b, 2);
  const int64_t rows = a.shape()[0];
  if (b.shape()[0] != rows) {
    ThrowShape("ConcatColumns", "equal numbers of rows",
               a.shape().ToText() + " and " + b.shape().ToText());
  }
  Tape& tape = a.tape();
  const int64_t left = a.shape()[1], right = b.shape()[1];
  Tensor y = tape.Push({.op = Op::kConcatColumns,
                        .inputs = {a.id(), b.id(), -1},
                        .shape = {rows, left + right}});
  char* data = static_cast<char*>(DataOf(y));
  const Backend& backend = tape.backend();
  backend.Copy(tape.dtype(), ViewOf(a, Transpose::kNo), left + right, data);
  backend.Copy(tape.dtype(), ViewOf(b, Transpose::kNo), left + right,
               data + left * SizeOf(tape.dtype()));
  return y;
}

Tensor SliceColumns(Tensor x, int64_t begin, int64_t end) {
  CheckRank("SliceColumns", x, 2);
  const int64_t rows = x.shape()[0], cols = x.shape()[1];
  if (begin < 0 || begin > end || end > cols) {
    ThrowShape("SliceColumns", "a range within " + std::to_string(cols),
               std::to_string(begin) + " to " + std::to_string(end));
  }
  Tape& tape = x.tape();
  Tensor y = tape.Push(
      {.op = Op::kSliceColumns,
       .inputs = {x.id(), -1, -1},
       .numbers = {static_cast<int32_t>(begin), static_cast<int32_t>(end)},
       .shape = {rows, end - begin}});
  const char* first =
      static_cast<char*>(DataOf(x)) + begin * SizeOf(tape.dtype());
  tape.backend().Copy(tape.dtype(), {first, rows, end - begin, cols, 1},
                      end - begin, DataOf(y));
  return y;
}

Tensor Reshape(Tensor x, const Shape& shape) {
  if (x.shape().size() != shape.size()) {
    ThrowShape("Reshape", "as many elements as " + x.shape().ToText(),
               shape.ToText());
  }
  return x.tape().PushView(
      {.op = Op::kReshape, .inputs = {x.id(), -1, -1}, .shape = shape},
      DataOf(x));
}

Tensor Silu(Tensor x) { return Mul(x, Sigmoid(x)); }

Tensor Relu(Tensor x) { return Select(x, x, x.tape().Filled(x.shape(), 0)); }

Tensor Apply(Activation activation, Tensor x) {
  switch (activation) {
    case Activation::kIdentity:
      return x;
    case Activation::kSilu:
      return Silu(x);
    case Activation::kTanh:
      return Tanh(x);
    case Activation::kRelu:
      return Relu(x);
  }
  throw UsageError("no such activation");
}

Tensor MeanAll(Tensor x) {
  return ScaleShift(SumAll(x), 1.0 / static_cast<double>(x.shape().size()), 0);
}

Tensor Preactivation(Tensor x, Tensor weight, Tensor bias) {
  Tensor shift = BroadcastRows(bias, x.shape()[0]);
  return Add(Product(x, weight, Transpose::kNo, Transpose::kYes), shift);
}

Tensor LinearActivationComposed(Tensor x, Tensor weight, Tensor bias,
                                Activation activation) {
  return Apply(activation, Preactivation(x, weight, bias));
}

Tensor LinearActivation(Tensor x, Tensor weight, Tensor bias,
                        Activation activation) {
  CheckRank("LinearActivation", x, 2);
  CheckRank("LinearActivation", weight, 2);
  const int64_t rows = x.shape()[0], in = x.shape()[1];
  const int64_t out = weight.shape()[0];
  if (weight.shape()[1] != in || !(bias.shape() == Shape{out})) {
    ThrowShape("LinearActivation",
               "weight [out, " + std::to_string(in) + "] and bias [out]",
               weight.shape().ToText() + " and " + bias.shape().ToText());
  }
  Tape& tape = x.tape();
  const Backend& backend = tape.backend();
  if (!backend.FusesLinearActivation(tape.dtype())) {
    return LinearActivationComposed(x, weight, bias, activation);
  }
  const auto needs = [&](Tensor t) { return tape.node(t).needs_grad; };
  const bool keep_slope = activation != Activation::kIdentity &&
                          tape.recording() &&
                          (needs(x) || needs(weight) || needs(bias));
  const Shape shape{rows, out};
  Tensor slope;
  if (keep_slope) slope = tape.Push({.shape = shape});
  Tensor y = tape.Push({.op = Op::kLinearActivation,
                        .inputs = {x.id(), weight.id(), bias.id()},
                        .saved = slope.id(),
                        .numbers = {static_cast<int32_t>(activation), 0},
                        .shape = shape});
  backend.LinearActivation(activation, tape.dtype(), DataOf(x), DataOf(weight),
                           DataOf(bias), rows, in, out, DataOf(y),
                           keep_slope ? DataOf(slope) : nullptr);
  return y;
}

}  // namespace unnoise
