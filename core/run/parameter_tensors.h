// Flat arrays over a list of parameters (weights, their mean, an optimizer's
// state) as tensors of a safetensors file, named and laid out as PyTorch's, and
// back. What else a file holds is checkpoint.h's business; files of others are
// weights.h's.

#ifndef UNNOISE_RUN_PARAMETER_TENSORS_H_
#define UNNOISE_RUN_PARAMETER_TENSORS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/nn/parameters.h"
#include "core/run/safetensors.h"

namespace unnoise {

// Its tensors are `prefix` and the name of each parameter.
struct FlatArray {
  std::string prefix;
  std::span<float> values;  // [parameters.size()]
};

// The tensors of `arrays`, in their order. Those that lie otherwise in files
// are copied into `copies`; the result refers to the arrays and to them.
std::vector<NamedTensor> TensorsOf(const ParameterList& parameters,
                                   std::span<const FlatArray> arrays,
                                   std::vector<std::vector<float>>& copies);

// What keeps a file, whose place in problems is `where`, from filling the
// arrays: tensors that are missing, of another type or shape.
Problems CheckTensors(const SafetensorsFile& file, std::string_view where,
                      const ParameterList& parameters,
                      std::span<const FlatArray> arrays);
// Fills them. Requires that there are no such problems.
void FillFrom(const SafetensorsFile& file, const ParameterList& parameters,
              std::span<const FlatArray> arrays);

}  // namespace unnoise

#endif  // UNNOISE_RUN_PARAMETER_TENSORS_H_
