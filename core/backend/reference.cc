// The specification of every kernel: double and complex<double>, plain loops in
// the order that backend.h states, the library's own mathematics. Slow and
// obvious; other backends are tested against it, and gradients by complex step
// through it. Not for training.

#include <algorithm>
#include <cmath>
#include <complex>
#include <type_traits>

#include "core/backend/host_backend.h"

namespace unnoise {
namespace {

using Complex = std::complex<double>;

double RealPart(double x) { return x; }
double RealPart(const Complex& x) { return x.real(); }

// The library has these of real numbers only. Of complex ones what a complex
// step needs: e^z - 1 and log(1 + z), and erf to first order in the imaginary
// part.
double Expm1(double x) { return std::expm1(x); }
Complex Expm1(const Complex& x) { return std::exp(x) - 1.0; }
double Log1p(double x) { return std::log1p(x); }
Complex Log1p(const Complex& x) { return std::log(1.0 + x); }
double Erf(double x) { return std::erf(x); }
Complex Erf(const Complex& x) {
  constexpr double kTwoOverRootPi = 1.1283791670955126;
  const double slope = kTwoOverRootPi * std::exp(-x.real() * x.real());
  return {std::erf(x.real()), slope * x.imag()};
}

template <class T>
T SoftplusOf(const T& x) {
  if (RealPart(x) <= 0) return Log1p(std::exp(x));
  return x + Log1p(std::exp(-x));
}

template <class T>
T UnaryOf(UnaryOp op, const T& x) {
  switch (op) {
    case UnaryOp::kSin:
      return std::sin(x);
    case UnaryOp::kCos:
      return std::cos(x);
    case UnaryOp::kTanh:
      return std::tanh(x);
    case UnaryOp::kSigmoid:
      return 1.0 / (1.0 + std::exp(-x));
    case UnaryOp::kExp:
      return std::exp(x);
    case UnaryOp::kSqrt:
      return std::sqrt(x);
    case UnaryOp::kLog:
      return std::log(x);
    case UnaryOp::kSoftplus:
      return SoftplusOf(x);
    case UnaryOp::kErf:
      return Erf(x);
    case UnaryOp::kExpm1:
      return Expm1(x);
    case UnaryOp::kLog1p:
      return Log1p(x);
    case UnaryOp::kRsqrt:
      return 1.0 / std::sqrt(x);
  }
  return x;
}

template <class T>
T BinaryOf(BinaryOp op, const T& a, const T& b) {
  switch (op) {
    case BinaryOp::kAdd:
      return a + b;
    case BinaryOp::kSub:
      return a - b;
    case BinaryOp::kMul:
      return a * b;
    case BinaryOp::kDiv:
      return a / b;
  }
  return a;
}

template <class T>
struct Element {
  static const T* In(const void* x) { return static_cast<const T*>(x); }
  static T* Out(void* y) { return static_cast<T*>(y); }
  static const T& At(const MatrixView& x, int64_t i, int64_t j) {
    return In(x.data)[i * x.row_stride + j * x.col_stride];
  }
};

// Calls f with Element<double> or Element<Complex>.
template <class F>
void ForType(DType dtype, const F& f) {
  if (dtype == DType::kF64) {
    f(Element<double>());
  } else {
    f(Element<Complex>());
  }
}

class Reference final : public HostBackend {
 public:
  std::string_view name() const override { return "reference"; }
  bool Supports(DType dtype) const override { return dtype != DType::kF32; }
  KernelSet kernels() const override { return KernelSet::kReference; }
  Pool& pool() const override { return SerialPool(); }
  std::unique_ptr<Backend> Fused() const override {
    return std::make_unique<Reference>();
  }

