// Convolutions as layers: names, shapes, layouts, how they start, the sizes of
// what comes out. What they compute is held against PyTorch in
// torch_conv_native_test.cc.

#include "core/nn/convolution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/base/check.h"

namespace unnoise {
namespace {

TEST(Convolution, ParametersAreNamedAndLaidOutAsPyTorchs) {
  ParameterList list;
  const Convolution down("down", 4, 6, {3, 2}, {.groups = 2}, Bias::kYes, list);
  const Convolution mix("mix", 6, 8, {1, 1}, {}, Bias::kNo, list);
  const TransposedConvolution up("up", 8, 6, {4, 3},
                                 {.stride = {2, 1}, .groups = 2}, {1, 0},
                                 Bias::kYes, list);
  struct Expected {
    const char* name;
    Shape memory, file;
  };
  const Expected expected[] = {
      {"down.weight", {6, 3, 2, 2}, {6, 2, 3, 2}},
      {"down.bias", {6}, {6}},
      {"mix.weight", {8, 1, 1, 6}, {8, 6, 1, 1}},
      {"up.weight", {8, 4, 3, 3}, {8, 3, 4, 3}},
      {"up.bias", {6}, {6}},
  };
  ASSERT_EQ(list.entries().size(), std::size(expected));
  for (size_t i = 0; i < std::size(expected); ++i) {
    const Parameter& entry = list.entries()[i];
    EXPECT_EQ(entry.name, expected[i].name);
    EXPECT_EQ(entry.shape, expected[i].memory) << entry.name;
    EXPECT_EQ(FileShape(entry), expected[i].file) << entry.name;
  }
}

TEST(Convolution, FiltersAreTurnedOnTheWayToFilesAndBack) {
  ParameterList list;
  list.Add("w", {2, 1, 2, 3}, {Start::Law::kNormal, 1}, Layout::kFilters);
  const Parameter& entry = list.entries()[0];
  // [out][x][channel], and [out][channel][x].
  const std::vector<float> memory = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const std::vector<float> file = {0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11};
  std::vector<float> got(12);
  ToFile(entry, memory, got);
  EXPECT_EQ(got, file);
  std::fill(got.begin(), got.end(), 0.0f);
  FromFile(entry, file, got);
  EXPECT_EQ(got, memory);
  EXPECT_THROW(
      list.Add("v", {2, 3}, {Start::Law::kNormal, 1}, Layout::kFilters),
      UsageError);
}

// As torch.nn.Conv2d and ConvTranspose2d: evenly from (-b, b), b^2 = 1 / (in /
// groups * height * width), and for the transposed one out / groups.
TEST(Convolution, StartsEvenlyByTheNumbersOfAFilter) {
  ParameterList list;
  const Convolution down("down", 24, 64, {3, 5}, {.groups = 2}, Bias::kYes,
                         list);
  const TransposedConvolution up("up", 64, 16, {4, 2}, {}, {0, 0}, Bias::kYes,
                                 list);
  std::vector<float> values(static_cast<size_t>(list.size()), 9.0f);
  list.Initialise(KeyFromSeed(3), values);
  for (const Parameter& entry : list.entries()) {
    const double filter = entry.name.starts_with("down") ? 12 * 3 * 5 : 16 * 8;
    const double bound = 1 / std::sqrt(filter);
    double sum = 0, squares = 0, most = 0;
    const double n = static_cast<double>(entry.shape.size());
    for (int64_t i = 0; i < entry.shape.size(); ++i) {
      const double value = values[static_cast<size_t>(entry.offset + i)];
      sum += value;
      squares += value * value;
      most = std::max(most, std::fabs(value));
    }
    EXPECT_LE(most, bound * (1 + 0x1p-23)) << entry.name;
    // Four standard errors: the variance is b^2 / 3, that of a square 4 b^4 /
    // 45.
    const double variance = bound * bound / 3;
    EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(variance / n)) << entry.name;
    EXPECT_NEAR(squares / n, variance,
                4 * bound * bound * std::sqrt(4 / (45 * n)))
        << entry.name;
  }
  // Each from a stream of its own.
  EXPECT_NE(values[0], values[static_cast<size_t>(list.entries()[2].offset)]);
}

// x of ones through layers of ones.
Shape ShapeThrough(int64_t height, int64_t width, Extent2 kernel,
                   const ConvOptions& options, Extent2 more) {
  ParameterList list;
  const TransposedConvolution up("up", 2, 4, kernel, options, more, Bias::kYes,
                                 list);
  std::vector<float> values(static_cast<size_t>(list.size()), 1.0f);
  Tape tape(SimdBackend(), DType::kF32);
  std::vector<Tensor> leaves(list.entries().size());
  list.Bind(tape, values.data(), false, leaves);
  return up(leaves, tape.Filled({1, height, width, 2}, 1)).shape();
}

// Sizes that torch.nn.ConvTranspose2d documents.
TEST(TransposedConvolution, MakesImagesLarger) {
  EXPECT_EQ(
      ShapeThrough(3, 5, {4, 4}, {.stride = {2, 2}, .padding = {1, 1}}, {0, 0}),
      (Shape{1, 6, 10, 4}));
  EXPECT_EQ(
      ShapeThrough(3, 5, {3, 2}, {.stride = {2, 3}, .padding = {1, 0}}, {1, 2}),
      (Shape{1, 6, 16, 4}));
  EXPECT_EQ(
      ShapeThrough(3, 5, {3, 2}, {.dilation = {2, 3}, .groups = 2}, {0, 0}),
      (Shape{1, 7, 8, 4}));
}

TEST(Convolution, ABiasIsAddedWhereThereIsOne) {
  for (const Bias bias : {Bias::kNo, Bias::kYes}) {
    ParameterList list;
    const Convolution flat("flat", 1, 2, {1, 1}, {}, bias, list);
    const TransposedConvolution up("up", 2, 1, {1, 1}, {}, {0, 0}, bias, list);
    std::vector<float> values(static_cast<size_t>(list.size()), 2.0f);
    Tape tape(SimdBackend(), DType::kF32);
    std::vector<Tensor> leaves(list.entries().size());
    list.Bind(tape, values.data(), false, leaves);
    Tensor y = up(leaves, flat(leaves, tape.Filled({1, 1, 1, 1}, 3)));
    float value = 0;
    tape.Read(y, &value);
    EXPECT_EQ(value, bias == Bias::kYes ? 2 * 2 * 8 + 2 : 2 * 2 * 6);
  }
}

TEST(Convolution, RefusesWhatDoesNotDivide) {
  ParameterList list;
  const auto layer = [&](int64_t in, int64_t out, int64_t groups) {
    Convolution("a", in, out, {1, 1}, {.groups = groups}, Bias::kNo, list);
  };
  const auto transposed = [&](int64_t in, int64_t out, int64_t groups,
                              Extent2 more) {
    TransposedConvolution("a", in, out, {1, 1},
                          {.stride = {2, 1}, .groups = groups}, more, Bias::kNo,
                          list);
  };
  EXPECT_NO_THROW(layer(4, 6, 2));
  EXPECT_THROW(layer(3, 6, 2), UsageError);
  EXPECT_THROW(layer(4, 5, 2), UsageError);
  EXPECT_THROW(layer(4, 4, 0), UsageError);
  EXPECT_NO_THROW(transposed(4, 6, 2, {1, 0}));
  EXPECT_THROW(transposed(3, 6, 2, {1, 0}), UsageError);
  EXPECT_THROW(transposed(4, 5, 2, {1, 0}), UsageError);
  EXPECT_THROW(transposed(4, 6, 2, {2, 0}), UsageError);
  EXPECT_THROW(transposed(4, 6, 2, {0, 1}), UsageError);
  EXPECT_THROW(transposed(4, 6, 2, {-1, 0}), UsageError);
}

}  // namespace
}  // namespace unnoise
