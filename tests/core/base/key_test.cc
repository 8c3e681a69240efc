// Random draws: published vectors, how streams are cut and named, the law of
// the draws, and golden values on every SIMD target.

#include "core/base/key.h"

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <set>
#include <utility>
#include <vector>

namespace unnoise {
namespace {

constexpr Key kKey = {0x12345678, 0x9abcdef0};
constexpr uint64_t kGoldenNormals = 0xf4d48e6393e338c9;
constexpr Key kGoldenKey = {0xf25ca41c, 0x90d71a3e};
constexpr uint32_t kGoldenBits = 1196153214, kGoldenIndex = 14;

// Runs `body` with each SIMD target forced in turn, by name.
template <class Body>
void OnEveryTarget(Body body) {
#if (HWY_TARGETS & (HWY_TARGETS - 1)) == 0
  body(hwy::TargetName(HWY_TARGETS));
#else
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    body(hwy::TargetName(target));
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
#endif
}

std::vector<float> Normals(Key key, uint64_t first, std::size_t count) {
  std::vector<float> out(count);
  FillNormal(key, first, out);
  return out;
}

// FNV-1a over the little-endian words of the values.
uint64_t Hash(const std::vector<float>& values) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const float value : values) {
    uint32_t word;
    std::memcpy(&word, &value, sizeof(word));
    for (int shift = 0; shift < 32; shift += 8) {
      hash = (hash ^ ((word >> shift) & 255)) * 0x00000100000001b3;
    }
  }
  return hash;
}

