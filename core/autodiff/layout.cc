#include "core/autodiff/layout.h"

#include <algorithm>

#include "core/autodiff/op.h"
#include "core/autodiff/reduce.h"

namespace unnoise {
namespace {

using Extents = std::array<int64_t, Shape::kMaxRank>;

std::string ListText(std::span<const int64_t> numbers) {
  std::string text = "(";
  for (size_t i = 0; i < numbers.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(numbers[i]);
  }
  return text + ")";
}

Shape WithExtent(const Shape& shape, int axis, int64_t extent) {
  Extents extents{};
  for (int i = 0; i < shape.rank(); ++i) extents[i] = shape[i];
  extents[axis] = extent;
  return Shape(std::span<const int64_t>(extents.data(), shape.rank()));
}

// The first `rank` numbers of a node: where a block begins.
std::span<const int64_t> BeginOf(const Node& node) {
  return std::span(node.numbers).first(node.shape.rank());
}

int64_t OffsetOf(const Strides& strides, std::span<const int64_t> begin) {
  int64_t offset = 0;
  for (size_t i = 0; i < begin.size(); ++i) offset += strides[i] * begin[i];
  return offset;
}

void* At(Tensor x, int64_t offset) {
  return static_cast<char*>(DataOf(x)) + offset * SizeOf(x.tape().dtype());
}

void CheckBlock(std::string_view op, const Shape& whole,
                std::span<const int64_t> begin, const Shape& block) {
  bool fits = static_cast<int>(begin.size()) == whole.rank() &&
              block.rank() == whole.rank();
  for (int i = 0; fits && i < whole.rank(); ++i) {
    fits = begin[i] >= 0 && begin[i] + block[i] <= whole[i];
  }
  if (!fits) {
    ThrowShape(op, "a block within " + whole.ToText(),
               block.ToText() + " at " + ListText(begin));
  }
}

// Copies of x at `offset` (elements) of y.
void Place(Tensor x, const Strides& y_strides, int64_t offset, Tensor y) {
  Tape& tape = x.tape();
  tape.backend().Copy(tape.dtype(), x.shape(), DataOf(x),
                      DenseStrides(x.shape()), At(y, offset), y_strides);
}

}  // namespace

Tensor Reshape(Tensor x, const Shape& shape) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    dx[0] = Reshape(dy, In(y, 0).shape());
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    return Reshape(dx[0], y.shape());
  };
  static constexpr OpInfo kOp{"Reshape", pull, push};
  if (x.shape().size() != shape.size()) {
    ThrowShape(kOp.name, "as many elements as " + x.shape().ToText(),
               shape.ToText());
  }
  return x.tape().PushView({.op = &kOp, .shape = shape}, {x}, DataOf(x));
}

Tensor StopGradient(Tensor x) {
  return x.tape().PushView({.shape = x.shape()}, {}, DataOf(x));
}

Tensor BroadcastTo(Tensor x, const Shape& shape) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    dx[0] = SumTo(dy, In(y, 0).shape());
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    return BroadcastTo(dx[0], y.shape());
  };
  static constexpr OpInfo kOp{"BroadcastTo", pull, push};
  const Shape from = x.shape();
  const int added = shape.rank() - from.rank();
  const Strides dense = DenseStrides(from);
  Strides strides{};
  bool fits = added >= 0;
  for (int i = 0; fits && i < from.rank(); ++i) {
    fits = from[i] == shape[added + i] || from[i] == 1;
    if (from[i] != 1) strides[added + i] = dense[i];
  }
  if (!fits) {
    ThrowShape(kOp.name, "a shape that broadcasts to " + shape.ToText(),
               from.ToText());
  }
  Tape& tape = x.tape();
  Tensor y = tape.Push({.op = &kOp, .shape = shape}, {x});
  tape.backend().Copy(tape.dtype(), shape, DataOf(x), strides, DataOf(y),
                      DenseStrides(shape));
  return tape.Done(y);
}

Tensor Permute(Tensor x, std::initializer_list<int> axes) {
  return Permute(x, std::span(axes.begin(), axes.size()));
}

Tensor Permute(Tensor x, std::span<const int> axes) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const Node node = y.tape().node(y);
    std::array<int, Shape::kMaxRank> back{};
    for (int i = 0; i < node.shape.rank(); ++i) back[node.numbers[i]] = i;
    dx[0] = Permute(dy, std::span<const int>(back.data(), node.shape.rank()));
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    std::array<int, Shape::kMaxRank> axes{};
    for (int i = 0; i < node.shape.rank(); ++i) {
      axes[i] = static_cast<int>(node.numbers[i]);
    }
    return Permute(dx[0], std::span<const int>(axes.data(), node.shape.rank()));
  };
  static constexpr OpInfo kOp{"Permute", pull, push};
  const Shape from = x.shape();
  Node node{.op = &kOp, .shape = {}};
  Extents extents{};
  std::array<bool, Shape::kMaxRank> taken{};
  bool fits = static_cast<int>(axes.size()) == from.rank();
  for (size_t i = 0; fits && i < axes.size(); ++i) {
    fits = axes[i] >= 0 && axes[i] < from.rank() && !taken[axes[i]];
    if (!fits) break;
    taken[axes[i]] = true;
    node.numbers[i] = axes[i];
    extents[i] = from[axes[i]];
  }
  if (!fits) {
    const std::vector<int64_t> got(axes.begin(), axes.end());
    ThrowShape(kOp.name, "each axis of " + from.ToText() + " once",
               ListText(got));
  }
  node.shape = Shape(std::span<const int64_t>(extents.data(), axes.size()));
  const Strides dense = DenseStrides(from);
  Strides strides{};
  for (size_t i = 0; i < axes.size(); ++i) strides[i] = dense[axes[i]];
  Tape& tape = x.tape();
  Tensor y = tape.Push(node, {x});
  tape.backend().Copy(tape.dtype(), y.shape(), DataOf(x), strides, DataOf(y),
                      DenseStrides(y.shape()));
  return tape.Done(y);
}

