// What a machine must be able to do for the tape: memory, and one kernel per
// primitive. The tape and everything above it know only this interface.
//
// Order of arithmetic, binding for every exact backend, so that bits do not
// depend on vector width, thread count or machine:
//   Product    each element of the result is one sum over k = 0, 1, ..., every
//              product rounded before it is added, starting from 0
//   Reduce     each element of the result is one sum in ascending order
//   SumAll     element i goes to lane i mod 16, each lane in ascending order;
//              then lanes are added in pairs: l += l + 8, + 4, + 2, + 1
// Elementwise results depend on their own element alone.

#ifndef UNNOISE_BACKEND_BACKEND_H_
#define UNNOISE_BACKEND_BACKEND_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/base/pool.h"
#include "core/tensor/shape.h"

namespace unnoise {

enum class UnaryOp : uint8_t {
  kSin,
  kCos,
  kTanh,
  kSigmoid,
  kExp,
  kSqrt,
  kLog,
  kSoftplus,
  kErf,
  kExpm1,
  kLog1p,
  kRsqrt
};
enum class BinaryOp : uint8_t { kAdd, kSub, kMul, kDiv };
enum class ReduceOp : uint8_t { kSum, kMax };
enum class Activation : uint8_t { kIdentity, kSilu, kTanh, kRelu };

// A matrix in memory: element (i, j) is data[i * row_stride + j * col_stride],
// strides in elements. Transposing swaps the strides.
struct MatrixView {
  const void* data;
  int64_t rows;
  int64_t cols;
  int64_t row_stride;
  int64_t col_stride;
};

// How far apart the neighbours along each axis of a tensor lie, in elements;
// zero repeats, negative steps run backwards.
using Strides = std::array<int64_t, Shape::kMaxRank>;

// Those of a row-major tensor without gaps.
inline Strides DenseStrides(const Shape& shape) {
  Strides strides{};
  int64_t step = 1;
  for (int i = shape.rank() - 1; i >= 0; --i) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

// Whose kernels work on the memory of a backend: what is looked up for those
// that stand beside the interface (conv.h).
enum class KernelSet : uint8_t { kReference, kSimd, kSimdFused, kShapesOnly };

class Backend {
 public:
  static constexpr int64_t kAlignment = 64;
  static constexpr int kSumLanes = 16;
  static constexpr int64_t kMaxInnerInPlace = 256;

  virtual ~Backend() = default;
  virtual std::string_view name() const = 0;
  virtual bool Supports(DType dtype) const = 0;
  virtual KernelSet kernels() const = 0;
  // The threads over which kernels, and loops beside them, are divided.
  virtual Pool& pool() const = 0;
  // The same with fused multiply-add in sums of products where the machine has
  // it: faster, the bits then differ between machines. It uses the same pool.
  virtual std::unique_ptr<Backend> Fused() const = 0;

  // Memory that kernels can reach, aligned to kAlignment. Throws
  // std::bad_alloc.
  virtual void* Allocate(int64_t bytes) const = 0;
  virtual void Free(void* memory) const = 0;
  // To and from ordinary memory.
  virtual void Upload(const void* from, int64_t bytes, void* to) const = 0;
  virtual void Download(const void* from, int64_t bytes, void* to) const = 0;

  // y[i] = op(x[i]), i < n. x == y is allowed in all elementwise kernels.
  virtual void Unary(UnaryOp op, DType dtype, const void* x, int64_t n,
                     void* y) const = 0;
  // y[i] = op(a[i], b[i]).
  virtual void Binary(BinaryOp op, DType dtype, const void* a, const void* b,
                      int64_t n, void* y) const = 0;
  // y[i] = scale * x[i] + shift.
  virtual void ScaleShift(DType dtype, double scale, double shift,
                          const void* x, int64_t n, void* y) const = 0;
  // y[i] = c[i] <= 0 ? b[i] : a[i], so NaN chooses a; complex numbers compare
  // by real part.
  virtual void Select(DType dtype, const void* c, const void* a, const void* b,
                      int64_t n, void* y) const = 0;
  // y [a.rows, b.cols] = a b, row-major. Requires a.cols == b.rows. Where there
  // is a `gate`, of the shape of y, each element is then multiplied by its own;
  // gate == y is allowed where a.cols <= kMaxInnerInPlace.
  virtual void Product(DType dtype, const MatrixView& a, const MatrixView& b,
                       void* y, const void* gate = nullptr) const = 0;
  // x [outer, n, inner] -> y [outer, inner]: over the middle axis. The maximum
  // of nothing is -infinity, of what holds a NaN is NaN; complex numbers
  // compare by real part.
  virtual void Reduce(ReduceOp op, DType dtype, const void* x, int64_t outer,
                      int64_t n, int64_t inner, void* y) const = 0;
  // x [n] -> y [1].
  virtual void SumAll(DType dtype, const void* x, int64_t n, void* y) const = 0;
  // Elements of that shape from x to y, each with strides of its own:
  // transposes, slices, concatenation, broadcasts. Where both have the same
  // strides and no gaps, y may begin before x and overlap it.
  virtual void Copy(DType dtype, const Shape& shape, const void* x,
                    const Strides& x_strides, void* y,
                    const Strides& y_strides) const = 0;

  // y = activation(x weight^T + bias) and slope = activation'(x weight^T +
  // bias) in one pass. x [rows, in], weight [out, in], bias [out], y and slope
  // [rows, out]; slope may be null. Called only where FusesLinearActivation;
  // elsewhere primitives are composed, which define the result to within
  // rounding.
  virtual bool FusesLinearActivation(DType dtype) const = 0;
  virtual void LinearActivation(Activation activation, DType dtype,
                                const void* x, const void* weight,
                                const void* bias, int64_t rows, int64_t in,
                                int64_t out, void* y, void* slope) const = 0;
};

// float32 on Highway, natively and in wasm; safe for concurrent use.
const Backend& SimdBackend();
// The same, its kernels divided over a pool that outlives it. The bits do not
// depend on the number of threads.
std::unique_ptr<Backend> MakeSimdBackend(Pool& pool);

// The specification: double and complex<double>, plain loops, library math.
const Backend& ReferenceBackend();

// Computes nothing, and has no memory: for the sizes of what another backend
// would compute. Nothing may be read from its tensors.
const Backend& ShapesOnlyBackend();

// For tests and the hidden flag --simd: the SIMD targets of this machine by
// name, best first ("AVX3", "AVX2", ..., by compiler "SCALAR" or "EMU128"),
// forcing one ("" = best), and the one in use.
// ForceSimdTarget returns false if the machine lacks it.
int SimdTargetCount();
std::string_view SimdTargetName(int index);
bool ForceSimdTarget(std::string_view name);
std::string_view SimdTargetInUse();

}  // namespace unnoise

#endif  // UNNOISE_BACKEND_BACKEND_H_
