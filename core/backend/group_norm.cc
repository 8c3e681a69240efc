// Which kernels of group normalisation work for a backend, and those that
// compute nothing.

#include "core/backend/group_norm.h"

namespace unnoise {
namespace {

class ShapesOnlyNorm final : public GroupNormKernels {
 public:
  void Forward(const Backend&, const NormGrid&, const void*, const void*,
               const void*, void*, void*) const override {}
  void Backward(const Backend&, const NormGrid&, const void*, const void*,
                const void*, const void*, const void*, void*,
                void*) const override {}
};

}  // namespace

const GroupNormKernels* GroupNormKernelsOf(const Backend& backend,
                                           DType dtype) {
  static const ShapesOnlyNorm shapes_only;
  switch (backend.kernels()) {
    case KernelSet::kReference:
      break;
    case KernelSet::kSimd:
    case KernelSet::kSimdFused:
      return &SimdGroupNormKernels();
    case KernelSet::kShapesOnly:  // as the backend that trains
      return dtype == DType::kF32 ? &shapes_only : nullptr;
  }
  return nullptr;
}

}  // namespace unnoise
