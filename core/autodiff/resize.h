// Images [images, height, width, channels] in other sizes: linear maps of their
// pixels.

#ifndef UNNOISE_AUTODIFF_RESIZE_H_
#define UNNOISE_AUTODIFF_RESIZE_H_

#include "core/autodiff/conv.h"
#include "core/autodiff/tape.h"

namespace unnoise {

// Means over blocks of pixels, which divide the image: [n, h, w, c] -> [n, h /
// block.height, w / block.width, c]. Lines of a block are summed first.
Tensor AveragePool(Tensor x, Extent2 block);

// -> [n, size.height, size.width, c]. Pixel y of the result is pixel floor(y h
// / size.height) of x, and so in the other axis. Where the factors are whole,
// each pixel is repeated, and the adjoint sums as AveragePool does.
Tensor ResizeNearest(Tensor x, Extent2 size);

// The same by straight lines between the two nearest pixels along each axis,
// rows first; the borders of both images coincide, and beyond the centres of
// the outermost pixels their colours go on. (PyTorch: align_corners=False.)
//
// Where ResizeNearest and ResizeBilinear are products with matrices of weights,
// a pixel that is not finite makes NaN of its row and column.
Tensor ResizeBilinear(Tensor x, Extent2 size);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_RESIZE_H_
