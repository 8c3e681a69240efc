// Memory for time: what a function makes on the way to its result is not kept.

#ifndef UNNOISE_AUTODIFF_RECOMPUTE_H_
#define UNNOISE_AUTODIFF_RECOMPUTE_H_

#include <span>

#include "core/autodiff/tape.h"

namespace unnoise {

// A function of tensors, made of ops.
class TensorFunction {
 public:
  virtual ~TensorFunction() = default;
  virtual Tensor operator()(std::span<const Tensor> inputs) const = 0;
};

// f(inputs) as one op: only its result is kept, and its derivatives run f
// again. Every tensor that f uses and that needs a gradient must be among its
// inputs; throws UsageError otherwise. f must give the same ops each time, and
// outlive the tape's next Clear.
// Source: Chen, Xu, Zhang, Guestrin 2016, section 3.
Tensor Recompute(const TensorFunction& f, std::span<const Tensor> inputs);

// f() as a constant, for sampling: nothing is recorded, and what f makes on the
// way is forgotten. f returns a tensor of `tape`.
template <class F>
Tensor Evaluate(Tape& tape, const F& f) {
  const NoGrad off(tape);
  const Tape::Mark mark = tape.Now();
  Tensor result = f();
  tape.Rewind(mark, std::span(&result, 1));
  return result;
}

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_RECOMPUTE_H_
