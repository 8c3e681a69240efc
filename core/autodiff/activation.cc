#include "core/autodiff/activation.h"

#include "core/autodiff/elementwise.h"
#include "core/base/check.h"

namespace unnoise {

Tensor Silu(Tensor x) { return Mul(x, Sigmoid(x)); }

Tensor Relu(Tensor x) { return Select(x, x, x.tape().Filled(x.shape(), 0)); }

Tensor LeakyRelu(Tensor x, double slope) {
  Tensor below = ScaleShift(x, slope, 0);
  return Select(x, x, below);
}

Tensor Elu(Tensor x, double alpha) {
  // Zero where x is not below: a large e^x times no derivative would be NaN.
  Tensor zero = x.tape().Filled(x.shape(), 0);
  Tensor below = Expm1(Select(x, zero, x));
  if (alpha != 1) below = ScaleShift(below, alpha, 0);
  return Select(x, x, below);
}

Tensor Gelu(Tensor x) {
  Tensor erf = Erf(ScaleShift(x, 0.70710678118654752, 0));
  return Mul(x, ScaleShift(erf, 0.5, 0.5));
}

Tensor GeluTanh(Tensor x) {
  constexpr double kRootTwoOverPi = 0.79788456080286536;
  Tensor rate =
      ScaleShift(Mul(x, x), kRootTwoOverPi * 0.044715, kRootTwoOverPi);
  Tensor bend = Tanh(Mul(x, rate));
  return Mul(x, ScaleShift(bend, 0.5, 0.5));
}

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

Tensor SlopeOf(Activation activation, Tensor x) {
  switch (activation) {
    case Activation::kIdentity:
      return x.tape().Filled(x.shape(), 1);
    case Activation::kSilu: {
      Tensor s = Sigmoid(x);  // s + x s (1 - s)
      Tensor rest = ScaleShift(s, -1, 1);
      return Add(s, Mul(Mul(x, s), rest));
    }
    case Activation::kTanh: {
      Tensor y = Tanh(x);
      return ScaleShift(Mul(y, y), -1, 1);
    }
    case Activation::kRelu: {
      Tensor one = x.tape().Filled(x.shape(), 1);
      return Select(x, one, x.tape().Filled(x.shape(), 0));
    }
  }
  throw UsageError("no such activation");
}

}  // namespace unnoise
