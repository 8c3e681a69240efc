#include "core/autodiff/elementwise.h"

#include "core/autodiff/op.h"
#include "core/base/check.h"

namespace unnoise {
namespace {

Tensor Binary(const OpInfo& op, BinaryOp kernel, Tensor a, Tensor b) {
  CheckSame(op.name, a, b);
  Tape& tape = a.tape();
  Tensor y = tape.Push({.op = &op, .shape = a.shape()}, {a, b});
  tape.backend().Binary(kernel, tape.dtype(), DataOf(a), DataOf(b),
                        a.shape().size(), DataOf(y));
  return tape.Done(y);
}

Tensor Unary(const OpInfo& op, UnaryOp kernel, Tensor x) {
  Tape& tape = x.tape();
  Tensor y = tape.Push({.op = &op, .shape = x.shape()}, {x});
  tape.backend().Unary(kernel, tape.dtype(), DataOf(x), x.shape().size(),
                       DataOf(y));
  return tape.Done(y);
}

Tensor Negative(Tensor x) { return ScaleShift(x, -1, 0); }

// Both derivatives of y = f(x) from its slope(x, y), a lambda of ops.
template <class Slope>
constexpr OpInfo UnaryInfo(std::string_view name, Slope) {
  return {
      name,
      [](Tensor y, Tensor dy, Parts dx) {
        dx[0] = Mul(dy, Slope()(In(y, 0), y));
      },
      [](Tensor y, Tangents dx) { return Mul(dx[0], Slope()(In(y, 0), y)); }};
}

}  // namespace

Tensor SumOf(Tensor a, Tensor b) {
  if (!a.valid()) return b;
  return b.valid() ? Add(a, b) : a;
}

Tensor Add(Tensor a, Tensor b) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    if (Needs(y, 0)) dx[0] = dy;
    if (Needs(y, 1)) dx[1] = dy;
  };
  constexpr auto push = [](Tensor, Tangents dx) { return SumOf(dx[0], dx[1]); };
  static constexpr OpInfo kOp{"Add", pull, push};
  return Binary(kOp, BinaryOp::kAdd, a, b);
}

Tensor Sub(Tensor a, Tensor b) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    if (Needs(y, 0)) dx[0] = dy;
    if (Needs(y, 1)) dx[1] = Negative(dy);
  };
  constexpr auto push = [](Tensor, Tangents dx) {
    if (!dx[1].valid()) return dx[0];
    return dx[0].valid() ? Sub(dx[0], dx[1]) : Negative(dx[1]);
  };
  static constexpr OpInfo kOp{"Sub", pull, push};
  return Binary(kOp, BinaryOp::kSub, a, b);
}

Tensor Mul(Tensor a, Tensor b) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    if (Needs(y, 0)) dx[0] = Mul(dy, In(y, 1));
    if (Needs(y, 1)) dx[1] = Mul(dy, In(y, 0));
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    Tensor left, right;
    if (dx[0].valid()) left = Mul(dx[0], In(y, 1));
    if (dx[1].valid()) right = Mul(dx[1], In(y, 0));
    return SumOf(left, right);
  };
  static constexpr OpInfo kOp{"Mul", pull, push};
  return Binary(kOp, BinaryOp::kMul, a, b);
}

Tensor Div(Tensor a, Tensor b) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    Tensor part = Div(dy, In(y, 1));
    if (Needs(y, 0)) dx[0] = part;
    if (Needs(y, 1)) dx[1] = Negative(Mul(part, y));
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    Tensor right;
    if (dx[1].valid()) right = Negative(Mul(dx[1], y));
    return Div(SumOf(dx[0], right), In(y, 1));
  };
  static constexpr OpInfo kOp{"Div", pull, push};
  return Binary(kOp, BinaryOp::kDiv, a, b);
}

Tensor ScaleShift(Tensor x, double scale, double shift) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    dx[0] = ScaleShift(dy, y.tape().node(y).scalars[0], 0);
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    return ScaleShift(dx[0], y.tape().node(y).scalars[0], 0);
  };
  static constexpr OpInfo kOp{"ScaleShift", pull, push};
  Tape& tape = x.tape();
  Tensor y = tape.Push(
      {.op = &kOp, .scalars = {scale, shift}, .shape = x.shape()}, {x});
  tape.backend().ScaleShift(tape.dtype(), scale, shift, DataOf(x),
                            x.shape().size(), DataOf(y));
  return tape.Done(y);
}

Tensor Select(Tensor c, Tensor a, Tensor b) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    Tensor zero = y.tape().Filled(dy.shape(), 0);
    if (Needs(y, 1)) dx[1] = Select(In(y, 0), dy, zero);
    if (Needs(y, 2)) dx[2] = Select(In(y, 0), zero, dy);
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    if (!dx[1].valid() && !dx[2].valid()) return Tensor();
    Tensor zero = y.tape().Filled(y.shape(), 0);
    return Select(In(y, 0), dx[1].valid() ? dx[1] : zero,
                  dx[2].valid() ? dx[2] : zero);
  };
  static constexpr OpInfo kOp{"Select", pull, push};
  CheckSame(kOp.name, c, a);
  CheckSame(kOp.name, a, b);
  Tape& tape = a.tape();
  Tensor y = tape.Push({.op = &kOp, .shape = a.shape()}, {c, a, b});
  tape.backend().Select(tape.dtype(), DataOf(c), DataOf(a), DataOf(b),
                        a.shape().size(), DataOf(y));
  return tape.Done(y);
}

