// Rows of the conformance table: core/autodiff/product.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_PRODUCT_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_PRODUCT_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

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
  return {name,   BuildLinear<kActivation>,
          inputs, [](const Shapes& s) { return 1.1 * (s[0][1] + 3.0) + 8; },
          bound,  bound,
          true};
}

inline std::vector<OpRow> ProductRows() {
  using T = Transpose;
  return {
      ProductRow<T::kNo, T::kNo>("Product"),
      ProductRow<T::kNo, T::kYes>("Product/nt"),
      ProductRow<T::kYes, T::kNo>("Product/tn"),
      ProductRow<T::kYes, T::kYes>("Product/tt"),
      PlainRow(
          "Preactivation", [](X x) { return Preactivation(x[0], x[1], x[2]); },
          {{Shape{3, 4}, Shape{5, 4}, Shape{5}},
           {Shape{9, 17}, Shape{33, 17}, Shape{33}}},
          [](const Shapes& s) { return 3.0 + static_cast<double>(s[0][1]); }),
      PlainRow(
          "LinearActivationComposed",
          [](X x) {
            return LinearActivationComposed(x[0], x[1], x[2],
                                            Activation::kIdentity);
          },
          {{Shape{3, 4}, Shape{5, 4}, Shape{5}}},
          [](const Shapes& s) { return 3.0 + static_cast<double>(s[0][1]); }),
      LinearRow<Activation::kIdentity>("LinearActivation/identity"),
      LinearRow<Activation::kSilu>("LinearActivation/silu"),
      LinearRow<Activation::kTanh>("LinearActivation/tanh"),
      LinearRow<Activation::kRelu>("LinearActivation/relu"),
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_PRODUCT_H_
