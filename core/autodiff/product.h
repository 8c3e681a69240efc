// Matrix products, and the layer that fuses one with what follows it.

#ifndef UNNOISE_AUTODIFF_PRODUCT_H_
#define UNNOISE_AUTODIFF_PRODUCT_H_

#include "core/autodiff/tape.h"

namespace unnoise {

// Product of a and b, each transposed if said so: [m, k] [k, n] -> [m, n].
enum class Transpose : uint8_t { kNo, kYes };
Tensor Product(Tensor a, Tensor b, Transpose transpose_a = Transpose::kNo,
               Transpose transpose_b = Transpose::kNo);

// x weight^T + bias, composed of primitives; shapes as below.
Tensor Preactivation(Tensor x, Tensor weight, Tensor bias);

// activation(x weight^T + bias). x [rows, in], weight [out, in], bias [out] ->
// [rows, out]. One fused pass where the backend has it; defined by
// LinearActivationComposed, which also serves derivatives of higher order.
Tensor LinearActivation(Tensor x, Tensor weight, Tensor bias,
                        Activation activation);
Tensor LinearActivationComposed(Tensor x, Tensor weight, Tensor bias,
                                Activation activation);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_PRODUCT_H_
