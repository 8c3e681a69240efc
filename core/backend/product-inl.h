// Matrix products of any strides on register tiles: every element of the result
// is one sum over k in ascending order. In exact arithmetic each product is
// rounded before it is added (fused-inl.h has the other). The vector axis runs
// over columns of the result and is never summed over, so vector width does not
// show in the bits.
//
// Loops: k in blocks that keep a panel of b in the first-level cache; columns
// in panels of one or two vectors; rows in tiles. A panel of b is read in place
// where its rows are contiguous and not far apart, else packed. Between blocks
// of k the partial sums rest in y. A few columns that would leave most of a
// vector empty change roles with the rows.

// Per-target include guard
#if defined(UNNOISE_BACKEND_PRODUCT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BACKEND_PRODUCT_INL_H_
#undef UNNOISE_BACKEND_PRODUCT_INL_H_
#else
#define UNNOISE_BACKEND_PRODUCT_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "core/backend/backend.h"
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
// And of one for rows that are left over.
inline constexpr int kPairRows = 2;
// Terms of a sum before it rests in y, so of a whole one if y holds the gate.
inline constexpr int64_t kBlockK = Backend::kMaxInnerInPlace;
inline constexpr int kPanelVectors = 2;
// How many rows ahead operands are asked for that come a row at a time, from
// the second-level cache or another processor's, on machines that can be asked.
inline constexpr int64_t kAhead = HWY_ARCH_X86 || HWY_ARCH_ARM ? 24 : 0;

template <int64_t kValue>
using Number = std::integral_constant<int64_t, kValue>;

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
// kRows rows and kVectors vectors of columns; then times gate[i][j], or null.
// Rows are asked for kAsk ahead, unless that is 0.
template <class Arithmetic, int kRows, int kVectors, int64_t kAsk, class D>
HWY_INLINE void MultiplyTile(D d, int64_t count_k, FloatView a, const float* b,
                             int64_t b_stride, bool accumulate,
                             const float* gate, float* y, int64_t y_stride) {
  using V = hn::Vec<D>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  V sum[kRows][kVectors];
  for (int i = 0; i < kRows; ++i) {
    for (int v = 0; v < kVectors; ++v) {
      sum[i][v] =
          accumulate ? hn::LoadU(d, y + i * y_stride + v * lanes) : hn::Zero(d);
    }
  }
  const float* a_column = a.data;
  for (int64_t k = 0; k < count_k; ++k) {
    V row[kVectors];
    for (int v = 0; v < kVectors; ++v) row[v] = hn::LoadU(d, b + v * lanes);
    if constexpr (kAsk > 0) {
      hwy::Prefetch(a_column + kAsk * a.col_stride);
      for (int v = 0; v < kVectors; ++v) {
        hwy::Prefetch(b + kAsk * b_stride + v * lanes);
      }
    }
    for (int i = 0; i < kRows; ++i) {
      const V factor = hn::Set(d, a_column[i * a.row_stride]);
      for (int v = 0; v < kVectors; ++v) {
        sum[i][v] = Arithmetic::MultiplyAdd(factor, row[v], sum[i][v]);
      }
    }
    a_column += a.col_stride;
    b += b_stride;
  }
  for (int i = 0; gate != nullptr && i < kRows; ++i) {
    for (int v = 0; v < kVectors; ++v) {
      const V factor = hn::LoadU(d, gate + i * y_stride + v * lanes);
      sum[i][v] = hn::Mul(sum[i][v], factor);
    }
  }
  for (int i = 0; i < kRows; ++i) {
    for (int v = 0; v < kVectors; ++v) {
      hn::StoreU(sum[i][v], d, y + i * y_stride + v * lanes);
    }
  }
}

#if HWY_TARGET != HWY_SCALAR
// The first lanes of a block of four from each of as many rows as d has blocks,
// `apart` each from the next.
template <class D>
HWY_INLINE hn::Vec<D> LoadBlocks(D d, const float* from, int64_t apart) {
  if constexpr (hn::MaxLanes(d) <= 4) {
    return hn::LoadU(d, from);
  } else {
    const hn::Half<D> half;
    const int64_t blocks = static_cast<int64_t>(hn::Lanes(half)) / 4;
    return hn::Combine(d, LoadBlocks(half, from + blocks * apart, apart),
                       LoadBlocks(half, from, apart));
  }
}

