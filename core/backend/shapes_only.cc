// A backend that computes nothing: on a tape of it a step takes the memory that
// it would take, without any being there, so that it is known beforehand.

#include "core/backend/backend.h"

namespace unnoise {
namespace {

class ShapesOnly final : public Backend {
 public:
  std::string_view name() const override { return "shapes only"; }
  bool Supports(DType) const override { return true; }
  KernelSet kernels() const override { return KernelSet::kShapesOnly; }
  Pool& pool() const override { return SerialPool(); }
  std::unique_ptr<Backend> Fused() const override {
    return std::make_unique<ShapesOnly>();
  }

  // An address to count from, which nobody follows.
  void* Allocate(int64_t) const override {
    return reinterpret_cast<void*>(uintptr_t{kAlignment});
  }
  void Free(void*) const override {}
  void Upload(const void*, int64_t, void*) const override {}
  void Download(const void*, int64_t, void*) const override {}

  void Unary(UnaryOp, DType, const void*, int64_t, void*) const override {}
  void Binary(BinaryOp, DType, const void*, const void*, int64_t,
              void*) const override {}
  void ScaleShift(DType, double, double, const void*, int64_t,
                  void*) const override {}
  void Select(DType, const void*, const void*, const void*, int64_t,
              void*) const override {}
  void Product(DType, const MatrixView&, const MatrixView&, void*,
               const void*) const override {}
  void Reduce(ReduceOp, DType, const void*, int64_t, int64_t, int64_t,
              void*) const override {}
  void SumAll(DType, const void*, int64_t, void*) const override {}
  void Copy(DType, const Shape&, const void*, const Strides&, void*,
            const Strides&) const override {}
  // As the backend that trains.
  bool FusesLinearActivation(DType dtype) const override {
    return SimdBackend().FusesLinearActivation(dtype);
  }
  void LinearActivation(Activation, DType, const void*, const void*,
                        const void*, int64_t, int64_t, int64_t, void*,
                        void*) const override {}
};

}  // namespace

const Backend& ShapesOnlyBackend() {
  static const ShapesOnly backend;
  return backend;
}

}  // namespace unnoise
