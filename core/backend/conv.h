// Kernels of windows on images, beside the interface of backend.h: a program
// that has no convolutions links none of them (core/backend/README.md).
//
// Order of arithmetic, as in backend.h:
//   Fold       each element of x is one sum over the windows that hold it, in
//              ascending order, starting from 0
//   the fused kernels: that of the products, Unfold and Fold that define them

#ifndef UNNOISE_BACKEND_CONV_H_
#define UNNOISE_BACKEND_CONV_H_

#include <cstdint>

#include "core/backend/backend.h"

namespace unnoise {

// Windows on images x [images, height, width, channels], and where they lie:
// element (ky, kx) of window (n, oy, ox) is pixel (oy stride_y - padding_y + ky
// dilation_y, the same in x) of image n, or zero outside. Channels come in
// `groups` of as many neighbours, each seen by windows of its own.
struct WindowGrid {
  int64_t images, height, width, channels, groups;
  int64_t kernel_y, kernel_x;
  int64_t stride_y, stride_x;
  int64_t padding_y, padding_x;
  int64_t dilation_y, dilation_x;
  int64_t out_y, out_x;  // windows along each axis

  int64_t places() const { return images * out_y * out_x; }
  int64_t group_channels() const { return channels / groups; }
  // Elements of a window: (ky, kx, channel of the group).
  int64_t taps() const { return kernel_y * kernel_x * group_channels(); }
  // Whether the windows are the pixels.
  bool pointwise() const {
    return kernel_y == 1 && kernel_x == 1 && groups == 1 && stride_y == 1 &&
           stride_x == 1 && padding_y == 0 && padding_x == 0;
  }
};

class ConvKernels {
 public:
  virtual ~ConvKernels() = default;

  // x -> columns [groups, places, taps]: each window as a row.
  virtual void Unfold(const Backend& backend, DType dtype,
                      const WindowGrid& grid, const void* x,
                      void* columns) const = 0;
  // Its adjoint: columns -> x.
  virtual void Fold(const Backend& backend, DType dtype, const WindowGrid& grid,
                    const void* columns, void* x) const = 0;

  // The rest only where this says so; elsewhere primitives are composed, which
  // define the result, bit for bit. Weights are [out, taps], out divided by
  // groups as channels are; y [places, out].
  virtual bool Fuses(DType dtype) const = 0;
  // y = columns of x times weight^T, + bias [out] if it is not null. `scratch`
  // has room for the weight.
  virtual void Conv2d(const Backend& backend, const WindowGrid& grid,
                      const void* x, const void* weight, const void* bias,
                      int64_t out, void* scratch, void* y) const = 0;
  // x = Fold of y times weight.
  virtual void Transpose(const Backend& backend, const WindowGrid& grid,
                         const void* y, const void* weight, int64_t out,
                         void* x) const = 0;
  // weight = y^T times columns of x.
  virtual void Weight(const Backend& backend, const WindowGrid& grid,
                      const void* x, const void* y, int64_t out,
                      void* weight) const = 0;
};

// Those that work on the memory of `backend`.
const ConvKernels& ConvKernelsOf(const Backend& backend);

// Of each set.
const ConvKernels& ReferenceConvKernels();
const ConvKernels& SimdConvKernels();

}  // namespace unnoise

#endif  // UNNOISE_BACKEND_CONV_H_
