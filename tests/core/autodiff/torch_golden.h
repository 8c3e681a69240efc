// The golden values of ops that PyTorch gave (tests/core/fixtures/torch), as
// constants and leaves of a tape.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_TORCH_GOLDEN_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_TORCH_GOLDEN_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "core/autodiff/ops.h"
#include "core/run/safetensors.h"
#include "core/run/tensor_numbers.h"
#include "tests/core/autodiff/evaluate.h"

namespace unnoise {

class TorchGolden {
 public:
  TorchGolden() {
    std::ifstream in(std::string(UNNOISE_SOURCE_DIR) +
                         "/tests/core/fixtures/torch/ops.safetensors",
                     std::ios::binary);
    text_.assign(std::istreambuf_iterator<char>(in), {});
    Result<SafetensorsFile> file = ReadSafetensors(text_, "ops.safetensors");
    if (file) file_ = std::move(*file);
  }

  Shape ShapeOf(const std::string& name) const {
    return file_.tensors.at(name).shape;
  }
  std::vector<double> ValuesOf(const std::string& name) const {
    const auto values = NumbersOf<double>(file_.tensors.at(name), name, "");
    return values ? *values : std::vector<double>();
  }

  // f's value, and its gradients with respect to `inputs`, are those of the
  // case: on the reference to `tolerance` times the largest element or 1, since
  // terms around 1 may cancel, on float to `float_tolerance`.
  void Expect(const std::string& name, const std::vector<std::string>& inputs,
              const Function& f, double tolerance,
              double float_tolerance) const {
    SCOPED_TRACE(name);
    ExpectIn<double>(name, inputs, f, tolerance);
    ExpectIn<float>(name, inputs, f, float_tolerance);
  }

 private:
  template <class T>
  void ExpectIn(const std::string& name, const std::vector<std::string>& inputs,
                const Function& f, double tolerance) const {
    Tape tape(BackendOf<T>(), kDType<T>);
    std::vector<std::vector<T>> memory;
    std::vector<Tensor> leaves, gradients(inputs.size());
    for (const std::string& input : inputs) {
      const auto values = ValuesOf(name + "/" + input);
      memory.emplace_back(values.begin(), values.end());
      leaves.push_back(
          tape.Leaf(ShapeOf(name + "/" + input), memory.back().data(), true));
    }
    const Tensor y = f(leaves);
    Near<T>(y, name + "/y", tolerance);
    const auto dy = ValuesOf(name + "/dy");
    Vjp(y, tape.Constant(y.shape(), std::span<const double>(dy)), leaves,
        gradients);
    for (size_t i = 0; i < inputs.size(); ++i) {
      Near<T>(gradients[i], name + "/d" + inputs[i], tolerance);
    }
  }

  template <class T>
  void Near(Tensor got, const std::string& name, double tolerance) const {
    ASSERT_EQ(got.shape(), ShapeOf(name)) << name;
    const auto values = ReadAll<T>(got);
    const auto want = ValuesOf(name);
    const double size = std::max(1.0, LargestOf(want));
    for (size_t i = 0; i < want.size(); ++i) {
      ASSERT_NEAR(values[i], want[i], tolerance * size)
          << name << ", element " << i;
    }
  }

  std::string text_;
  SafetensorsFile file_;
};

}  // namespace unnoise

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_TORCH_GOLDEN_H_
