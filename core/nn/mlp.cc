#include "core/nn/mlp.h"

#include "core/base/exact_math.h"

namespace unnoise {
namespace {

constexpr std::string_view kActivations[] = {"silu", "tanh", "relu"};

// Keeps the variance of a layer's input at initialisation, where the
// activation halves or narrows it: relu needs sqrt(2) (He et al. 2015, section
// 2.2), silu nearly so, tanh 5/3 (LeCun et al. 1998, section 4.4).
double GainOf(Activation activation) {
  switch (activation) {
    case Activation::kIdentity:
      return 1;
    case Activation::kSilu:
      return 1.4142135623730951;
    case Activation::kTanh:
      return 5.0 / 3.0;
    case Activation::kRelu:
      return 1.4142135623730951;
  }
  return 1;
}

// [1, kFrequencies].
Tensor FrequenciesOn(Tape& tape) {
  constexpr double kLog10000 = 9.210340371976184;
  double frequencies[kFrequencies];
  for (int i = 0; i < kFrequencies; ++i) {
    frequencies[i] = 1000 * exact::Exp(-kLog10000 * i / (kFrequencies - 1));
  }
  return tape.Constant({1, kFrequencies}, frequencies);
}

}  // namespace

Linear::Linear(const std::string& name, int64_t in, int64_t out, double gain,
               ParameterList& parameters)
    : weight_(parameters.Add(name + ".weight", {out, in},
                             gain / __builtin_sqrt(static_cast<double>(in)))),
      bias_(parameters.Add(name + ".bias", {out}, 0)) {}

Tensor Linear::operator()(std::span<const Tensor> leaves, Tensor x,
                          Activation activation) const {
  return LinearActivation(x, leaves[weight_], leaves[bias_], activation);
}

Tensor TimeFeatures(Tensor t) {
  Tensor phase = Product(t, FrequenciesOn(t.tape()));
  Tensor sines = Sin(phase);  // a stated order: see ops.cc, Preactivation
  return Concat({sines, Cos(phase)}, 1);
}

void NetworkConfig::Visit(Visitor& visitor) {
  visitor.Int({"width",
               "Units in each hidden layer. Wider networks draw finer detail "
               "and take longer a step."},
              {1, 1024, Scale::kLog}, width);
  visitor.Int({"depth", "Number of hidden layers."}, {1, 8}, depth);
  visitor.Option({"activation",
                  "The bend after each hidden layer. Without one, any number "
                  "of layers is a single linear map.",
                  "silu: Elfwing, Uchibe, Doya 2018, section 2"},
                 kActivations, activation);
}

Activation NetworkConfig::activation_kind() const {
  constexpr Activation kKinds[] = {Activation::kSilu, Activation::kTanh,
                                   Activation::kRelu};
  return kKinds[activation];
}

TimeMlp::TimeMlp(const NetworkConfig& config, int64_t in, int64_t out,
                 ParameterList& parameters)
    : activation_(config.activation_kind()) {
  int64_t features = in + kTimeFeatures;
  for (int64_t i = 0; i < config.depth; ++i) {
    hidden_.emplace_back("network.hidden." + std::to_string(i), features,
                         config.width, GainOf(activation_), parameters);
    features = config.width;
  }
  output_.emplace_back("network.output", features, out, 0, parameters);
}

Tensor TimeMlp::operator()(std::span<const Tensor> leaves, Tensor x,
                           Tensor t) const {
  Tensor h = Concat({x, TimeFeatures(t)}, 1);
  for (const Linear& layer : hidden_) h = layer(leaves, h, activation_);
  return output_[0](leaves, h, Activation::kIdentity);
}

}  // namespace unnoise
