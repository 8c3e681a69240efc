#include "core/autodiff/gather.h"

#include <array>
#include <string>
#include <vector>

#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"

namespace unnoise {
namespace {

void CheckIndices(std::string_view op, std::span<const int32_t> indices,
                  int64_t extent) {
  for (size_t i = 0; i < indices.size(); ++i) {
    if (indices[i] >= 0 && indices[i] < extent) continue;
    ThrowShape(op, "indices in [0, " + std::to_string(extent) + ")",
               std::to_string(indices[i]) + " at place " + std::to_string(i));
  }
}

// The shape of x with another extent of its first axis.
Shape WithRows(const Shape& shape, int64_t rows) {
  std::array<int64_t, Shape::kMaxRank> extents{};
  for (int i = 0; i < shape.rank(); ++i) extents[i] = i == 0 ? rows : shape[i];
  return Shape(std::span<const int64_t>(extents.data(), shape.rank()));
}

// The rows of a tensor [n, ...] in the memory of its backend.
struct Rows {
  explicit Rows(Tensor x)
      : data(static_cast<char*>(DataOf(x))), dtype(x.tape().dtype()) {
    for (int i = 1; i < x.shape().rank(); ++i) width *= x.shape()[i];
  }
  void* operator[](int64_t row) const {
    return data + row * width * SizeOf(dtype);
  }

  char* data;
  DType dtype;
  int64_t width = 1;
};

std::span<const int32_t> IndicesOf(const Node& node) {
  return {static_cast<const int32_t*>(node.memory),
          static_cast<size_t>(node.numbers[0])};
}

void CheckRows(std::string_view op, Tensor x) {
  if (x.shape().rank() < 1) ThrowShape(op, "[n, ...]", x.shape().ToText());
}

// Along the first axis; numbers hold the direction.
Tensor CumSumRows(Tensor x, Running running) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const bool reverse = y.tape().node(y).numbers[0] != 0;
    dx[0] = CumSumRows(dy, reverse ? Running::kForward : Running::kReverse);
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    return CumSumRows(dx[0], static_cast<Running>(y.tape().node(y).numbers[0]));
  };
  static constexpr OpInfo kOp{"CumSum", pull, push};
  Tape& tape = x.tape();
  Tensor y = tape.Push({.op = &kOp,
                        .numbers = {static_cast<int64_t>(running)},
                        .shape = x.shape()},
                       {x});
  const Rows from(x), to(y);
  const int64_t n = x.shape()[0];
  const bool reverse = running == Running::kReverse;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t row = reverse ? n - 1 - i : i;
    if (i == 0) {
      tape.backend().Copy(tape.dtype(), {from.width}, from[row], {1}, to[row],
                          {1});
    } else {
      tape.backend().Binary(BinaryOp::kAdd, tape.dtype(),
                            to[reverse ? row + 1 : row - 1], from[row],
                            from.width, to[row]);
    }
  }
  return tape.Done(y);
}

}  // namespace

Tensor Gather(Tensor x, std::span<const int32_t> indices) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const Node node = y.tape().node(y);
    dx[0] = ScatterAdd(dy, IndicesOf(node), In(y, 0).shape()[0]);
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    return Gather(dx[0], IndicesOf(node));
  };
  static constexpr OpInfo kOp{"Gather", pull, push};
  CheckRows(kOp.name, x);
  CheckIndices(kOp.name, indices, x.shape()[0]);
  Tape& tape = x.tape();
  const auto count = static_cast<int64_t>(indices.size());
  Tensor y = tape.Push({.op = &kOp,
                        .numbers = {count},
                        .memory = tape.Keep(indices),
                        .shape = WithRows(x.shape(), count)},
                       {x});
  const Rows from(x), to(y);
  for (int64_t i = 0; i < count; ++i) {
    tape.backend().Copy(tape.dtype(), {from.width}, from[indices[i]], {1},
                        to[i], {1});
  }
  return tape.Done(y);
}

Tensor ScatterAdd(Tensor x, std::span<const int32_t> indices, int64_t rows) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const Node node = y.tape().node(y);
    dx[0] = Gather(dy, IndicesOf(node));
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    return ScatterAdd(dx[0], IndicesOf(node), node.shape[0]);
  };
  static constexpr OpInfo kOp{"ScatterAdd", pull, push};
  CheckRows(kOp.name, x);
  const auto count = static_cast<int64_t>(indices.size());
  if (x.shape()[0] != count) {
    ThrowShape(kOp.name, std::to_string(count) + " rows, one an index",
               x.shape().ToText());
  }
  CheckIndices(kOp.name, indices, rows);
  Tape& tape = x.tape();
  Tensor zero = tape.Filled({}, 0);
  Tensor y = tape.Push({.op = &kOp,
                        .numbers = {count},
                        .memory = tape.Keep(indices),
                        .shape = WithRows(x.shape(), rows)},
                       {x});
  tape.backend().Copy(tape.dtype(), y.shape(), DataOf(zero), {}, DataOf(y),
                      DenseStrides(y.shape()));
  const Rows from(x), to(y);
  for (int64_t i = 0; i < count; ++i) {
    void* sum = to[indices[i]];
    tape.backend().Binary(BinaryOp::kAdd, tape.dtype(), sum, from[i],
                          from.width, sum);
  }
  return tape.Done(y);
}

Tensor OneHot(Tape& tape, std::span<const int32_t> indices, int64_t classes) {
  CheckIndices("OneHot", indices, classes);
  const Shape shape{static_cast<int64_t>(indices.size()), classes};
  std::vector<float> values(static_cast<size_t>(shape.size()));
  for (size_t i = 0; i < indices.size(); ++i) {
    values[i * static_cast<size_t>(classes) + indices[i]] = 1;
  }
  return tape.Constant(shape, std::span<const float>(values));
}

Tensor CumSum(Tensor x, int axis, Running running) {
  CheckAxis("CumSum", x, axis);
  // The axis comes first, so that each step adds one row to another.
  std::array<int, Shape::kMaxRank> order{}, back{};
  const int rank = x.shape().rank();
  for (int i = 0; i < rank; ++i) {
    order[i] = i == 0 ? axis : i <= axis ? i - 1 : i;
    back[order[i]] = i;
  }
  if (axis == 0) return CumSumRows(x, running);
  Tensor first = Permute(x, std::span<const int>(order.data(), rank));
  Tensor sums = CumSumRows(first, running);
  return Permute(sums, std::span<const int>(back.data(), rank));
}

}  // namespace unnoise
