#include "core/base/half.h"

#include <cstring>

namespace unnoise {
namespace {

constexpr uint32_t kInfinity = 0x7f800000;

uint32_t BitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

float FloatOf(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// Adds half of a unit of the bit at `shift`, or just below where that bit is
// zero already, so that cutting off what is below it rounds to nearest even. A
// carry goes on into the exponent, at last into infinity.
uint32_t Nudged(uint32_t bits, int shift) {
  return bits + (uint32_t{1} << (shift - 1)) - 1 + (bits >> shift & 1);
}

}  // namespace

float ToFloat(Half half) {
  const uint32_t sign = static_cast<uint32_t>(half.bits & 0x8000) << 16;
  const uint32_t exponent = half.bits >> 10 & 31;
  const uint32_t fraction = half.bits & 1023;
  if (exponent == 0) {  // a whole number of 2^-24, which float32 has as normal
    return FloatOf(BitsOf(static_cast<float>(fraction) * 0x1p-24f) | sign);
  }
  const uint32_t biased = exponent == 31 ? 255 : exponent + (127 - 15);
  return FloatOf(sign | biased << 23 | fraction << 13);
}

float ToFloat(Bfloat16 half) {
  return FloatOf(static_cast<uint32_t>(half.bits) << 16);
}

Half ToHalf(float value) {
  const uint32_t bits = BitsOf(value);
  const uint32_t magnitude = bits & 0x7fffffff;
  uint32_t rounded;
  if (magnitude > kInfinity) {
    rounded = 0x7e00;
  } else if (magnitude >= BitsOf(0x1p16f)) {
    rounded = 0x7c00;
  } else if (magnitude >= BitsOf(0x1p-14f)) {
    rounded = (Nudged(magnitude, 13) - ((127 - 15) << 23)) >> 13;
  } else {
    // The last place of numbers from 1/2 to 1 is 2^-24, that of the smallest
    // numbers of Half: the sum rounds there.
    rounded = BitsOf(FloatOf(magnitude) + 0.5f) - BitsOf(0.5f);
  }
  return {static_cast<uint16_t>(rounded | (bits >> 16 & 0x8000))};
}

Bfloat16 ToBfloat16(float value) {
  const uint32_t bits = BitsOf(value);
  const bool nan = (bits & 0x7fffffff) > kInfinity;
  return {
      static_cast<uint16_t>((nan ? bits | 0x400000 : Nudged(bits, 16)) >> 16)};
}

}  // namespace unnoise
