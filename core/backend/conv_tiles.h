// The tiles in which convolutions are computed, the same for every SIMD target.

#ifndef UNNOISE_BACKEND_CONV_TILES_H_
#define UNNOISE_BACKEND_CONV_TILES_H_

#include <cstdint>

namespace unnoise {

// Room for a tile of rows, on the stack: 144 KiB, of a second-level cache.
inline constexpr int64_t kTileFloats = int64_t{36} << 10;
inline constexpr int64_t kTilePlaces = 64;
inline constexpr int64_t kTileTaps = kTileFloats / kTilePlaces;
// Where places are summed over, more of them and fewer columns, whole panels of
// the product.
inline constexpr int64_t kSumPlaces = 128;
inline constexpr int64_t kSumTaps = kTileFloats / kSumPlaces;

}  // namespace unnoise

#endif  // UNNOISE_BACKEND_CONV_TILES_H_
