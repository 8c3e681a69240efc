// The denoising loss, and the derivative of a whole model: loss of a network
// with respect to every parameter, by complex step.

#include "core/objective/objective.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/nn/mlp.h"
#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

TEST(DenoisingLoss, IsTheMeanSquaredError) {
  Tape tape(ReferenceBackend(), DType::kF64);
  const double output[] = {1, 2, 3, 4, 5, 6}, target[] = {0, 2, 5, 4, 4, 6};
  const Tensor loss = DenoisingLoss(tape.Constant({3, 2}, output),
                                    tape.Constant({3, 2}, target));
  EXPECT_EQ(loss.shape(), Shape{});
  // (1 + 0 + 4 + 0 + 1 + 0) / 6, of which only 1 / 6 is rounded.
  EXPECT_NEAR(ReadAll<double>(loss)[0], 1.0, 2 * 0x1p-53);
}

TEST(DenoisingLoss, RefusesOtherShapesAndPassesNaN) {
  Tape tape(ReferenceBackend(), DType::kF64);
  const Tensor a = tape.Filled({3, 2}, 1), b = tape.Filled({2, 3}, 1);
  EXPECT_THROW(DenoisingLoss(a, b), ShapeError);
  const Tensor nan = tape.Filled({3, 2}, std::nan(""));
  EXPECT_TRUE(std::isnan(ReadAll<double>(DenoisingLoss(a, nan))[0]));
}

struct Model {
  NetworkConfig config;
  ParameterList list;
  TimeMlp network;
  explicit Model(int activation)
      : config([&] {
          NetworkConfig small;
          small.width = 5;
          small.depth = 2;
          small.activation = activation;
          return small;
        }()),
        network(config, 2, 2, list) {}
};

// Loss of a batch of three; its gradient too if `gradient` is given.
template <class T>
T Loss(const Model& model, std::vector<T> weights,
       std::vector<T>* gradient = nullptr) {
  Tape tape(BackendOf<T>(), kDType<T>);
  std::vector<Tensor> leaves(model.list.entries().size());
  model.list.Bind(tape, weights.data(), true, leaves);
  const float x[] = {0.3f, -1.2f, 0.9f, 0.1f, -0.4f, 2};
  const float t[] = {0.001f, 0.02f, 0.7f};
  const float noise[] = {1, -1, 0.5f, 0.25f, -2, 0.125f};
  const Tensor loss = DenoisingLoss(
      model.network(leaves, tape.Constant({3, 2}, x), tape.Constant({3, 1}, t)),
      tape.Constant({3, 2}, noise));
  if (gradient != nullptr) {
    std::vector<Tensor> parts(leaves.size());
    Grad(loss, leaves, parts);
    gradient->clear();
    for (Tensor part : parts) {
      for (T value : ReadAll<T>(part)) gradient->push_back(value);
    }
  }
  return ReadAll<T>(loss)[0];
}

TEST(DenoisingLoss, GradientOfANetworkIsTheComplexStep) {
  for (int activation = 0; activation < 3; ++activation) {
    const Model model(activation);
    // Not as they start: there the output layer hides the others.
    const auto start = RandomValues("weights", model.list.size());
    std::vector<double> gradient;
    Loss<double>(model, {start.begin(), start.end()}, &gradient);
    ASSERT_EQ(gradient.size(), start.size());
    for (const Parameter& entry : model.list.entries()) {
      for (int64_t j = 0; j < entry.shape.size(); ++j) {
        const size_t i = static_cast<size_t>(entry.offset + j);
        std::vector<Complex> moved(start.begin(), start.end());
        moved[i] += Complex(0, kStep);
        // Some hundred roundings of 1e-16, relative to the largest terms.
        EXPECT_NEAR(gradient[i], Loss<Complex>(model, moved).imag() / kStep,
                    1e-13 * std::max(1.0, LargestOf(gradient)))
            << entry.name << ", element " << j << ", activation " << activation;
      }
    }
  }
}

TEST(DenoisingLoss, FloatGradientOfANetworkIsTheReferenceGradient) {
  for (int activation = 0; activation < 3; ++activation) {
    const Model model(activation);
    const auto start = RandomValues("weights", model.list.size());
    std::vector<double> want;
    std::vector<float> got;
    Loss<double>(model, {start.begin(), start.end()}, &want);
    Loss<float>(model, start, &got);
    // Layers of 34, 5 and 5 terms, forwards and backwards, each rounding
    // 2^-24; times of up to 1 reach the network as phases of up to 1000 that
    // are rounded to 1000 * 2^-24, through weights of up to 2 in each of three
    // layers.
    const double tolerance =
        (2 * (34 + 5 + 5) + 8 * 1000) * 0x1p-24 * LargestOf(want);
    for (size_t i = 0; i < got.size(); ++i) {
      EXPECT_NEAR(got[i], want[i], tolerance) << "parameter " << i;
    }
  }
}

}  // namespace
}  // namespace unnoise
