// Products of many matrices at once, and those under a mask.

#ifndef UNNOISE_AUTODIFF_BATCH_PRODUCT_H_
#define UNNOISE_AUTODIFF_BATCH_PRODUCT_H_

#include "core/autodiff/product.h"

namespace unnoise {

// The products (product.h) of the matrices in the last two axes of a and b,
// each transposed if said so; the axes before are equal: [..., m, k]
// [..., k, n] -> [..., m, n]. An element is one sum over k in ascending order.
Tensor BatchProduct(Tensor a, Tensor b, Transpose transpose_a = Transpose::kNo,
                    Transpose transpose_b = Transpose::kNo);

// LinearActivation with weight * mask for its weight: what an output may not
// see of the input has a 0 in the mask [out, in], a constant.
// Source: Germain, Gregor, Murray, Larochelle 2015, eq. 9.
Tensor MaskedLinear(Tensor x, Tensor weight, Tensor mask, Tensor bias,
                    Activation activation);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_BATCH_PRODUCT_H_
