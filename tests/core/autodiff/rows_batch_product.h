// Rows of the conformance table: core/autodiff/batch_product.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_BATCH_PRODUCT_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_BATCH_PRODUCT_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

template <Transpose kA, Transpose kB>
OpRow BatchProductRow(const char* name) {
  struct Extents {
    std::vector<int64_t> batch;
    int64_t m, k, n;
  };
  std::vector<Shapes> inputs;
  for (const Extents& e :
       {Extents{{}, 3, 2, 5}, Extents{{3}, 2, 3, 4}, Extents{{2, 2}, 3, 1, 2},
        Extents{{2, 1, 2, 1}, 1, 3, 2}, Extents{{0}, 3, 2, 4},
        Extents{{3}, 0, 2, 4}, Extents{{2}, 3, 0, 4},
        Extents{{5}, 9, 17, 33}}) {
    const auto shape = [&](int64_t rows, int64_t cols) {
      std::vector<int64_t> extents = e.batch;
      extents.push_back(rows);
      extents.push_back(cols);
      return Shape(std::span<const int64_t>(extents));
    };
    inputs.push_back(
        {kA == Transpose::kYes ? shape(e.k, e.m) : shape(e.m, e.k),
         kB == Transpose::kYes ? shape(e.n, e.k) : shape(e.k, e.n)});
  }
  const Build build = [](X x) { return BatchProduct(x[0], x[1], kA, kB); };
  // k products and as many sums, k at most the longer of a's last two extents.
  return PlainRow(name, build, inputs, [](const Shapes& s) {
    const int rank = s[0].rank();
    return 2.0 + static_cast<double>(std::max(s[0][rank - 1], s[0][rank - 2]));
  });
}

inline std::vector<OpRow> BatchProductRows() {
  using T = Transpose;
  return {
      BatchProductRow<T::kNo, T::kNo>("BatchProduct"),
      BatchProductRow<T::kNo, T::kYes>("BatchProduct/nt"),
      BatchProductRow<T::kYes, T::kNo>("BatchProduct/tn"),
      BatchProductRow<T::kYes, T::kYes>("BatchProduct/tt"),
      PlainRow(
          "MaskedLinear",
          [](X x) {
            // Zeros above the diagonal.
            const Shape shape = x[1].shape();
            std::vector<float> mask;
            for (int64_t i = 0; i < shape[0]; ++i) {
              for (int64_t j = 0; j < shape[1]; ++j) mask.push_back(j <= i);
            }
            Tensor seen =
                x[1].tape().Constant(shape, std::span<const float>(mask));
            return MaskedLinear(x[0], x[1], seen, x[2], Activation::kIdentity);
          },
          {{Shape{3, 4}, Shape{5, 4}, Shape{5}},
           {Shape{9, 17}, Shape{33, 17}, Shape{33}}},
          [](const Shapes& s) { return 3.0 + static_cast<double>(s[0][1]); }),
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_BATCH_PRODUCT_H_
