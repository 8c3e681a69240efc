// Matrix products of any strides on register tiles: every element of the result
// is one sum over k in ascending order. In exact arithmetic each product is
// rounded before it is added (fused-inl.h has the other). The vector axis runs
// over columns of the result and is never summed over, so vector width does not
// show in the bits.
//
// Loops: k in blocks that keep a panel of b in the first-level cache; columns
// in panels of one or two vectors; rows in tiles. A panel of b is read in place
// where its rows are contiguous and not far apart, else packed. Between blocks
// of k the partial sums rest in y.

// Per-target include guard
#if defined(UNNOISE_BACKEND_PRODUCT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BACKEND_PRODUCT_INL_H_
#undef UNNOISE_BACKEND_PRODUCT_INL_H_
#else
#define UNNOISE_BACKEND_PRODUCT_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "core/backend/fused-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Rows of a register tile: with two vectors a row, 32 vector registers hold 8
// rows of sums, 16 registers (and V8's allocator) 4.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
inline constexpr int kTileRows = 8;
#else
inline constexpr int kTileRows = 4;
#endif
inline constexpr int64_t kBlockK = 256;
inline constexpr int kPanelVectors = 2;

// A float matrix with strides.
struct FloatView {
  const float* data;
  int64_t row_stride;
  int64_t col_stride;
  const float* At(int64_t row, int64_t col) const {
    return data + row * row_stride + col * col_stride;
  }
};

// One tile: y[i][j] (+)= sum over k of a(i, k) b[k * b_stride + j], for
// kTileRows rows and kVectors vectors of columns.
template <class Arithmetic, int kVectors, class D>
HWY_INLINE void MultiplyTile(D d, int64_t count_k, FloatView a, const float* b,
                             int64_t b_stride, bool accumulate, float* y,
                             int64_t y_stride) {
  using V = hn::Vec<D>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  V sum[kTileRows][kVectors];
  for (int i = 0; i < kTileRows; ++i) {
    for (int v = 0; v < kVectors; ++v) {
      sum[i][v] =
          accumulate ? hn::LoadU(d, y + i * y_stride + v * lanes) : hn::Zero(d);
    }
  }
  const float* a_column = a.data;
  for (int64_t k = 0; k < count_k; ++k) {
    V row[kVectors];
    for (int v = 0; v < kVectors; ++v) row[v] = hn::LoadU(d, b + v * lanes);
    for (int i = 0; i < kTileRows; ++i) {
      const V factor = hn::Set(d, a_column[i * a.row_stride]);
      for (int v = 0; v < kVectors; ++v) {
        sum[i][v] = Arithmetic::MultiplyAdd(factor, row[v], sum[i][v]);
      }
    }
    a_column += a.col_stride;
    b += b_stride;
  }
  for (int i = 0; i < kTileRows; ++i) {
    for (int v = 0; v < kVectors; ++v) {
      hn::StoreU(sum[i][v], d, y + i * y_stride + v * lanes);
    }
  }
}

// Columns [0, width) of b, count_k rows, into packed[k * panel + j], the rest
// of a panel zero.
inline void PackPanel(FloatView b, int64_t count_k, int64_t width,
                      int64_t panel, float* packed) {
  for (int64_t k = 0; k < count_k && b.col_stride == 1; ++k) {
    std::copy_n(b.At(k, 0), width, packed + k * panel);
  }
  for (int64_t j = 0; j < width && b.col_stride != 1; ++j) {
    const float* from = b.At(0, j);
    for (int64_t k = 0; k < count_k; ++k) {
      packed[k * panel + j] = from[k * b.row_stride];
    }
  }
  for (int64_t k = 0; k < count_k; ++k) {
    for (int64_t j = width; j < panel; ++j) packed[k * panel + j] = 0;
  }
}

// Rows [0, height) of a, count_k columns, into packed[k * kTileRows + i], the
// rest of a tile zero.
inline void PackRows(FloatView a, int64_t height, int64_t count_k,
                     float* packed) {
  for (int64_t k = 0; k < count_k; ++k) {
    for (int64_t i = 0; i < kTileRows; ++i) {
      packed[k * kTileRows + i] = i < height ? *a.At(i, k) : 0.0f;
    }
  }
}

