// Our network against PyTorch's: weights loaded by a map of names, then outputs
// and gradients in double and float. See tests/core/fixtures/torch.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "core/nn/mlp.h"
#include "core/objective/objective.h"
#include "core/run/weights.h"
#include "tests/core/autodiff/evaluate.h"
#include "tests/core/fixtures/torch/golden.h"

namespace unnoise {
namespace {

constexpr int64_t kRows = 6, kDim = 2;
constexpr int64_t kWidth = 8, kDepth = 2;

NetworkConfig ConfigOf(const std::string& activation) {
  NetworkConfig config;
  config.width = kWidth;
  config.depth = kDepth;
  config.activation = activation == "silu" ? 0 : activation == "tanh" ? 1 : 2;
  return config;
}

struct Model {
  explicit Model(const NetworkConfig& config)
      : network(config, kDim, kDim, list) {}
  ParameterList list;
  TimeMlp network;
};

// The weights of a file, by the map beside it.
std::vector<float> WeightsOf(const std::string& activation,
                             const ParameterList& list) {
  const Golden golden("net_" + activation);
  const Result<NameMap> map =
      ReadNameMap(Golden::Text(Golden::PathOf("map.json")), "map.json");
  const auto weights = WeightsIn(golden.file(), *map, list, {"net", "map"});
  EXPECT_TRUE(weights.ok()) << ToText(weights.problems());
  return *weights;
}

// What PyTorch calls the gradient of a tensor of ours.
std::string TheirGradient(const std::string& ours) {
  const std::pair<const char*, const char*> names[] = {
      {"network.hidden.0", "d0"},
      {"network.hidden.1", "d2"},
      {"network.output", "d4"}};
  for (const auto& [name, theirs] : names) {
    if (ours.starts_with(name)) return theirs + ours.substr(strlen(name));
  }
  return "";
}

template <class T>
struct Computed {
  std::vector<T> y;
  std::vector<T> gradient;  // of the loss, flat
};

template <class T>
Computed<T> Compute(const Model& model, const std::vector<float>& weights,
                    const Golden& golden, const std::string& name) {
  Tape tape(BackendOf<T>(), kDType<T>);
  std::vector<T> values(weights.begin(), weights.end());
  std::vector<Tensor> leaves(model.list.entries().size());
  model.list.Bind(tape, values.data(), true, leaves);
  const auto constant = [&](const char* key, int64_t columns) {
    const auto numbers = golden.Numbers<float>(name + key);
    return tape.Constant({kRows, columns}, std::span<const float>(numbers));
  };
  const Tensor y =
      model.network(leaves, constant("/x", kDim), constant("/t", 1));
  const Tensor loss = DenoisingLoss(y, constant("/target", kDim));
  std::vector<Tensor> parts(leaves.size());
  Grad(loss, leaves, parts);
  Computed<T> computed{ReadAll<T>(y), {}};
  for (Tensor part : parts) {
    for (T value : ReadAll<T>(part)) computed.gradient.push_back(value);
  }
  return computed;
}

// Running error analysis (Higham 2002, section 3.3): how far the output and the
// gradient can be from exact ones, if each operation errs by one unit u of its
// result (functions by kFunction units), in any order of summation. All in
// magnitudes; terms of second order are covered by kSlack.
class Bounds {
 public:
  static constexpr double kFunction = 8, kSlack = 1.01;

  Bounds(const NetworkConfig& config, const ParameterList& list,
         const std::vector<float>& weights, double u)
      : activation_(config.activation_kind()),
        list_(list),
        weights_(weights),
        u_(u) {}

  std::vector<double> y;
  std::vector<double> gradient;

