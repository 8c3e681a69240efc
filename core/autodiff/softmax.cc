#include "core/autodiff/softmax.h"

#include <limits>

#include "core/autodiff/elementwise.h"
#include "core/autodiff/layout.h"

namespace unnoise {
namespace {

// The maximum as a constant: the functions do not depend on what is taken off.
Tensor MostOf(Tensor x, Axes axes) {
  return StopGradient(Max(x, axes, Keep::kYes));
}

}  // namespace

Tensor Softmax(Tensor x, Axes axes) {
  Tensor most = MostOf(x, axes);
  Tensor raised = Exp(Sub(x, BroadcastTo(most, x.shape())));
  Tensor sum = Sum(raised, axes, Keep::kYes);
  return Div(raised, BroadcastTo(sum, x.shape()));
}

Tensor LogSoftmax(Tensor x, Axes axes) {
  Tensor most = MostOf(x, axes);
  Tensor lowered = Sub(x, BroadcastTo(most, x.shape()));
  Tensor log = Log(Sum(Exp(lowered), axes, Keep::kYes));
  return Sub(lowered, BroadcastTo(log, x.shape()));
}

Tensor LogSumExp(Tensor x, Axes axes, Keep keep) {
  // Finite, so that infinities lose nothing of themselves.
  const double largest = x.tape().dtype() == DType::kF32
                             ? double{std::numeric_limits<float>::max()}
                             : std::numeric_limits<double>::max();
  Tensor most = Clamp(MostOf(x, axes), -largest, largest);
  Tensor lowered = Sub(x, BroadcastTo(most, x.shape()));
  Tensor log = Log(Sum(Exp(lowered), axes, keep));
  return Add(log, Reshape(most, log.shape()));
}

Tensor Norm(Tensor x, Axes axes, Keep keep) {
  Tensor squares = Sum(Mul(x, x), axes, keep);
  Tensor one = x.tape().Filled(squares.shape(), 1);
  Tensor root = Sqrt(Select(squares, squares, one));
  Tensor zero = x.tape().Filled(squares.shape(), 0);
  return Select(squares, root, zero);
}

}  // namespace unnoise
