#include "core/autodiff/tape.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>
#include <string>

#include "core/autodiff/ops.h"
#include "core/base/check.h"

namespace unnoise {
namespace {

// Elements pass between a tensor and ordinary memory through a small buffer:
// the memory of a tensor may be another machine's.
constexpr int64_t kBuffer = 256;

bool IsNan(float x) { return std::isnan(x); }
bool IsNan(double x) { return std::isnan(x); }
bool IsNan(const std::complex<double>& x) {
  return std::isnan(x.real()) || std::isnan(x.imag());
}

// Calls f with a zero of the format.
template <class F>
auto ForFormat(DType dtype, const F& f) {
  switch (dtype) {
    case DType::kF32:
      return f(0.0f);
    case DType::kF64:
      return f(0.0);
    case DType::kC128:
      break;
  }
  return f(std::complex<double>());
}

// Index of the first NaN among `size` elements, or -1.
int64_t FirstNan(const Backend& backend, DType dtype, const void* data,
                 int64_t size) {
  return ForFormat(dtype, [&](auto zero) -> int64_t {
    decltype(zero) buffer[kBuffer];
    const auto* from = static_cast<const decltype(zero)*>(data);
    for (int64_t i = 0; i < size; i += kBuffer) {
      const int64_t count = std::min(kBuffer, size - i);
      backend.Download(from + i, count * SizeOf(dtype), buffer);
      for (int64_t j = 0; j < count; ++j) {
        if (IsNan(buffer[j])) return i + j;
      }
    }
    return -1;
  });
}

}  // namespace

struct Tape::Walk {
  std::vector<int32_t> found;   // of each node its derivative, or -1
  std::vector<uint8_t> wanted;  // whether a node depends on an input
  std::vector<uint8_t> uses;    // of its derivative: 0, 1, or more
  std::vector<Tensor> parts;    // what a rule takes or gives
};

// Takes a Walk for as long as it lives.
class Tape::WalkScope {
 public:
  WalkScope(Tape& tape, Tensor output) : tape_(tape) {
    if (tape.depth_ == tape.walks_.size()) {
      tape.walks_.push_back(std::make_unique<Walk>());
    }
    walk_ = tape.walks_[tape.depth_++].get();
    walk_->found.assign(static_cast<size_t>(output.id()) + 1, -1);
    walk_->wanted.assign(walk_->found.size(), 0);
    walk_->uses.assign(walk_->found.size(), 0);
  }
  ~WalkScope() { --tape_.depth_; }
  WalkScope(const WalkScope&) = delete;
  WalkScope& operator=(const WalkScope&) = delete;

  // Which nodes depend on `inputs`, these included; where `recorded`, only
  // through nodes that need a gradient.
  void Mark(std::span<const Tensor> inputs, bool recorded) {
    auto& wanted = walk_->wanted;
    const auto use = [&](int32_t id) {
      uint8_t& uses = walk_->uses[id];
      uses = std::min(uses + 1, 2);
    };
    for (Tensor input : inputs) {
      if (!Covers(input.id())) continue;
      wanted[input.id()] = 1;
      use(input.id());  // by the caller
    }
    for (size_t id = 0; id < wanted.size(); ++id) {
      const Node& node = tape_.nodes_[id];
      if (recorded && !node.needs_grad) continue;
      for (int32_t input : tape_.inputs(node)) wanted[id] |= wanted[input];
      if (wanted[id] == 0) continue;
      for (int32_t input : tape_.inputs(node)) use(input);
    }
  }
  bool Covers(int32_t id) const {
    return id < static_cast<int32_t>(walk_->wanted.size());
  }
  Walk& operator*() const { return *walk_; }
  Walk* operator->() const { return walk_; }

