// An eager tape: every op runs at once and leaves a node, and the gradient of
// a node is built from ops on the same tape. So a gradient is itself
// differentiable, to any order, and every backend gets it.
//
// A tape has one backend and one number format. Its tensors live until Clear().
// After the first steps a step of the same shapes allocates nothing. Not here:
// the ops (ops.h) and what is made of derivatives (derivatives.h).

#ifndef UNNOISE_AUTODIFF_TAPE_H_
#define UNNOISE_AUTODIFF_TAPE_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>
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

// What the tape knows of an op: its derivative in both directions, written in
// ops. One constant an op, beside the function that pushes its nodes.
struct OpInfo {
  std::string_view name;
  // Backward: given a node y and the derivative dy of the output with respect
  // to it, sets dx[i] to the derivative with respect to input i, for inputs
  // that Tape::Wants (op.h, Needs).
  void (*pull)(Tensor y, Tensor dy, std::span<Tensor> dx);
  // Forward: the tangent of y, given those of its inputs. A tangent that is not
  // valid is zero; at least one is. The result may be invalid, for zero.
  Tensor (*push)(Tensor y, std::span<const Tensor> dx);
};

// One result on the tape. What `scalars`, `numbers` and `memory` mean is the
// op's own.
struct Node {
  const OpInfo* op = nullptr;  // null: a leaf or constant
  bool needs_grad = false;
  int32_t first_input = 0;  // into the tape's list of inputs
  int32_t input_count = 0;
  int32_t saved = -1;  // a node kept for the backward rule, or -1
  std::array<double, 2> scalars{};
  std::array<int64_t, Shape::kMaxRank> numbers{};
  const void* memory = nullptr;
  Shape shape;
  void* data = nullptr;
};

class Tape {
 public:
  // Throws UsageError if the backend has no kernels for the format.
  Tape(const Backend& backend, DType dtype);
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  const Backend& backend() const { return backend_; }
  DType dtype() const { return dtype_; }
  const Arena& arena() const { return arena_; }
  // Whether new nodes may need a gradient (see NoGrad).
  bool recording() const { return recording_; }

  // Forgets every node; memory is kept for the next step.
  void Clear();
  // Makes room for a step of that many bytes, on a cleared tape.
  void Reserve(int64_t bytes) { arena_.Reserve(bytes); }

  // A moment, and back to it: forgets every node pushed since, and gives their
  // memory back. Those of `keep` live on as constants, under new handles, moved
  // to where the memory begins that was given back.
  struct Mark {
    size_t nodes;
    size_t inputs;
    size_t indices;
    Arena::Mark memory;
  };
  Mark Now() const {
    return {nodes_.size(), inputs_.size(), indices_used_, arena_.Now()};
  }
  void Rewind(const Mark& mark, std::span<Tensor> keep);

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
  // Ids of what a node was made from.
  std::span<const int32_t> inputs(const Node& node) const {
    return std::span(inputs_).subspan(static_cast<size_t>(node.first_input),
                                      static_cast<size_t>(node.input_count));
  }

  // While on, the first op that makes a NaN throws NotANumber, which names it.
  // Slow: every result is looked at.
  void TrapNan(bool on) { trap_ = on; }

  // For ops. A node with room for its elements, made from `inputs`, which need
  // a gradient if it does; recording must be on for that. Throws UsageError if
  // an input is on another tape.
  Tensor Push(Node node, std::span<const Tensor> inputs);
  Tensor Push(Node node, std::initializer_list<Tensor> inputs = {}) {
    return Push(node, std::span(inputs.begin(), inputs.size()));
  }
  // The same around memory that exists already (a reshape).
  Tensor PushView(Node node, std::span<const Tensor> inputs, void* data);
  Tensor PushView(Node node, std::initializer_list<Tensor> inputs, void* data) {
    return PushView(node, std::span(inputs.begin(), inputs.size()), data);
  }
  // A copy of `indices` that lives as long as the nodes pushed from now on, for
  // Node::memory.
  const int32_t* Keep(std::span<const int32_t> indices);
  // Called once the elements of a node are there; returns it.
  Tensor Done(Tensor y) {
    if (trap_) LookForNan(y);
    return y;
  }
  // In a backward rule: whether the derivative with respect to a node is asked
  // for; whether only one rule gives a part of it, and nobody else reads it.
  bool Wants(int32_t id) const;
  bool SoleUse(int32_t id) const;
  // In a backward rule: whether what ops saved may be overwritten.
  bool spending() const { return spending_ && depth_ == 1; }