// Turns rows into columns: packed[k * panel + j] = from[j * stride + k], for
// the j of a vector and k < count_k & ~3. Returns how many k are done.
template <class D>
HWY_INLINE int64_t PackTurned(D d, const float* from, int64_t stride,
                              int64_t count_k, int64_t panel, float* packed) {
  int64_t k = 0;
  const hn::RepartitionToWide<hn::RebindToUnsigned<D>> wide;
  for (; k + 4 <= count_k; k += 4) {
    const auto row0 = LoadBlocks(d, from + k, 4 * stride);
    const auto row1 = LoadBlocks(d, from + k + stride, 4 * stride);
    const auto row2 = LoadBlocks(d, from + k + 2 * stride, 4 * stride);
    const auto row3 = LoadBlocks(d, from + k + 3 * stride, 4 * stride);
    const auto low01 = hn::BitCast(wide, hn::InterleaveLower(d, row0, row1));
    const auto low23 = hn::BitCast(wide, hn::InterleaveLower(d, row2, row3));
    const auto high01 = hn::BitCast(wide, hn::InterleaveUpper(d, row0, row1));
    const auto high23 = hn::BitCast(wide, hn::InterleaveUpper(d, row2, row3));
    float* to = packed + k * panel;
    const auto store = [&](auto v) HWY_ATTR {
      hn::StoreU(hn::BitCast(d, v), d, to);
      to += panel;
    };
    store(hn::InterleaveLower(wide, low01, low23));
    store(hn::InterleaveUpper(wide, low01, low23));
    store(hn::InterleaveLower(wide, high01, high23));
    store(hn::InterleaveUpper(wide, high01, high23));
  }
  return k;
}
#else
template <class D>
HWY_INLINE int64_t PackTurned(D, const float*, int64_t, int64_t, int64_t,
                              float*) {
  return 0;
}
#endif

// Columns [0, width) of b, count_k rows, into packed[k * panel + j], the rest
// of a panel zero.
template <class D>
HWY_INLINE void PackPanel(D d, FloatView b, int64_t count_k, int64_t width,
                          int64_t panel, float* packed) {
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t j = 0; j < panel; j += lanes) {
    const int64_t columns = std::clamp<int64_t>(width - j, 0, lanes);
    const bool in_rows = b.col_stride == 1 && columns == lanes;
    int64_t first_k = 0;
    if (in_rows || columns == 0) {
      for (; first_k < count_k; ++first_k) {
        hn::StoreU(in_rows ? hn::LoadU(d, b.At(first_k, j)) : hn::Zero(d), d,
                   packed + first_k * panel + j);
      }
    } else if (b.row_stride == 1 && columns == lanes) {
      first_k =
          PackTurned(d, b.At(0, j), b.col_stride, count_k, panel, packed + j);
    }
    for (int64_t i = 0; i < lanes; ++i) {
      for (int64_t k = first_k; k < count_k; ++k) {
        packed[k * panel + j + i] = i < columns ? *b.At(k, j + i) : 0;
      }
    }
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

// y[j] = x[j * step], times gate[j] unless that is null.
inline void CopyGated(const float* x, int64_t step, int64_t n,
                      const float* gate, float* y) {
  for (int64_t j = 0; j < n; ++j) {
    y[j] = gate == nullptr ? x[j * step] : x[j * step] * gate[j];
  }
}

// All rows of one panel of kVectors vectors, of which `width` columns count.
// Calls done(row, rows) after each tile.
template <class Arithmetic, int kVectors, class D, class Done>
HWY_INLINE void MultiplyPanel(D d, int64_t rows, int64_t count_k, FloatView a,
                              FloatView b, int64_t width, bool accumulate,
                              const float* gate, float* y, int64_t y_stride,
                              const Done& done) {
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
    PackPanel(d, b, count_k, width, panel, packed_b);
    b_data = packed_b;
    b_stride = panel;
  }
  int64_t height;
  for (int64_t row = 0; row < rows; row += height) {
    const int64_t left = rows - row;
    const bool pair = left <= kTileRows / 2;
    const int64_t tile_rows = pair ? kPairRows : kTileRows;
    height = std::min(left, tile_rows);
    FloatView tile{a.At(row, 0), a.row_stride, a.col_stride};
    if (pair) {
      if (height < kPairRows) tile.row_stride = 0;  // one row twice
    } else if (height < kTileRows) {
      PackRows(tile, height, count_k, packed_a);
      tile = {packed_a, 1, kTileRows};
    }
    float* y_tile = y + row * y_stride;
    const float* gate_tile = gate == nullptr ? nullptr : gate + row * y_stride;
    const bool whole = height == tile_rows && width == panel;
    float* to = whole ? y_tile : edge;
    const float* to_gate = whole ? gate_tile : nullptr;
    const int64_t to_stride = whole ? y_stride : panel;
    if (!whole && accumulate) {
      for (int64_t i = 0; i < height; ++i) {
        std::copy_n(y_tile + i * y_stride, width, edge + i * panel);
      }
    }
    const auto multiply = [&](auto rows_of, auto ask) HWY_ATTR {
      MultiplyTile<Arithmetic, rows_of(), kVectors, ask()>(
          d, count_k, tile, b_data, b_stride, accumulate, to_gate, to,
          to_stride);
    };
    if (pair) {
      multiply(Number<kPairRows>(), Number<0>());
    } else if (kAhead > 0 && tile.col_stride != 1) {
      multiply(Number<kTileRows>(), Number<kAhead>());
    } else {
      multiply(Number<kTileRows>(), Number<0>());
    }
    for (int64_t i = 0; !whole && i < height; ++i) {
      CopyGated(edge + i * panel, 1, width,
                gate_tile == nullptr ? nullptr : gate_tile + i * y_stride,
                y_tile + i * y_stride);
    }
    done(row, height);
  }
}