 private:
  Tape& tape_;
  Walk* walk_;
};

Tape::Tape(const Backend& backend, DType dtype)
    : backend_(backend), dtype_(dtype), arena_(backend) {
  Check(backend.Supports(dtype), "the backend has no kernels for this format");
}

Tape::~Tape() = default;

void Tape::Clear() {
  nodes_.clear();
  inputs_.clear();
  indices_used_ = 0;
  arena_.Reset();
}

void Tape::Rewind(const Mark& mark, std::span<Tensor> keep) {
  // In the order of memory each goes to no later place than its own, so none is
  // overwritten before its turn.
  kept_.clear();
  for (size_t i = 0; i < keep.size(); ++i) {
    const Node& kept = node(keep[i]);
    kept_.push_back(
        {arena_.PlaceSince(mark.memory, kept.data), i, kept.shape, kept.data});
  }
  std::sort(kept_.begin(), kept_.end(), [](const Kept& a, const Kept& b) {
    return a.place != b.place ? a.place < b.place : a.index < b.index;
  });
  nodes_.resize(mark.nodes);
  inputs_.resize(mark.inputs);
  indices_used_ = mark.indices;
  arena_.Rewind(mark.memory);
  const void* moved_from = nullptr;
  void* moved_to = nullptr;
  for (const Kept& kept : kept_) {
    void* data = kept.data;
    if (kept.place >= 0) {
      if (data != moved_from) {  // several may look at one
        moved_from = data;
        moved_to = arena_.Take(kept.shape.size() * SizeOf(dtype_));
        if (moved_to != data) {
          const Strides strides = DenseStrides(kept.shape);
          backend_.Copy(dtype_, kept.shape, data, strides, moved_to, strides);
        }
      }
      data = moved_to;
    }
    keep[kept.index] = PushView({.shape = kept.shape}, {}, data);
  }
}

Tensor Tape::PushView(Node node, std::span<const Tensor> inputs, void* data) {
  node.needs_grad = false;
  node.first_input = static_cast<int32_t>(inputs_.size());
  // What a walk leaves as constants leads nowhere, not even in forward mode.
  const bool leads = recording_ || depth_ == 0;
  node.input_count = leads ? static_cast<int32_t>(inputs.size()) : 0;
  for (Tensor input : inputs) {
    Check(&input.tape() == this, "the inputs of an op are on several tapes");
    if (!leads) continue;
    inputs_.push_back(input.id());
    if (recording_ && nodes_[input.id()].needs_grad) node.needs_grad = true;
  }
  node.data = data;
  nodes_.push_back(node);
  return Tensor(this, static_cast<int32_t>(nodes_.size()) - 1);
}

Tensor Tape::Push(Node node, std::span<const Tensor> inputs) {
  return PushView(node, inputs,
                  arena_.Take(node.shape.size() * SizeOf(dtype_)));
}

const int32_t* Tape::Keep(std::span<const int32_t> indices) {
  // Growing the list moves its vectors, not what they hold.
  if (indices_used_ == indices_.size()) indices_.emplace_back();
  std::vector<int32_t>& kept = indices_[indices_used_++];
  kept.assign(indices.begin(), indices.end());
  return kept.data();
}

Tensor Tape::Leaf(const Shape& shape, void* data, bool needs_grad) {
  Tensor leaf = PushView({.shape = shape}, {}, data);
  nodes_[leaf.id()].needs_grad = needs_grad;
  return Done(leaf);
}

template <class From>
Tensor Tape::Converted(const Shape& shape, std::span<const From> values) {
  Check(static_cast<int64_t>(values.size()) == shape.size(),
        "Constant: one value an element");
  Tensor constant = Push({.shape = shape});
  void* data = node(constant).data;
  ForFormat(dtype_, [&](auto zero) {
    decltype(zero) buffer[kBuffer];
    auto* to = static_cast<decltype(zero)*>(data);
    for (int64_t i = 0; i < shape.size(); i += kBuffer) {
      const int64_t count = std::min(kBuffer, shape.size() - i);
      for (int64_t j = 0; j < count; ++j) {
        buffer[j] = static_cast<decltype(zero)>(values[i + j]);
      }
      backend_.Upload(buffer, count * SizeOf(dtype_), to + i);
    }
  });
  return Done(constant);
}

Tensor Tape::Constant(const Shape& shape, std::span<const float> values) {
  return Converted(shape, values);
}

Tensor Tape::Constant(const Shape& shape, std::span<const double> values) {
  return Converted(shape, values);
}

Tensor Tape::Filled(const Shape& shape, double value) {
  Tensor one = Constant({}, std::span<const double>(&value, 1));
  Tensor filled = Push({.shape = shape});
  backend_.Copy(dtype_, shape, node(one).data, {}, node(filled).data,
                DenseStrides(shape));
  return Done(filled);
}

void Tape::Read(Tensor tensor, void* values) const {
  const Node& read = node(tensor);
  backend_.Download(read.data, read.shape.size() * SizeOf(dtype_), values);
}

bool Tape::Wants(int32_t id) const {
  return walks_[depth_ - 1]->wanted[static_cast<size_t>(id)] != 0;
}

bool Tape::SoleUse(int32_t id) const {
  return walks_[depth_ - 1]->uses[static_cast<size_t>(id)] == 1;
}

void Tape::LookForNan(Tensor y) const {
  const Node& made = node(y);
  const int64_t at = FirstNan(backend_, dtype_, made.data, made.shape.size());
  if (at < 0) return;
  std::string text = made.op == nullptr
                         ? std::string("A NaN was given to the tape")
                         : std::string(made.op->name) + " made the first NaN";
  text += " (element " + std::to_string(at) + " of " + made.shape.ToText();
  for (const char* lead = ", from "; int32_t input : inputs(made)) {
    text += lead + nodes_[input].shape.ToText();
    lead = " and ";
  }
  throw NotANumber(text + ").");
}

void Vjp(Tensor output, Tensor cotangent, std::span<const Tensor> inputs,
         std::span<Tensor> gradients, bool differentiable) {
  Tape& tape = output.tape();
  if (!(cotangent.shape() == output.shape())) {
    throw ShapeError("Vjp: expected a cotangent of shape " +
                     output.shape().ToText() + ", got " +
                     cotangent.shape().ToText());
  }
  Check(inputs.size() == gradients.size(), "Vjp: one gradient an input");
  for (Tensor input : inputs) {
    Check(tape.node(input).needs_grad, "Vjp: an input needs no gradient");
  }
  std::optional<NoGrad> constant;
  if (!differentiable) constant.emplace(tape);

  Tape::WalkScope walk(tape, output);
  walk.Mark(inputs, true);
  std::vector<int32_t>& adjoints = walk->found;
  adjoints[output.id()] = cotangent.id();
  for (int32_t id = output.id(); id >= 0; --id) {
    const Node node = tape.nodes_[id];  // a copy: the rule pushes nodes
    if (adjoints[id] < 0 || !walk->wanted[id] || node.op == nullptr) continue;
    walk->parts.assign(static_cast<size_t>(node.input_count), Tensor());
    node.op->pull(Tensor(&tape, id), Tensor(&tape, adjoints[id]), walk->parts);
    for (int32_t i = 0; i < node.input_count; ++i) {
      const Tensor part = walk->parts[i];
      if (!part.valid()) continue;
      int32_t& sum = adjoints[tape.inputs_[node.first_input + i]];
      sum = sum < 0 ? part.id() : Add(Tensor(&tape, sum), part).id();
    }
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    const int32_t id = inputs[i].id();
    const int32_t found = walk.Covers(id) ? adjoints[id] : -1;
    gradients[i] =
        found >= 0 ? Tensor(&tape, found) : tape.Filled(inputs[i].shape(), 0);
  }
}

void Grad(Tensor output, std::span<const Tensor> inputs,
          std::span<Tensor> gradients, bool differentiable) {
  if (output.shape().size() != 1) {
    throw ShapeError("Grad: expected an output of one element, got " +
                     output.shape().ToText());
  }
  Vjp(output, output.tape().Filled(output.shape(), 1), inputs, gradients,
      differentiable);
}

void GradAndSpend(Tensor output, std::span<const Tensor> inputs,
                  std::span<Tensor> gradients) {
  Tape& tape = output.tape();
  // Also when a rule throws.
  const struct Scope {
    explicit Scope(bool& on) : on(on) { on = true; }
    ~Scope() { on = false; }
    bool& on;
  } scope(tape.spending_);
  Grad(output, inputs, gradients);
}

Tensor Jvp(Tensor output, std::span<const Tensor> inputs,
           std::span<const Tensor> tangents, bool differentiable) {
  Tape& tape = output.tape();
  Check(inputs.size() == tangents.size(), "Jvp: one tangent an input");
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!(tangents[i].shape() == inputs[i].shape())) {
      throw ShapeError("Jvp: expected a tangent of shape " +
                       inputs[i].shape().ToText() + ", got " +
                       tangents[i].shape().ToText());
    }
  }
  std::optional<NoGrad> constant;
  if (!differentiable) constant.emplace(tape);

  Tape::WalkScope walk(tape, output);
  walk.Mark(inputs, false);
  std::vector<int32_t>& found = walk->found;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (walk.Covers(inputs[i].id())) found[inputs[i].id()] = tangents[i].id();
  }
  for (int32_t id = 0; id <= output.id(); ++id) {
    const Node node = tape.nodes_[id];  // a copy: the rule pushes nodes
    if (!walk->wanted[id] || found[id] >= 0 || node.op == nullptr) continue;
    walk->parts.clear();
    bool any = false;
    for (int32_t input : tape.inputs(node)) {
      const int32_t tangent = found[input];
      walk->parts.push_back(tangent < 0 ? Tensor() : Tensor(&tape, tangent));
      any |= tangent >= 0;
    }
    if (any) found[id] = node.op->push(Tensor(&tape, id), walk->parts).id();
  }
  return found[output.id()] >= 0 ? Tensor(&tape, found[output.id()])
                                 : tape.Filled(output.shape(), 0);
}

}  // namespace unnoise