  void Add(const float* x, float t, const float* target) {
    std::vector<double> h(x, x + kDim), e(kDim, 0.0);
    for (int part = 0; part < 2; ++part) {
      for (int i = 0; i < kFrequencies; ++i) {
        const double w = 1000 * std::pow(10000, -i / (kFrequencies - 1.0));
        // The frequency is rounded; its exponential errs by what its argument,
        // at most 9.3, does. Then the product is rounded.
        const double error = w * t * (2 * u_ + 32 * 0x1p-53);
        h.push_back(part == 0 ? std::sin(w * t) : std::cos(w * t));
        e.push_back(error + kFunction * u_);
      }
    }
    std::vector<std::vector<double>> hs = {h}, es = {e}, slopes, slope_errors;
    for (int layer = 0; layer <= kDepth; ++layer) {
      std::vector<double> z, ez;
      Forward(layer, hs.back(), es.back(), z, ez);
      if (layer == kDepth) {
        hs.push_back(z);
        es.push_back(ez);
        break;
      }
      std::vector<double> slope(z.size()), slope_error(z.size());
      for (size_t i = 0; i < z.size(); ++i) {
        Activate(z[i], ez[i], slope[i], slope_error[i]);
      }
      hs.push_back(z);
      es.push_back(ez);
      slopes.push_back(slope);
      slope_errors.push_back(slope_error);
    }
    y.insert(y.end(), es.back().begin(), es.back().end());

    std::vector<double> d(kDim), ed(kDim);
    for (int i = 0; i < kDim; ++i) {
      const double scale = 2.0 / (kRows * kDim);
      d[i] = scale * (hs.back()[i] - target[i]);
      ed[i] = scale * es.back()[i] + 4 * u_ * std::fabs(d[i]);
    }
    gradient.resize(weights_.size());
    for (int layer = kDepth; layer >= 0; --layer) {
      d = Backward(layer, d, ed, hs[layer], es[layer]);
      if (layer == 0) break;
      const auto& slope = slopes[layer - 1];
      for (size_t i = 0; i < d.size(); ++i) {
        ed[i] = ed[i] * std::fabs(slope[i]) +
                std::fabs(d[i]) * slope_errors[layer - 1][i];
        d[i] *= slope[i];
        ed[i] += u_ * std::fabs(d[i]);
      }
    }
  }

 private:
  const Parameter& Entry(int layer, int bias) const {
    return list_.entries()[static_cast<size_t>(2 * layer + bias)];
  }

  void Forward(int layer, const std::vector<double>& h,
               const std::vector<double>& e, std::vector<double>& z,
               std::vector<double>& ez) const {
    const Parameter& weight = Entry(layer, 0);
    const float* w = weights_.data() + weight.offset;
    const float* b = weights_.data() + Entry(layer, 1).offset;
    for (int64_t i = 0; i < weight.shape[0]; ++i) {
      double sum = b[i], size = std::fabs(b[i]), error = 0;
      for (size_t j = 0; j < h.size(); ++j, ++w) {
        sum += *w * h[j];
        size += std::fabs(*w * h[j]);
        error += std::fabs(*w) * e[j];
      }
      z.push_back(sum);
      ez.push_back(error + static_cast<double>(h.size() + 1) * u_ * size);
    }
  }

  // z becomes its activation, with bounds on the slope and its change.
  void Activate(double& z, double& ez, double& slope,
                double& slope_error) const {
    double steepest = 1, bend = 0;
    const double s = 1 / (1 + std::exp(-z));
    if (activation_ == Activation::kSilu) {
      slope = s + z * s * (1 - s);
      z *= s;
      steepest = 1.1;  // of silu, near 2.4
      bend = 0.5;      // at 0
    } else if (activation_ == Activation::kTanh) {
      z = std::tanh(z);
      slope = 1 - z * z;
      bend = 0.77;  // 4 / (3 sqrt(3))
    } else {
      EXPECT_GT(std::fabs(z), ez) << "too near to the corner to tell";
      slope = z > 0;
      z *= slope;
    }
    ez = steepest * ez + kFunction * u_ * std::fabs(z);
    slope_error = bend * ez + kFunction * u_;
  }

