// The conformance table: one row per op of core/autodiff/ops.h, with inputs
// that reach the edges of its kernels. What is checked for every row is in
// conformance_test.cc. A new op needs a row here; a test compares the table
// with enum Op.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_OP_ROWS_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_OP_ROWS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/autodiff/ops.h"

namespace unnoise {

using Build = Tensor (*)(std::span<const Tensor> x);
using Shapes = std::vector<Shape>;

struct OpRow {
  std::string name;
  Op op;  // of the node that `build` returns on a backend with fused kernels
  Build build;
  std::vector<Shapes> inputs;
  // How many roundings of 2^-24 may add up in an element of the result.
  double (*roundings)(const Shapes& inputs);
  // On absolute values of the inputs these bound what the roundings are
  // relative to, in the result and (differentiated) in its derivatives.
  Build value_bound;
  Build gradient_bound;
  // Whether errors of a sum over in go through a curve (fused layers).
  bool curved_sum = false;
};

namespace op_rows {

// Every remainder of two vectors of up to 16 lanes, and three beyond.
inline std::vector<Shapes> Lengths(int operands) {
  std::vector<Shapes> all;
  for (int64_t n = 0; n <= 2 * 16 + 3; ++n) {
    all.push_back(Shapes(operands, Shape{n}));
  }
  return all;
}

// Rows and columns around the widths of vectors and panels.
inline std::vector<Shapes> Matrices() {
  std::vector<Shapes> all;
  for (int64_t cols : {0, 1, 2, 7, 8, 9, 16, 17, 33, 63, 64, 65, 67}) {
    for (int64_t rows : {0, 1, 3}) all.push_back({Shape{rows, cols}});
  }
  return all;
}

// Extents {m, k, n} around the edges of register tiles (8 rows, 32 columns) and
// blocks of k (256).
inline std::vector<std::vector<int64_t>> ProductExtents() {
  std::vector<std::vector<int64_t>> all;
  for (int64_t e : {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33}) {
    all.push_back({e, 2, 5});
    all.push_back({5, e, 3});
    all.push_back({3, 2, e});
    all.push_back({9, e, 33});
  }
  for (int64_t e : {255, 256, 257}) {
    all.push_back({e, 2, 3});
    all.push_back({3, e, 5});
    all.push_back({9, e, 33});
    all.push_back({3, 2, e});
  }
  return all;
}

template <Transpose kA, Transpose kB>
Tensor BuildProduct(std::span<const Tensor> x) {
  return Product(x[0], x[1], kA, kB);
}

template <Transpose kA, Transpose kB>
OpRow ProductRow(const char* name) {
  std::vector<Shapes> inputs;
  for (const auto& e : ProductExtents()) {
    const int64_t m = e[0], k = e[1], n = e[2];
    inputs.push_back({kA == Transpose::kYes ? Shape{k, m} : Shape{m, k},
                      kB == Transpose::kYes ? Shape{n, k} : Shape{k, n}});
  }
  const Build build = BuildProduct<kA, kB>;
  // k products and as many sums: k + 1 roundings at most reach any of them.
  return {name,
          Op::kProduct,
          build,
          inputs,
          [](const Shapes& s) {
            return 2.0 +
                   static_cast<double>(s[0][0] > s[0][1] ? s[0][0] : s[0][1]);
          },
          build,
          build};
}

template <Activation kActivation>
Tensor BuildLinear(std::span<const Tensor> x) {
  return LinearActivation(x[0], x[1], x[2], kActivation);
}

template <Activation kActivation>
OpRow LinearRow(const char* name) {
  std::vector<Shapes> inputs;
  for (const auto& e : ProductExtents()) {
    const int64_t rows = e[0], in = e[1], out = e[2];
    inputs.push_back({Shape{rows, in}, Shape{out, in}, Shape{out}});
  }
  const Build bound = [](std::span<const Tensor> x) {
    return LinearActivationComposed(x[0], x[1], x[2], Activation::kIdentity);
  };
  // Product and bias, through slopes below 1.1; then the activation's own.
  return {name,
          Op::kLinearActivation,
          BuildLinear<kActivation>,
          inputs,
          [](const Shapes& s) { return 1.1 * (s[0][1] + 3.0) + 8; },
          bound,
          bound,
          true};
}

inline Tensor First(std::span<const Tensor> x) { return x[0]; }

// An elementwise function; its rounding is relative to the result, that of its
// slope (at most 1.1) to the incoming derivative.
inline OpRow UnaryRow(const char* name, Op op, Build build,
                      double (*roundings)(const Shapes&)) {
  return {name, op, build, Lengths(1), roundings, build, First};
}

inline OpRow PlainRow(const char* name, Op op, Build build,
                      std::vector<Shapes> inputs,
                      double (*roundings)(const Shapes&)) {
  return {name, op, build, std::move(inputs), roundings, build, build};
}

}  // namespace op_rows

inline std::vector<OpRow> OpRows() {
  using namespace op_rows;
  using X = std::span<const Tensor>;
  using T = Transpose;
  const auto exact = [](const Shapes&) { return 0.0; };
  const auto one = [](const Shapes&) { return 1.0; };
  // ULP of exact_math-inl.h, two roundings each at most.
  const auto trigonometric = [](const Shapes&) { return 2 * 1.5; };
  const auto hyperbolic = [](const Shapes&) { return 2 * 2.3; };
  const auto silu = [](const Shapes&) { return 2 * 2.3 + 1; };
  const auto count = [](const Shapes& s) {
    return 1.0 + static_cast<double>(s[0].size());
  };
  return {
      PlainRow(
          "Add", Op::kAdd, [](X x) { return Add(x[0], x[1]); }, Lengths(2),
          one),
      PlainRow(
          "Sub", Op::kSub, [](X x) { return Sub(x[0], x[1]); }, Lengths(2),
          one),
      PlainRow(
          "Mul", Op::kMul, [](X x) { return Mul(x[0], x[1]); }, Lengths(2),
          one),
      // The same tensor twice: both shares of the derivative count.
      PlainRow(
          "Mul/square", Op::kMul, [](X x) { return Mul(x[0], x[0]); },
          Lengths(1), one),
      PlainRow(
          "ScaleShift", Op::kScaleShift,
          [](X x) { return ScaleShift(x[0], 1.75, 0.625); }, Lengths(1),
          [](const Shapes&) { return 2.0; }),
      PlainRow(
          "Select", Op::kSelect, [](X x) { return Select(x[0], x[1], x[2]); },
          Lengths(3), exact),
      UnaryRow(
          "Sin", Op::kSin, [](X x) { return Sin(x[0]); }, trigonometric),
      UnaryRow(
          "Cos", Op::kCos, [](X x) { return Cos(x[0]); }, trigonometric),
      UnaryRow(
          "Tanh", Op::kTanh, [](X x) { return Tanh(x[0]); }, hyperbolic),
      UnaryRow(
          "Sigmoid", Op::kSigmoid, [](X x) { return Sigmoid(x[0]); },
          hyperbolic),
      ProductRow<T::kNo, T::kNo>("Product"),
      ProductRow<T::kNo, T::kYes>("Product/nt"),
      ProductRow<T::kYes, T::kNo>("Product/tn"),
      ProductRow<T::kYes, T::kYes>("Product/tt"),
      PlainRow(
          "SumRows", Op::kSumRows, [](X x) { return SumRows(x[0]); },
          Matrices(), count),
      PlainRow(
          "SumAll", Op::kSumAll, [](X x) { return SumAll(x[0]); }, Lengths(1),
          count),
      PlainRow(
          "BroadcastRows", Op::kBroadcastRows,
          [](X x) { return BroadcastRows(x[0], 5); }, Lengths(1), exact),
      PlainRow(
          "BroadcastAll", Op::kBroadcastAll,
          [](X x) {
            return BroadcastAll(x[0], {7, 5});
          },
          {{Shape{}}, {Shape{1}}, {Shape{1, 1}}}, exact),
      PlainRow(
          "ConcatColumns", Op::kConcatColumns,
          [](X x) { return ConcatColumns(x[0], x[1]); },
          {{Shape{3, 2}, Shape{3, 5}},
           {Shape{2, 0}, Shape{2, 3}},
           {Shape{2, 17}, Shape{2, 0}},
           {Shape{0, 2}, Shape{0, 3}}},
          exact),
      PlainRow(
          "SliceColumns", Op::kSliceColumns,
          [](X x) {
            const int64_t cols = x[0].shape()[1];
            return SliceColumns(x[0], cols / 3, cols - cols / 4);
          },
          Matrices(), exact),
      PlainRow(
          "Reshape", Op::kReshape,
          [](X x) {
            return Reshape(x[0], {x[0].shape().size(), 1});
          },
          Matrices(), exact),
      LinearRow<Activation::kIdentity>("LinearActivation/identity"),
      LinearRow<Activation::kSilu>("LinearActivation/silu"),
      LinearRow<Activation::kTanh>("LinearActivation/tanh"),
      LinearRow<Activation::kRelu>("LinearActivation/relu"),
      // Compositions.
      UnaryRow(
          "Silu", Op::kMul, [](X x) { return Silu(x[0]); }, silu),
      UnaryRow(
          "Relu", Op::kSelect, [](X x) { return Relu(x[0]); }, exact),
      PlainRow(
          "MeanAll", Op::kScaleShift, [](X x) { return MeanAll(x[0]); },
          {{Shape{1}}, {Shape{17}}, {Shape{3, 5}}, {Shape{2, 3, 4}}}, count),
  };
}

}  // namespace unnoise

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_OP_ROWS_H_
