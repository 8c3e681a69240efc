// NPY arrays as bytes.

#include "core/data/npy.h"

#include <gtest/gtest.h>

#include <cstring>

namespace unnoise {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

// The first bytes of what numpy.save (NumPy 1.24) writes for float32 arrays of
// these shapes; spaces and a line feed follow up to 128 bytes.
constexpr std::string_view kPrefix = "\x93NUMPY\x01\x00v\x00"sv;
constexpr std::string_view kScalar =
    "{'descr': '<f4', 'fortran_order': False, 'shape': (), }";
constexpr std::string_view kRow =
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
constexpr std::string_view kMatrix =
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";

std::string Whole(std::string_view dictionary) {
  std::string bytes = std::string(kPrefix) + std::string(dictionary);
  bytes.resize(127, ' ');
  return bytes + '\n';
}

std::string HeaderOf(std::initializer_list<int64_t> shape) {
  return NpyHeader(std::span(shape.begin(), shape.size()));
}

std::string MatrixBytes() {
  const float values[] = {0, 1, 2, 3, 4, 5};
  std::string bytes = Whole(kMatrix);
  bytes.append(reinterpret_cast<const char*>(values), sizeof values);
  return bytes;
}

TEST(NpyTest, WritesWhatNumPyWrites) {
  EXPECT_EQ(HeaderOf({}), Whole(kScalar));
  EXPECT_EQ(HeaderOf({3}), Whole(kRow));
  EXPECT_EQ(HeaderOf({3, 2}), Whole(kMatrix));
  EXPECT_EQ(HeaderOf({51, 1000000000, 64}).size() % 64, 0u);
}

TEST(NpyTest, ReadsItBack) {
  const Result<NpyArray> array = ReadNpy(MatrixBytes(), "x.npy");
  ASSERT_TRUE(array.ok()) << ToText(array.problems());
  EXPECT_EQ(array->shape, (std::vector<int64_t>{3, 2}));
  EXPECT_EQ(array->values, (std::vector<float>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ReadNpy(Whole(kScalar) + "\0\0\0\0"s, "x.npy")->shape.size(), 0u);
}

TEST(NpyTest, RefusesEveryTruncation) {
  const std::string bytes = MatrixBytes();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ReadNpy(bytes.substr(0, size), "x.npy").ok()) << size;
  }
}

TEST(NpyTest, SurvivesEveryFlippedBit) {
  std::string bytes = MatrixBytes();
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      const Result<NpyArray> array = ReadNpy(bytes, "x.npy");
      if (array.ok()) {
        int64_t size = 1;
        for (const int64_t extent : array->shape) size *= extent;
        EXPECT_EQ(size, 6);
      }
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
    }
  }
}

TEST(NpyTest, RefusesOtherTypesOrdersAndSizes) {
  const auto reads = [](std::string_view dictionary, size_t floats) {
    return ReadNpy(Whole(dictionary) + std::string(4 * floats, '\0'), "x").ok();
  };
  EXPECT_TRUE(reads(kRow, 3));
  EXPECT_FALSE(reads(kRow, 4));
  EXPECT_FALSE(
      reads("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", 3));
  EXPECT_FALSE(
      reads("{'descr': '>f4', 'fortran_order': False, 'shape': (3,), }", 3));
  EXPECT_FALSE(
      reads("{'descr': '<f4', 'fortran_order': True, 'shape': (3,), }", 3));
  EXPECT_FALSE(
      reads("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,), }", 3));
  // 2^32 * 2^32 wraps around to 0.
  EXPECT_FALSE(
      reads("{'descr': '<f4', 'fortran_order': False, 'shape': "
            "(4294967296, 4294967296), }",
            0));
}

}  // namespace
}  // namespace unnoise