  void Unary(UnaryOp op, DType dtype, const void* x, int64_t n,
             void* y) const override {
    ForType(dtype, [&](auto e) {
      for (int64_t i = 0; i < n; ++i) e.Out(y)[i] = UnaryOf(op, e.In(x)[i]);
    });
  }
  void Binary(BinaryOp op, DType dtype, const void* a, const void* b, int64_t n,
              void* y) const override {
    ForType(dtype, [&](auto e) {
      for (int64_t i = 0; i < n; ++i) {
        e.Out(y)[i] = BinaryOf(op, e.In(a)[i], e.In(b)[i]);
      }
    });
  }
  void ScaleShift(DType dtype, double scale, double shift, const void* x,
                  int64_t n, void* y) const override {
    ForType(dtype, [&](auto e) {
      for (int64_t i = 0; i < n; ++i) e.Out(y)[i] = scale * e.In(x)[i] + shift;
    });
  }
  void Select(DType dtype, const void* c, const void* a, const void* b,
              int64_t n, void* y) const override {
    ForType(dtype, [&](auto e) {
      for (int64_t i = 0; i < n; ++i) {
        e.Out(y)[i] = RealPart(e.In(c)[i]) <= 0 ? e.In(b)[i] : e.In(a)[i];
      }
    });
  }
  void Product(DType dtype, const MatrixView& a, const MatrixView& b, void* y,
               const void* gate) const override {
    ForType(dtype, [&](auto e) {
      for (int64_t i = 0; i < a.rows; ++i) {
        for (int64_t j = 0; j < b.cols; ++j) {
          const int64_t at = i * b.cols + j;
          std::remove_cvref_t<decltype(*e.Out(y))> sum = 0;
          for (int64_t k = 0; k < a.cols; ++k) {
            sum += e.At(a, i, k) * e.At(b, k, j);
          }
          if (gate != nullptr) sum *= e.In(gate)[at];
          e.Out(y)[at] = sum;
        }
      }
    });
  }
  void Reduce(ReduceOp op, DType dtype, const void* x, int64_t outer, int64_t n,
              int64_t inner, void* y) const override {
    ForType(dtype, [&](auto e) {
      for (int64_t o = 0; o < outer; ++o) {
        for (int64_t i = 0; i < inner; ++i) {
          auto& result = e.Out(y)[o * inner + i];
          result = op == ReduceOp::kSum ? 0.0 : -HUGE_VAL;
          for (int64_t k = 0; k < n; ++k) {
            const auto& value = e.In(x)[(o * n + k) * inner + i];
            if (op == ReduceOp::kSum) {
              result += value;
            } else if (!std::isnan(RealPart(result)) &&
                       !(RealPart(value) <= RealPart(result))) {
              result = value;
            }
          }
        }
      }
    });
  }
  void SumAll(DType dtype, const void* x, int64_t n, void* y) const override {
    ForType(dtype, [&](auto e) {
      std::remove_reference_t<decltype(*e.Out(y))> lanes[kSumLanes] = {};
      for (int64_t i = 0; i < n; ++i) lanes[i % kSumLanes] += e.In(x)[i];
      for (int half = kSumLanes / 2; half > 0; half /= 2) {
        for (int l = 0; l < half; ++l) lanes[l] += lanes[l + half];
      }
      *e.Out(y) = lanes[0];
    });
  }
  void Copy(DType dtype, const Shape& shape, const void* x,
            const Strides& x_strides, void* y,
            const Strides& y_strides) const override {
    ForType(dtype, [&](auto e) {
      for (int64_t i = 0; i < shape.size(); ++i) {
        int64_t rest = i, from = 0, to = 0;
        for (int axis = shape.rank() - 1; axis >= 0; --axis) {
          const int64_t index = rest % shape[axis];
          rest /= shape[axis];
          from += index * x_strides[axis];
          to += index * y_strides[axis];
        }
        e.Out(y)[to] = e.In(x)[from];
      }
    });
  }

  bool FusesLinearActivation(DType) const override { return false; }
  void LinearActivation(Activation, DType, const void*, const void*,
                        const void*, int64_t, int64_t, int64_t, void*,
                        void*) const override {}
};

}  // namespace

const Backend& ReferenceBackend() {
  static const Reference backend;
  return backend;
}

}  // namespace unnoise
