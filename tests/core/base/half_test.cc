// 16-bit floats, all 65536 of each format, both ways.

#include "core/base/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace unnoise {
namespace {

// What a format's bits mean, as IEEE 754-2008 section 3.4 words it, for
// `exponents` bits of exponent and `fractions` of fraction: with bias
// b = 2^(exponents - 1) - 1 a number is (-1)^s 2^(e - b) (1 + f 2^-fractions),
// or for e = 0 (-1)^s 2^(1 - b) (f 2^-fractions).
double Meaning(int bits, int exponents, int fractions) {
  const int f = bits % (1 << fractions);
  const int e = bits / (1 << fractions) % (1 << exponents);
  const double sign = bits / (1 << (fractions + exponents)) ? -1 : 1;
  const int bias = (1 << (exponents - 1)) - 1;
  if (e == (1 << exponents) - 1) {
    return f != 0 ? std::numeric_limits<double>::quiet_NaN()
                  : sign * std::numeric_limits<double>::infinity();
  }
  const double significand = (e > 0) + std::ldexp(f, -fractions);
  return sign * std::ldexp(significand, (e > 0 ? e : 1) - bias);
}

struct HalfFormat {
  static constexpr int kExponents = 5, kFractions = 10;
  static Half Of(int bits) { return {static_cast<uint16_t>(bits)}; }
  static Half Round(float value) { return ToHalf(value); }
};
struct BfloatFormat {
  static constexpr int kExponents = 8, kFractions = 7;
  static Bfloat16 Of(int bits) { return {static_cast<uint16_t>(bits)}; }
  static Bfloat16 Round(float value) { return ToBfloat16(value); }
};

template <class Format>
class HalfTest : public testing::Test {};
using Formats = testing::Types<HalfFormat, BfloatFormat>;
TYPED_TEST_SUITE(HalfTest, Formats);

TYPED_TEST(HalfTest, EveryNumberMeansWhatTheFormatSays) {
  for (int bits = 0; bits < 65536; ++bits) {
    const float value = ToFloat(TypeParam::Of(bits));
    const double expected =
        Meaning(bits, TypeParam::kExponents, TypeParam::kFractions);
    if (std::isnan(expected)) {
      ASSERT_TRUE(std::isnan(value)) << bits;
      continue;
    }
    ASSERT_EQ(double{value}, expected) << bits;
    ASSERT_EQ(std::signbit(value), bits >= 32768) << bits;
  }
}

TYPED_TEST(HalfTest, EveryNumberComesBack) {
  for (int bits = 0; bits < 65536; ++bits) {
    const auto number = TypeParam::Of(bits);
    const float value = ToFloat(number);
    const auto again = TypeParam::Round(value);
    if (std::isnan(value)) {
      ASSERT_TRUE(std::isnan(ToFloat(again))) << bits;
      // A quiet one: the first bit of the fraction is set.
      ASSERT_TRUE(again.bits >> (TypeParam::kFractions - 1) & 1) << bits;
    } else {
      ASSERT_EQ(again, number) << bits;
    }
  }
}

// Between each two neighbours, up to infinity (which stands for the number that
// would follow the greatest): the middle goes to the even one, and the float32
// next to the middle on either side to the nearer one.
TYPED_TEST(HalfTest, RoundsToNearestAndTiesToEven) {
  const int infinity = ((1 << TypeParam::kExponents) - 1)
                       << TypeParam::kFractions;
  for (int low = 0; low < infinity; ++low) {
    const double below =
        Meaning(low, TypeParam::kExponents, TypeParam::kFractions);
    const double above =
        low + 1 < infinity
            ? Meaning(low + 1, TypeParam::kExponents, TypeParam::kFractions)
            : std::ldexp(1, 1 << (TypeParam::kExponents - 1));
    const float middle = static_cast<float>((below + above) / 2);
    ASSERT_EQ(double{middle}, (below + above) / 2) << low;
    for (const int sign : {0, 32768}) {
      const auto rounded = [&](float value) {
        return TypeParam::Round(sign ? -value : value).bits;
      };
      ASSERT_EQ(rounded(middle), sign + low + low % 2) << low;
      ASSERT_EQ(rounded(std::nextafter(middle, 0.0f)), sign + low);
      ASSERT_EQ(rounded(std::nextafter(middle, HUGE_VALF)), sign + low + 1);
    }
  }
  EXPECT_EQ(TypeParam::Round(HUGE_VALF).bits, infinity);
  EXPECT_EQ(TypeParam::Round(std::numeric_limits<float>::max()).bits, infinity);
}

TEST(HalfTest, KnownNumbers) {
  EXPECT_EQ(ToHalf(1).bits, 0x3c00);
  EXPECT_EQ(ToHalf(-2).bits, 0xc000);
  EXPECT_EQ(ToHalf(65504).bits, 0x7bff);
  EXPECT_EQ(ToHalf(65519.996f).bits, 0x7bff);
  EXPECT_EQ(ToHalf(65520).bits, 0x7c00);
  EXPECT_EQ(ToHalf(0x1p-25f).bits, 0);
  EXPECT_EQ(ToHalf(-0.0f).bits, 0x8000);
  EXPECT_EQ(ToBfloat16(1).bits, 0x3f80);
  EXPECT_EQ(ToBfloat16(3.14159265f).bits, 0x4049);
}

}  // namespace
}  // namespace unnoise