// Whether so few columns are better computed as rows: where there are enough
// rows to fill vectors.
inline bool IsNarrow(int64_t rows, int64_t cols, int64_t lanes) {
  return cols <= lanes / 2 && rows >= lanes;
}

// All rows of a few columns (IsNarrow), by products of transposes: vectors run
// over rows. For the outputs of a network, and what is left over of its inputs.
template <class Arithmetic, class D>
HWY_NOINLINE void MultiplyNarrow(D d, int64_t rows, int64_t count_k,
                                 FloatView a, FloatView b, int64_t cols,
                                 bool accumulate, const float* gate, float* y,
                                 int64_t y_stride) {
  constexpr int64_t kMaxPanel = kPanelVectors * hn::MaxLanes(d);
  const int64_t panel = kPanelVectors * static_cast<int64_t>(hn::Lanes(d));
  HWY_ALIGN float turned[hn::MaxLanes(d) / 2 * kMaxPanel + 1];
  for (int64_t row = 0; row < rows; row += panel) {
    const int64_t width = std::min(panel, rows - row);
    float* y_rows = y + row * y_stride;
    for (int64_t j = 0; accumulate && j < cols; ++j) {
      for (int64_t i = 0; i < width; ++i) {
        turned[j * panel + i] = y_rows[i * y_stride + j];
      }
    }
    MultiplyPanel<Arithmetic, kPanelVectors>(
        d, cols, count_k, {b.data, b.col_stride, b.row_stride},
        {a.At(row, 0), a.col_stride, a.row_stride}, width, accumulate, nullptr,
        turned, panel, [](int64_t, int64_t) {});
    for (int64_t i = 0; i < width; ++i) {
      CopyGated(turned + i, panel, cols,
                gate == nullptr ? nullptr : gate + (row + i) * y_stride,
                y_rows + i * y_stride);
    }
  }
}

// y [rows, cols], rows y_stride apart, = a [rows, inner] b [inner, cols], or
// the sums in y go on with these terms (`accumulate`, inner > 0); in the end
// times the elements of `gate`, if there is one, which lie as those of y (and
// may be them: see backend.h). done(row,
// rows, column, columns) is called once for each part of y when it is final.
template <class Arithmetic, class Done>
HWY_INLINE void Multiply(int64_t rows, int64_t inner, int64_t cols, FloatView a,
                         FloatView b, float* y, int64_t y_stride,
                         const Done& done, bool accumulate = false,
                         const float* gate = nullptr) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  if (inner == 0) {
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < cols; ++j) {
        y[i * y_stride + j] = gate == nullptr ? 0 : 0 * gate[i * y_stride + j];
      }
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
      const float* gate_now = last && gate != nullptr ? gate + column : nullptr;
      if (IsNarrow(rows, width, lanes)) {
        MultiplyNarrow<Arithmetic>(d, rows, count_k, a_block, b_block, width,
                                   going_on, gate_now, y + column, y_stride);
        tile_done(0, rows);
      } else if (wide) {
        MultiplyPanel<Arithmetic, kPanelVectors>(
            d, rows, count_k, a_block, b_block, width, going_on, gate_now,
            y + column, y_stride, tile_done);
      } else {
        MultiplyPanel<Arithmetic, 1>(d, rows, count_k, a_block, b_block, width,
                                     going_on, gate_now, y + column, y_stride,
                                     tile_done);
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BACKEND_PRODUCT_INL_H_
