// Backward rules, one per op, in ops. Used by Grad; not for models.

#ifndef UNNOISE_AUTODIFF_RULES_H_
#define UNNOISE_AUTODIFF_RULES_H_

#include <array>

#include "core/autodiff/tape.h"

namespace unnoise {

// Given a node y and the derivative dy of the output with respect to it, sets
// dx[i] to the derivative with respect to input i, for inputs that need it.
using Rule = void (*)(Tensor y, Tensor dy, std::array<Tensor, 3>& dx);
Rule RuleOf(Op op);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_RULES_H_
