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
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_ACTIVATION_H_
