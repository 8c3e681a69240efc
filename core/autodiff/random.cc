#include "core/autodiff/random.h"

#include <complex>
#include <limits>
#include <vector>

#include "core/autodiff/op.h"
#include "core/base/check.h"
#include "core/base/exact_math.h"

namespace unnoise {
namespace {

// A constant of what `fill` writes into ordinary memory.
template <class Fill>
Tensor Drawn(Tape& tape, const Shape& shape, const Fill& fill) {
  std::vector<float> values(static_cast<size_t>(shape.size()));
  fill(std::span<float>(values));
  return tape.Constant(shape, std::span<const float>(values));
}

template <class T>
std::vector<double> RealParts(Tensor x) {
  std::vector<T> values(static_cast<size_t>(x.shape().size()));
  x.tape().Read(x, values.data());
  std::vector<double> reals;
  for (const T& value : values) reals.push_back(std::real(value));
  return reals;
}

std::vector<double> RealPartsOf(Tensor x) {
  switch (x.tape().dtype()) {
    case DType::kF32:
      return RealParts<float>(x);
    case DType::kF64:
      return RealParts<double>(x);
    case DType::kC128:
      break;
  }
  return RealParts<std::complex<double>>(x);
}

}  // namespace

Tensor RandomNormal(Tape& tape, Key key, const Shape& shape) {
  return Drawn(tape, shape, [&](auto out) { FillNormal(key, 0, out); });
}

Tensor RandomUniform(Tape& tape, Key key, const Shape& shape) {
  return Drawn(tape, shape, [&](auto out) { FillUniform(key, 0, out); });
}

Tensor RandomBernoulli(Tape& tape, Key key, const Shape& shape, double p) {
  Check(p >= 0 && p <= 1, "RandomBernoulli: p must be in [0, 1]");
  return Drawn(tape, shape, [&](auto out) {
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = UniformAt(key, i) < p ? 1.0f : 0.0f;
    }
  });
}

Tensor RandomRademacher(Tape& tape, Key key, const Shape& shape) {
  return Drawn(tape, shape, [&](auto out) {
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = BitsAt(key, i) >> 31 == 0 ? 1.0f : -1.0f;
    }
  });
}

Tensor RandomCategorical(Key key, Tensor logits) {
  const Shape shape = logits.shape();
  if (shape.rank() < 1 || shape[shape.rank() - 1] < 1) {
    ThrowShape("RandomCategorical", "[..., c], c > 0", shape.ToText());
  }
  const auto classes = static_cast<size_t>(shape[shape.rank() - 1]);
  const std::vector<double> values = RealPartsOf(logits);
  return Drawn(logits.tape(), shape, [&](auto out) {
    for (size_t row = 0; row < out.size(); row += classes) {
      double most = -std::numeric_limits<double>::infinity();
      size_t best = row;
      for (size_t i = row; i < row + classes; ++i) {
        const double log = exact::Log(-exact::Log(UniformAt(key, i)));
        if (values[i] - log > most) {
          most = values[i] - log;
          best = i;
        }
      }
      out[best] = 1;
    }
  });
}

}  // namespace unnoise
