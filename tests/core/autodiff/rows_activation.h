// Rows of the conformance table: core/autodiff/activation.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_ACTIVATION_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_ACTIVATION_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

inline std::vector<OpRow> ActivationRows() {
  const auto silu = [](const Shapes&) { return 2 * 2.3 + 1; };
  return {
      UnaryRow(
          "Silu", [](X x) { return Silu(x[0]); }, silu),
      UnaryRow(
          "Relu", [](X x) { return Relu(x[0]); }, Exact),
      UnaryRow(
          "Apply", [](X x) { return Apply(Activation::kSilu, x[0]); }, silu),
      // 1 - tanh^2 cancels, so its roundings are relative to 1.
      {"SlopeOf", [](X x) { return SlopeOf(Activation::kTanh, x[0]); },
       Lengths(1), [](const Shapes&) { return 2 * 2 * 2.3 + 2; },
       [](X x) { return x[0].tape().Filled(x[0].shape(), 1); }, First},
      UnaryRow(
          "LeakyRelu", [](X x) { return LeakyRelu(x[0], 0.25); }, OneRounding),
      UnaryRow(
          "Elu", [](X x) { return Elu(x[0], 0.75); },
          [](const Shapes&) { return 2 * 2.0 + 1; }),
      // The function in brackets, which is at most 1, cancels below 0: relative
      // to x.
      {"Gelu", [](X x) { return Gelu(x[0]); }, Lengths(1),
       [](const Shapes&) { return 2 * 1.2 + 5; }, First, First},
      {"GeluTanh", [](X x) { return GeluTanh(x[0]); }, Lengths(1),
       [](const Shapes&) { return 2 * 2.3 + 8; }, First, First},
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_ACTIVATION_H_
