// Convolutions on one SIMD target: tiles of windows are laid out as the rows of
// a matrix that stays in the cache, and handed to the product.

// Per-target include guard
#if defined(UNNOISE_BACKEND_CONV_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BACKEND_CONV_INL_H_
#undef UNNOISE_BACKEND_CONV_INL_H_
#else
#define UNNOISE_BACKEND_CONV_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "core/backend/conv.h"
#include "core/backend/conv_tiles.h"
#include "core/backend/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// What is done with `count` neighbours of a row of columns and of x.
struct CopyFromImage {
  HWY_INLINE void operator()(const float* x, int64_t count, float* row) const {
    const hn::ScalableTag<float> d;
    const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
      hn::StoreU(hn::LoadU(d, x + i), d, row + i);
    }
    for (; i < count; ++i) row[i] = x[i];
  }
  HWY_INLINE void Outside(int64_t count, float* row) const {
    for (int64_t i = 0; i < count; ++i) row[i] = 0;
  }
};
struct AddToImage {
  HWY_INLINE void operator()(float* x, int64_t count, const float* row) const {
    const hn::ScalableTag<float> d;
    const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
      hn::StoreU(hn::Add(hn::LoadU(d, x + i), hn::LoadU(d, row + i)), d, x + i);
    }
    for (; i < count; ++i) x[i] += row[i];
  }
  HWY_INLINE void Outside(int64_t, const float*) const {}
};

// Walks over columns [first, last) of `count` windows of a group from `place`
// on, the first of them at `row`, the others `stride` behind each other.
template <class Image, class Row, class Step>
HWY_INLINE void WalkWindows(const WindowGrid& g, int64_t group, int64_t place,
                            int64_t count, int64_t first, int64_t last,
                            Image* x, Row* row, int64_t stride,
                            const Step& step) {
  if (count == 0 || first == last) return;
  const int64_t depth = g.group_channels();
  // Neighbours in a window that are neighbours in x are one run: a whole line
  // of it, or the channels of one pixel.
  const bool whole = g.dilation_x == 1 && g.groups == 1;
  const int64_t run_pixels = whole ? g.kernel_x : 1;
  const int64_t run = run_pixels * depth;
  const int64_t first_run = first / run;
  const int64_t first_pixel = first_run * run_pixels;
  const int64_t first_ky = first_pixel / g.kernel_x;
  const int64_t first_kx = first_pixel % g.kernel_x;
  int64_t ox = place % g.out_x, oy = place / g.out_x % g.out_y;
  const int64_t image = place / g.out_x / g.out_y;
  const int64_t image_size = g.height * g.width * g.channels;
  Image* pixels = x + image * image_size + group * depth;
  for (int64_t i = 0; i < count; ++i, row += stride) {
    int64_t ky = first_ky, kx = first_kx;
    for (int64_t at = first_run * run; at < last; at += run) {
      const int64_t y = oy * g.stride_y - g.padding_y + ky * g.dilation_y;
      const int64_t left = ox * g.stride_x - g.padding_x + kx * g.dilation_x;
      // The part [begin, end) of the run that is asked for, and of it what lies
      // on the image.
      const int64_t begin = std::max<int64_t>(first - at, 0);
      const int64_t end = std::min(last - at, run);
      int64_t on = begin, off = begin;
      if (y >= 0 && y < g.height) {
        on = std::clamp(-left * depth, begin, end);
        off = std::clamp((g.width - left) * depth, on, end);
      }
      Row* to = row + at - first;
      step.Outside(on - begin, to + begin);
      if (on < off) {
        step(pixels + (y * g.width + left) * g.channels + on, off - on,
             to + on);
      }
      step.Outside(end - off, to + off);
      kx += run_pixels;
      if (kx == g.kernel_x) {
        kx = 0;
        ++ky;
      }
    }
    if (++ox == g.out_x) {
      ox = 0;
      if (++oy == g.out_y) {
        oy = 0;
        pixels += image_size;
      }
    }
  }
}

inline void UnfoldTile(const WindowGrid& g, int64_t group, int64_t place,
                       int64_t count, int64_t first, int64_t last,
                       const float* x, float* rows, int64_t stride) {
  WalkWindows(g, group, place, count, first, last, x, rows, stride,
              CopyFromImage());
}
inline void FoldTile(const WindowGrid& g, int64_t group, int64_t place,
                     int64_t count, int64_t first, int64_t last,
                     const float* rows, int64_t stride, float* x) {
  WalkWindows(g, group, place, count, first, last, x, rows, stride,
              AddToImage());
}

