// Networks on vectors with a time: sinusoidal features of t, joined to the
// point at the first layer of a multilayer perceptron. Modules hold indices
// into a ParameterList, never numbers: the same module runs on any tape.

#ifndef UNNOISE_NN_MLP_H_
#define UNNOISE_NN_MLP_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/autodiff/ops.h"
#include "core/base/describe.h"
#include "core/nn/parameters.h"

namespace unnoise {

// activation(x weight^T + bias); weight [out, in] as PyTorch lays it out,
// named `name`.weight and `name`.bias.
class Linear {
 public:
  // Weights start as N(0, gain^2 / in), the bias as zero.
  Linear(const std::string& name, int64_t in, int64_t out, double gain,
         ParameterList& parameters);
  // x [rows, in] -> [rows, out].
  Tensor operator()(std::span<const Tensor> leaves, Tensor x,
                    Activation activation) const;

 private:
  int weight_;
  int bias_;
};

// Features of time: sin(w_i t) and cos(w_i t) for i = 0 .. kFrequencies - 1,
// w_i = 1000 * 10000^(-i / (kFrequencies - 1)), so from 1000 down to 0.1.
// Source: Vaswani et al. 2017, section 3.5; Ho, Jain, Abbeel 2020, appendix B
// (there for steps 1 .. 1000, here for t = step / 1000).
inline constexpr int kFrequencies = 16;
inline constexpr int kTimeFeatures = 2 * kFrequencies;

// t [rows, 1] -> [rows, kTimeFeatures], sines first.
Tensor TimeFeatures(Tensor t);

struct NetworkConfig final : Described {
  int64_t width = 128;
  int64_t depth = 3;
  int activation = 0;  // index into: silu, tanh, relu

  void Visit(Visitor& visitor) override;
  Activation activation_kind() const;
};

// [x, TimeFeatures(t)] -> `depth` hidden layers -> `out` numbers a row. The
// output layer starts at zero: the first prediction is 0.
class TimeMlp {
 public:
  TimeMlp(const NetworkConfig& config, int64_t in, int64_t out,
          ParameterList& parameters);
  // x [rows, in], t [rows, 1] -> [rows, out].
  Tensor operator()(std::span<const Tensor> leaves, Tensor x, Tensor t) const;

 private:
  Activation activation_;
  std::vector<Linear> hidden_;
  std::vector<Linear> output_;  // one
};

}  // namespace unnoise

#endif  // UNNOISE_NN_MLP_H_
