// The safetensors container: its bytes, and what is refused.

#include "core/run/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>

#include "core/base/check.h"

namespace unnoise {
namespace {

using namespace std::string_view_literals;

// Written by hand from the published format: length of the header (little
// endian), JSON padded with spaces to a multiple of 8, little-endian floats.
constexpr std::string_view kGolden =
    "\x90\0\0\0\0\0\0\0"
    R"({"__metadata__":{"format":"x"},)"
    R"("a":{"data_offsets":[8,12],"dtype":"F32","shape":[1,1]},)"
    R"("b":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}}    )"
    "\0\0\x80\x3f\0\0\0\xc0\0\0\0\x3f"sv;

std::string WithHeader(std::string_view header, size_t number_bytes) {
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size() & 255);
  bytes[1] = static_cast<char>(header.size() >> 8);
  return bytes + std::string(header) + std::string(number_bytes, '\0');
}

bool Reads(std::string_view header, size_t number_bytes) {
  return ReadSafetensors(WithHeader(header, number_bytes), "x").ok();
}

TEST(SafetensorsTest, WritesThePublishedFormat) {
  const float b[] = {1, -2};
  const float a[] = {0.5};
  const NamedTensor tensors[] = {{"b", {2}, b}, {"a", {1, 1}, a}};
  EXPECT_EQ(WriteSafetensors(tensors, {{"format", "x"}}), kGolden);
}

TEST(SafetensorsTest, ReadsThePublishedFormat) {
  const Result<SafetensorsFile> file = ReadSafetensors(kGolden, "x");
  ASSERT_TRUE(file.ok()) << ToText(file.problems());
  EXPECT_EQ(file->metadata, (Metadata{{"format", "x"}}));
  ASSERT_EQ(file->tensors.size(), 2u);
  EXPECT_EQ(file->tensors.at("a").shape, (Shape{1, 1}));
  EXPECT_EQ(file->tensors.at("b").shape, (Shape{2}));
  float b[2];
  ASSERT_EQ(file->tensors.at("b").bytes.size(), sizeof b);
  std::memcpy(b, file->tensors.at("b").bytes.data(), sizeof b);
  EXPECT_EQ(b[0], 1);
  EXPECT_EQ(b[1], -2);
}

TEST(SafetensorsTest, WritesEveryTypeThatItHasNumbersOf) {
  const double f64[] = {1};
  const int64_t i64[] = {-2};
  const float f32[] = {1};
  const std::vector<Half> f16 = {ToHalf(1), ToHalf(2)};
  const std::vector<Bfloat16> bf16 = {ToBfloat16(1)};
  const uint8_t u8[] = {255};
  const NamedTensor tensors[] = {{"f64", {1}, f64},   {"i64", {}, i64},
                                 {"f32", {1}, f32},   {"f16", {2, 1}, f16},
                                 {"bf16", {1}, bf16}, {"u8", {1, 1}, u8}};
  const std::string bytes = WriteSafetensors(tensors, {});
  EXPECT_TRUE(
      bytes.ends_with("\0\0\0\0\0\0\xf0\x3f"
                      "\xfe\xff\xff\xff\xff\xff\xff\xff"
                      "\0\0\x80\x3f"
                      "\x00\x3c\x00\x40"
                      "\x80\x3f"
                      "\xff"sv));
  const Result<SafetensorsFile> file = ReadSafetensors(bytes, "x");
  ASSERT_TRUE(file.ok()) << ToText(file.problems());
  for (const NamedTensor& tensor : tensors) {
    const auto& entry = file->tensors.at(tensor.name);
    EXPECT_EQ(entry.type, tensor.type) << tensor.name;
    EXPECT_EQ(entry.shape, tensor.shape) << tensor.name;
    EXPECT_EQ(entry.bytes.size(), tensor.bytes.size()) << tensor.name;
  }
  EXPECT_EQ(NameOf(file->tensors.at("bf16").type), "BF16");
  // Numbers that a reader maps lie on multiples of their size.
  const NamedTensor crooked[] = {{"u8", {1, 1}, u8}, {"f64", {1}, f64}};
  EXPECT_THROW(WriteSafetensors(crooked, {}), UsageError);
  EXPECT_THROW(NamedTensor("f64", {2}, f64), UsageError);
}

TEST(SafetensorsTest, NamesTypesThatItDoesNotRead) {
  for (const char* type : {"F8_E4M3", "F8_E5M2", "F4", "C64", ""}) {
    const auto file = ReadSafetensors(
        WithHeader(R"({"net.0":{"dtype":")" + std::string(type) +
                       R"(","shape":[1],"data_offsets":[0,1]}})",
                   1),
        "a.safetensors");
    ASSERT_FALSE(file.ok()) << type;
    EXPECT_EQ(ToText(file.problems()),
              "a.safetensors: the numbers of \"net.0\" are of type \"" +
                  std::string(type) +
                  "\", which this program does not read; convert them to F32.");
  }
}

TEST(SafetensorsTest, RefusesEveryTruncation) {
  for (size_t size = 0; size < kGolden.size(); ++size) {
    const auto file = ReadSafetensors(kGolden.substr(0, size), "some.file");
    ASSERT_FALSE(file.ok()) << size;
    EXPECT_EQ(file.problems().front().path, "some.file");
  }
}

