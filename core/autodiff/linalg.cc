// Eigen's vectors differ between machines, and with them the order of sums.
#define EIGEN_DONT_VECTORIZE
#include "core/autodiff/linalg.h"

#include <Eigen/Dense>
#include <complex>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

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

// A tensor of T as a matrix of C, and back.
template <class T, class C>
Matrix<C> MatrixOf(Tensor x) {
  std::vector<T> values(static_cast<size_t>(x.shape().size()));
  x.tape().Read(x, values.data());
  Matrix<C> m(x.shape()[0], x.shape()[1]);
  for (size_t i = 0; i < values.size(); ++i) m.data()[i] = C(values[i]);
  return m;
}

template <class T, class C>
void Write(const Matrix<C>& m, Tensor y) {
  std::vector<T> values;
  for (int64_t i = 0; i < m.size(); ++i) {
    values.push_back(static_cast<T>(m.data()[i]));
  }
  const Tape& tape = y.tape();
  tape.backend().Upload(values.data(), m.size() * SizeOf(tape.dtype()),
                        DataOf(y));
}

// y = f(x_0, x_1, ...) on matrices; f is called with those of double, or of
// complex numbers.
template <class F, class... Xs>
void OnMatrices(const F& f, Tensor y, Xs... xs) {
  if (y.tape().backend().kernels() == KernelSet::kShapesOnly) return;
  switch (y.tape().dtype()) {
    case DType::kF32:
      return Write<float, double>(f(MatrixOf<float, double>(xs)...), y);
    case DType::kF64:
      return Write<double, double>(f(MatrixOf<double, double>(xs)...), y);
    case DType::kC128:
      return Write<Complex, Complex>(f(MatrixOf<Complex, Complex>(xs)...), y);
  }
}

double LogOfSize(double x) { return exact::Log(x < 0 ? -x : x); }
// Continued from the real axis to first order, which is what complex steps see.
Complex LogOfSize(const Complex& x) {
  return {LogOfSize(x.real()), x.imag() / x.real()};
}

void CheckSquare(std::string_view op, Tensor x) {
  CheckRank(op, x, 2);
  if (x.shape()[0] != x.shape()[1]) {
    ThrowShape(op, "a square matrix", x.shape().ToText());
  }
}

// x with zeros outside the triangle.
Tensor Part(Tensor x, Triangle triangle) {
  const Shape shape = x.shape();
  std::vector<float> mask(static_cast<size_t>(shape.size()));
  for (int64_t i = 0; i < shape[0]; ++i) {
    for (int64_t j = 0; j < shape[1]; ++j) {
      mask[i * shape[1] + j] = triangle == Triangle::kLower ? j <= i : j >= i;
    }
  }
  Tape& tape = x.tape();
  Tensor inside = tape.Constant(shape, std::span<const float>(mask));
  return Select(inside, x, tape.Filled(shape, 0));
}

Tensor Negative(Tensor x) { return ScaleShift(x, -1, 0); }

}  // namespace

Tensor LogDet(Tensor x) {
  constexpr auto pull = [](Tensor y, Tensor dy, Parts dx) {
    Tensor slope = Permute(Inverse(In(y, 0)), {1, 0});
    dx[0] = Mul(BroadcastTo(dy, slope.shape()), slope);
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    Tensor slope = Permute(Inverse(In(y, 0)), {1, 0});
    return SumAll(Mul(slope, dx[0]));
  };
  static constexpr OpInfo kOp{"LogDet", pull, push};
  CheckSquare(kOp.name, x);
  Tensor y = x.tape().Push({.op = &kOp, .shape = {}}, {x});
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
    Tensor left = Product(y, dy, Transpose::kYes);
    dx[0] = Negative(Product(left, y, Transpose::kNo, Transpose::kYes));
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    Tensor left = Product(y, dx[0]);
    return Negative(Product(left, y));
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
    Tensor da = turned ? Product(y, db, Transpose::kNo, Transpose::kYes)
                       : Product(db, y, Transpose::kNo, Transpose::kYes);
    dx[0] = Negative(Part(da, triangle));
  };
  constexpr auto push = [](Tensor y, Tangents dx) {
    const Node node = y.tape().node(y);
    const auto triangle = static_cast<Triangle>(node.numbers[0]);
    const auto transpose = static_cast<Transpose>(node.numbers[1]);
    Tensor moved;
    if (dx[0].valid()) {
      Tensor da = Part(dx[0], triangle);
      moved = Negative(Product(da, y, transpose));
    }
    return TriangularSolve(In(y, 0), SumOf(dx[1], moved), triangle, transpose);
  };
  static constexpr OpInfo kOp{"TriangularSolve", pull, push};
  CheckSquare(kOp.name, a);
  CheckRank(kOp.name, b, 2);
  if (b.shape()[0] != a.shape()[0]) {
    ThrowShape(kOp.name, "as many rows as " + a.shape().ToText(),
               b.shape().ToText());
  }
  Tensor y = a.tape().Push({.op = &kOp,
                            .numbers = {static_cast<int64_t>(triangle),
                                        static_cast<int64_t>(transpose_a)},
                            .shape = b.shape()},
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