  // Adds to the bounds of a layer's gradient; the derivative with respect to
  // its input, and in `ed` the bound of that.
  std::vector<double> Backward(int layer, const std::vector<double>& d,
                               std::vector<double>& ed,
                               const std::vector<double>& h,
                               const std::vector<double>& e) {
    const Parameter& weight = Entry(layer, 0);
    const float* w = weights_.data() + weight.offset;
    std::vector<double> dh(h.size()), edh(h.size());
    const double out = static_cast<double>(d.size());
    for (size_t i = 0; i < d.size(); ++i) {
      for (size_t j = 0; j < h.size(); ++j, ++w) {
        const double product = std::fabs(d[i] * h[j]);
        gradient[static_cast<size_t>(w - weights_.data())] +=
            ed[i] * std::fabs(h[j]) + std::fabs(d[i]) * e[j] +
            (kRows + 1) * u_ * product;
        dh[j] += *w * d[i];
        edh[j] += std::fabs(*w) * ed[i] + (out + 1) * u_ * std::fabs(*w * d[i]);
      }
      gradient[static_cast<size_t>(Entry(layer, 1).offset) + i] +=
          ed[i] + kRows * u_ * std::fabs(d[i]);
    }
    ed = edh;
    return dh;
  }

  Activation activation_;
  const ParameterList& list_;
  const std::vector<float>& weights_;
  double u_;
};

Bounds BoundsOf(const Model& model, const NetworkConfig& config,
                const std::vector<float>& weights, const Golden& golden,
                const std::string& name, double u) {
  Bounds bounds(config, model.list, weights, u);
  const auto x = golden.Numbers<float>(name + "/x");
  const auto t = golden.Numbers<float>(name + "/t");
  const auto target = golden.Numbers<float>(name + "/target");
  for (int64_t row = 0; row < kRows; ++row) {
    bounds.Add(x.data() + row * kDim, t[row], target.data() + row * kDim);
  }
  return bounds;
}

// Both results are within their own bounds of the exact ones.
template <class T, class Their>
void Compare(const std::vector<T>& ours, const std::vector<Their>& theirs,
             const std::vector<double>& bound,
             const std::vector<double>& their_bound, const char* what) {
  EXPECT_EQ(ours.size(), theirs.size()) << what;
  for (size_t i = 0; i < ours.size(); ++i) {
    const double most = Bounds::kSlack * (bound[i] + their_bound[i]);
    const double error =
        std::fabs(static_cast<double>(ours[i]) - double{theirs[i]});
    EXPECT_LE(error, most) << what << " " << i;
  }
}

class TorchTest : public testing::TestWithParam<const char*> {
 protected:
  const std::string name = GetParam();
  const NetworkConfig config = ConfigOf(name);
  const Model model{config};
  const std::vector<float> weights = WeightsOf(name, model.list);
  const Golden golden{"mlp"};

  std::vector<double> TheirGradients() const {
    std::vector<double> all;
    for (const Parameter& entry : model.list.entries()) {
      const std::string theirs = name + '/' + TheirGradient(entry.name);
      EXPECT_EQ(golden.shape(theirs), entry.shape);
      const auto part = golden.Numbers<double>(theirs);
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }
  Bounds BoundsFor(double u) const {
    return BoundsOf(model, config, weights, golden, name, u);
  }
};

TEST_P(TorchTest, AgreesInDouble) {
  const auto ours = Compute<double>(model, weights, golden, name);
  const Bounds bounds = BoundsFor(0x1p-53);
  Compare(ours.y, golden.Numbers<double>(name + "/y"), bounds.y, bounds.y,
          "output");
  Compare(ours.gradient, TheirGradients(), bounds.gradient, bounds.gradient,
          "gradient");
  // The bounds say something: they are far below what they bound.
  EXPECT_LT(LargestOf(bounds.y), 1e-10);
  EXPECT_LT(LargestOf(bounds.gradient), 1e-10);
}

TEST_P(TorchTest, AgreesInFloat) {
  const auto ours = Compute<float>(model, weights, golden, name);
  const Bounds bounds = BoundsFor(0x1p-24), exact = BoundsFor(0x1p-53);
  Compare(ours.y, golden.Numbers<double>(name + "/y"), bounds.y, exact.y,
          "output");
  Compare(ours.y, golden.Numbers<float>(name + "/y32"), bounds.y, bounds.y,
          "output in float on both sides");
  Compare(ours.gradient, TheirGradients(), bounds.gradient, exact.gradient,
          "gradient");
  EXPECT_LT(LargestOf(bounds.y), 1e-3);
  EXPECT_LT(LargestOf(bounds.gradient), 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Activations, TorchTest,
                         testing::Values("silu", "tanh", "relu"),
                         [](const auto& info) {
                           return std::string(info.param);
                         });

}  // namespace
}  // namespace unnoise