// All rows of one panel of kVectors vectors, of which `width` columns count.
// Calls done(row, rows) after each tile.
template <class Arithmetic, int kVectors, class D, class Done>
HWY_INLINE void MultiplyPanel(D d, int64_t rows, int64_t count_k, FloatView a,
                              FloatView b, int64_t width, bool accumulate,
                              float* y, int64_t y_stride, const Done& done) {
  const int64_t panel = kVectors * static_cast<int64_t>(hn::Lanes(d));
  constexpr int64_t kMaxPanel = kPanelVectors * hn::MaxLanes(d);
  HWY_ALIGN float packed_b[kBlockK * kMaxPanel];
  HWY_ALIGN float packed_a[kBlockK * kTileRows];
  HWY_ALIGN float edge[kTileRows * kMaxPanel] = {};
  const float* b_data = b.data;
  int64_t b_stride = b.row_stride;
  // Rows that lie so far apart share few sets of the first-level cache.
  constexpr int64_t kFar = 1024;
  const bool far = b.row_stride >= kFar && rows >= 4 * kTileRows;
  if (b.col_stride != 1 || width < panel || far) {
    PackPanel(b, count_k, width, panel, packed_b);
    b_data = packed_b;
    b_stride = panel;
  }
  for (int64_t row = 0; row < rows; row += kTileRows) {
    const int64_t height = std::min<int64_t>(kTileRows, rows - row);
    FloatView tile{a.At(row, 0), a.row_stride, a.col_stride};
    if (height < kTileRows) {
      PackRows(tile, height, count_k, packed_a);
      tile = {packed_a, 1, kTileRows};
    }
    float* y_tile = y + row * y_stride;
    if (height == kTileRows && width == panel) {
      MultiplyTile<Arithmetic, kVectors>(d, count_k, tile, b_data, b_stride,
                                         accumulate, y_tile, y_stride);
    } else {
      if (accumulate) {
        for (int64_t i = 0; i < height; ++i) {
          std::copy_n(y_tile + i * y_stride, width, edge + i * panel);
        }
      }
      MultiplyTile<Arithmetic, kVectors>(d, count_k, tile, b_data, b_stride,
                                         accumulate, edge, panel);
      for (int64_t i = 0; i < height; ++i) {
        std::copy_n(edge + i * panel, width, y_tile + i * y_stride);
      }
    }
    done(row, height);
  }
}

// y [rows, cols], rows y_stride apart, = a [rows, inner] b [inner, cols], or
// the sums in y go on with these terms (`accumulate`, inner > 0). done(row,
// rows, column, columns) is called once for each part of y when it is final.
template <class Arithmetic, class Done>
HWY_INLINE void Multiply(int64_t rows, int64_t inner, int64_t cols, FloatView a,
                         FloatView b, float* y, int64_t y_stride,
                         const Done& done, bool accumulate = false) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  if (inner == 0) {
    for (int64_t i = 0; i < rows; ++i) {
      std::fill_n(y + i * y_stride, cols, 0.0f);
    }
    done(0, rows, 0, cols);
  }
  for (int64_t k = 0; k < inner; k += kBlockK) {
    const int64_t count_k = std::min(kBlockK, inner - k);
    const bool last = k + count_k == inner;
    const bool going_on = accumulate || k > 0;
    int64_t width;
    for (int64_t column = 0; column < cols; column += width) {
      const bool wide = cols - column > lanes;
      width = std::min((wide ? kPanelVectors : 1) * lanes, cols - column);
      const FloatView a_block{a.At(0, k), a.row_stride, a.col_stride};
      const FloatView b_block{b.At(k, column), b.row_stride, b.col_stride};
      const auto tile_done = [&](int64_t row, int64_t height) {
        if (last) done(row, height, column, width);
      };
      if (wide) {
        MultiplyPanel<Arithmetic, kPanelVectors>(
            d, rows, count_k, a_block, b_block, width, going_on, y + column,
            y_stride, tile_done);
      } else {
        MultiplyPanel<Arithmetic, 1>(d, rows, count_k, a_block, b_block, width,
                                     going_on, y + column, y_stride, tile_done);
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BACKEND_PRODUCT_INL_H_
