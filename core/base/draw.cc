// FillNormal of key.h: Box and Muller's transform of Philox words on vectors,
// compiled for every SIMD target. All targets give the same bits.

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/base/key.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/base/draw.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file again for each target.
#include "core/base/exact_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

// (bits >> 9 + 1/2) / 2^23, exact in float.
template <class D, class Words>
HWY_INLINE hn::Vec<D> UniformOf(D d, Words bits) {
  const hn::RebindToSigned<D> di;
  const auto integer =
      hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<9>(bits)));
  return hn::Mul(hn::Add(integer, hn::Set(d, 0.5f)), hn::Set(d, 0x1p-23f));
}

// `pairs` pairs of words in, as many pairs of normal draws out, rounded up to
// whole vectors: both buffers reach to the next multiple of the lane count.
HWY_ATTR void BoxMuller(const uint32_t* words, std::size_t pairs, float* out) {
  const hn::ScalableTag<float> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const Lanes<decltype(d)> a;
  for (std::size_t i = 0; i < pairs; i += hn::Lanes(d)) {
    hn::Vec<decltype(du)> radius_bits, angle_bits;
    hn::LoadInterleaved2(du, words + 2 * i, radius_bits, angle_bits);
    const auto log = a.Log(UniformOf(d, radius_bits));
    const auto radius = a.Sqrt(a.Mul(a.Set(-2.0f), log));
    hn::Vec<decltype(d)> sin, cos;
    SinCosTurns(a, UniformOf(d, angle_bits), &sin, &cos);
    hn::StoreInterleaved2(a.Mul(radius, cos), a.Mul(radius, sin), d,
                          out + 2 * i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unnoise {

HWY_EXPORT(BoxMuller);

void FillNormal(Key key, uint64_t first, std::span<float> out) {
  // Whole pairs at a time, from the one that holds `first`.
  constexpr std::size_t kChunk = 512;
  std::array<uint32_t, kChunk> words{};
  std::array<float, kChunk> normals;
  while (!out.empty()) {
    const std::size_t skip = first % 2;
    const auto count = std::min(kChunk - skip, out.size());
    const std::size_t pairs = (skip + count + 1) / 2;
    FillBits(key, first - skip, std::span(words).first(2 * pairs));
    HWY_DYNAMIC_DISPATCH(BoxMuller)(words.data(), pairs, normals.data());
    std::copy_n(normals.data() + skip, count, out.data());
    first += count;
    out = out.subspan(count);
  }
}

}  // namespace unnoise
#endif  // HWY_ONCE
