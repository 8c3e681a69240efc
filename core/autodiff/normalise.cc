#include "core/autodiff/normalise.h"

#include <vector>

#include "core/autodiff/activation.h"
#include "core/autodiff/elementwise.h"
#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"
#include "core/autodiff/reduce.h"
#include "core/backend/group_norm.h"

namespace unnoise {
namespace {

NormGrid GridOf(std::string_view op, Tensor x, int64_t groups, Tensor scale,
                Tensor shift, double epsilon) {
  const Shape shape = x.shape();
  if (shape.rank() < 2) ThrowShape(op, "[n, ..., channels]", shape.ToText());
  int64_t places = 1;
  for (int i = 1; i < shape.rank() - 1; ++i) places *= shape[i];
  const int64_t channels = shape[shape.rank() - 1];
  if (groups < 1 || channels % groups != 0) {
    ThrowShape(op,
               "groups that divide " + std::to_string(channels) + " channels",
               std::to_string(groups));
  }
  const Shape one_a_channel{channels};
  for (Tensor t : {scale, shift}) {
    if (!(t.shape() == one_a_channel)) {
      ThrowShape(op, "scale and shift " + one_a_channel.ToText(),
                 t.shape().ToText());
    }
  }
  Check(epsilon > 0, "GroupNorm: epsilon must be positive");
  return {shape[0], places, channels, groups, epsilon, false};
}

// Means over groups of x [n, places, c], as large as x; `add` is added to them.
Tensor GroupMeans(Tensor x, const NormGrid& grid, double add) {
  const int64_t n = grid.samples, p = grid.places, g = grid.groups;
  const int64_t depth = grid.channels / g;
  Tensor sums = Sum(x, {1});
  Tensor all = Sum(Reshape(sums, {n, g, depth}), {2});
  Tensor mean = ScaleShift(all, 1.0 / static_cast<double>(p * depth), add);
  Tensor apart = Reshape(mean, {n, 1, g, 1});
  return Reshape(BroadcastTo(apart, {n, p, g, depth}), x.shape());
}

// The composition as a function of the inputs of y, for derivatives of more
// than first order and forward mode. Stand-ins for them, since one may depend
// on another.
struct Again {
  std::vector<Tensor> inputs;
  Tensor result;
};

Again ComposeAgain(Tensor y) {
  const Node node = y.tape().node(y);
  const RecordingScope on(y.tape(), true);
  Again again;
  for (int i = 0; i < node.input_count; ++i) {
    const Tensor input = In(y, i);
    again.inputs.push_back(Reshape(input, input.shape()));
  }
  again.result = GroupNormComposed(
      again.inputs[0], node.numbers[0], again.inputs[1], again.inputs[2],
      node.scalars[0], static_cast<Activation>(node.numbers[1]));
  return again;
}

}  // namespace

Tensor GroupNormComposed(Tensor x, int64_t groups, Tensor scale, Tensor shift,
                         double epsilon, Activation activation) {
  const NormGrid grid =
      GridOf("GroupNormComposed", x, groups, scale, shift, epsilon);
  const Shape flat{grid.samples, grid.places, grid.channels};
  Tensor rows = Reshape(x, flat);
  Tensor centred = Sub(rows, GroupMeans(rows, grid, 0));
  Tensor variance = GroupMeans(Mul(centred, centred), grid, epsilon);
  Tensor one = x.tape().Filled(flat, 1);
  Tensor unit = Mul(centred, Div(one, Sqrt(variance)));
  Tensor scaled = Mul(unit, BroadcastTo(scale, flat));
  Tensor shifted = Add(scaled, BroadcastTo(shift, flat));
  return Apply(activation, Reshape(shifted, x.shape()));
}

Tensor GroupNorm(Tensor x, int64_t groups, Tensor scale, Tensor shift,
                 double epsilon, Activation activation) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    Tape& tape = y.tape();
    if (tape.recording()) {
      const Again again = ComposeAgain(y);
      std::vector<Tensor> wanted, gradients;
      for (size_t i = 0; i < dx.size(); ++i) {
        if (Needs(y, static_cast<int>(i))) wanted.push_back(again.inputs[i]);
      }
      gradients.resize(wanted.size());
      Vjp(again.result, dy, wanted, gradients, true);
      for (size_t i = 0, next = 0; i < dx.size(); ++i) {
        if (Needs(y, static_cast<int>(i))) dx[i] = gradients[next++];
      }
      return;
    }
    const Node node = tape.node(y);
    Tensor x = In(y, 0), scale = In(y, 1), shift = In(y, 2);
    NormGrid grid =
        GridOf("GroupNorm", x, node.numbers[0], scale, shift, node.scalars[0]);
    grid.silu = static_cast<Activation>(node.numbers[1]) == Activation::kSilu;
    Tensor parts = tape.Push({.shape = {grid.samples, 4, grid.channels}});
    dx[0] = tape.Push({.shape = x.shape()});
    GroupNormKernelsOf(tape.backend(), tape.dtype())
        ->Backward(tape.backend(), grid, DataOf(x), DataOf(scale),
                   DataOf(shift), DataOf(Tensor(&tape, node.saved)), DataOf(dy),
                   DataOf(parts), DataOf(dx[0]));
    if (!Needs(y, 1) && !Needs(y, 2)) return;
    Tensor sums = Sum(parts, {0});
    const Shape one_a_channel{grid.channels};
    dx[1] = Reshape(SliceAxis(sums, 0, 1, 2), one_a_channel);
    dx[2] = Reshape(SliceAxis(sums, 0, 0, 1), one_a_channel);
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Again again = ComposeAgain(y);
    std::vector<Tensor> moving, tangents;
    for (size_t i = 0; i < dx.size(); ++i) {
      if (!dx[i].valid()) continue;
      moving.push_back(again.inputs[i]);
      tangents.push_back(dx[i]);
    }
    return Jvp(again.result, moving, tangents, y.tape().recording());
  };
  static constexpr OpInfo kOp{"GroupNorm", pull, push};
  NormGrid grid = GridOf(kOp.name, x, groups, scale, shift, epsilon);
  Tape& tape = x.tape();
  const GroupNormKernels* kernels =
      GroupNormKernelsOf(tape.backend(), tape.dtype());
  if (kernels == nullptr) {
    return GroupNormComposed(x, groups, scale, shift, epsilon, activation);
  }
  grid.silu = activation == Activation::kSilu;
  const Activation inside = grid.silu ? activation : Activation::kIdentity;
  Tensor stats = tape.Push({.shape = {grid.samples, 2, grid.channels}});
  Tensor y = tape.Push({.op = &kOp,
                        .saved = tape.recording() ? stats.id() : -1,
                        .scalars = {epsilon},
                        .numbers = {groups, static_cast<int64_t>(inside)},
                        .shape = x.shape()},
                       {x, scale, shift});
  kernels->Forward(tape.backend(), grid, DataOf(x), DataOf(scale),
                   DataOf(shift), DataOf(stats), DataOf(y));
  y = tape.Done(y);
  return inside == activation ? y : Apply(activation, y);
}

Tensor LayerNorm(Tensor x, Tensor scale, Tensor shift, double epsilon) {
  const Shape shape = x.shape();
  if (shape.rank() < 1) ThrowShape("LayerNorm", "[..., c]", shape.ToText());
  const int64_t channels = shape[shape.rank() - 1];
  int64_t rows = 1;
  for (int i = 0; i < shape.rank() - 1; ++i) rows *= shape[i];
  Tensor flat = Reshape(x, {rows, channels});
  return Reshape(GroupNorm(flat, 1, scale, shift, epsilon), shape);
}

}  // namespace unnoise
