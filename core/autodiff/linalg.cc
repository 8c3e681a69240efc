// Eigen's vectors differ between machines, and with them the order of sums.
#define EIGEN_DONT_VECTORIZE
#include "core/autodiff/linalg.h"

#include <Eigen/Dense>
#include <complex>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/autodiff/batch_product.h"
#include "core/autodiff/elementwise.h"
#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"
#include "core/autodiff/reduce.h"
#include "core/base/exact_math.h"

namespace unnoise {
namespace {

using Complex = std::complex<double>;
template <class C>
using Matrix =
    Eigen::Matrix<C, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// The extents before the last two axes, then `rest`.
Shape Behind(const Shape& shape, std::initializer_list<int64_t> rest) {
  std::array<int64_t, Shape::kMaxRank> extents{};
  size_t rank = 0;
  for (int i = 0; i < shape.rank() - 2; ++i) extents[rank++] = shape[i];
  for (const int64_t extent : rest) extents[rank++] = extent;
  return Shape(std::span<const int64_t>(extents.data(), rank));
}

// The numbers of a tensor of T, taken off as matrices of C, which lie in its
// last two axes.
template <class T, class C>
class Matrices {
 public:
  explicit Matrices(Tensor x)
      : shape_(x.shape()), values_(static_cast<size_t>(shape_.size())) {
    x.tape().Read(x, values_.data());
  }
  Matrix<C> Next() {
    const int rank = shape_.rank();
    Matrix<C> m(shape_[rank - 2], shape_[rank - 1]);
    for (int64_t i = 0; i < m.size(); ++i) m.data()[i] = C(values_[place_++]);
    return m;
  }

 private:
  Shape shape_;
  std::vector<T> values_;
  size_t place_ = 0;
};

template <class C, class T, class F, class... Xs>
void Compute(const F& f, Tensor y, int64_t count, Xs... xs) {
  std::vector<T> values;
  for (int64_t i = 0; i < count; ++i) {
    const Matrix<C> m = f(xs.Next()...);
    for (int64_t j = 0; j < m.size(); ++j) {
      values.push_back(static_cast<T>(m.data()[j]));
    }
  }
  const Tape& tape = y.tape();
  tape.backend().Upload(values.data(), y.shape().size() * SizeOf(tape.dtype()),
                        DataOf(y));
}

// y = f(x, ...) on each matrix of x and the others; f is called with those of
// double, or of complex numbers.
template <class F, class... Xs>
void OnMatrices(const F& f, Tensor y, Tensor x, Xs... xs) {
  if (y.tape().backend().kernels() == KernelSet::kShapesOnly) return;
  const int64_t count = Behind(x.shape(), {}).size();
  switch (y.tape().dtype()) {
    case DType::kF32:
      return Compute<double, float>(f, y, count, Matrices<float, double>(x),
                                    Matrices<float, double>(xs)...);
    case DType::kF64:
      return Compute<double, double>(f, y, count, Matrices<double, double>(x),
                                     Matrices<double, double>(xs)...);
    case DType::kC128:
      return Compute<Complex, Complex>(f, y, count,
                                       Matrices<Complex, Complex>(x),
                                       Matrices<Complex, Complex>(xs)...);
  }
}

double LogOfSize(double x) { return exact::Log(x < 0 ? -x : x); }
// Continued from the real axis to first order, which is what complex steps see.
Complex LogOfSize(const Complex& x) {
  return {LogOfSize(x.real()), x.imag() / x.real()};
}

void CheckSquare(std::string_view op, Tensor x) {
  const Shape shape = x.shape();
  const int rank = shape.rank();
  if (rank < 2 || shape[rank - 2] != shape[rank - 1]) {
    ThrowShape(op, "a square matrix", shape.ToText());
  }
}

// Each matrix transposed.
Tensor Turned(Tensor x) {
  std::array<int, Shape::kMaxRank> axes{};
  const int rank = x.shape().rank();
  for (int i = 0; i < rank; ++i) axes[i] = i;
  std::swap(axes[rank - 2], axes[rank - 1]);
  return Permute(x,
                 std::span<const int>(axes.data(), static_cast<size_t>(rank)));
}

// x with zeros outside the triangle.
Tensor Part(Tensor x, Triangle triangle) {
  const Shape shape = x.shape();
  const int64_t n = shape[shape.rank() - 1];
  std::vector<float> mask(static_cast<size_t>(n * n));
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      mask[i * n + j] = triangle == Triangle::kLower ? j <= i : j >= i;
    }
  }
  Tape& tape = x.tape();
  Tensor inside = tape.Constant({n, n}, std::span<const float>(mask));
  inside = BroadcastTo(inside, shape);
  return Select(inside, x, tape.Filled(shape, 0));
}

