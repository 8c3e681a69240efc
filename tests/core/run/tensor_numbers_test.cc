// Numbers of every type as floats, from bytes written by hand.

#include "core/run/tensor_numbers.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

namespace unnoise {
namespace {

using namespace std::string_literals;

template <class T>
std::vector<T> Read(NumberType type, const std::string& bytes) {
  const int64_t size = static_cast<int64_t>(bytes.size()) / FormatOf(type).size;
  const Result<std::vector<T>> numbers =
      NumbersOf<T>({{size}, type, bytes}, "x", "a.safetensors");
  EXPECT_TRUE(numbers.ok()) << NameOf(type) << ToText(numbers.problems());
  return numbers.ok() ? *numbers : std::vector<T>();
}

template <class Number>
std::string BytesOf(std::initializer_list<Number> numbers) {
  return std::string(reinterpret_cast<const char*>(numbers.begin()),
                     numbers.size() * sizeof(Number));
}

template <class T>
void ExpectEveryType() {
  using Values = std::vector<T>;
  const auto read = [](NumberType type, const std::string& bytes) {
    return Read<T>(type, bytes);
  };
  EXPECT_EQ(read(NumberType::kF64,
                 "\0\0\0\0\0\0\xf8\x3f"
                 "\0\0\0\0\0\0\0\xc0"s),
            (Values{1.5, -2}));
  EXPECT_EQ(read(NumberType::kF32, "\0\0\xc0\x3f\0\0\0\xc0"s),
            (Values{1.5, -2}));
  EXPECT_EQ(read(NumberType::kF16, "\0\x3e\0\xc0"s), (Values{1.5, -2}));
  EXPECT_EQ(read(NumberType::kBF16, "\xc0\x3f\0\xc0"s), (Values{1.5, -2}));
  EXPECT_EQ(read(NumberType::kI64,
                 "\1\2\0\0\0\0\0\0"
                 "\xfe\xff\xff\xff\xff\xff\xff\xff"s),
            (Values{513, -2}));
  EXPECT_EQ(read(NumberType::kI32, "\1\2\0\0\xfe\xff\xff\xff"s),
            (Values{513, -2}));
  EXPECT_EQ(read(NumberType::kI16, "\1\2\xfe\xff"s), (Values{513, -2}));
  EXPECT_EQ(read(NumberType::kI8, "\1\xfe"s), (Values{1, -2}));
  EXPECT_EQ(read(NumberType::kU64, "\1\2\0\0\0\0\0\0\0\0\0\0\0\0\0\x80"s),
            (Values{513, 0x1p63}));
  EXPECT_EQ(read(NumberType::kU32, "\1\2\0\0\0\0\0\x80"s),
            (Values{513, 0x1p31}));
  EXPECT_EQ(read(NumberType::kU16, "\1\2\xfe\xff"s), (Values{513, 65534}));
  EXPECT_EQ(read(NumberType::kU8, "\1\xfe"s), (Values{1, 254}));
  EXPECT_EQ(read(NumberType::kBool, "\0\1"s), (Values{0, 1}));
}

TEST(TensorNumbersTest, ReadsEveryTypeAsFloat) { ExpectEveryType<float>(); }
TEST(TensorNumbersTest, ReadsEveryTypeAsDouble) { ExpectEveryType<double>(); }

TEST(TensorNumbersTest, RoundsToNearestEven) {
  // 2^24 + 1 and 2^24 + 3 lie between neighbours that are 2 apart.
  EXPECT_EQ(
      Read<float>(NumberType::kI32, BytesOf<int32_t>({16777217, 16777219})),
      (std::vector<float>{16777216, 16777220}));
  EXPECT_EQ(Read<double>(NumberType::kI64,
                         BytesOf<int64_t>(
                             {(int64_t{1} << 53) + 1, (int64_t{1} << 53) + 3})),
            (std::vector<double>{0x1p53, 0x1p53 + 4}));
  EXPECT_EQ(Read<float>(NumberType::kF64,
                        BytesOf<double>({1 + 0x1p-24, 1 + 0x3p-24, 1e-300})),
            (std::vector<float>{1, 1 + 0x1p-22f, 0}));
  // All that single precision would round stays in double precision.
  EXPECT_EQ(Read<double>(NumberType::kF64, BytesOf<double>({1 + 0x1p-52})),
            (std::vector<double>{1 + 0x1p-52}));
}

template <class T>
std::string ProblemsOf(NumberType type, const Shape& shape,
                       const std::string& bytes) {
  const Result<std::vector<T>> numbers =
      NumbersOf<T>({shape, type, bytes}, "net.0", "a.safetensors");
  return numbers.ok() ? "" : ToText(numbers.problems());
}

TEST(TensorNumbersTest, SaysWhichNumberIsNotFinite) {
  const std::string large = BytesOf<double>({0, 0, 0, 0, 1e39, 0});
  EXPECT_EQ(ProblemsOf<float>(NumberType::kF64, {2, 3}, large),
            "a.safetensors: the number of \"net.0\" at [1, 1] is not finite in "
            "single precision; give one within 3e38.");
  EXPECT_EQ(ProblemsOf<double>(NumberType::kF64, {2, 3}, large), "");
  const std::string nan =
      BytesOf<float>({1, 1, std::numeric_limits<float>::quiet_NaN()});
  EXPECT_NE(ProblemsOf<float>(NumberType::kF32, {3}, nan).find("at [2]"),
            std::string::npos);
  EXPECT_EQ(ProblemsOf<double>(NumberType::kF32, {3}, nan),
            "a.safetensors: the number of \"net.0\" at [2] is not finite; give "
            "one that is.");
  // Infinity, as a scalar.
  EXPECT_NE(ProblemsOf<float>(NumberType::kF16, {}, "\0\x7c"s).find("at []"),
            std::string::npos);
  EXPECT_NE(ProblemsOf<float>(NumberType::kBF16, {}, "\x80\x7f"s), "");
}

}  // namespace
}  // namespace unnoise
