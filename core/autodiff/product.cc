#include "core/autodiff/product.h"

#include "core/autodiff/activation.h"
#include "core/autodiff/elementwise.h"
#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"
#include "core/autodiff/reduce.h"

namespace unnoise {
namespace {

Transpose Flip(Transpose transpose) {
  return transpose == Transpose::kYes ? Transpose::kNo : Transpose::kYes;
}

MatrixView ViewOf(Tensor x, Transpose transpose) {
  const int64_t rows = x.shape()[0], cols = x.shape()[1];
  if (transpose == Transpose::kYes) return {DataOf(x), cols, rows, 1, cols};
  return {DataOf(x), rows, cols, cols, 1};
}

// activation'(pre) of a fused layer y. The saved slope is a constant to the
// tape; a derivative that will be differentiated again needs it as a function
// of x, weight and bias, and where nothing was saved it is computed.
Tensor LayerSlope(Tensor y, Activation activation) {
  Tape& tape = y.tape();
  const int32_t saved = tape.node(y).saved;
  if (!tape.recording() && saved >= 0) return Tensor(&tape, saved);
  return SlopeOf(activation, Preactivation(In(y, 0), In(y, 1), In(y, 2)));
}

// a b, each element times that of `gate`. No rule: a walk back makes it and
// leaves no functions behind.
constexpr OpInfo kGatedProduct{"Product", nullptr, nullptr};

// `in_place`: into the memory of the gate.
Tensor GatedProduct(Tensor a, Tensor b, Tensor gate, bool in_place) {
  Tape& tape = a.tape();
  const MatrixView view_a = ViewOf(a, Transpose::kNo);
  const MatrixView view_b = ViewOf(b, Transpose::kNo);
  const Node node{.op = &kGatedProduct, .shape = {view_a.rows, view_b.cols}};
  Tensor y =
      in_place ? tape.PushView(node, {}, DataOf(gate)) : tape.Push(node, {});
  tape.backend().Product(tape.dtype(), view_a, view_b, DataOf(y), DataOf(gate));
  return tape.Done(y);
}

}  // namespace

Tensor Product(Tensor a, Tensor b, Transpose transpose_a,
               Transpose transpose_b) {
  // With A = op(a), B = op(b): dA = dY B^T and dB = A^T dY; where an
  // operand came in transposed, its derivative is wanted transposed.
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const Node node = y.tape().node(y);
    const auto ta = static_cast<Transpose>(node.numbers[0]);
    const auto tb = static_cast<Transpose>(node.numbers[1]);
    Tensor a = In(y, 0), b = In(y, 1);
    if (Needs(y, 0)) {
      dx[0] = ta == Transpose::kNo ? Product(dy, b, Transpose::kNo, Flip(tb))
                                   : Product(b, dy, tb, Transpose::kYes);
    }
    if (Needs(y, 1)) {
      dx[1] = tb == Transpose::kNo ? Product(a, dy, Flip(ta), Transpose::kNo)
                                   : Product(dy, a, Transpose::kYes, ta);
    }
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    const auto ta = static_cast<Transpose>(node.numbers[0]);
    const auto tb = static_cast<Transpose>(node.numbers[1]);
    Tensor left, right;
    if (dx[0].valid()) left = Product(dx[0], In(y, 1), ta, tb);
    if (dx[1].valid()) right = Product(In(y, 0), dx[1], ta, tb);
    return SumOf(left, right);
  };
  static constexpr OpInfo kOp{"Product", pull, push};
  CheckRank(kOp.name, a, 2);
  CheckRank(kOp.name, b, 2);
  const MatrixView view_a = ViewOf(a, transpose_a);
  const MatrixView view_b = ViewOf(b, transpose_b);
  if (view_a.cols != view_b.rows) {
    ThrowShape(
        kOp.name, "equal inner extents",
        std::to_string(view_a.cols) + " and " + std::to_string(view_b.rows));
  }
  Tape& tape = a.tape();
  Tensor y = tape.Push({.op = &kOp,
                        .numbers = {static_cast<int64_t>(transpose_a),
                                    static_cast<int64_t>(transpose_b)},
                        .shape = {view_a.rows, view_b.cols}},
                       {a, b});
  tape.backend().Product(tape.dtype(), view_a, view_b, DataOf(y));
  return tape.Done(y);
}

