// The specification of the kernels of convolutions: plain loops in double and
// complex<double>. It fuses nothing.

#include <algorithm>
#include <complex>

#include "core/backend/conv.h"

namespace unnoise {
namespace {

// Calls body(pixel, column) for each element of a window that lies on an image,
// windows in ascending order: places in x and in the columns.
template <class F>
void ForTaps(const WindowGrid& g, const F& body) {
  const int64_t depth = g.group_channels();
  for (int64_t place = 0; place < g.places(); ++place) {
    const int64_t ox = place % g.out_x, oy = place / g.out_x % g.out_y;
    const int64_t image = place / g.out_x / g.out_y;
    for (int64_t ky = 0; ky < g.kernel_y; ++ky) {
      for (int64_t kx = 0; kx < g.kernel_x; ++kx) {
        const int64_t y = oy * g.stride_y - g.padding_y + ky * g.dilation_y;
        const int64_t x = ox * g.stride_x - g.padding_x + kx * g.dilation_x;
        if (y < 0 || y >= g.height || x < 0 || x >= g.width) continue;
        for (int64_t c = 0; c < g.channels; ++c) {
          const int64_t row = c / depth * g.places() + place;
          body(((image * g.height + y) * g.width + x) * g.channels + c,
               row * g.taps() + (ky * g.kernel_x + kx) * depth + c % depth);
        }
      }
    }
  }
}

template <class T>
void UnfoldOf(const WindowGrid& grid, const void* x, void* columns) {
  const T* from = static_cast<const T*>(x);
  T* to = static_cast<T*>(columns);
  std::fill_n(to, grid.groups * grid.places() * grid.taps(), T());
  ForTaps(grid,
          [&](int64_t pixel, int64_t column) { to[column] = from[pixel]; });
}

template <class T>
void FoldOf(const WindowGrid& grid, const void* columns, void* x) {
  const T* from = static_cast<const T*>(columns);
  T* to = static_cast<T*>(x);
  std::fill_n(to, grid.images * grid.height * grid.width * grid.channels, T());
  ForTaps(grid,
          [&](int64_t pixel, int64_t column) { to[pixel] += from[column]; });
}

class ReferenceConv final : public ConvKernels {
 public:
  void Unfold(const Backend&, DType dtype, const WindowGrid& grid,
              const void* x, void* columns) const override {
    dtype == DType::kF64 ? UnfoldOf<double>(grid, x, columns)
                         : UnfoldOf<std::complex<double>>(grid, x, columns);
  }
  void Fold(const Backend&, DType dtype, const WindowGrid& grid,
            const void* columns, void* x) const override {
    dtype == DType::kF64 ? FoldOf<double>(grid, columns, x)
                         : FoldOf<std::complex<double>>(grid, columns, x);
  }
  bool Fuses(DType) const override { return false; }
  void Conv2d(const Backend&, const WindowGrid&, const void*, const void*,
              const void*, int64_t, void*, void*) const override {}
  void Transpose(const Backend&, const WindowGrid&, const void*, const void*,
                 int64_t, void*) const override {}
  void Weight(const Backend&, const WindowGrid&, const void*, const void*,
              int64_t, void*) const override {}
};

}  // namespace

const ConvKernels& ReferenceConvKernels() {
  static const ReferenceConv kernels;
  return kernels;
}

}  // namespace unnoise