Tensor Sin(Tensor x) {
  static constexpr OpInfo kOp =
      UnaryInfo("Sin", [](Tensor x, Tensor) { return Cos(x); });
  return Unary(kOp, UnaryOp::kSin, x);
}

Tensor Cos(Tensor x) {
  static constexpr OpInfo kOp =
      UnaryInfo("Cos", [](Tensor x, Tensor) { return Negative(Sin(x)); });
  return Unary(kOp, UnaryOp::kCos, x);
}

Tensor Tanh(Tensor x) {
  static constexpr OpInfo kOp = UnaryInfo(
      "Tanh", [](Tensor, Tensor y) { return ScaleShift(Mul(y, y), -1, 1); });
  return Unary(kOp, UnaryOp::kTanh, x);
}

Tensor Sigmoid(Tensor x) {
  static constexpr OpInfo kOp = UnaryInfo(
      "Sigmoid", [](Tensor, Tensor y) { return Mul(y, ScaleShift(y, -1, 1)); });
  return Unary(kOp, UnaryOp::kSigmoid, x);
}

Tensor Exp(Tensor x) {
  static constexpr OpInfo kOp =
      UnaryInfo("Exp", [](Tensor, Tensor y) { return y; });
  return Unary(kOp, UnaryOp::kExp, x);
}

Tensor Expm1(Tensor x) {
  static constexpr OpInfo kOp =
      UnaryInfo("Expm1", [](Tensor x, Tensor) { return Exp(x); });
  return Unary(kOp, UnaryOp::kExpm1, x);
}

Tensor Log(Tensor x) {
  static constexpr OpInfo kOp = UnaryInfo("Log", [](Tensor x, Tensor) {
    Tensor one = x.tape().Filled(x.shape(), 1);
    return Div(one, x);
  });
  return Unary(kOp, UnaryOp::kLog, x);
}

Tensor Log1p(Tensor x) {
  static constexpr OpInfo kOp = UnaryInfo("Log1p", [](Tensor x, Tensor) {
    Tensor one = x.tape().Filled(x.shape(), 1);
    return Div(one, ScaleShift(x, 1, 1));
  });
  return Unary(kOp, UnaryOp::kLog1p, x);
}

Tensor Erf(Tensor x) {
  // 2 / sqrt(pi) e^(-x^2).
  static constexpr OpInfo kOp = UnaryInfo("Erf", [](Tensor x, Tensor) {
    Tensor bell = Exp(Negative(Mul(x, x)));
    return ScaleShift(bell, 1.1283791670955126, 0);
  });
  return Unary(kOp, UnaryOp::kErf, x);
}

Tensor Softplus(Tensor x) {
  static constexpr OpInfo kOp =
      UnaryInfo("Softplus", [](Tensor x, Tensor) { return Sigmoid(x); });
  return Unary(kOp, UnaryOp::kSoftplus, x);
}

Tensor Abs(Tensor x) {
  Tensor turned = Negative(x);
  Tensor zero = x.tape().Filled(x.shape(), 0);
  Tensor below = Select(turned, turned, zero);
  return Select(x, x, below);
}

Tensor Maximum(Tensor a, Tensor b) {
  CheckSame("Maximum", a, b);
  // The difference is NaN where one is NaN or both are the same infinity: the
  // sum is right for both.
  Tensor more = Sub(a, b);
  Tensor sum = Add(a, b);
  Tensor first = Select(Negative(more), sum, a);
  return Select(more, first, b);
}

Tensor Minimum(Tensor a, Tensor b) {
  CheckSame("Minimum", a, b);
  Tensor less = Sub(b, a);
  Tensor sum = Add(a, b);
  Tensor first = Select(Negative(less), sum, a);
  return Select(less, first, b);
}

Tensor Clamp(Tensor x, double low, double high) {
  Check(low < high, "Clamp: low must be below high");
  // At the bounds and where it is NaN x is chosen, twice.
  Tensor floor = x.tape().Filled(x.shape(), low);
  floor = Select(ScaleShift(x, 1, -low), x, floor);
  x = Select(ScaleShift(x, -1, low), floor, x);
  Tensor ceiling = x.tape().Filled(x.shape(), high);
  ceiling = Select(ScaleShift(x, -1, high), x, ceiling);
  return Select(ScaleShift(x, 1, -high), ceiling, x);
}

Tensor Sqrt(Tensor x) {
  static constexpr OpInfo kOp = UnaryInfo("Sqrt", [](Tensor, Tensor y) {
    Tensor half = y.tape().Filled(y.shape(), 0.5);
    return Div(half, y);
  });
  return Unary(kOp, UnaryOp::kSqrt, x);
}

Tensor Rsqrt(Tensor x) {
  static constexpr OpInfo kOp = UnaryInfo("Rsqrt", [](Tensor, Tensor y) {
    Tensor cube = Mul(Mul(y, y), y);
    return ScaleShift(cube, -0.5, 0);
  });
  return Unary(kOp, UnaryOp::kRsqrt, x);
}

}  // namespace unnoise
