// Copies between strided places in ordinary memory: axes that lie in one piece
// on both sides are joined, then the innermost loop moves, fills or gathers.

#ifndef UNNOISE_BACKEND_STRIDED_H_
#define UNNOISE_BACKEND_STRIDED_H_

#include <algorithm>
#include <cstdint>

#include "core/backend/backend.h"

namespace unnoise {

// The same copy in as few axes as possible, at least two, without those of
// extent 1.
struct StridedCopy {
  int rank = 0;
  std::array<int64_t, Shape::kMaxRank> extents{};
  Strides from{};
  Strides to{};

  StridedCopy(const Shape& shape, const Strides& x, const Strides& y) {
    for (int axis = 0; axis < shape.rank(); ++axis) {
      if (shape[axis] == 1) continue;
      const int last = rank - 1;
      if (rank > 0 && from[last] == shape[axis] * x[axis] &&
          to[last] == shape[axis] * y[axis]) {
        extents[last] *= shape[axis];
        from[last] = x[axis];
        to[last] = y[axis];
      } else {
        extents[rank] = shape[axis];
        from[rank] = x[axis];
        to[rank] = y[axis];
        ++rank;
      }
    }
    if (rank > 1) return;
    // Ones in front.
    extents = {1, rank == 0 ? 1 : extents[0]};
    from = {0, from[0]};
    to = {0, to[0]};
    rank = 2;
  }
};

// The last two axes: rows of `cols` elements.
template <class T>
void CopyRows(int64_t rows, int64_t cols, const T* x, int64_t x_row,
              int64_t x_col, T* y, int64_t y_row, int64_t y_col) {
  // Where neighbours along a row lie far apart on one side, blocks of both
  // stay in the first-level cache.
  constexpr int64_t kBlock = 16;
  if (x_col == 1 && y_col == 1) {
    for (int64_t i = 0; i < rows; ++i) {
      std::copy_n(x + i * x_row, cols, y + i * y_row);
    }
  } else if (x_col == 0 && y_col == 1) {
    for (int64_t i = 0; i < rows; ++i) {
      std::fill_n(y + i * y_row, cols, x[i * x_row]);
    }
  } else {
    for (int64_t i0 = 0; i0 < rows; i0 += kBlock) {
      const int64_t i1 = std::min(rows, i0 + kBlock);
      for (int64_t j0 = 0; j0 < cols; j0 += kBlock) {
        const int64_t j1 = std::min(cols, j0 + kBlock);
        for (int64_t i = i0; i < i1; ++i) {
          for (int64_t j = j0; j < j1; ++j) {
            y[i * y_row + j * y_col] = x[i * x_row + j * x_col];
          }
        }
      }
    }
  }
}

template <class T>
void CopyStrided(const StridedCopy& copy, const T* x, T* y) {
  const int outer_rank = copy.rank - 2;
  int64_t outer = 1;
  for (int axis = 0; axis < outer_rank; ++axis) outer *= copy.extents[axis];
  for (int64_t i = 0; i < outer; ++i) {
    int64_t rest = i, from = 0, to = 0;
    for (int axis = outer_rank - 1; axis >= 0; --axis) {
      const int64_t index = rest % copy.extents[axis];
      rest /= copy.extents[axis];
      from += index * copy.from[axis];
      to += index * copy.to[axis];
    }
    const int row = outer_rank, col = outer_rank + 1;
    CopyRows(copy.extents[row], copy.extents[col], x + from, copy.from[row],
             copy.from[col], y + to, copy.to[row], copy.to[col]);
  }
}

}  // namespace unnoise

#endif  // UNNOISE_BACKEND_STRIDED_H_