Tensor Preactivation(Tensor x, Tensor weight, Tensor bias) {
  CheckRank("Preactivation", x, 2);
  CheckRank("Preactivation", bias, 1);
  Tensor shift = BroadcastTo(bias, {x.shape()[0], bias.shape()[0]});
  return Add(Product(x, weight, Transpose::kNo, Transpose::kYes), shift);
}

Tensor LinearActivationComposed(Tensor x, Tensor weight, Tensor bias,
                                Activation activation) {
  return Apply(activation, Preactivation(x, weight, bias));
}

Tensor LinearActivation(Tensor x, Tensor weight, Tensor bias,
                        Activation activation) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    Tape& tape = y.tape();
    const Node node = tape.node(y);
    const auto activation = static_cast<Activation>(node.numbers[0]);
    Tensor dpre = dy;
    if (activation != Activation::kIdentity &&
        tape.node(dy).op != &kGatedProduct) {
      dpre = Mul(dy, LayerSlope(y, activation));
    }
    Tensor x = In(y, 0), weight = In(y, 1);
    if (Needs(y, 0)) {
      // Where x is such a layer, and all that its rule would do first is to
      // multiply by the saved slope, the product does it.
      const Node below = tape.node(x);
      if (!tape.recording() && below.op == node.op && below.saved >= 0 &&
          tape.SoleUse(x.id())) {
        const bool in_place =
            tape.spending() && node.shape[1] <= Backend::kMaxInnerInPlace;
        dx[0] =
            GatedProduct(dpre, weight, Tensor(&tape, below.saved), in_place);
      } else {
        dx[0] = Product(dpre, weight);
      }
    }
    if (Needs(y, 1)) {
      dx[1] = Product(dpre, x, Transpose::kYes, Transpose::kNo);
    }
    if (Needs(y, 2)) dx[2] = Sum(dpre, {0});
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const auto activation =
        static_cast<Activation>(y.tape().node(y).numbers[0]);
    Tensor x = In(y, 0), weight = In(y, 1);
    Tensor dpre;
    if (dx[0].valid()) {
      dpre = Product(dx[0], weight, Transpose::kNo, Transpose::kYes);
    }
    if (dx[1].valid()) {
      dpre = SumOf(dpre, Product(x, dx[1], Transpose::kNo, Transpose::kYes));
    }
    if (dx[2].valid()) {
      dpre = SumOf(dpre, BroadcastTo(dx[2], y.shape()));
    }
    if (activation == Activation::kIdentity) return dpre;
    return Mul(dpre, LayerSlope(y, activation));
  };
  static constexpr OpInfo kOp{"LinearActivation", pull, push};
  CheckRank(kOp.name, x, 2);
  CheckRank(kOp.name, weight, 2);
  const int64_t rows = x.shape()[0], in = x.shape()[1];
  const int64_t out = weight.shape()[0];
  if (weight.shape()[1] != in || !(bias.shape() == Shape{out})) {
    ThrowShape(kOp.name,
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
  Tensor y = tape.Push({.op = &kOp,
                        .saved = slope.id(),
                        .numbers = {static_cast<int64_t>(activation)},
                        .shape = shape},
                       {x, weight, bias});
  backend.LinearActivation(activation, tape.dtype(), DataOf(x), DataOf(weight),
                           DataOf(bias), rows, in, out, DataOf(y),
                           keep_slope ? DataOf(slope) : nullptr);
  return tape.Done(y);
}

}  // namespace unnoise
