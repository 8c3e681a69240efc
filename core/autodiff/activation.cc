#include "core/autodiff/activation.h"

#include "core/autodiff/elementwise.h"
#include "core/base/check.h"

namespace unnoise {

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
