// Steps of our optimizers against those of torch.optim. See
// tests/core/fixtures/torch.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/optim/optimizer.h"
#include "tests/core/fixtures/torch/golden.h"

namespace unnoise {
namespace {

constexpr size_t kSteps = 3, kSize = 8;
constexpr float kRate = 0.1f;

// Weights after each step of the optimizer on the given gradients, beside
// PyTorch's. A step moves a weight by kRate times an update that a dozen
// roundings of 2^-24 made, and is rounded once more with the weight. What is
// rounded is at most 4 in Adam, whose mean is that near to its root mean square
// (0.1 / sqrt(0.001)), and with momentum the sum of all gradients' sizes.
void ExpectSteps(const std::string& kind, const std::string& name,
                 Optimizer& optimizer) {
  const Golden golden("mlp");
  const auto start = golden.Numbers<double>("optimizer/start");
  const auto gradients = golden.Numbers<float>("optimizer/gradients");
  const auto expected = golden.Numbers<double>("optimizer/" + name);
  optimizer.clip = 0;
  Pool pool(1);
  auto chain = optimizer.Chain(kSize);
  std::vector<float> weights(start.begin(), start.end());
  std::vector<double> tolerance(kSize, 0.0), sum(kSize, 0.0);
  for (size_t step = 0; step < kSteps; ++step) {
    const auto first = gradients.begin() + static_cast<ptrdiff_t>(step * kSize);
    std::vector<float> update(first, first + kSize);
    for (const auto& transform : chain) {
      transform->Apply(static_cast<int64_t>(step), weights, update, pool);
    }
    Descend(kRate, update, weights, pool);
    for (size_t i = 0; i < kSize; ++i) {
      const double theirs = expected[step * kSize + i];
      sum[i] = 0.9 * sum[i] + std::fabs(first[static_cast<ptrdiff_t>(i)]);
      const double rounded = kind == "sgd" ? sum[i] : 4;
      tolerance[i] += 0x1p-24 * (12 * kRate * rounded + std::fabs(theirs));
      EXPECT_NEAR(weights[i], theirs, tolerance[i])
          << kind << ", step " << step << ", weight " << i;
    }
  }
}

TEST(TorchOptimizer, AdamStepsAreTheirs) {
  ExpectSteps("adam", "adam", *Choice<Optimizer>("adam"));
}
TEST(TorchOptimizer, AdamWStepsAreTheirs) {
  ExpectSteps("adamw", "adamw", *Choice<Optimizer>("adamw"));
}
TEST(TorchOptimizer, MomentumStepsAreTheirs) {
  ExpectSteps("sgd", "momentum", *Choice<Optimizer>("sgd"));
}

// By hand: after one step m / (1 - b1) is g and v / (1 - b2) is g^2, so the
// update is g / (|g| + 1e-8), the sign of g.
TEST(TorchOptimizer, TheirFirstAdamStepIsTheOneOnPaper) {
  const Golden golden("mlp");
  const auto start = golden.Numbers<double>("optimizer/start");
  const auto gradients = golden.Numbers<double>("optimizer/gradients");
  const auto after = golden.Numbers<double>("optimizer/adam");
  for (size_t i = 0; i < kSize; ++i) {
    const double g = gradients[i];
    EXPECT_NEAR(after[i], start[i] - 0.1 * g / (std::fabs(g) + 1e-8), 1e-15);
  }
}

TEST(TorchOptimizer, ClippingIsTheirs) {
  const Golden golden("mlp");
  const auto gradients = golden.Numbers<float>("optimizer/gradients");
  const auto expected = golden.Numbers<double>("optimizer/clipped");
  Pool pool(1);
  int shortened = 0;
  for (size_t step = 0; step < kSteps; ++step) {
    const auto first = gradients.begin() + static_cast<ptrdiff_t>(step * kSize);
    std::vector<float> update(first, first + kSize);
    const double norm = Norm(update);
    ClipByNorm(1)->Apply(0, {}, update, pool);
    for (size_t i = 0; i < kSize; ++i) {
      // PyTorch divides by the norm + 1e-6.
      const double exact =
          expected[step * kSize + i] * (norm > 1 ? (norm + 1e-6) / norm : 1);
      // The factor is rounded and its product.
      EXPECT_NEAR(update[i], exact, 2 * 0x1p-24 * std::fabs(exact));
    }
    shortened += norm > 1;
  }
  EXPECT_EQ(shortened, 2) << "the third is shorter than 1";
}

}  // namespace
}  // namespace unnoise