Tensor Negative(Tensor x) { return ScaleShift(x, -1, 0); }

}  // namespace

Tensor LogDet(Tensor x) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    Tensor slope = Turned(Inverse(In(y, 0)));
    const Shape shape = slope.shape();
    dy = BroadcastTo(Reshape(dy, Behind(shape, {1, 1})), shape);
    dx[0] = Mul(dy, slope);
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    Tensor slope = Turned(Inverse(In(y, 0)));
    const int rank = slope.shape().rank();
    return Sum(Mul(slope, dx[0]), {rank - 2, rank - 1});
  };
  static constexpr OpInfo kOp{"LogDet", pull, push};
  CheckSquare(kOp.name, x);
  Tensor y = x.tape().Push({.op = &kOp, .shape = Behind(x.shape(), {})}, {x});
  OnMatrices(
      [](const auto& m) {
        std::decay_t<decltype(m)> sum(1, 1);
        sum(0, 0) = 0.0;
        if (m.size() == 0) return sum;
        const auto lu = m.partialPivLu();
        for (int64_t i = 0; i < m.rows(); ++i) {
          sum(0, 0) += LogOfSize(lu.matrixLU()(i, i));
        }
        return sum;
      },
      y, x);
  return x.tape().Done(y);
}

Tensor Inverse(Tensor x) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    Tensor left = BatchProduct(y, dy, Transpose::kYes);
    dx[0] = Negative(BatchProduct(left, y, Transpose::kNo, Transpose::kYes));
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    Tensor left = BatchProduct(y, dx[0]);
    return Negative(BatchProduct(left, y));
  };
  static constexpr OpInfo kOp{"Inverse", pull, push};
  CheckSquare(kOp.name, x);
  Tensor y = x.tape().Push({.op = &kOp, .shape = x.shape()}, {x});
  OnMatrices(
      [](const auto& m) {
        std::decay_t<decltype(m)> inverse(m.rows(), m.cols());
        if (m.size() > 0) inverse = m.partialPivLu().inverse();
        return inverse;
      },
      y, x);
  return x.tape().Done(y);
}

Tensor TriangularSolve(Tensor a, Tensor b, Triangle triangle,
                       Transpose transpose_a) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    const Node node = y.tape().node(y);
    const auto triangle = static_cast<Triangle>(node.numbers[0]);
    const bool turned = node.numbers[1] != 0;
    Tensor db = TriangularSolve(In(y, 0), dy, triangle,
                                turned ? Transpose::kNo : Transpose::kYes);
    if (Needs(y, 1)) dx[1] = db;
    if (!Needs(y, 0)) return;
    Tensor da = turned ? BatchProduct(y, db, Transpose::kNo, Transpose::kYes)
                       : BatchProduct(db, y, Transpose::kNo, Transpose::kYes);
    dx[0] = Negative(Part(da, triangle));
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    const auto triangle = static_cast<Triangle>(node.numbers[0]);
    const auto transpose = static_cast<Transpose>(node.numbers[1]);
    Tensor moved;
    if (dx[0].valid()) {
      Tensor da = Part(dx[0], triangle);
      moved = Negative(BatchProduct(da, y, transpose));
    }
    return TriangularSolve(In(y, 0), SumOf(dx[1], moved), triangle, transpose);
  };
  static constexpr OpInfo kOp{"TriangularSolve", pull, push};
  CheckSquare(kOp.name, a);
  const Shape shape = b.shape();
  const int64_t rows = a.shape()[a.shape().rank() - 1];
  if (shape.rank() != a.shape().rank() ||
      !(shape == Behind(a.shape(), {rows, shape[shape.rank() - 1]}))) {
    ThrowShape(kOp.name,
               "as many rows behind the same extents as " + a.shape().ToText(),
               shape.ToText());
  }
  Tensor y = a.tape().Push({.op = &kOp,
                            .numbers = {static_cast<int64_t>(triangle),
                                        static_cast<int64_t>(transpose_a)},
                            .shape = shape},
                           {a, b});
  OnMatrices(
      [&](const auto& m, auto right) {
        if (right.size() == 0) return right;
        const bool lower = triangle == Triangle::kLower;
        if (transpose_a == Transpose::kNo) {
          lower ? m.template triangularView<Eigen::Lower>().solveInPlace(right)
                : m.template triangularView<Eigen::Upper>().solveInPlace(right);
        } else {
          const auto t = m.transpose();
          lower ? t.template triangularView<Eigen::Upper>().solveInPlace(right)
                : t.template triangularView<Eigen::Lower>().solveInPlace(right);
        }
        return right;
      },
      y, a, b);
  return a.tape().Done(y);
}

}  // namespace unnoise
