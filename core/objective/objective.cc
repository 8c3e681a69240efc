#include "core/objective/objective.h"

#include "core/autodiff/ops.h"

namespace unnoise {

Tensor DenoisingLoss(Tensor output, Tensor target) {
  Tensor error = Sub(output, target);
  return MeanAll(Mul(error, error));
}

}  // namespace unnoise
