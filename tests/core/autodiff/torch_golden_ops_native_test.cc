// PyTorch's values and gradients of elementwise functions, softmaxes, running
// sums and small dense matrices (tests/core/fixtures/torch/README.md).

#include <gtest/gtest.h>

#include "core/autodiff/ops.h"
#include "tests/core/autodiff/torch_golden.h"

namespace unnoise {
namespace {

using X = std::span<const Tensor>;

// PyTorch's own functions are right to within 8 roundings of the larger of 1
// and the result; ours add as many.
constexpr double kTolerance = 16 * 0x1p-53;
constexpr double kFloatTolerance = 32 * 0x1p-24;

TEST(TorchGolden, Elementwise) {
  const TorchGolden golden;
  struct Case {
    const char* name;
    Tensor (*f)(X x);
  };
  const Case cases[] = {
      {"relu", [](X x) { return Relu(x[0]); }},
      {"leaky_relu", [](X x) { return LeakyRelu(x[0], 0.25); }},
      {"elu", [](X x) { return Elu(x[0], 1); }},
      {"silu", [](X x) { return Silu(x[0]); }},
      {"gelu", [](X x) { return Gelu(x[0]); }},
      {"gelu_tanh", [](X x) { return GeluTanh(x[0]); }},
      {"softplus", [](X x) { return Softplus(x[0]); }},
      {"sigmoid", [](X x) { return Sigmoid(x[0]); }},
      {"tanh", [](X x) { return Tanh(x[0]); }},
      {"erf", [](X x) { return Erf(x[0]); }},
      {"abs", [](X x) { return Abs(x[0]); }},
      {"clamp", [](X x) { return Clamp(x[0], -1, 2); }},
      {"exp", [](X x) { return Exp(x[0]); }},
      {"sin", [](X x) { return Sin(x[0]); }},
      {"cos", [](X x) { return Cos(x[0]); }},
      {"log", [](X x) { return Log(x[0]); }},
      {"log1p", [](X x) { return Log1p(x[0]); }},
      {"sqrt", [](X x) { return Sqrt(x[0]); }},
      {"rsqrt", [](X x) { return Rsqrt(x[0]); }},
  };
  for (const Case& c : cases) {
    golden.Expect(std::string("elementwise/") + c.name, {"x"}, c.f, kTolerance,
                  kFloatTolerance);
  }
}

TEST(TorchGolden, SoftmaxesAndRunningSums) {
  const TorchGolden golden;
  const auto expect = [&](const char* name, Tensor (*f)(X x)) {
    // Sums of at most 20 terms on top; numbers of 1,000 are rounded alike.
    golden.Expect(name, {"x"}, f, 2 * kTolerance, 2 * kFloatTolerance);
  };
  expect("logsumexp/last", [](X x) { return LogSumExp(x[0], {1}); });
  expect("logsumexp/both", [](X x) { return LogSumExp(x[0], {0, 2}); });
  expect("logsumexp/far",
         [](X x) { return LogSumExp(x[0], {x[0].shape().rank() - 1}); });
  expect("softmax/last",
         [](X x) { return Softmax(x[0], {x[0].shape().rank() - 1}); });
  expect("log_softmax/last",
         [](X x) { return LogSoftmax(x[0], {x[0].shape().rank() - 1}); });
  expect("log_softmax/middle", [](X x) { return LogSoftmax(x[0], {1}); });
  expect("log_softmax/far",
         [](X x) { return LogSoftmax(x[0], {x[0].shape().rank() - 1}); });
  expect("cumsum/last", [](X x) { return CumSum(x[0], 1); });
  expect("cumsum/first", [](X x) { return CumSum(x[0], 0); });
}

TEST(TorchGolden, SmallMatrices) {
  const TorchGolden golden;
  // Matrices with condition numbers below 100, so as many roundings more.
  constexpr double kMatrix = 100 * kTolerance;
  constexpr double kFloatMatrix = 100 * kFloatTolerance;
  for (const char* n : {"1", "2", "3", "6"}) {
    golden.Expect(
        std::string("logdet/") + n, {"x"}, [](X x) { return LogDet(x[0]); },
        kMatrix, kFloatMatrix);
  }
  golden.Expect(
      "solve_triangular/lower", {"a", "b"},
      [](X x) { return TriangularSolve(x[0], x[1], Triangle::kLower); },
      kMatrix, kFloatMatrix);
  golden.Expect(
      "solve_triangular/upper", {"a", "b"},
      [](X x) { return TriangularSolve(x[0], x[1], Triangle::kUpper); },
      kMatrix, kFloatMatrix);
}

}  // namespace
}  // namespace unnoise
