#include "core/autodiff/tape.h"

#include <algorithm>
#include <complex>
#include <optional>

#include "core/autodiff/ops.h"
#include "core/autodiff/rules.h"
#include "core/base/check.h"

namespace unnoise {

Tape::Tape(const Backend& backend, DType dtype)
    : backend_(backend), dtype_(dtype), arena_(backend) {
  Check(backend.Supports(dtype), "the backend has no kernels for this format");
}

void Tape::Clear() {
  nodes_.clear();
  arena_.Reset();
}

Tensor Tape::PushView(Node node, void* data) {
  node.needs_grad = false;
  if (recording_) {
    for (int32_t input : node.inputs) {
      if (input >= 0 && nodes_[input].needs_grad) node.needs_grad = true;
    }
  }
  node.data = data;
  nodes_.push_back(node);
  return Tensor(this, static_cast<int32_t>(nodes_.size()) - 1);
}

Tensor Tape::Push(Node node) {
  return PushView(node, arena_.Take(node.shape.size() * SizeOf(dtype_)));
}

Tensor Tape::Leaf(const Shape& shape, void* data, bool needs_grad) {
  Tensor leaf = PushView({.shape = shape}, data);
  nodes_[leaf.id()].needs_grad = needs_grad;
  return leaf;
}

// Through a small buffer: the memory of a tensor may be another machine's.
template <class From>
Tensor Tape::Converted(const Shape& shape, std::span<const From> values) {
  Check(static_cast<int64_t>(values.size()) == shape.size(),
        "Constant: one value an element");
  Tensor constant = Push({.shape = shape});
  char* data = static_cast<char*>(node(constant).data);
  constexpr size_t kBuffer = 256;
  const auto upload = [&](auto zero) {
    decltype(zero) buffer[kBuffer];
    for (size_t i = 0; i < values.size(); i += kBuffer) {
      const size_t count = std::min(kBuffer, values.size() - i);
      for (size_t j = 0; j < count; ++j) {
        buffer[j] = static_cast<decltype(zero)>(values[i + j]);
      }
      backend_.Upload(buffer, static_cast<int64_t>(count * sizeof(zero)),
                      data + i * sizeof(zero));
    }
  };
  switch (dtype_) {
    case DType::kF32:
      upload(0.0f);
      break;
    case DType::kF64:
      upload(0.0);
      break;
    case DType::kC128:
      upload(std::complex<double>());
      break;
  }
  return constant;
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
  backend_.Copy(dtype_, {node(one).data, 1, shape.size(), 0, 0}, 0,
                node(filled).data);
  return filled;
}

void Tape::Read(Tensor tensor, void* values) const {
  const Node& read = node(tensor);
  backend_.Download(read.data, read.shape.size() * SizeOf(dtype_), values);
}

void Grad(Tensor output, std::span<const Tensor> inputs,
          std::span<Tensor> gradients, bool differentiable) {
  Tape& tape = output.tape();
  if (output.shape().size() != 1) {
    throw ShapeError("Grad: expected an output of one element, got " +
                     output.shape().ToText());
  }
  Check(inputs.size() == gradients.size(), "Grad: one gradient an input");
  for (Tensor input : inputs) {
    Check(tape.node(input).needs_grad, "Grad: an input needs no gradient");
  }
  std::optional<NoGrad> constant;
  if (!differentiable) constant.emplace(tape);

  std::vector<int32_t>& adjoints = tape.adjoints_;
  adjoints.assign(output.id() + 1, -1);
  adjoints[output.id()] = tape.Filled(output.shape(), 1).id();
  for (int32_t id = output.id(); id >= 0; --id) {
    if (adjoints[id] < 0 || !tape.nodes_[id].needs_grad) continue;
    const Node node = tape.nodes_[id];  // a copy: the rule pushes nodes
    if (node.op == Op::kLeaf) continue;
    std::array<Tensor, 3> parts;
    RuleOf(node.op)(Tensor(&tape, id), Tensor(&tape, adjoints[id]), parts);
    for (int i = 0; i < 3; ++i) {
      if (!parts[i].valid()) continue;
      int32_t& sum = adjoints[node.inputs[i]];
      sum = sum < 0 ? parts[i].id() : Add(Tensor(&tape, sum), parts[i]).id();
    }
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    const int32_t id = inputs[i].id();
    const int32_t found = id <= output.id() ? adjoints[id] : -1;
    gradients[i] =
        found >= 0 ? Tensor(&tape, found) : tape.Filled(inputs[i].shape(), 0);
  }
}

}  // namespace unnoise