 private:
  friend class RecordingScope;
  friend void Vjp(Tensor, Tensor, std::span<const Tensor>, std::span<Tensor>,
                  bool);
  friend void GradAndSpend(Tensor, std::span<const Tensor>, std::span<Tensor>);
  friend Tensor Jvp(Tensor, std::span<const Tensor>, std::span<const Tensor>,
                    bool);

  // What one walk over the nodes keeps; members to keep their memory. Walks
  // nest, where a rule differentiates.
  struct Walk;
  class WalkScope;

  template <class From>
  Tensor Converted(const Shape& shape, std::span<const From> values);
  void LookForNan(Tensor y) const;

  const Backend& backend_;
  DType dtype_;
  Arena arena_;
  std::vector<Node> nodes_;
  std::vector<int32_t> inputs_;
  std::vector<std::vector<int32_t>> indices_;  // of Keep; memory is kept
  size_t indices_used_ = 0;
  std::vector<std::unique_ptr<Walk>> walks_;
  size_t depth_ = 0;  // of walks under way
  struct Kept {
    int64_t place;
    size_t index;
    Shape shape;
    void* data;
  };
  std::vector<Kept> kept_;  // of Rewind
  bool recording_ = true;
  bool spending_ = false;
  bool trap_ = false;
};

// By value: a reference would not outlive the next node.
inline Shape Tensor::shape() const { return tape_->node(*this).shape; }

// An op made a NaN while Tape::TrapNan was on.
class NotANumber : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// While it lives, nodes are recorded for derivatives, or not.
class RecordingScope {
 public:
  RecordingScope(Tape& tape, bool on) : tape_(tape), before_(tape.recording_) {
    tape_.recording_ = on;
  }
  ~RecordingScope() { tape_.recording_ = before_; }
  RecordingScope(const RecordingScope&) = delete;
  RecordingScope& operator=(const RecordingScope&) = delete;

 private:
  Tape& tape_;
  bool before_;
};

// While it lives, new nodes of the tape need no gradient.
class NoGrad : public RecordingScope {
 public:
  explicit NoGrad(Tape& tape) : RecordingScope(tape, false) {}
};

// Reverse mode: derivatives of sum(cotangent * output) with respect to each of
// `inputs`, same shapes, into `gradients` (same length); zero where the output
// does not depend on it. cotangent: same shape as output. `differentiable`
// keeps the gradients on the tape as functions of the inputs, for derivatives
// of higher order; otherwise they are constants. Only what leads to `inputs` is
// computed. Throws ShapeError if the cotangent's shape is another, UsageError
// if an input does not need a gradient.
void Vjp(Tensor output, Tensor cotangent, std::span<const Tensor> inputs,
         std::span<Tensor> gradients, bool differentiable = false);

// The same for an output of one element, its cotangent 1. Throws ShapeError if
// it has more.
void Grad(Tensor output, std::span<const Tensor> inputs,
          std::span<Tensor> gradients, bool differentiable = false);

// The same, not differentiable, and faster: the walk may overwrite what ops
// saved for their rules, so that no other walk back over these nodes may
// follow. For a training step.
void GradAndSpend(Tensor output, std::span<const Tensor> inputs,
                  std::span<Tensor> gradients);

// Forward mode: the derivative of `output`, which was computed already, as each
// of `inputs` moves along its tangent (same shape). Same shape as output; one
// pass, however many elements the output has. `differentiable` as above; inputs
// need no gradient. Throws ShapeError if a tangent has another shape than its
// input.
Tensor Jvp(Tensor output, std::span<const Tensor> inputs,
           std::span<const Tensor> tangents, bool differentiable = false);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_TAPE_H_
