// What one core of this machine can do with rounded multiplies and adds.

#ifndef UNNOISE_TESTS_BENCH_CEILING_H_
#define UNNOISE_TESTS_BENCH_CEILING_H_

#include <cstdint>

namespace unnoise {

// Runs the arithmetic of a matrix product on register tiles whose operands lie
// packed in the first-level cache, `repeats` tiles of depth 256, and returns
// the floating-point operations done. `shape` < kCeilingShapes is the form of
// the tile: which is best differs between register files. `checksum` keeps the
// work from being dropped.
inline constexpr int kCeilingShapes = 4;
double RunProductCeiling(int shape, int64_t repeats, float* checksum);

}  // namespace unnoise

#endif  // UNNOISE_TESTS_BENCH_CEILING_H_