TEST(Philox, KnownAnswers) {
  // Random123 1.14, tests/kat_vectors, philox4x32 10.
  using Block = std::array<uint32_t, 4>;
  EXPECT_EQ(Philox4x32({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(Philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                       {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Key, SeedUsesAll64Bits) {
  EXPECT_EQ(KeyFromSeed(0x0123456789abcdef), (Key{0x89abcdef, 0x01234567}));
}

TEST(Key, FoldedStreamsAreDistinct) {
  std::set<std::pair<uint32_t, uint32_t>> seen;
  std::size_t made = 0;
  const auto add = [&](Key key) {
    seen.insert({key.lo, key.hi});
    ++made;
  };
  add(kKey);
  for (const char* name : {"", "0", "1", "a", "b", "ab", "ba", "init/w"}) {
    add(Fold(kKey, name));
    add(Fold(Fold(kKey, name), name));
  }
  for (uint64_t i = 0; i < 1000; ++i) {
    add(Fold(kKey, i));
    add(Fold(kKey, i << 32));  // i = 0 repeats
  }
  // An index never meets a name, even where it equals the name's hash.
  EXPECT_NE(Fold(kKey, uint64_t{0xcbf29ce484222325}), Fold(kKey, ""));
  EXPECT_EQ(seen.size(), made - 1);
}

TEST(Key, ChildrenAreNotDraws) {
  const Key child = Fold(kKey, uint64_t{0});
  EXPECT_NE(BitsAt(kKey, 0), child.lo);
}

TEST(Key, WordsComeFromBlocks) {
  // Across 2^32 blocks too: the counter carries into its second word.
  for (const uint64_t first : {uint64_t{0}, uint64_t{1} << 34}) {
    for (uint64_t i = first; i < first + 8; ++i) {
      const uint64_t counter = i / 4;
      const auto block =
          Philox4x32({static_cast<uint32_t>(counter),
                      static_cast<uint32_t>(counter >> 32), 0, 0},
                     {kKey.lo, kKey.hi});
      EXPECT_EQ(BitsAt(kKey, i), block[i % 4]);
    }
  }
}

TEST(Key, AnyRunIsTheSameWords) {
  for (const uint64_t first : {0, 1, 2, 3, 4, 1021}) {
    for (const std::size_t count : {0, 1, 2, 3, 4, 5, 63, 64, 65, 131}) {
      std::vector<uint32_t> bits(count);
      FillBits(kKey, first, bits);
      std::vector<float> uniforms(count);
      FillUniform(kKey, first, uniforms);
      for (std::size_t i = 0; i < count; ++i) {
        const uint32_t word = BitsAt(kKey, first + i);
        ASSERT_EQ(bits[i], word);
        ASSERT_EQ(uniforms[i], ((word >> 9) + 0.5) / 8388608.0);
        ASSERT_EQ(UniformAt(kKey, first + i), (word + 0.5) / 4294967296.0);
      }
    }
  }
}

TEST(Key, UniformsLieInsideTheUnitInterval) {
  std::vector<float> out(100000);
  FillUniform(kKey, 0, out);
  const auto [low, high] = std::minmax_element(out.begin(), out.end());
  EXPECT_GT(*low, 0.0f);
  EXPECT_LT(*high, 1.0f);
  double sum = 0;
  for (const float u : out) sum += u;
  // Mean 1/2, variance 1/12: 4 standard errors of 1e5 draws.
  EXPECT_NEAR(sum / 1e5, 0.5, 4 * std::sqrt(1 / 12.0 / 1e5));
}

TEST(Key, IndicesCoverTheirRangeEvenly) {
  std::vector<int> count(7);
  constexpr int kDraws = 70000;
  for (uint64_t i = 0; i < kDraws; ++i) ++count[IndexAt(kKey, i, 7)];
  for (const int c : count) {
    // Binomial, p = 1/7: 4.5 standard errors, 7 bins.
    EXPECT_NEAR(c, kDraws / 7.0, 4.5 * std::sqrt(kDraws * 6 / 49.0));
  }
  EXPECT_EQ(IndexAt(kKey, 5, 1), 0u);
}

TEST(Normal, IsTheBoxMullerTransformOfItsWords) {
  const auto draws = Normals(kKey, 0, 2000);
  for (std::size_t p = 0; p < draws.size() / 2; ++p) {
    const double u = ((BitsAt(kKey, 2 * p) >> 9) + 0.5) / 8388608.0;
    const double v = ((BitsAt(kKey, 2 * p + 1) >> 9) + 0.5) / 8388608.0;
    const double radius = std::sqrt(-2 * std::log(u));
    const double angle = 2 * 3.14159265358979323846 * v;
    // Radius, sine and product each err by a few ULP of float.
    const double tolerance = 6 * 0x1p-24 * radius;
    EXPECT_NEAR(draws[2 * p], radius * std::cos(angle), tolerance);
    EXPECT_NEAR(draws[2 * p + 1], radius * std::sin(angle), tolerance);
  }
}

TEST(Normal, MomentsAndDistribution) {
  constexpr std::size_t kCount = 200000;
  auto draws = Normals(kKey, 0, kCount);
  double moment[5] = {}, pairs = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    double power = 1;
    for (double& m : moment) {
      m += power / kCount;
      power *= draws[i];
    }
    if (i % 2 == 1) pairs += double{draws[i]} * draws[i - 1] / (kCount / 2);
  }
  // Four standard errors: Var(z^k) is 1, 2, 15, 96 for k = 1..4.
  const double root = std::sqrt(static_cast<double>(kCount));
  EXPECT_NEAR(moment[1], 0, 4 * std::sqrt(1.0) / root);
  EXPECT_NEAR(moment[2], 1, 4 * std::sqrt(2.0) / root);
  EXPECT_NEAR(moment[3], 0, 4 * std::sqrt(15.0) / root);
  EXPECT_NEAR(moment[4], 3, 4 * std::sqrt(96.0) / root);
  EXPECT_NEAR(pairs, 0, 4 * std::sqrt(2.0) / root);  // the pair of one radius

  std::sort(draws.begin(), draws.end());
  double distance = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    const double cdf = 0.5 * std::erfc(-draws[i] / std::sqrt(2.0));
    const double low = static_cast<double>(i) / kCount;
    distance = std::max({distance, cdf - low, low + 1.0 / kCount - cdf});
  }
  // Kolmogorov's law: P(sqrt(n) D > 1.95) = 0.001.
  EXPECT_LT(distance * root, 1.95);
}

TEST(Normal, AnyRunIsTheSameDraws) {
  const auto all = Normals(kKey, 0, 2200);
  OnEveryTarget([&](const char* target) {
    for (const uint64_t first : {0, 1, 2, 5, 511, 512, 513}) {
      for (const std::size_t count :
           {0, 1, 2, 3, 17, 510, 511, 512, 513, 1600}) {
        const std::vector<float> want(all.begin() + first,
                                      all.begin() + first + count);
        ASSERT_EQ(Normals(kKey, first, count), want)
            << target << " " << first << " " << count;
      }
    }
  });
}

TEST(Normal, GoldenOnEveryTarget) {
  // Made once by this code; the same in g++, clang++ and wasm builds.
  OnEveryTarget([](const char* target) {
    EXPECT_EQ(Hash(Normals(KeyFromSeed(7), 3, 100001)), kGoldenNormals)
        << target;
  });
}

TEST(Key, GoldenStreams) {
  // A changed value here breaks every stored experiment.
  const Key key = Fold(Fold(KeyFromSeed(7), "init/hidden.0.weight"), 12);
  EXPECT_EQ(key, kGoldenKey);
  EXPECT_EQ(BitsAt(key, 5), kGoldenBits);
  EXPECT_EQ(IndexAt(key, 6, 1000), kGoldenIndex);
}

}  // namespace
}  // namespace unnoise
