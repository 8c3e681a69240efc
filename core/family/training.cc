#include "core/family/family.h"

namespace unnoise {

void TrainingConfig::Visit(Visitor& visitor) {
  visitor.Int({"batch",
               "Points in each step. A larger batch gives a steadier gradient "
               "and a slower step.",
               "", "points"},
              {1, 65536, Scale::kLog}, batch);
  visitor.Kind({"optimizer", "How the gradient becomes a step."}, optimizer);
  visitor.Section({"rate", "The learning rate over the run."}, rate);
  visitor.Section({"ema", "The running mean of the weights."}, ema);
}

}  // namespace unnoise
