// The SIMD backend: float32 kernels for every target of the machine, chosen at
// run time; in wasm the one target SIMD128. Not here: the kernels themselves
// (kernels-inl.h, product-inl.h, linear_activation-inl.h).

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/backend/simd.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "core/backend/kernels-inl.h"
#include "core/backend/linear_activation-inl.h"

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
void SimdReduce(ReduceOp op, const float* x, int64_t n, int64_t inner,
                int64_t stride, float* y) {
  ReduceKernel(op, x, n, inner, stride, y);
}
void SimdReduceLast(ReduceOp op, const float* x, int64_t outer, int64_t n,
                    float* y) {
  ReduceLastKernel(op, x, outer, n, y);
}
void SimdProduct(bool fused, const MatrixView& a, const MatrixView& b, float* y,
                 const float* gate, int64_t stride) {
  ProductKernel(fused, a, b, y, gate, stride);
}
void SimdLinearActivation(bool fused, Activation activation,
                          const LinearPart& part) {
  LinearActivationKernel(fused, activation, part);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <algorithm>

#include "core/backend/host_backend.h"
#include "core/backend/partition.h"
#include "core/backend/strided.h"

namespace unnoise {
namespace {

HWY_EXPORT(SimdUnary);
HWY_EXPORT(SimdBinary);
HWY_EXPORT(SimdScaleShift);
HWY_EXPORT(SimdSelect);
HWY_EXPORT(SimdReduce);
HWY_EXPORT(SimdReduceLast);
HWY_EXPORT(SimdProduct);
HWY_EXPORT(SimdLinearActivation);

const float* In(const void* x) { return static_cast<const float*>(x); }
float* Out(void* y) { return static_cast<float*>(y); }

// Elements that are worth handing to another thread: about 2 us of work.
constexpr int64_t kMathGrain = 1024;  // sin, tanh
constexpr int64_t kPlainGrain = 8192;
// Parts of a product for each thread: fewer than of other work, since each
// packs what it needs of the right operand.
constexpr int64_t kProductParts = 2;

class Simd final : public HostBackend {
 public:
  Simd(Pool& pool, bool fused) : pool_(pool), fused_(fused) {}

  std::string_view name() const override { return "simd"; }
  bool Supports(DType dtype) const override { return dtype == DType::kF32; }
  KernelSet kernels() const override {
    return fused_ ? KernelSet::kSimdFused : KernelSet::kSimd;
  }
  Pool& pool() const override { return pool_; }
  std::unique_ptr<Backend> Fused() const override {
    return std::make_unique<Simd>(pool_, true);
  }

  void Unary(UnaryOp op, DType, const void* x, int64_t n,
             void* y) const override {
    pool_.ForRanges(n, kMathGrain, [&](int64_t begin, int64_t end) {
      HWY_DYNAMIC_DISPATCH(SimdUnary)
      (op, In(x) + begin, end - begin, Out(y) + begin);
    });
  }
  void Binary(BinaryOp op, DType, const void* a, const void* b, int64_t n,
              void* y) const override {
    pool_.ForRanges(n, kPlainGrain, [&](int64_t begin, int64_t end) {
      HWY_DYNAMIC_DISPATCH(SimdBinary)
      (op, In(a) + begin, In(b) + begin, end - begin, Out(y) + begin);
    });
  }
  void ScaleShift(DType, double scale, double shift, const void* x, int64_t n,
                  void* y) const override {
    pool_.ForRanges(n, kPlainGrain, [&](int64_t begin, int64_t end) {
      HWY_DYNAMIC_DISPATCH(SimdScaleShift)
      (static_cast<float>(scale), static_cast<float>(shift), In(x) + begin,
       end - begin, Out(y) + begin);
    });
  }
  void Select(DType, const void* c, const void* a, const void* b, int64_t n,
              void* y) const override {
    pool_.ForRanges(n, kPlainGrain, [&](int64_t begin, int64_t end) {
      HWY_DYNAMIC_DISPATCH(SimdSelect)
      (In(c) + begin, In(a) + begin, In(b) + begin, end - begin,
       Out(y) + begin);
    });
  }
  void Product(DType, const MatrixView& a, const MatrixView& b, void* y,
               const void* gate) const override {
    ForParts(a.rows, a.cols, b.cols,
             [&](int64_t row, int64_t rows, int64_t col, int64_t cols) {
               MatrixView left = a, right = b;
               left.data = In(a.data) + row * a.row_stride;
               left.rows = rows;
               right.data = In(b.data) + col * b.col_stride;
               right.cols = cols;
               const int64_t at = row * b.cols + col;
               HWY_DYNAMIC_DISPATCH(SimdProduct)
               (fused_, left, right, Out(y) + at,
                gate == nullptr ? nullptr : In(gate) + at, b.cols);
             });
  }
  void Reduce(ReduceOp op, DType, const void* x, int64_t outer, int64_t n,
              int64_t inner, void* y) const override {
    const int64_t grain =
        std::max(kPlainGrain / std::max<int64_t>(n, 1), Pool::kRangeStart);
    if (inner == 1) {
      pool_.ForRanges(outer, grain, [&](int64_t begin, int64_t end) {
        HWY_DYNAMIC_DISPATCH(SimdReduceLast)
        (op, In(x) + begin * n, end - begin, n, Out(y) + begin);
      });
      return;
    }
    for (int64_t o = 0; o < outer; ++o) {
      const float* from = In(x) + o * n * inner;
      float* to = Out(y) + o * inner;
      pool_.ForRanges(inner, grain, [&](int64_t begin, int64_t end) {
        HWY_DYNAMIC_DISPATCH(SimdReduce)
        (op, from + begin, n, end - begin, inner, to + begin);
      });
    }
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
  void Copy(DType, const Shape& shape, const void* x, const Strides& x_strides,
            void* y, const Strides& y_strides) const override {
    CopyStrided(StridedCopy(shape, x_strides, y_strides), In(x), Out(y));
  }

  bool FusesLinearActivation(DType) const override { return true; }
  void LinearActivation(Activation activation, DType, const void* x,
                        const void* weight, const void* bias, int64_t rows,
                        int64_t in, int64_t out, void* y,
                        void* slope) const override {
    ForParts(rows, in, out,
             [&](int64_t row, int64_t height, int64_t col, int64_t width) {
               const int64_t at = row * out + col;
               HWY_DYNAMIC_DISPATCH(SimdLinearActivation)
               (fused_, activation,
                {.x = In(x) + row * in,
                 .weight = In(weight) + col * in,
                 .bias = In(bias) + col,
                 .rows = height,
                 .in = in,
                 .out = width,
                 .y = Out(y) + at,
                 .slope = slope == nullptr ? nullptr : Out(slope) + at,
                 .y_stride = out});
             });
  }

 private:
  // Calls body(row, rows, col, cols) on the parts of a result of sums.
  template <class F>
  void ForParts(int64_t rows, int64_t inner, int64_t cols,
                const F& body) const {
    const Partition partition = PartitionOf(rows, inner, cols, pool_.threads(),
                                            kProductParts * pool_.threads());
    pool_.Run(partition.parts, [&](int64_t part) {
      const int64_t row = partition.FirstRow(part);
      const int64_t col = partition.FirstCol(part);
      body(row, std::min(partition.rows, rows - row), col,
           std::min(partition.cols, cols - col));
    });
  }

  Pool& pool_;
  bool fused_;
};

}  // namespace

const Backend& SimdBackend() {
  static const Simd backend(SerialPool(), false);
  return backend;
}

std::unique_ptr<Backend> MakeSimdBackend(Pool& pool) {
  return std::make_unique<Simd>(pool, false);
}

}  // namespace unnoise

#endif  // HWY_ONCE
