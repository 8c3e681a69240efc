// For those who write ops: what their functions and rules share. An op is one
// function; its OpInfo stands in it, so that what it computes and both its
// derivatives are read together. Derivatives are summed in the order of ops on
// the tape, so no call here (or in a model) has two ops among its arguments:
// compilers differ in which they evaluate first.

#ifndef UNNOISE_AUTODIFF_OP_H_
#define UNNOISE_AUTODIFF_OP_H_

#include <span>
#include <string>
#include <string_view>

#include "core/autodiff/tape.h"
#include "core/base/check.h"

namespace unnoise {

using Parts = std::span<Tensor>;           // of a backward rule
using Tangents = std::span<const Tensor>;  // of a forward rule

// Input i of a node, and whether its derivative is asked for.
inline Tensor In(Tensor y, int i) {
  const Tape& tape = y.tape();
  return Tensor(&y.tape(), tape.inputs(tape.node(y))[static_cast<size_t>(i)]);
}
inline bool Needs(Tensor y, int i) { return y.tape().Wants(In(y, i).id()); }

inline void* DataOf(Tensor x) { return x.tape().node(x).data; }

// a + b, where either may be zero (not valid).
Tensor SumOf(Tensor a, Tensor b);

[[noreturn]] inline void ThrowShape(std::string_view op,
                                    const std::string& expected,
                                    const std::string& got) {
  throw ShapeError(std::string(op) + ": expected " + expected + ", got " + got);
}

inline void CheckSame(std::string_view op, Tensor a, Tensor b) {
  if (!(a.shape() == b.shape())) {
    ThrowShape(op, "equal shapes",
               a.shape().ToText() + " and " + b.shape().ToText());
  }
}

inline void CheckRank(std::string_view op, Tensor x, int rank) {
  if (x.shape().rank() != rank) {
    ThrowShape(op, "rank " + std::to_string(rank), x.shape().ToText());
  }
}

// 0 <= axis < rank.
inline void CheckAxis(std::string_view op, Tensor x, int axis) {
  if (axis < 0 || axis >= x.shape().rank()) {
    ThrowShape(op, "an axis of " + x.shape().ToText(), std::to_string(axis));
  }
}

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_OP_H_
