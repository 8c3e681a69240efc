// Keyed random draws: Philox4x32-10 in counter mode. A stream is a pure
// function of its key; there are no generator objects and no global state.
// Streams are named by folding: Fold(KeyFromSeed(7), "init/hidden.0.weight").
// Source: Salmon, Moraes, Dror, Shaw 2011, section 3.3.

#ifndef UNNOISE_BASE_KEY_H_
#define UNNOISE_BASE_KEY_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace unnoise {

// Names one stream of random words.
struct Key {
  uint32_t lo = 0;
  uint32_t hi = 0;
  bool operator==(const Key&) const = default;
};

// One Philox4x32-10 block.
std::array<uint32_t, 4> Philox4x32(std::array<uint32_t, 4> counter,
                                   std::array<uint32_t, 2> key);

Key KeyFromSeed(uint64_t seed);

// A new stream, independent of its parent and of its siblings of other names
// or indices (names and indices never meet).
Key Fold(Key parent, std::string_view name);
Key Fold(Key parent, uint64_t index);

// Word `index` of the stream, and runs of words starting at `first`: word i is
// lane i % 4 of the block with counter i / 4, so any run can be drawn alone.
uint32_t BitsAt(Key key, uint64_t index);
void FillBits(Key key, uint64_t first, std::span<uint32_t> out);

// Uniform on the open interval (0, 1), one word each: (bits + 1/2) / 2^32 in
// double; floats take the upper 23 bits: (bits >> 9 + 1/2) / 2^23.
double UniformAt(Key key, uint64_t index);
void FillUniform(Key key, uint64_t first, std::span<float> out);

// Uniform integer in [0, bound), bound > 0: floor(bits * bound / 2^32); the
// bias is below bound / 2^32.
uint32_t IndexAt(Key key, uint64_t index, uint32_t bound);

// Standard normal draws, Box and Muller 1958 in exact float arithmetic: draws
// 2p (cosine) and 2p+1 (sine) share words 2p (radius) and 2p+1 (angle), each
// made uniform as in FillUniform. |value| < 5.77.
void FillNormal(Key key, uint64_t first, std::span<float> out);

}  // namespace unnoise

#endif  // UNNOISE_BASE_KEY_H_
