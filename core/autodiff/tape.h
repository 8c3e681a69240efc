// An eager tape: every op runs at once and leaves a node, and the gradient of
// a node is built from ops on the same tape. So a gradient is itself
// differentiable, to any order, and every backend gets it.
//
// A tape has one backend and one number format. Its tensors live until Clear().
// After the first steps a step of the same shapes allocates nothing.

#ifndef UNNOISE_AUTODIFF_TAPE_H_
#define UNNOISE_AUTODIFF_TAPE_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/backend/backend.h"
#include "core/tensor/arena.h"
#include "core/tensor/shape.h"

namespace unnoise {

class Tape;

// A handle: a node of a tape. Copying it copies no numbers.
class Tensor {
 public:
  Tensor() = default;
  Tensor(Tape* tape, int32_t id) : tape_(tape), id_(id) {}

  Tape& tape() const { return *tape_; }
  int32_t id() const { return id_; }
  bool valid() const { return tape_ != nullptr; }
  Shape shape() const;

 private:
  Tape* tape_ = nullptr;
  int32_t id_ = -1;
};

// The ops of the tape; what each computes and its backward rule: ops.h, ops.cc.
enum class Op : uint8_t {
  kLeaf,
  kAdd,
  kSub,
  kMul,
  kScaleShift,
  kSelect,
  kSin,
  kCos,
  kTanh,
  kSigmoid,
  kProduct,
  kSumRows,
  kSumAll,
  kBroadcastRows,
  kBroadcastAll,
  kConcatColumns,
  kSliceColumns,
  kReshape,
  kLinearActivation,
};
inline constexpr int kOpCount = static_cast<int>(Op::kLinearActivation) + 1;

// One result on the tape. What `scalars` and `numbers` mean is the op's own.
struct Node {
  Op op = Op::kLeaf;
  bool needs_grad = false;
  std::array<int32_t, 3> inputs = {-1, -1, -1};
  int32_t saved = -1;  // a node kept for the backward rule, or -1
  std::array<double, 2> scalars{};
  std::array<int32_t, 2> numbers{};
  Shape shape;
  void* data = nullptr;
};

class Tape {
 public:
  // Throws UsageError if the backend has no kernels for the format.
  Tape(const Backend& backend, DType dtype);
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  const Backend& backend() const { return backend_; }
  DType dtype() const { return dtype_; }
  const Arena& arena() const { return arena_; }
  // Whether new nodes may need a gradient (see NoGrad).
  bool recording() const { return recording_; }

  // Forgets every node; memory is kept for the next step.
  void Clear();

  // A tensor over memory of the backend that outlives it; not copied.
  // needs_grad: whether Grad may ask for it.
  Tensor Leaf(const Shape& shape, void* data, bool needs_grad);
  // A tensor filled from ordinary memory, converted to the tape's format.
  Tensor Constant(const Shape& shape, std::span<const float> values);
  Tensor Constant(const Shape& shape, std::span<const double> values);
  // Every element the same.
  Tensor Filled(const Shape& shape, double value);

  // Copies a tensor's elements to ordinary memory, in the tape's format.
  void Read(Tensor tensor, void* values) const;

  const Node& node(Tensor tensor) const { return nodes_[tensor.id()]; }

  // For ops: a node with room for its elements. It needs a gradient if an input
  // does and recording is on.
  Tensor Push(Node node);
  // The same around memory that exists already (a reshape).
  Tensor PushView(Node node, void* data);

 private:
  friend class NoGrad;
  friend void Grad(Tensor, std::span<const Tensor>, std::span<Tensor>, bool);

  template <class From>
  Tensor Converted(const Shape& shape, std::span<const From> values);

  const Backend& backend_;
  DType dtype_;
  Arena arena_;
  std::vector<Node> nodes_;
  std::vector<int32_t> adjoints_;  // of Grad; a member to keep its memory
  bool recording_ = true;
};

// By value: a reference would not outlive the next node.
inline Shape Tensor::shape() const { return tape_->node(*this).shape; }

// While it lives, new nodes of the tape need no gradient.
class NoGrad {
 public:
  explicit NoGrad(Tape& tape) : tape_(tape), before_(tape.recording_) {
    tape_.recording_ = false;
  }
  ~NoGrad() { tape_.recording_ = before_; }
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;

 private:
  Tape& tape_;
  bool before_;
};

// Derivatives of `output` (one element) with respect to each of `inputs`, same
// shapes, into `gradients` (same length); zero where the output does not depend
// on it. `differentiable` keeps the gradients on the tape as functions of the
// inputs, for derivatives of higher order; otherwise they are constants.
// Throws ShapeError if output has more than one element, UsageError if an input
// does not need a gradient.
void Grad(Tensor output, std::span<const Tensor> inputs,
          std::span<Tensor> gradients, bool differentiable = false);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_TAPE_H_
