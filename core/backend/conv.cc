// Which kernels of convolutions work for a backend, and those that compute
// nothing.

#include "core/backend/conv.h"

namespace unnoise {
namespace {

class ShapesOnlyConv final : public ConvKernels {
 public:
  void Unfold(const Backend&, DType, const WindowGrid&, const void*,
              void*) const override {}
  void Fold(const Backend&, DType, const WindowGrid&, const void*,
            void*) const override {}
  // As the backend that trains.
  bool Fuses(DType dtype) const override {
    return SimdConvKernels().Fuses(dtype);
  }
  void Conv2d(const Backend&, const WindowGrid&, const void*, const void*,
              const void*, int64_t, void*, void*) const override {}
  void Transpose(const Backend&, const WindowGrid&, const void*, const void*,
                 int64_t, void*) const override {}
  void Weight(const Backend&, const WindowGrid&, const void*, const void*,
              int64_t, void*) const override {}
};

}  // namespace

const ConvKernels& ConvKernelsOf(const Backend& backend) {
  static const ShapesOnlyConv shapes_only;
  switch (backend.kernels()) {
    case KernelSet::kReference:
      return ReferenceConvKernels();
    case KernelSet::kSimd:
    case KernelSet::kSimdFused:
      return SimdConvKernels();
    case KernelSet::kShapesOnly:
      break;
  }
  return shapes_only;
}

}  // namespace unnoise
