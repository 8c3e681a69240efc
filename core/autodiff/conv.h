// Convolutions of images, and the linear maps that they are made of. Images are
// [images, height, width, channels], weights [out, height, width, channels of a
// group]: a filter is a row. (PyTorch: NCHW and OIHW.)
//
// A convolution is linear in the image and in the weight, so its derivatives
// are the two other products of the same form, and so on: the three ops below
// are closed under differentiation. Each is defined by its composition of
// Unfold, BatchProduct and Fold; where a backend has them, kernels that never
// hold all windows at once give the same bits.

#ifndef UNNOISE_AUTODIFF_CONV_H_
#define UNNOISE_AUTODIFF_CONV_H_

#include <cstdint>

#include "core/autodiff/tape.h"

namespace unnoise {

struct Extent2 {
  int64_t height;
  int64_t width;
  bool operator==(const Extent2&) const = default;
};

// How windows lie on an image: `stride` >= 1 pixels apart, from `padding` >= 0
// zeros around it, their elements `dilation` >= 1 apart. `groups` divide the
// channels, each of which sees its own filters.
struct ConvOptions {
  Extent2 stride{1, 1};
  Extent2 padding{0, 0};
  Extent2 dilation{1, 1};
  int64_t groups = 1;
};

// Windows along an axis: floor((extent + 2 padding - dilation (kernel - 1) - 1)
// / stride) + 1, at least 0.
Extent2 WindowsOn(Extent2 image, Extent2 kernel, const ConvOptions& options);

// The windows of x [n, h, w, c] -> [groups, n oh ow, kh kw c / groups], in the
// order (n, oy, ox) and (ky, kx, channel); zero where they leave the image.
// Also known as im2col.
Tensor Unfold(Tensor x, Extent2 kernel, const ConvOptions& options);
// Its adjoint, windows -> `image` [n, h, w, c]: every pixel is the sum of what
// windows say of it, in their order.
Tensor Fold(Tensor windows, const Shape& image, Extent2 kernel,
            const ConvOptions& options);

// y[n, oy, ox, o] = sum over (ky, kx, c) of x[n, ...] weight[o, ky, kx, c], in
// that order, + bias[o]. x [n, h, w, c], weight [out, kh, kw, c / groups], bias
// [out] -> [n, oh, ow, out]. Filters come in groups as channels do.
Tensor Conv2d(Tensor x, Tensor weight, const ConvOptions& options = {});
Tensor Conv2d(Tensor x, Tensor weight, Tensor bias,
              const ConvOptions& options = {});
// The adjoint in the image, also known as transposed convolution: y [n, oh, ow,
// out], weight as above -> [n, h, w, c] with (h, w) = `image`, one of those
// that have oh x ow windows. Each filter times its number in y, added up as by
// Fold.
Tensor Conv2dTranspose(Tensor y, Tensor weight, Extent2 image,
                       const ConvOptions& options = {});
// The adjoint in the weight: x [n, h, w, c], y [n, oh, ow, out] -> [out, kh,
// kw, c / groups], with (kh, kw) = `kernel`. Sums over (n, oy, ox) in order.
Tensor Conv2dWeight(Tensor x, Tensor y, Extent2 kernel,
                    const ConvOptions& options = {});

// The same, composed.
Tensor Conv2dComposed(Tensor x, Tensor weight, const ConvOptions& options);
Tensor Conv2dTransposeComposed(Tensor y, Tensor weight, Extent2 image,
                               const ConvOptions& options);
Tensor Conv2dWeightComposed(Tensor x, Tensor y, Extent2 kernel,
                            const ConvOptions& options);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_CONV_H_
