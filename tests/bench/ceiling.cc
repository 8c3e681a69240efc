#include "tests/bench/ceiling.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/bench/ceiling.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr int kDepth = 256;

// One tile of kRows x kVectors sums; a [depth, kRows] and b [depth, kVectors
// vectors] packed. The best tile differs between register files, so the caller
// tries several.
template <int kRows, int kVectors>
HWY_NOINLINE float Tile(const float* a, const float* b) {
  const hn::ScalableTag<float> d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  hn::Vec<decltype(d)> sum[kRows][kVectors];
  for (auto& row : sum) {
    for (auto& s : row) s = hn::Zero(d);
  }
  for (int k = 0; k < kDepth; ++k) {
    hn::Vec<decltype(d)> row[kVectors];
    for (int v = 0; v < kVectors; ++v) row[v] = hn::Load(d, b + v * lanes);
    for (int i = 0; i < kRows; ++i) {
      const auto factor = hn::Set(d, a[i]);
      for (int v = 0; v < kVectors; ++v) {
        sum[i][v] = hn::Add(sum[i][v], hn::Mul(factor, row[v]));
      }
    }
    a += kRows;
    b += kVectors * lanes;
  }
  auto total = hn::Zero(d);
  for (const auto& row : sum) {
    for (const auto& s : row) total = hn::Add(total, s);
  }
  return hn::GetLane(total);
}

double CeilingOf(int shape, int64_t repeats, float* checksum) {
  const hn::ScalableTag<float> d;
  const double lanes = static_cast<double>(hn::Lanes(d));
  constexpr int kMaxRows = 8, kMaxVectors = 4;
  HWY_ALIGN static float a[kDepth * kMaxRows];
  HWY_ALIGN static float b[kDepth * kMaxVectors * hn::MaxLanes(d)];
  for (float& x : a) x = 1e-3f;
  for (float& x : b) x = 1e-3f;
  double tile = 0;
  for (int64_t r = 0; r < repeats; ++r) {
    switch (shape) {
      case 0:
        *checksum += Tile<4, 2>(a, b);
        tile = 4 * 2;
        break;
      case 1:
        *checksum += Tile<2, 4>(a, b);
        tile = 2 * 4;
        break;
      case 2:
        *checksum += Tile<6, 2>(a, b);
        tile = 6 * 2;
        break;
      default:
        *checksum += Tile<8, 2>(a, b);
        tile = 8 * 2;
        break;
    }
  }
  return 2.0 * tile * lanes * kDepth * static_cast<double>(repeats);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace unnoise {

HWY_EXPORT(CeilingOf);

double RunProductCeiling(int shape, int64_t repeats, float* checksum) {
  return HWY_DYNAMIC_DISPATCH(CeilingOf)(shape, repeats, checksum);
}

}  // namespace unnoise

#endif  // HWY_ONCE