Tensor Slice(Tensor x, std::span<const int64_t> begin, const Shape& shape) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const Node node = y.tape().node(y);
    dx[0] = Pad(dy, BeginOf(node), In(y, 0).shape());
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    return Slice(dx[0], BeginOf(node), node.shape);
  };
  static constexpr OpInfo kOp{"Slice", pull, push};
  CheckBlock(kOp.name, x.shape(), begin, shape);
  Node node{.op = &kOp, .shape = shape};
  std::copy(begin.begin(), begin.end(), node.numbers.begin());
  Tape& tape = x.tape();
  Tensor y = tape.Push(node, {x});
  const Strides strides = DenseStrides(x.shape());
  tape.backend().Copy(tape.dtype(), shape, At(x, OffsetOf(strides, begin)),
                      strides, DataOf(y), DenseStrides(shape));
  return tape.Done(y);
}

Tensor SliceAxis(Tensor x, int axis, int64_t begin, int64_t end) {
  CheckAxis("SliceAxis", x, axis);
  if (begin < 0 || begin > end || end > x.shape()[axis]) {
    ThrowShape("SliceAxis", "a range within " + std::to_string(x.shape()[axis]),
               std::to_string(begin) + " to " + std::to_string(end));
  }
  Extents begins{};
  begins[axis] = begin;
  return Slice(x, std::span<const int64_t>(begins.data(), x.shape().rank()),
               WithExtent(x.shape(), axis, end - begin));
}

Tensor Pad(Tensor x, std::span<const int64_t> begin, const Shape& shape) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const Node node = y.tape().node(y);
    dx[0] = Slice(dy, BeginOf(node), In(y, 0).shape());
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    return Pad(dx[0], BeginOf(node), node.shape);
  };
  static constexpr OpInfo kOp{"Pad", pull, push};
  CheckBlock(kOp.name, shape, begin, x.shape());
  Tape& tape = x.tape();
  Node node{.op = &kOp, .shape = shape};
  std::copy(begin.begin(), begin.end(), node.numbers.begin());
  Tensor zero = tape.Filled({}, 0);
  Tensor y = tape.Push(node, {x});
  const Strides strides = DenseStrides(shape);
  tape.backend().Copy(tape.dtype(), shape, DataOf(zero), {}, DataOf(y),
                      strides);
  Place(x, strides, OffsetOf(strides, begin), y);
  return tape.Done(y);
}

Tensor Concat(std::initializer_list<Tensor> parts, int axis) {
  return Concat(std::span(parts.begin(), parts.size()), axis);
}

Tensor Concat(std::span<const Tensor> parts, int axis) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const int axis = static_cast<int>(y.tape().node(y).numbers[0]);
    int64_t at = 0;
    for (size_t i = 0; i < dx.size(); ++i) {
      const int64_t extent = In(y, static_cast<int>(i)).shape()[axis];
      if (Needs(y, static_cast<int>(i))) {
        dx[i] = SliceAxis(dy, axis, at, at + extent);
      }
      at += extent;
    }
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    std::vector<Tensor> parts(dx.begin(), dx.end());
    for (size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].valid()) continue;
      parts[i] = y.tape().Filled(In(y, static_cast<int>(i)).shape(), 0);
    }
    const int axis = static_cast<int>(y.tape().node(y).numbers[0]);
    return Concat(parts, axis);
  };
  static constexpr OpInfo kOp{"Concat", pull, push};
  Check(!parts.empty(), "Concat: of nothing");
  CheckAxis(kOp.name, parts[0], axis);
  const Shape first = parts[0].shape();
  int64_t extent = 0;
  for (Tensor part : parts) {
    const Shape shape = part.shape();
    if (shape.rank() != first.rank() ||
        !(WithExtent(shape, axis, 0) == WithExtent(first, axis, 0))) {
      ThrowShape(kOp.name,
                 "equal extents but along axis " + std::to_string(axis),
                 first.ToText() + " and " + shape.ToText());
    }
    extent += shape[axis];
  }
  Tape& tape = parts[0].tape();
  Tensor y = tape.Push(
      {.op = &kOp, .numbers = {axis}, .shape = WithExtent(first, axis, extent)},
      parts);
  const Strides strides = DenseStrides(y.shape());
  int64_t at = 0;
  for (Tensor part : parts) {
    Place(part, strides, at * strides[axis], y);
    at += part.shape()[axis];
  }
  return tape.Done(y);
}

}  // namespace unnoise
