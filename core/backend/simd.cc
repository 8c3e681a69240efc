// The SIMD backend: float32 kernels for every target of the machine, chosen at
// run time; in wasm the one target SIMD128. Not here: the kernels themselves
// (kernels-inl.h, product-inl.h).

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/backend/simd.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "core/backend/kernels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

// Tables of pointers are made from functions, not inline ones.
void SimdUnary(UnaryOp op, const float* x, int64_t n, float* y) {
  UnaryKernel(op, x, n, y);
}
void SimdBinary(BinaryOp op, const float* a, const float* b, int64_t n,
                float* y) {
  BinaryKernel(op, a, b, n, y);
}
void SimdScaleShift(float scale, float shift, const float* x, int64_t n,
                    float* y) {
  ScaleShiftKernel(scale, shift, x, n, y);
}
void SimdSelect(const float* c, const float* a, const float* b, int64_t n,
                float* y) {
  SelectKernel(c, a, b, n, y);
}
void SimdSumRows(const float* x, int64_t rows, int64_t cols, float* y) {
  SumRowsKernel(x, rows, cols, y);
}
void SimdProduct(int64_t rows, int64_t inner, int64_t cols, const MatrixView& a,
                 const MatrixView& b, float* y) {
  ProductKernel(rows, inner, cols, a, b, y);
}
void SimdLinearActivation(Activation activation, const float* x,
                          const float* weight, const float* bias, int64_t rows,
                          int64_t in, int64_t out, float* y, float* slope) {
  LinearActivationKernel(activation, x, weight, bias, rows, in, out, y, slope);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <algorithm>

#include "core/backend/host_backend.h"

namespace unnoise {
namespace {

HWY_EXPORT(SimdUnary);
HWY_EXPORT(SimdBinary);
HWY_EXPORT(SimdScaleShift);
HWY_EXPORT(SimdSelect);
HWY_EXPORT(SimdSumRows);
HWY_EXPORT(SimdProduct);
HWY_EXPORT(SimdLinearActivation);

const float* In(const void* x) { return static_cast<const float*>(x); }
float* Out(void* y) { return static_cast<float*>(y); }

class Simd final : public HostBackend {
 public:
  std::string_view name() const override { return "simd"; }
  bool Supports(DType dtype) const override { return dtype == DType::kF32; }

  void Unary(UnaryOp op, DType, const void* x, int64_t n,
             void* y) const override {
    HWY_DYNAMIC_DISPATCH(SimdUnary)(op, In(x), n, Out(y));
  }
  void Binary(BinaryOp op, DType, const void* a, const void* b, int64_t n,
              void* y) const override {
    HWY_DYNAMIC_DISPATCH(SimdBinary)(op, In(a), In(b), n, Out(y));
  }
  void ScaleShift(DType, double scale, double shift, const void* x, int64_t n,
                  void* y) const override {
    HWY_DYNAMIC_DISPATCH(SimdScaleShift)
    (static_cast<float>(scale), static_cast<float>(shift), In(x), n, Out(y));
  }
  void Select(DType, const void* c, const void* a, const void* b, int64_t n,
              void* y) const override {
    HWY_DYNAMIC_DISPATCH(SimdSelect)(In(c), In(a), In(b), n, Out(y));
  }
  void Product(DType, const MatrixView& a, const MatrixView& b,
               void* y) const override {
    HWY_DYNAMIC_DISPATCH(SimdProduct)(a.rows, a.cols, b.cols, a, b, Out(y));
  }
  void SumRows(DType, const void* x, int64_t rows, int64_t cols,
               void* y) const override {
    HWY_DYNAMIC_DISPATCH(SimdSumRows)(In(x), rows, cols, Out(y));
  }
  void SumAll(DType, const void* x, int64_t n, void* y) const override {
    float lanes[kSumLanes] = {};
    const float* from = In(x);
    for (int64_t i = 0; i < n; ++i) lanes[i % kSumLanes] += from[i];
    for (int half = kSumLanes / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; ++l) lanes[l] += lanes[l + half];
    }
    *Out(y) = lanes[0];
  }
  void Copy(DType, const MatrixView& x, int64_t y_row_stride,
            void* y) const override {
    for (int64_t i = 0; i < x.rows; ++i) {
      const float* from = In(x.data) + i * x.row_stride;
      float* to = Out(y) + i * y_row_stride;
      if (x.col_stride == 1) {
        std::copy_n(from, x.cols, to);
      } else {
        for (int64_t j = 0; j < x.cols; ++j) to[j] = from[j * x.col_stride];
      }
    }
  }

  bool FusesLinearActivation(DType) const override { return true; }
  void LinearActivation(Activation activation, DType, const void* x,
                        const void* weight, const void* bias, int64_t rows,
                        int64_t in, int64_t out, void* y,
                        void* slope) const override {
    HWY_DYNAMIC_DISPATCH(SimdLinearActivation)
    (activation, In(x), In(weight), In(bias), rows, in, out, Out(y),
     Out(slope));
  }
};

}  // namespace

const Backend& SimdBackend() {
  static const Simd backend;
  return backend;
}

}  // namespace unnoise

#endif  // HWY_ONCE
