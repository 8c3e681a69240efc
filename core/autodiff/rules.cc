// Backward rules. Derivatives are summed in the order of ops on the tape, so no
// call here (or in a model) has two ops among its arguments: compilers differ
// in which they evaluate first.

#include "core/autodiff/rules.h"

#include "core/autodiff/ops.h"
#include "core/base/check.h"

namespace unnoise {
namespace {

Transpose Flip(Transpose transpose) {
  return transpose == Transpose::kYes ? Transpose::kNo : Transpose::kYes;
}

// Input i of a node, and whether it needs a gradient.
Tensor In(Tensor y, int i) {
  return Tensor(&y.tape(), y.tape().node(y).inputs[i]);
}
bool Needs(Tensor y, int i) { return y.tape().node(In(y, i)).needs_grad; }

// activation'(pre), in ops.
Tensor SlopeOf(Activation activation, Tensor pre) {
  switch (activation) {
    case Activation::kIdentity:
      return pre.tape().Filled(pre.shape(), 1);
    case Activation::kSilu: {
      Tensor s = Sigmoid(pre);  // s + x s (1 - s)
      Tensor rest = ScaleShift(s, -1, 1);
      return Add(s, Mul(Mul(pre, s), rest));
    }
    case Activation::kTanh: {
      Tensor y = Tanh(pre);
      return ScaleShift(Mul(y, y), -1, 1);
    }
    case Activation::kRelu: {
      Tensor one = pre.tape().Filled(pre.shape(), 1);
      return Select(pre, one, pre.tape().Filled(pre.shape(), 0));
    }
  }
  throw UsageError("no such activation");
}

using Parts = std::array<Tensor, 3>;

void NoRule(Tensor, Tensor, Parts&) {}

void AddRule(Tensor y, Tensor dy, Parts& dx) {
  if (Needs(y, 0)) dx[0] = dy;
  if (Needs(y, 1)) dx[1] = dy;
}

void SubRule(Tensor y, Tensor dy, Parts& dx) {
  if (Needs(y, 0)) dx[0] = dy;
  if (Needs(y, 1)) dx[1] = ScaleShift(dy, -1, 0);
}

void MulRule(Tensor y, Tensor dy, Parts& dx) {
  if (Needs(y, 0)) dx[0] = Mul(dy, In(y, 1));
  if (Needs(y, 1)) dx[1] = Mul(dy, In(y, 0));
}

void ScaleShiftRule(Tensor y, Tensor dy, Parts& dx) {
  dx[0] = ScaleShift(dy, y.tape().node(y).scalars[0], 0);
}

void SelectRule(Tensor y, Tensor dy, Parts& dx) {
  Tensor zero = y.tape().Filled(dy.shape(), 0);
  if (Needs(y, 1)) dx[1] = Select(In(y, 0), dy, zero);
  if (Needs(y, 2)) dx[2] = Select(In(y, 0), zero, dy);
}

void SinRule(Tensor y, Tensor dy, Parts& dx) { dx[0] = Mul(dy, Cos(In(y, 0))); }

void CosRule(Tensor y, Tensor dy, Parts& dx) {
  dx[0] = ScaleShift(Mul(dy, Sin(In(y, 0))), -1, 0);
}

void TanhRule(Tensor y, Tensor dy, Parts& dx) {
  dx[0] = Mul(dy, ScaleShift(Mul(y, y), -1, 1));
}

void SigmoidRule(Tensor y, Tensor dy, Parts& dx) {
  dx[0] = Mul(dy, Mul(y, ScaleShift(y, -1, 1)));
}

// With A = op(a), B = op(b): dA = dY B^T and dB = A^T dY; where an operand came
// in transposed, its derivative is wanted transposed.
void ProductRule(Tensor y, Tensor dy, Parts& dx) {
  const Node& node = y.tape().node(y);
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
}

void SumRowsRule(Tensor y, Tensor dy, Parts& dx) {
  dx[0] = BroadcastRows(dy, In(y, 0).shape()[0]);
}

void SumAllRule(Tensor y, Tensor dy, Parts& dx) {
  dx[0] = BroadcastAll(dy, In(y, 0).shape());
}

void BroadcastRowsRule(Tensor, Tensor dy, Parts& dx) { dx[0] = SumRows(dy); }

void BroadcastAllRule(Tensor y, Tensor dy, Parts& dx) {
  dx[0] = Reshape(SumAll(dy), In(y, 0).shape());
}

void ConcatColumnsRule(Tensor y, Tensor dy, Parts& dx) {
  const int64_t left = In(y, 0).shape()[1], cols = dy.shape()[1];
  if (Needs(y, 0)) dx[0] = SliceColumns(dy, 0, left);
  if (Needs(y, 1)) dx[1] = SliceColumns(dy, left, cols);
}

void SliceColumnsRule(Tensor y, Tensor dy, Parts& dx) {
  const Node node = y.tape().node(y);
  const int64_t rows = dy.shape()[0], cols = In(y, 0).shape()[1];
  dx[0] = ConcatColumns(y.tape().Filled({rows, node.numbers[0]}, 0), dy);
  dx[0] =
      ConcatColumns(dx[0], y.tape().Filled({rows, cols - node.numbers[1]}, 0));
}

void ReshapeRule(Tensor y, Tensor dy, Parts& dx) {
  dx[0] = Reshape(dy, In(y, 0).shape());
}

void LinearActivationRule(Tensor y, Tensor dy, Parts& dx) {
  const Node node = y.tape().node(y);
  Tensor x = In(y, 0), weight = In(y, 1), bias = In(y, 2);
  const auto activation = static_cast<Activation>(node.numbers[0]);
  Tensor dpre = dy;
  if (activation != Activation::kIdentity) {
    // The saved slope is a constant to the tape; a derivative that will be
    // differentiated again needs it as a function of x, weight and bias.
    Tensor slope = y.tape().recording()
                       ? SlopeOf(activation, Preactivation(x, weight, bias))
                       : Tensor(&y.tape(), node.saved);
    dpre = Mul(dy, slope);
  }
  if (Needs(y, 0)) dx[0] = Product(dpre, weight);
  if (Needs(y, 1)) dx[1] = Product(dpre, x, Transpose::kYes, Transpose::kNo);
  if (Needs(y, 2)) dx[2] = SumRows(dpre);
}

// In the order of Op.
constexpr Rule kRules[kOpCount] = {
    NoRule,
    AddRule,
    SubRule,
    MulRule,
    ScaleShiftRule,
    SelectRule,
    SinRule,
    CosRule,
    TanhRule,
    SigmoidRule,
    ProductRule,
    SumRowsRule,
    SumAllRule,
    BroadcastRowsRule,
    BroadcastAllRule,
    ConcatColumnsRule,
    SliceColumnsRule,
    ReshapeRule,
    LinearActivationRule,
};

}  // namespace

Rule RuleOf(Op op) { return kRules[static_cast<int>(op)]; }

}  // namespace unnoise
