// The learnable numbers of a model, in one flat array. Modules (mlp.h) enter
// their tensors once, by name and in a fixed order; the order of entry is the
// order in checkpoints, fingerprints and optimizer state.

#ifndef UNNOISE_NN_PARAMETERS_H_
#define UNNOISE_NN_PARAMETERS_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/autodiff/tape.h"
#include "core/base/key.h"
#include "core/tensor/shape.h"

namespace unnoise {

// What the elements of a tensor are drawn from at first: N(0, size^2), or
// evenly from (-size, size).
struct Start {
  enum class Law : uint8_t { kNormal, kUniform };
  Law law;
  double size;
};

// How a tensor of files, which is laid out as PyTorch's, lies in memory.
enum class Layout : uint8_t {
  kSame,
  kFilters,  // [out, in, height, width] of files is [out, height, width, in]
};

// One learnable tensor: elements [offset, offset + shape.size()) of the flat
// array.
struct Parameter {
  std::string name;  // module path: "network.hidden.0.weight"
  Shape shape;
  Start start;
  Layout layout;
  int64_t offset;
};

// The shape of a tensor in files, and its elements there from those in memory
// and back; `memory` and `file` [shape.size()] do not overlap.
Shape FileShape(const Parameter& parameter);
void ToFile(const Parameter& parameter, std::span<const float> memory,
            std::span<float> file);
void FromFile(const Parameter& parameter, std::span<const float> file,
              std::span<float> memory);

class ParameterList {
 public:
  // Returns the index of the new tensor. A layout other than kSame asks for
  // rank 4.
  int Add(std::string name, const Shape& shape, Start start,
          Layout layout = Layout::kSame);
  // Of one that starts as N(0, deviation^2).
  int Add(std::string name, const Shape& shape, double deviation) {
    return Add(std::move(name), shape, {Start::Law::kNormal, deviation});
  }

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
