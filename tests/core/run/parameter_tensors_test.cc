// Flat arrays as tensors of a file: names, layouts, there and back.

#include "core/run/parameter_tensors.h"

#include <gtest/gtest.h>

#include <numeric>

namespace unnoise {
namespace {

ParameterList Mixed() {
  ParameterList list;
  list.Add("conv.weight", {2, 1, 2, 3}, {Start::Law::kUniform, 1},
           Layout::kFilters);
  list.Add("conv.bias", {2}, 0);
  list.Add("linear.weight", {2, 2}, 1);
  return list;
}

std::string BytesOf(const ParameterList& list,
                    std::span<const FlatArray> arrays) {
  std::vector<std::vector<float>> copies;
  return WriteSafetensors(TensorsOf(list, arrays, copies), {});
}

std::vector<float> Counted(int64_t from) {
  std::vector<float> values(18);
  std::iota(values.begin(), values.end(), static_cast<float>(from));
  return values;
}

TEST(ParameterTensors, AreNamedAndLaidOutAsPyTorchs) {
  const ParameterList list = Mixed();
  std::vector<float> weights = Counted(0), mean = Counted(100);
  const FlatArray arrays[] = {{"", weights}, {"ema.", mean}};
  const std::string bytes = BytesOf(list, arrays);
  const auto file = ReadSafetensors(bytes, "a");
  ASSERT_TRUE(file.ok()) << ToText(file.problems());
  EXPECT_EQ(file->tensors.size(), 6u);
  const auto numbers = [&](const char* name) {
    const auto& entry = file->tensors.at(name);
    std::vector<float> values(static_cast<size_t>(entry.shape.size()));
    std::copy_n(entry.bytes.data(), entry.bytes.size(),
                reinterpret_cast<char*>(values.data()));
    return values;
  };
  EXPECT_EQ(file->tensors.at("conv.weight").shape, (Shape{2, 3, 1, 2}));
  EXPECT_EQ(numbers("conv.weight"),
            (std::vector<float>{0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11}));
  EXPECT_EQ(numbers("linear.weight"), (std::vector<float>{14, 15, 16, 17}));
  EXPECT_EQ(numbers("ema.conv.bias"), (std::vector<float>{112, 113}));
}

TEST(ParameterTensors, ComeBack) {
  const ParameterList list = Mixed();
  std::vector<float> weights = Counted(0), mean = Counted(100);
  const FlatArray arrays[] = {{"", weights}, {"ema.", mean}};
  const std::string bytes = BytesOf(list, arrays);
  const auto file = ReadSafetensors(bytes, "a");
  std::vector<float> other(18), another(18);
  const FlatArray fresh[] = {{"", other}, {"ema.", another}};
  ASSERT_TRUE(CheckTensors(*file, "a", list, fresh).empty());
  FillFrom(*file, list, fresh);
  EXPECT_EQ(other, weights);
  EXPECT_EQ(another, mean);
}

TEST(ParameterTensors, WhatDoesNotFitIsNamedWithTheShapeOfFiles) {
  const ParameterList list = Mixed();
  std::vector<float> weights = Counted(0);
  const FlatArray arrays[] = {{"", weights}};
  const std::vector<float> filters(12), bias(2);
  const std::string bytes = WriteSafetensors(
      std::vector<NamedTensor>{{"conv.weight", {2, 1, 2, 3}, filters},
                               {"conv.bias", {2}, bias}},
      {});
  const auto file = ReadSafetensors(bytes, "a");
  EXPECT_EQ(ToText(CheckTensors(*file, "a", list, arrays)),
            "a: the tensor conv.weight is F32[2, 1, 2, 3] where F32[2, 3, 1, "
            "2] is expected; take another copy, or train anew.\n"
            "a: the tensor linear.weight is missing; take another copy, or "
            "train anew.");
}

}  // namespace
}  // namespace unnoise
