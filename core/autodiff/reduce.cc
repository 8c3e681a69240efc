#include "core/autodiff/reduce.h"

#include <span>

#include "core/autodiff/elementwise.h"
#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"

namespace unnoise {
namespace {

// The extents of x before, along and behind the axes [first, last], and its
// shape without them, or with 1 in their places.
struct Block {
  int64_t outer = 1;
  int64_t n = 1;
  int64_t inner = 1;
  Shape without;
  Shape kept;
};

Block BlockOf(const Shape& shape, int first, int last) {
  Block block;
  std::array<int64_t, Shape::kMaxRank> without{}, kept{};
  size_t rank = 0;
  for (int i = 0; i < shape.rank(); ++i) {
    const bool reduced = i >= first && i <= last;
    (i < first ? block.outer : reduced ? block.n : block.inner) *= shape[i];
    kept[i] = reduced ? 1 : shape[i];
    if (!reduced) without[rank++] = shape[i];
  }
  block.without = Shape(std::span<const int64_t>(without.data(), rank));
  block.kept = Shape(std::span<const int64_t>(kept.data(), shape.rank()));
  return block;
}

// One reduction over neighbouring axes; numbers hold the first and the last.
Tensor Reduced(const OpInfo& op, ReduceOp kernel, Tensor x, int first,
               int last) {
  const Block block = BlockOf(x.shape(), first, last);
  Tape& tape = x.tape();
  Tensor y = tape.Push(
      {.op = &op, .numbers = {first, last}, .shape = block.without}, {x});
  tape.backend().Reduce(kernel, tape.dtype(), DataOf(x), block.outer, block.n,
                        block.inner, DataOf(y));
  return tape.Done(y);
}

// Of a reduction y: something of y's shape in the shape of what was reduced.
Tensor Spread(Tensor y, Tensor dy) {
  const Node node = y.tape().node(y);
  const Shape shape = In(y, 0).shape();
  const Block block = BlockOf(shape, static_cast<int>(node.numbers[0]),
                              static_cast<int>(node.numbers[1]));
  return BroadcastTo(Reshape(dy, block.kept), shape);
}

Tensor SumBlock(Tensor x, int first, int last) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    dx[0] = Spread(y, dy);
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    return SumBlock(dx[0], static_cast<int>(node.numbers[0]),
                    static_cast<int>(node.numbers[1]));
  };
  static constexpr OpInfo kOp{"Sum", pull, push};
  return Reduced(kOp, ReduceOp::kSum, x, first, last);
}

// Of a maximum y of x: 1 / k at each of its k places in x, 0 elsewhere, a
// constant.
Tensor PlacesOf(Tensor y) {
  Tape& tape = y.tape();
  const Node node = tape.node(y);
  Tensor x = In(y, 0);
  Tensor below = Sub(Spread(y, y), x);
  Tensor one = tape.Filled(x.shape(), 1);
  Tensor mask = Select(below, tape.Filled(x.shape(), 0), one);
  Tensor count = SumBlock(mask, static_cast<int>(node.numbers[0]),
                          static_cast<int>(node.numbers[1]));
  return StopGradient(Div(mask, Spread(y, count)));
}

Tensor MaxBlock(Tensor x, int first, int last) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    Tensor places = PlacesOf(y);
    dx[0] = Mul(Spread(y, dy), places);
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    Tensor moved = Mul(dx[0], PlacesOf(y));
    return SumBlock(moved, static_cast<int>(node.numbers[0]),
                    static_cast<int>(node.numbers[1]));
  };
  static constexpr OpInfo kOp{"Max", pull, push};
  return Reduced(kOp, ReduceOp::kMax, x, first, last);
}

using BlockReduction = Tensor (*)(Tensor x, int first, int last);

Tensor Over(std::string_view op, BlockReduction over_block, Tensor x, Axes axes,
            Keep keep) {
  const Shape before = x.shape();
  std::array<int64_t, Shape::kMaxRank> kept{};
  for (int i = 0; i < before.rank(); ++i) kept[i] = before[i];
  int previous = -1;
  for (int axis : axes) {
    CheckAxis(op, x, axis);
    if (axis <= previous) {
      ThrowShape(op, "axes in ascending order",
                 std::to_string(axis) + " after " + std::to_string(previous));
    }
    previous = axis;
    kept[axis] = 1;
  }
  // Runs of neighbours, from the last: those before keep their numbers.
  const int* const begin = axes.begin();
  for (const int* end = axes.end(); end != begin;) {
    const int* first = end - 1;
    while (first != begin && *(first - 1) == *first - 1) --first;
    x = over_block(x, *first, *(end - 1));
    end = first;
  }
  if (keep == Keep::kNo) return x;
  return Reshape(x,
                 Shape(std::span<const int64_t>(kept.data(), before.rank())));
}

[[noreturn]] void ThrowMeanOfNothing(std::string_view op, const Shape& shape) {
  ThrowShape(op, "numbers along the axes", shape.ToText());
}

}  // namespace

Tensor Sum(Tensor x, Axes axes, Keep keep) {
  return Over("Sum", SumBlock, x, axes, keep);
}

Tensor Mean(Tensor x, Axes axes, Keep keep) {
  Tensor sum = Sum(x, axes, keep);
  const Shape shape = x.shape();
  int64_t count = 1;
  for (const int axis : axes) count *= shape[axis];
  if (count == 0) ThrowMeanOfNothing("Mean", shape);
  return ScaleShift(sum, 1 / static_cast<double>(count), 0);
}

Tensor Max(Tensor x, Axes axes, Keep keep) {
  return Over("Max", MaxBlock, x, axes, keep);
}

Tensor SumTo(Tensor x, const Shape& shape) {
  const Shape from = x.shape();
  const int added = from.rank() - shape.rank();
  bool fits = added >= 0;
  for (int i = 0; fits && i < shape.rank(); ++i) {
    fits = shape[i] == from[added + i] || shape[i] == 1;
  }
  if (!fits) {
    ThrowShape("SumTo", "a shape that " + shape.ToText() + " broadcasts to",
               from.ToText());
  }
  // The last axes first, as in Over.
  int end = from.rank();
  while (end > 0) {
    const auto repeated = [&](int i) {
      return i < added || (shape[i - added] == 1 && from[i] != 1);
    };
    if (!repeated(end - 1)) {
      --end;
      continue;
    }
    int first = end - 1;
    while (first > 0 && repeated(first - 1)) --first;
    x = SumBlock(x, first, end - 1);
    end = first;
  }
  return x.shape() == shape ? x : Reshape(x, shape);
}

Tensor SumAll(Tensor x) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    dx[0] = BroadcastTo(dy, In(y, 0).shape());
  };
  constexpr auto push = [](Tensor, Tangents dx) { return SumAll(dx[0]); };
  static constexpr OpInfo kOp{"SumAll", pull, push};
  Tape& tape = x.tape();
  Tensor y = tape.Push({.op = &kOp, .shape = {}}, {x});
  tape.backend().SumAll(tape.dtype(), DataOf(x), x.shape().size(), DataOf(y));
  return tape.Done(y);
}

Tensor MeanAll(Tensor x) {
  const int64_t count = x.shape().size();
  if (count == 0) ThrowMeanOfNothing("MeanAll", x.shape());
  return ScaleShift(SumAll(x), 1 / static_cast<double>(count), 0);
}

}  // namespace unnoise
