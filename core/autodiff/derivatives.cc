#include "core/autodiff/derivatives.h"

#include <vector>

#include "core/autodiff/op.h"
#include "core/autodiff/ops.h"

namespace unnoise {
namespace {

// A constant that is 1 at one place and 0 elsewhere.
Tensor OneAt(Tape& tape, const Shape& shape, int64_t place) {
  std::vector<double> values(static_cast<size_t>(shape.size()));
  values[static_cast<size_t>(place)] = 1;
  return tape.Constant(shape, std::span<const double>(values));
}

void CheckField(std::string_view name, Tensor y, Tensor x) {
  CheckRank(name, x, 2);
  CheckSame(name, y, x);
}

// A function of x, whatever is recorded outside.
Tensor RecordedGradient(Tensor u, Tensor x) {
  const RecordingScope on(x.tape(), true);
  return RowGradient(u, x, true);
}

}  // namespace

Tensor Divergence(Tensor y, Tensor x, bool differentiable) {
  CheckField("Divergence", y, x);
  Tape& tape = x.tape();
  const int64_t rows = x.shape()[0], dim = x.shape()[1];
  Tensor sum;
  for (int64_t i = 0; i < dim; ++i) {
    Tensor axis = OneAt(tape, {dim}, i);
    Tensor direction = BroadcastTo(axis, x.shape());
    Tensor moved =
        Jvp(y, std::span(&x, 1), std::span(&direction, 1), differentiable);
    sum = SumOf(sum, SliceAxis(moved, 1, i, i + 1));
  }
  return sum.valid() ? Reshape(sum, {rows}) : tape.Filled({rows}, 0);
}

Tensor HutchinsonDivergence(Tensor y, Tensor x, Tensor probe,
                            bool differentiable) {
  CheckField("HutchinsonDivergence", y, x);
  Tensor moved = Jvp(y, std::span(&x, 1), std::span(&probe, 1), differentiable);
  return Sum(Mul(moved, probe), {1});
}

Tensor RowGradient(Tensor u, Tensor x, bool differentiable) {
  CheckRank("RowGradient", u, 1);
  CheckRank("RowGradient", x, 2);
  Tensor gradient;
  Vjp(u, u.tape().Filled(u.shape(), 1), std::span(&x, 1),
      std::span(&gradient, 1), differentiable);
  return gradient;
}

Tensor Laplacian(Tensor u, Tensor x, bool differentiable) {
  return Divergence(RecordedGradient(u, x), x, differentiable);
}

Tensor HutchinsonLaplacian(Tensor u, Tensor x, Tensor probe,
                           bool differentiable) {
  return HutchinsonDivergence(RecordedGradient(u, x), x, probe, differentiable);
}

Tensor Jacobian(Tensor y, Tensor x, bool differentiable) {
  const int64_t rows = y.shape().size(), cols = x.shape().size();
  Tape& tape = x.tape();
  std::vector<Tensor> all;
  for (int64_t i = 0; i < rows; ++i) {
    Tensor gradient;
    Vjp(y, OneAt(tape, y.shape(), i), std::span(&x, 1), std::span(&gradient, 1),
        differentiable);
    all.push_back(Reshape(gradient, {1, cols}));
  }
  return rows > 0 ? Concat(all, 0) : tape.Filled({0, cols}, 0);
}

Tensor Hessian(Tensor u, Tensor x, bool differentiable) {
  Tensor gradient;
  {
    const RecordingScope on(x.tape(), true);
    Grad(u, std::span(&x, 1), std::span(&gradient, 1), true);
  }
  return Jacobian(gradient, x, differentiable);
}

}  // namespace unnoise
