#include "core/autodiff/recompute.h"

#include <vector>

#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"

namespace unnoise {
namespace {

const TensorFunction& FunctionOf(Tensor y) {
  return *static_cast<const TensorFunction*>(y.tape().node(y).memory);
}

// Stand-ins for the inputs of y, since one of these may itself depend on
// another: what f makes of them is all that leads to them. If the derivative
// will be differentiated again, they lead on to the inputs.
std::vector<Tensor> StandInsFor(Tensor y) {
  Tape& tape = y.tape();
  std::vector<Tensor> inputs;
  for (int32_t i = 0; i < tape.node(y).input_count; ++i) {
    const Tensor input = In(y, i);
    const Node node = tape.node(input);
    inputs.push_back(tape.recording()
                         ? Reshape(input, node.shape)
                         : tape.Leaf(node.shape, node.data, node.needs_grad));
  }
  return inputs;
}

Tensor RunAgain(Tensor y, std::span<const Tensor> inputs) {
  const RecordingScope on(y.tape(), true);
  return FunctionOf(y)(inputs);
}

// A gradient would be lost without a word.
void CheckClosed(Tape& tape, const Tape::Mark& mark,
                 std::span<const Tensor> inputs) {
  const auto given = [&](int32_t id) {
    for (Tensor input : inputs) {
      if (input.id() == id) return true;
    }
    return false;
  };
  const auto begin = static_cast<int32_t>(mark.nodes);
  const auto end = static_cast<int32_t>(tape.Now().nodes);
  for (int32_t id = begin; id < end; ++id) {
    for (int32_t input : tape.inputs(tape.node(Tensor(&tape, id)))) {
      Check(input >= begin || given(input) ||
                !tape.node(Tensor(&tape, input)).needs_grad,
            "Recompute: the function uses a tensor that needs a gradient and "
            "is not among its inputs");
    }
  }
}

// A rule that leaves no functions behind gives the memory of its walk back.
void Forget(Tape& tape, const Tape::Mark& mark, std::span<Tensor> results) {
  if (!tape.recording()) tape.Rewind(mark, results);
}

}  // namespace

Tensor Recompute(const TensorFunction& f, std::span<const Tensor> inputs) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    Tape& tape = y.tape();
    const Tape::Mark mark = tape.Now();
    const std::vector<Tensor> inputs = StandInsFor(y);
    std::vector<Tensor> wanted, gradients;
    std::vector<size_t> which;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!Needs(y, static_cast<int>(i))) continue;
      which.push_back(i);
      wanted.push_back(inputs[i]);
    }
    gradients.resize(wanted.size());
    Tensor again = RunAgain(y, inputs);
    Vjp(again, dy, wanted, gradients, tape.recording());
    Forget(tape, mark, gradients);
    for (size_t k = 0; k < which.size(); ++k) dx[which[k]] = gradients[k];
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    Tape& tape = y.tape();
    const Tape::Mark mark = tape.Now();
    const std::vector<Tensor> inputs = StandInsFor(y);
    std::vector<Tensor> moving, tangents;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!dx[i].valid()) continue;
      moving.push_back(inputs[i]);
      tangents.push_back(dx[i]);
    }
    Tensor again = RunAgain(y, inputs);
    Tensor tangent = Jvp(again, moving, tangents, tape.recording());
    Forget(tape, mark, std::span(&tangent, 1));
    return tangent;
  };
  static constexpr OpInfo kOp{"Recompute", pull, push};
  Check(!inputs.empty(), "Recompute: a function of nothing");
  Tape& tape = inputs[0].tape();
  const Tensor constant = Evaluate(tape, [&] {
    const Tape::Mark mark = tape.Now();
    Tensor result = f(inputs);
    CheckClosed(tape, mark, inputs);
    return result;
  });
  const Node result = tape.node(constant);
  return tape.PushView({.op = &kOp, .memory = &f, .shape = result.shape},
                       inputs, result.data);
}

}  // namespace unnoise
