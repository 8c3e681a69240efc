// Rows of the conformance table: core/autodiff/elementwise.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_ELEMENTWISE_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_ELEMENTWISE_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

inline std::vector<OpRow> ElementwiseRows() {
  // ULP of exact_math-inl.h, two roundings each at most.
  const auto trigonometric = [](const Shapes&) { return 2 * 1.5; };
  const auto hyperbolic = [](const Shapes&) { return 2 * 2.3; };
  return {
      PlainRow(
          "Add", [](X x) { return Add(x[0], x[1]); }, Lengths(2), OneRounding),
      PlainRow(
          "Sub", [](X x) { return Sub(x[0], x[1]); }, Lengths(2), OneRounding),
      PlainRow(
          "Mul", [](X x) { return Mul(x[0], x[1]); }, Lengths(2), OneRounding),
      // The same tensor twice: both shares of the derivative count.
      PlainRow(
          "Mul/square", [](X x) { return Mul(x[0], x[0]); }, Lengths(1),
          OneRounding),
      // Away from the pole: by 1.5 + tanh(b) / 2, whose own roundings count.
      PlainRow(
          "Div",
          [](X x) {
            Tensor by = ScaleShift(Tanh(x[1]), 0.5, 1.5);
            return Div(x[0], by);
          },
          Lengths(2), [](const Shapes&) { return 1 + 2 * 2.3 + 2; }),
      PlainRow(
          "ScaleShift", [](X x) { return ScaleShift(x[0], 1.75, 0.625); },
          Lengths(1), [](const Shapes&) { return 2.0; }),
      PlainRow(
          "Select", [](X x) { return Select(x[0], x[1], x[2]); }, Lengths(3),
          Exact),
      UnaryRow(
          "Sin", [](X x) { return Sin(x[0]); }, trigonometric),
      UnaryRow(
          "Cos", [](X x) { return Cos(x[0]); }, trigonometric),
      UnaryRow(
          "Tanh", [](X x) { return Tanh(x[0]); }, hyperbolic),
      UnaryRow(
          "Sigmoid", [](X x) { return Sigmoid(x[0]); }, hyperbolic),
      PlainRow(
          "Exp", [](X x) { return Exp(x[0]); }, Lengths(1), trigonometric),
      // Away from zero, where its slope has a pole: of 1.5 + tanh(x) / 2.
      PlainRow(
          "Sqrt",
          [](X x) {
            Tensor positive = ScaleShift(Tanh(x[0]), 0.5, 1.5);
            return Sqrt(positive);
          },
          Lengths(1), [](const Shapes&) { return 2 * 2.3 + 3; }),
      // Of arguments whose slope stays below 1.1, as UnaryRow wants it.
      UnaryRow(
          "Expm1", [](X x) { return Expm1(ScaleShift(x[0], 0.25, 0)); },
          [](const Shapes&) { return 2 * 2.0 + 2; }),
      // Away from the pole, as Sqrt.
      UnaryRow(
          "Rsqrt",
          [](X x) {
            Tensor positive = ScaleShift(Tanh(x[0]), 0.5, 1.5);
            return Rsqrt(positive);
          },
          [](const Shapes&) { return 2 * 2.3 + 2 + 2; }),
      UnaryRow(
          "Erf", [](X x) { return Erf(ScaleShift(x[0], 0.5, 0)); },
          [](const Shapes&) { return 2 * 1.2 + 1; }),
      // Of numbers from 1 to 2, whose logarithms are near 0: relative to 1.
      {"Log", [](X x) { return Log(ScaleShift(Tanh(x[0]), 0.5, 1.5)); },
       Lengths(1), [](const Shapes&) { return 2 * 2.3 + 2 + 2; },
       [](X x) { return x[0].tape().Filled(x[0].shape(), 1); }, First},
      // Of numbers from -1/2 to 1/2: the slope there is at most 2, so what tanh
      // errs by, and the result, are relative to its double.
      {"Log1p", [](X x) { return Log1p(ScaleShift(Tanh(x[0]), 0.5, 0)); },
       Lengths(1), [](const Shapes&) { return 2 * 2.3 + 2 * 0.85; }, First,
       First},
      // e^-|x|, log(1 + .) and a sum, two roundings each at most.
      UnaryRow(
          "Softplus", [](X x) { return Softplus(x[0]); },
          [](const Shapes&) { return 2 * 1.5 + 2 * 1.5 + 1; }),
      UnaryRow(
          "Abs", [](X x) { return Abs(x[0]); }, Exact),
      {"Maximum", [](X x) { return Maximum(x[0], x[1]); }, Lengths(2), Exact,
       [](X x) { return Maximum(x[0], x[1]); },
       [](X x) { return Add(x[0], x[1]); }},
      {"Minimum", [](X x) { return Minimum(x[0], x[1]); }, Lengths(2), Exact,
       [](X x) { return Minimum(x[0], x[1]); },
       [](X x) { return Add(x[0], x[1]); }},
      UnaryRow(
          "Clamp", [](X x) { return Clamp(x[0], -0.75, 1.25); }, Exact),
  };
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_ELEMENTWISE_H_
