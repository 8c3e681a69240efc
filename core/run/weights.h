// Weights that another program trained, put in the place of drawn ones: tensors
// of a safetensors file, laid out as PyTorch does, found by name.

#ifndef UNNOISE_RUN_WEIGHTS_H_
#define UNNOISE_RUN_WEIGHTS_H_

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/nn/parameters.h"
#include "core/run/safetensors.h"

namespace unnoise {

// Our names to theirs. A name stands for itself and all below it: "a.b": "x.0"
// makes a.b.weight x.0.weight and a.b.bias x.0.bias. The longest that fits a
// tensor counts; where none does, its name is the same on both sides.
using NameMap = std::map<std::string, std::string, std::less<>>;

// Of JSON text, {"ours": "theirs", ...}; `where` names it in problems.
Result<NameMap> ReadNameMap(std::string_view text, std::string_view where);

// What the problems of a loading call the two files.
struct WeightsPlaces {
  std::string_view file;
  std::string_view map;
};

// The flat array of weights, [parameters.size()], in float32. Types F64, F32,
// F16 and BF16. Every problem at once, by tensor: missing; of another shape or
// type; not finite in float32; there but not asked for (unless the file is a
// checkpoint of ours, which holds more than weights); a name of the map that
// nothing has, or two that lead to one tensor.
Result<std::vector<float>> WeightsIn(const SafetensorsFile& file,
                                     const NameMap& map,
                                     const ParameterList& parameters,
                                     const WeightsPlaces& places);

// FNV-1a-64 over the weights, float32 in declared order; 16 hex digits.
std::string HashOfWeights(std::span<const float> weights);

}  // namespace unnoise

#endif  // UNNOISE_RUN_WEIGHTS_H_
