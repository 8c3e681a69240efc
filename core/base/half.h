// The two 16-bit formats that weights and arrays travel in, as bits, and their
// conversion. Files only: nothing is computed in them.

#ifndef UNNOISE_BASE_HALF_H_
#define UNNOISE_BASE_HALF_H_

#include <cstdint>

namespace unnoise {

// IEEE 754-2008 binary16: sign, 5 bits of exponent, 10 of fraction.
struct Half {
  uint16_t bits;
  bool operator==(const Half&) const = default;
};

// The upper half of a float32: sign, 8 bits of exponent, 7 of fraction.
struct Bfloat16 {
  uint16_t bits;
  bool operator==(const Bfloat16&) const = default;
};

// Exact: every one is a float32. NaN stays NaN.
float ToFloat(Half half);
float ToFloat(Bfloat16 half);

// Rounded to nearest, ties to even, as IEEE 754 says: beyond the range is
// infinity (from 65520 on for Half), NaN a quiet NaN of the same sign.
Half ToHalf(float value);
Bfloat16 ToBfloat16(float value);

}  // namespace unnoise

#endif  // UNNOISE_BASE_HALF_H_
