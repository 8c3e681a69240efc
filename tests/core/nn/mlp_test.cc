// Networks: features of time, names and shapes of parameters, how they start,
// and that the first prediction is zero.

#include "core/nn/mlp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace unnoise {
namespace {

TEST(TimeFeatures, AreSinesAndCosinesOfFallingFrequencies) {
  std::vector<float> times;
  for (int i = 0; i <= 64; ++i) times.push_back(static_cast<float>(i) / 64);
  times.push_back(1e-3f);
  const int64_t rows = static_cast<int64_t>(times.size());
  Tape tape(SimdBackend(), DType::kF32);
  const Tensor features =
      TimeFeatures(tape.Constant({rows, 1}, std::span<const float>(times)));
  ASSERT_EQ(features.shape(), (Shape{rows, kTimeFeatures}));
  std::vector<float> values(static_cast<size_t>(rows * kTimeFeatures));
  tape.Read(features, values.data());
  for (int64_t row = 0; row < rows; ++row) {
    for (int i = 0; i < kFrequencies; ++i) {
      const double frequency = 1000 * std::pow(10000.0, -i / 15.0);
      const double phase = frequency * times[row];
      // Frequency and phase are rounded to float, then 1.5 ULP of sine and
      // cosine.
      const double tolerance = (2.01 * phase + 3) * 0x1p-24;
      const float* feature = values.data() + row * kTimeFeatures + i;
      EXPECT_NEAR(feature[0], std::sin(phase), tolerance)
          << "sine " << i << " at " << times[row];
      EXPECT_NEAR(feature[kFrequencies], std::cos(phase), tolerance)
          << "cosine " << i << " at " << times[row];
    }
  }
}

TEST(TimeMlp, ParametersAreNamedByModulePath) {
  NetworkConfig config;
  config.width = 8;
  config.depth = 2;
  ParameterList list;
  const TimeMlp network(config, 3, 2, list);
  const std::vector<std::pair<std::string, Shape>> expected = {
      {"network.hidden.0.weight", {8, 3 + kTimeFeatures}},
      {"network.hidden.0.bias", {8}},
      {"network.hidden.1.weight", {8, 8}},
      {"network.hidden.1.bias", {8}},
      {"network.output.weight", {2, 8}},
      {"network.output.bias", {2}},
  };
  ASSERT_EQ(list.entries().size(), expected.size());
  int64_t offset = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    const Parameter& entry = list.entries()[i];
    EXPECT_EQ(entry.name, expected[i].first);
    EXPECT_EQ(entry.shape, expected[i].second);
    EXPECT_EQ(entry.offset, offset);
    offset += entry.shape.size();
  }
  EXPECT_EQ(list.size(), offset);
}

// The starting values of parameter `name` at full size.
std::vector<float> StartOf(const std::string& name, int activation,
                           uint64_t seed = 3) {
  NetworkConfig config;
  config.activation = activation;
  ParameterList list;
  const TimeMlp network(config, 2, 2, list);
  std::vector<float> values(static_cast<size_t>(list.size()), 9.0f);
  list.Initialise(KeyFromSeed(seed), values);
  for (const Parameter& entry : list.entries()) {
    if (entry.name == name) {
      const auto begin = values.begin() + entry.offset;
      return {begin, begin + entry.shape.size()};
    }
  }
  ADD_FAILURE() << "no parameter " << name;
  return {};
}

TEST(TimeMlp, WeightsStartNormalWithTheGainOfTheActivation) {
  const double gains[] = {std::sqrt(2.0), 5.0 / 3.0, std::sqrt(2.0)};
  const std::pair<const char*, int> layers[] = {
      {"network.hidden.0.weight", 2 + kTimeFeatures},
      {"network.hidden.1.weight", 128},
      {"network.hidden.2.weight", 128},
  };
  for (int activation = 0; activation < 3; ++activation) {
    for (const auto& [name, fan_in] : layers) {
      const std::vector<float> w = StartOf(name, activation);
      const double n = static_cast<double>(w.size());
      const double variance = gains[activation] * gains[activation] / fan_in;
      double sum = 0, squares = 0;
      for (float value : w) {
        sum += value;
        squares += static_cast<double>(value) * value;
      }
      // Four standard errors of mean and variance of n normal numbers.
      EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(variance / n)) << name;
      EXPECT_NEAR(squares / n, variance, 4 * variance * std::sqrt(2 / n))
          << name;
    }
  }
}

TEST(TimeMlp, BiasesAndTheOutputLayerStartAtZero) {
  for (const char* name : {"network.hidden.0.bias", "network.hidden.2.bias",
                           "network.output.weight", "network.output.bias"}) {
    for (float value : StartOf(name, 0)) ASSERT_EQ(value, 0) << name;
  }
}

TEST(TimeMlp, EachTensorHasItsOwnStream) {
  const auto first = StartOf("network.hidden.1.weight", 0);
  EXPECT_EQ(first, StartOf("network.hidden.1.weight", 0));
  EXPECT_NE(first, StartOf("network.hidden.2.weight", 0));
  EXPECT_NE(first, StartOf("network.hidden.1.weight", 0, 4));
}

TEST(TimeMlp, FirstPredictionIsZero) {
  ParameterList list;
  const TimeMlp network(NetworkConfig(), 2, 2, list);
  std::vector<float> values(static_cast<size_t>(list.size()));
  list.Initialise(KeyFromSeed(3), values);
  Tape tape(SimdBackend(), DType::kF32);
  std::vector<Tensor> leaves(list.entries().size());
  list.Bind(tape, values.data(), true, leaves);
  const float x[] = {1, -2, 3, 0.5f, 0, 7}, t[] = {0.1f, 0.5f, 1};
  const Tensor y =
      network(leaves, tape.Constant({3, 2}, x), tape.Constant({3, 1}, t));
  ASSERT_EQ(y.shape(), (Shape{3, 2}));
  float out[6];
  tape.Read(y, out);
  for (float value : out) EXPECT_EQ(value, 0);
}

TEST(ParameterList, RefusesArraysOfAnotherLength) {
  ParameterList list;
  list.Add("w", {2, 3}, 1);
  std::vector<float> values(5);
  EXPECT_THROW(list.Initialise(KeyFromSeed(0), values), UsageError);
  Tape tape(SimdBackend(), DType::kF32);
  std::vector<Tensor> leaves(2);
  EXPECT_THROW(list.Bind(tape, values.data(), true, leaves), UsageError);
}

}  // namespace
}  // namespace unnoise
