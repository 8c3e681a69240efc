// Philox words, stream names and uniform draws. Normal draws, which need
// vectors, are in draw.cc.

#include "core/base/key.h"

#include <algorithm>
#include <cstddef>

#include "core/base/hash.h"

namespace unnoise {
namespace {

// What a block is for, kept in its third counter word, so that draws and the
// children of either kind never share a block. (The fourth word is zero.)
enum Domain : uint32_t { kDraw = 0, kIndex = 1, kName = 2 };

std::array<uint32_t, 4> Block(Key key, uint64_t index, Domain domain) {
  return Philox4x32({static_cast<uint32_t>(index),
                     static_cast<uint32_t>(index >> 32), domain, 0},
                    {key.lo, key.hi});
}

Key Child(Key parent, uint64_t index, Domain domain) {
  const auto block = Block(parent, index, domain);
  return {block[0], block[1]};
}

}  // namespace

std::array<uint32_t, 4> Philox4x32(std::array<uint32_t, 4> counter,
                                   std::array<uint32_t, 2> key) {
  // Multipliers and Weyl increments (golden ratio and sqrt(3) - 1) of the
  // paper.
  constexpr uint64_t kMultiplier0 = 0xD2511F53;
  constexpr uint64_t kMultiplier1 = 0xCD9E8D57;
  constexpr uint32_t kWeyl0 = 0x9E3779B9;
  constexpr uint32_t kWeyl1 = 0xBB67AE85;
  auto [c0, c1, c2, c3] = counter;
  auto [k0, k1] = key;
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = kMultiplier0 * c0;
    const uint64_t p1 = kMultiplier1 * c2;
    c0 = static_cast<uint32_t>(p1 >> 32) ^ c1 ^ k0;
    c1 = static_cast<uint32_t>(p1);
    c2 = static_cast<uint32_t>(p0 >> 32) ^ c3 ^ k1;
    c3 = static_cast<uint32_t>(p0);
    k0 += kWeyl0;
    k1 += kWeyl1;
  }
  return {c0, c1, c2, c3};
}

Key KeyFromSeed(uint64_t seed) {
  return {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
}

Key Fold(Key parent, std::string_view name) {
  Fnv1a64 hash;
  hash.Text(name);
  return Child(parent, hash.value(), kName);
}

Key Fold(Key parent, uint64_t index) { return Child(parent, index, kIndex); }

uint32_t BitsAt(Key key, uint64_t index) {
  return Block(key, index / 4, kDraw)[index % 4];
}

void FillBits(Key key, uint64_t first, std::span<uint32_t> out) {
  while (!out.empty()) {
    const auto block = Block(key, first / 4, kDraw);
    const std::size_t lane = first % 4;
    const std::size_t count = std::min(4 - lane, out.size());
    for (std::size_t i = 0; i < count; ++i) out[i] = block[lane + i];
    first += count;
    out = out.subspan(count);
  }
}

double UniformAt(Key key, uint64_t index) {
  return (BitsAt(key, index) + 0.5) * 0x1p-32;
}

void FillUniform(Key key, uint64_t first, std::span<float> out) {
  std::array<uint32_t, 64> bits;
  while (!out.empty()) {
    const auto count = std::min(bits.size(), out.size());
    FillBits(key, first, std::span(bits).first(count));
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = (static_cast<float>(bits[i] >> 9) + 0.5f) * 0x1p-23f;
    }
    first += count;
    out = out.subspan(count);
  }
}

uint32_t IndexAt(Key key, uint64_t index, uint32_t bound) {
  return static_cast<uint32_t>(uint64_t{BitsAt(key, index)} * bound >> 32);
}

}  // namespace unnoise
