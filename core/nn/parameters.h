// The learnable numbers of a model, in one flat array. Modules (mlp.h) enter
// their tensors once, by name and in a fixed order; the order of entry is the
// order in checkpoints, fingerprints and optimizer state.

#ifndef UNNOISE_NN_PARAMETERS_H_
#define UNNOISE_NN_PARAMETERS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/autodiff/tape.h"
#include "core/base/key.h"
#include "core/tensor/shape.h"

namespace unnoise {

// One learnable tensor: elements [offset, offset + shape.size()) of the flat
// array. It starts as N(0, deviation^2).
struct Parameter {
  std::string name;  // module path: "network.hidden.0.weight"
  Shape shape;
  double deviation;
  int64_t offset;
};

class ParameterList {
 public:
  // Returns the index of the new tensor.
  int Add(std::string name, const Shape& shape, double deviation);

  const std::vector<Parameter>& entries() const { return entries_; }
  // Number of elements over all tensors.
  int64_t size() const { return size_; }

  // Initial values from Fold(key, name) for each tensor. values [size()].
  void Initialise(Key key, std::span<float> values) const;

  // One leaf a tensor over the flat array `values` (numbers of the tape's
  // format, which outlive the tape's next Clear), into leaves [entries()].
  void Bind(Tape& tape, void* values, bool needs_grad,
            std::span<Tensor> leaves) const;

 private:
  std::vector<Parameter> entries_;
  int64_t size_ = 0;
};

}  // namespace unnoise

#endif  // UNNOISE_NN_PARAMETERS_H_