// Of all groups, places [begin, end). weight [taps, out].
template <class Arithmetic>
HWY_NOINLINE void ConvPlaces(const WindowGrid& g, int64_t begin, int64_t end,
                             const float* x, const float* weight,
                             const float* bias, int64_t out, float* y) {
  HWY_ALIGN float tile[kTileFloats];
  const int64_t taps = g.taps(), group_out = out / g.groups;
  for (int64_t place = begin; place < end; place += kTilePlaces) {
    const int64_t count = std::min(kTilePlaces, end - place);
    for (int64_t group = 0; group < g.groups; ++group) {
      const int64_t column = group * group_out;
      float* to = y + place * out + column;
      const auto add_bias = [&](int64_t row, int64_t rows, int64_t col,
                                int64_t cols) {
        if (bias == nullptr) return;
        for (int64_t i = row; i < row + rows; ++i) {
          AddToImage()(to + i * out + col, cols, bias + column + col);
        }
      };
      for (int64_t first = 0; first == 0 || first < taps; first += kTileTaps) {
        const int64_t last = std::min(first + kTileTaps, taps);
        FloatView rows{tile, last - first, 1};
        if (g.pointwise()) {
          rows = {x + place * g.channels + first, g.channels, 1};
        } else {
          UnfoldTile(g, group, place, count, first, last, x, tile,
                     last - first);
        }
        const FloatView columns{weight + first * out + column, out, 1};
        const auto done = [&](int64_t row, int64_t height, int64_t col,
                              int64_t width) {
          if (last == taps) add_bias(row, height, col, width);
        };
        Multiply<Arithmetic>(count, last - first, group_out, rows, columns, to,
                             out, done, first > 0);
      }
    }
  }
}

// Into images [begin, end) of x. A pixel meets windows in ascending order if it
// meets elements of windows in descending order, so blocks of columns run
// backwards.
template <class Arithmetic>
HWY_NOINLINE void TransposeImages(const WindowGrid& g, int64_t begin,
                                  int64_t end, const float* y,
                                  const float* weight, int64_t out, float* x) {
  HWY_ALIGN float tile[kTileFloats];
  const int64_t taps = g.taps(), group_out = out / g.groups;
  const int64_t image_size = g.height * g.width * g.channels;
  std::fill_n(x + begin * image_size, (end - begin) * image_size, 0.0f);
  if (taps == 0) return;
  const int64_t places = g.out_y * g.out_x;
  for (int64_t place = begin * places; place < end * places;
       place += kTilePlaces) {
    const int64_t count = std::min(kTilePlaces, end * places - place);
    for (int64_t group = 0; group < g.groups; ++group) {
      for (int64_t first = (taps - 1) / kTileTaps * kTileTaps; first >= 0;
           first -= kTileTaps) {
        const int64_t last = std::min(first + kTileTaps, taps);
        const int64_t width = last - first;
        Multiply<Arithmetic>(
            count, group_out, width,
            {y + place * out + group * group_out, out, 1},
            {weight + group * group_out * taps + first, taps, 1}, tile, width,
            [](int64_t, int64_t, int64_t, int64_t) {});
        FoldTile(g, group, place, count, first, last, tile, width, x);
      }
    }
  }
}

// Columns [first, last) of a group of the weight, at most kSumTaps of them.
template <class Arithmetic>
HWY_NOINLINE void WeightColumns(const WindowGrid& g, int64_t group,
                                int64_t first, int64_t last, const float* x,
                                const float* y, int64_t out, float* weight) {
  HWY_ALIGN float tile[kTileFloats];
  const int64_t taps = g.taps(), group_out = out / g.groups;
  const int64_t width = last - first, places = g.places();
  for (int64_t place = 0; place == 0 || place < places; place += kSumPlaces) {
    const int64_t count = std::min(kSumPlaces, places - place);
    FloatView columns{tile, width, 1};
    if (g.pointwise()) {
      columns = {x + place * g.channels + first, g.channels, 1};
    } else {
      UnfoldTile(g, group, place, count, first, last, x, tile, width);
    }
    Multiply<Arithmetic>(
        group_out, count, width, {y + place * out + group * group_out, 1, out},
        columns, weight + group * group_out * taps + first, taps,
        [](int64_t, int64_t, int64_t, int64_t) {}, place > 0);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BACKEND_CONV_INL_H_
