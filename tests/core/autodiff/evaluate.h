// Runs a function of tensors on a tape of any number format and reads back its
// value, gradient and second derivative. Leaves lie at odd addresses.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_EVALUATE_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_EVALUATE_H_

#include <complex>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "core/autodiff/ops.h"
#include "core/base/key.h"

namespace unnoise {

using Complex = std::complex<double>;
template <class T>
using Arrays = std::vector<std::vector<T>>;
// Like Build in op_rows.h, but may hold values.
using Function = std::function<Tensor(std::span<const Tensor> x)>;

template <class T>
inline constexpr DType kDType = std::is_same_v<T, float>    ? DType::kF32
                                : std::is_same_v<T, double> ? DType::kF64
                                                            : DType::kC128;

// Float on the kernels, double and complex on the reference.
template <class T>
const Backend& BackendOf() {
  return std::is_same_v<T, float> ? SimdBackend() : ReferenceBackend();
}

// Uniform on (-2, 2), the same for a name and length on every machine.
inline std::vector<float> RandomValues(const std::string& name, int64_t count) {
  std::vector<float> values(static_cast<size_t>(count));
  FillUniform(Fold(KeyFromSeed(5), name), 0, values);
  for (float& value : values) value = 4 * value - 2;
  return values;
}

inline Arrays<float> RandomInputs(const std::string& name,
                                  std::span<const Shape> shapes) {
  Arrays<float> inputs;
  for (size_t i = 0; i < shapes.size(); ++i) {
    inputs.push_back(
        RandomValues(name + "/" + std::to_string(i), shapes[i].size()));
  }
  return inputs;
}

template <class To, class From>
Arrays<To> Convert(const Arrays<From>& from) {
  Arrays<To> to;
  for (const auto& array : from) to.emplace_back(array.begin(), array.end());
  return to;
}

template <class T>
std::vector<T> ReadAll(Tensor x) {
  std::vector<T> values(static_cast<size_t>(x.shape().size()));
  x.tape().Read(x, values.data());
  return values;
}

template <class T>
struct Evaluation {
  std::vector<T> value;        // y
  T loss{};                    // sum w y, for fixed random weights w
  Arrays<T> gradient;          // of the loss, for each input
  Arrays<T> squared_gradient;  // of sum w y^2
  Arrays<T> curvature;         // derivative of the last along `directions`
  std::vector<T> tangent;      // of y, along `directions`
  Arrays<T> tangent_gradient;  // of sum w tangent, for each input
};

// What to compute beyond value and loss. Forward mode: y's tangent along
// `directions`, and the gradient of its weighted sum.
enum class Order { kValue, kFirst, kSecond, kForward };

// `directions` is needed for kSecond and kForward only. `positive`: weights by
// magnitude.
template <class T>
Evaluation<T> Evaluate(const Function& build, std::span<const Shape> shapes,
                       const Arrays<T>& inputs, Order order,
                       const Arrays<float>& directions = {},
                       bool positive = false,
                       const Backend& backend = BackendOf<T>()) {
  Tape tape(backend, kDType<T>);
  Arrays<T> memory;  // one element after where allocation puts it
  for (const auto& input : inputs) {
    memory.push_back({T(0)});
    memory.back().insert(memory.back().end(), input.begin(), input.end());
  }
  std::vector<Tensor> leaves;
  for (size_t i = 0; i < inputs.size(); ++i) {
    leaves.push_back(tape.Leaf(shapes[i], memory[i].data() + 1, true));
  }
  Evaluation<T> result;
  const Tensor y = build(leaves);
  result.value = ReadAll<T>(y);
  std::vector<float> weights = RandomValues("weights", y.shape().size());
  if (positive) {
    for (float& w : weights) w = w < 0 ? -w : w;
  }
  const Tensor weight =
      tape.Constant(y.shape(), std::span<const float>(weights));
  const Tensor loss = SumAll(Mul(y, weight));
  result.loss = ReadAll<T>(loss)[0];
  if (order == Order::kValue) return result;

  std::vector<Tensor> gradient(leaves.size());
  std::vector<Tensor> tangents;
  for (size_t i = 0; i < directions.size(); ++i) {
    tangents.push_back(
        tape.Constant(shapes[i], std::span<const float>(directions[i])));
  }
  if (order == Order::kForward) {
    const Tensor tangent = Jvp(y, leaves, tangents, true);
    result.tangent = ReadAll<T>(tangent);
    Grad(SumAll(Mul(tangent, weight)), leaves, gradient);
    for (Tensor g : gradient) result.tangent_gradient.push_back(ReadAll<T>(g));
    return result;
  }
  Grad(loss, leaves, gradient);
  for (Tensor g : gradient) result.gradient.push_back(ReadAll<T>(g));
  if (order == Order::kFirst) return result;

  Grad(SumAll(Mul(Mul(y, y), weight)), leaves, gradient, true);
  Tensor along = tape.Filled({}, 0);
  for (size_t i = 0; i < gradient.size(); ++i) {
    result.squared_gradient.push_back(ReadAll<T>(gradient[i]));
    along = Add(along, SumAll(Mul(gradient[i], tangents[i])));
  }
  Grad(along, leaves, gradient);
  for (Tensor g : gradient) result.curvature.push_back(ReadAll<T>(g));
  return result;
}

// Complex step: with the inputs moved by i h, an imaginary part over h is a
// derivative, without cancellation for any small h (Squire, Trapp 1998).
inline constexpr double kStep = 1e-30;

inline double LargestOf(std::span<const double> values) {
  double largest = 0;
  for (double value : values) {
    const double size = value < 0 ? -value : value;
    if (!(size <= largest)) largest = size;
  }
  return largest;
}

}  // namespace unnoise

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_EVALUATE_H_