TEST(SafetensorsTest, SurvivesEveryFlippedBit) {
  std::string bytes(kGolden);
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      const auto file = ReadSafetensors(bytes, "x");
      if (file.ok()) {
        for (const auto& [name, entry] : file->tensors) {
          EXPECT_EQ(static_cast<size_t>(entry.shape.size() *
                                        FormatOf(entry.type).size),
                    entry.bytes.size());
        }
      }
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
    }
  }
}

TEST(SafetensorsTest, RefusesHeadersThatLie) {
  EXPECT_TRUE(Reads("{}", 0));
  EXPECT_FALSE(Reads("", 0));
  EXPECT_FALSE(Reads("[]", 0));
  EXPECT_FALSE(Reads("{}", 4)) << "numbers that no tensor has";
  EXPECT_FALSE(Reads(R"({"__metadata__":{"step":1}})", 0));
  const auto tensor = [](std::string_view dtype, std::string_view shape,
                         std::string_view offsets) {
    return R"({"x":{"dtype":")" + std::string(dtype) + R"(","shape":)" +
           std::string(shape) + R"(,"data_offsets":)" + std::string(offsets) +
           "}}";
  };
  EXPECT_TRUE(Reads(tensor("F32", "[1,2]", "[0,8]"), 8));
  EXPECT_TRUE(Reads(tensor("F32", "[]", "[0,4]"), 4));
  EXPECT_TRUE(Reads(tensor("F32", "[0]", "[0,0]"), 0));
  EXPECT_TRUE(Reads(tensor("F64", "[1]", "[0,8]"), 8));
  EXPECT_FALSE(Reads(tensor("F64", "[2]", "[0,8]"), 8));
  EXPECT_FALSE(Reads(tensor("F16", "[1]", "[0,4]"), 4));
  EXPECT_FALSE(Reads(tensor("BOOL", "[2]", "[0,8]"), 8));
  EXPECT_FALSE(
      Reads(R"({"x":{"dtype":3,"shape":[1],"data_offsets":[0,4]}})", 4));
  EXPECT_FALSE(Reads(R"({"x":{"shape":[1],"data_offsets":[0,4]}})", 4));
  EXPECT_FALSE(Reads(R"({"x":3})", 4));
  EXPECT_FALSE(Reads(tensor("F32", "[1,1,1,1,2]", "[0,8]"), 8));
  EXPECT_FALSE(Reads(tensor("F32", "[-2]", "[0,8]"), 8));
  EXPECT_FALSE(Reads(tensor("F32", "[1.5]", "[0,8]"), 8));
  EXPECT_FALSE(Reads(tensor("F32", "[\"2\"]", "[0,8]"), 8));
  EXPECT_FALSE(Reads(tensor("F32", "[2]", "[8,0]"), 8));
  EXPECT_FALSE(Reads(tensor("F32", "[2]", "[0,16]"), 8));
  EXPECT_FALSE(Reads(tensor("F32", "[2]", "[0]"), 8));
  // Products that wrap around 64 bits: 2^32 * 2^32, and 2^62 * 4 bytes.
  EXPECT_FALSE(Reads(tensor("F32", "[4294967296,4294967296]", "[0,0]"), 0));
  EXPECT_FALSE(Reads(tensor("F32", "[4611686018427387904]", "[0,0]"), 0));
  EXPECT_FALSE(Reads(tensor("F32", "[1e300]", "[0,0]"), 0));
}

// Two tensors, x and y.
std::string Two(std::string_view x_shape, std::string_view x_offsets,
                std::string_view y_shape, std::string_view y_offsets) {
  const auto tensor = [](std::string_view shape, std::string_view offsets) {
    return R"({"dtype":"F32","shape":)" + std::string(shape) +
           R"(,"data_offsets":)" + std::string(offsets) + "}";
  };
  return R"({"x":)" + tensor(x_shape, x_offsets) + R"(,"y":)" +
         tensor(y_shape, y_offsets) + "}";
}

TEST(SafetensorsTest, RefusesOverlapsAndGaps) {
  EXPECT_TRUE(Reads(Two("[1]", "[4,8]", "[1]", "[0,4]"), 8));
  EXPECT_FALSE(Reads(Two("[1]", "[0,4]", "[1]", "[0,4]"), 4));
  EXPECT_FALSE(Reads(Two("[2]", "[0,8]", "[2]", "[4,12]"), 12));
  EXPECT_FALSE(Reads(Two("[1]", "[0,4]", "[1]", "[8,12]"), 12));
}

TEST(SafetensorsTest, RefusesProductsThatWrapAround) {
  // 65536^4 is 0 in 64 bits, which would fit the empty place.
  EXPECT_FALSE(
      Reads(Two("[65536,65536,65536,65536]", "[0,0]", "[65536]", "[0,262144]"),
            262144));
}

TEST(SafetensorsTest, RefusesHugeHeadersWithoutReadingThem) {
  std::string bytes(16, ' ');
  std::memset(bytes.data(), 0xff, 8);
  EXPECT_FALSE(ReadSafetensors(bytes, "x").ok());
}

}  // namespace
}  // namespace unnoise
