// A run as bytes: model.safetensors, whole or not at all.
//
// Tensors, float32, by module path: `network....` weights as PyTorch lays them
// out, `ema.network....` the running mean, `optim.adam.m.network....` optimizer
// state. __metadata__ holds, as strings: format ("unnoise 1"), step, experiment
// (the hash of its canonical form).

#ifndef UNNOISE_RUN_CHECKPOINT_H_
#define UNNOISE_RUN_CHECKPOINT_H_

#include <string>
#include <string_view>

#include "core/base/problem.h"
#include "core/run/run.h"

namespace unnoise {

std::string SaveCheckpoint(Run& run);

// Puts the state into a fresh run of the same experiment; `where` names the
// file in problems. Either everything is loaded or (on problems: truncated,
// foreign, another experiment, missing or misshapen tensors, newer format)
// nothing.
Problems LoadCheckpoint(std::string_view bytes, std::string_view where,
                        Run& run);

// The step that a checkpoint holds, without loading it.
Result<int64_t> StepOfCheckpoint(std::string_view bytes,
                                 std::string_view where);

}  // namespace unnoise

#endif  // UNNOISE_RUN_CHECKPOINT_H_
