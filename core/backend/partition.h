// How a matrix that is computed is cut into parts for the threads of a pool.
// Only its own elements are divided, never the sums that they are: that is why
// no bit depends on the number of threads.

#ifndef UNNOISE_BACKEND_PARTITION_H_
#define UNNOISE_BACKEND_PARTITION_H_

#include <algorithm>
#include <cstdint>

namespace unnoise {

// Parts of `rows` x `cols` elements, fewer at the edges; either rows or columns
// are divided.
struct Partition {
  int64_t parts;
  int64_t rows;
  int64_t cols;
  bool by_rows;

  int64_t FirstRow(int64_t part) const { return by_rows ? part * rows : 0; }
  int64_t FirstCol(int64_t part) const { return by_rows ? 0 : part * cols; }
};

// Fewer multiplications than this are not worth handing over: some 2 us.
inline constexpr int64_t kPartProducts = int64_t{1} << 16;
// Rows and columns of a part come in these units: whole register tiles of every
// target of up to 16 lanes, and whole cache lines.
inline constexpr int64_t kPartRows = 8;
inline constexpr int64_t kPartCols = 32;

// For y [rows, cols] of sums over `inner` products, in at most `most` parts for
// `threads` threads. Where either would do, rows are divided: a thread then has
// the same rows of a batch through all layers, in its own cache.
inline Partition PartitionOf(int64_t rows, int64_t inner, int64_t cols,
                             int threads, int64_t most) {
  // The product of all three may be beyond 64 bits.
  const int64_t part_elements =
      std::max<int64_t>(kPartProducts / std::max<int64_t>(inner, 1), 1);
  most = std::min(most, rows * cols / part_elements);
  if (threads == 1 || most < 2) return {1, rows, cols, true};

  // A side cut into parts of `each` units, and the share of the whole that the
  // busiest thread gets.
  struct Cut {
    int64_t each;
    int64_t parts;
    double share;
  };
  const auto cut = [&](int64_t length, int64_t unit) {
    const int64_t units = (length + unit - 1) / unit;
    const int64_t each = (units + most - 1) / most;
    const int64_t parts = (units + each - 1) / each;
    const int64_t turns = (parts + threads - 1) / threads;
    return Cut{each * unit, parts,
               static_cast<double>(turns * each) / static_cast<double>(units)};
  };
  const Cut by_cols = cut(cols, kPartCols);
  const Cut by_rows = cut(rows, kPartRows);
  if (by_cols.share < by_rows.share) {
    return {by_cols.parts, rows, by_cols.each, false};
  }
  return {by_rows.parts, by_rows.each, cols, true};
}

}  // namespace unnoise

#endif  // UNNOISE_BACKEND_PARTITION_H_
