// A network of convolutions against PyTorch's: weights found by a map of names,
// then the output and gradients in double and float. See
// tests/core/fixtures/torch. Its images are NCHW.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/autodiff/ops.h"
#include "core/nn/convolution.h"
#include "core/run/weights.h"
#include "tests/core/autodiff/evaluate.h"
#include "tests/core/fixtures/torch/golden.h"

namespace unnoise {
namespace {

// What fixtures/torch/conv_net.py builds.
struct Net {
  ParameterList list;
  Convolution down{
      "network.down", 2,   6, {3, 2}, {.stride = {2, 1}, .padding = {1, 0}},
      Bias::kYes,     list};
  Convolution groups{
      "network.groups", 6,   6, {3, 3}, {.padding = {1, 1}, .groups = 2},
      Bias::kYes,       list};
  Convolution mix{"network.mix", 6, 4, {1, 1}, {}, Bias::kNo, list};
  TransposedConvolution up{"network.up",
                           4,
                           6,
                           {4, 3},
                           {.stride = {2, 1}, .padding = {1, 1}, .groups = 2},
                           {1, 0},
                           Bias::kYes,
                           list};
  Convolution output{"network.output",    6,          2,   {1, 3},
                     {.padding = {0, 1}}, Bias::kYes, list};

  // x NCHW, the result too.
  template <class Bend>
  Tensor operator()(std::span<const Tensor> leaves, Tensor x,
                    const Bend& bend) const {
    Tensor h = bend(down(leaves, Permute(x, {0, 2, 3, 1})));
    h = bend(groups(leaves, h));
    h = bend(mix(leaves, h));
    h = bend(up(leaves, h));
    return Permute(output(leaves, h), {0, 3, 1, 2});
  }
};

std::vector<float> WeightsOf(const ParameterList& list) {
  const Golden golden("net_conv");
  const Result<NameMap> map =
      ReadNameMap(Golden::Text(Golden::PathOf("map_conv.json")), "map");
  const auto weights = WeightsIn(golden.file(), *map, list, {"net", "map"});
  EXPECT_TRUE(weights.ok()) << ToText(weights.problems());
  return weights.ok() ? *weights
                      : std::vector<float>(static_cast<size_t>(list.size()));
}

struct Computed {
  std::vector<double> y;
  std::vector<double> dx;
  std::vector<double> gradient;  // flat, in our order
};

// The network and the gradient of sum(dy y).
template <class T, class Bend>
Computed Compute(const Net& net, std::vector<T> weights, const Golden& golden,
                 std::vector<T> x, const std::vector<double>& dy,
                 const Bend& bend) {
  Tape tape(BackendOf<T>(), kDType<T>);
  std::vector<Tensor> leaves(net.list.entries().size());
  net.list.Bind(tape, weights.data(), true, leaves);
  const Tensor image = tape.Leaf(golden.shape("x"), x.data(), true);
  const Tensor y = net(leaves, image, bend);
  EXPECT_EQ(y.shape(), golden.shape("y"));
  leaves.push_back(image);
  std::vector<Tensor> parts(leaves.size());
  Vjp(y, tape.Constant(y.shape(), std::span<const double>(dy)), leaves, parts);
  const auto append = [](Tensor part, std::vector<double>& all) {
    for (T value : ReadAll<T>(part)) all.push_back(value);
  };
  Computed computed;
  append(y, computed.y);
  append(parts.back(), computed.dx);
  parts.pop_back();
  for (Tensor part : parts) append(part, computed.gradient);
  return computed;
}

std::vector<double> Magnitudes(std::vector<double> values) {
  for (double& value : values) value = std::fabs(value);
  return values;
}

// How far each number can be from the exact one if each operation errs by one
// unit u of its result, in any order of summation, to first order in u.
//
// Let every weight, input and cotangent be replaced by its size, and every bend
// by the line 1.1 h, which bounds silu and its slope from above. The network of
// these, and its gradient, bound what a rounding is relative to, wherever it
// happens, and what becomes of it on the way (Higham 2002, section 3.3). So an
// output errs by u times the roundings on a path, times its size there; so does
// a gradient, but the slopes of the bends err besides: by 8 u for the function,
// and by 0.5, the most that silu bends, times the error of its argument.
struct Bounds {
  // Sums of at most 13, 28, 6, 25 and 19 terms, and 8 for each of four bends.
  static constexpr double kForward = 13 + 28 + 6 + 25 + 19 + 4 * 8;
  // On the way back at most as many windows times filters: 36, 27, 6, 36 and 6;
  // in the end a sum over at most 72 places.
  static constexpr double kBackward = 36 + 27 + 6 + 36 + 6 + 4 * 8 + 72;
  static constexpr double kSlack = 1.01;  // of second order

  Bounds(const Net& net, const std::vector<float>& weights,
         const Golden& golden) {
    double largest = 0;  // argument of a bend
    const auto line = [&](Tensor h) {
      largest = std::max(largest, LargestOf(ReadAll<double>(h)));
      return ScaleShift(h, 1.1, 0);
    };
    sizes = Compute<double>(net, Magnitudes({weights.begin(), weights.end()}),
                            golden, Magnitudes(golden.Numbers<double>("x")),
                            Magnitudes(golden.Numbers<double>("dy")), line);
    slopes = 4 * (0.5 * kForward * largest + 8) / 1.1;
  }

  Computed sizes;
  double slopes;
};

// Each element is within both sides' bounds, of units u and `their_u`.
void ExpectNear(const std::vector<double>& ours,
                const std::vector<double>& theirs,
                const std::vector<double>& sizes, double roundings, double u,
                const std::string& what) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (size_t i = 0; i < ours.size(); ++i) {
    const double most = Bounds::kSlack * roundings * (u + 0x1p-53) * sizes[i];
    ASSERT_NEAR(ours[i], theirs[i], most) << what << ", element " << i;
  }
}

// Their gradient with respect to all weights, in our order, by the map that
// found the weights.
std::vector<double> TheirGradient(const ParameterList& list,
                                  const Golden& golden) {
  const std::pair<const char*, const char*> names[] = {
      {"network.down", "dencoder.0"},
      {"network.groups", "dencoder.2"},
      {"network.mix", "dmix"},
      {"network.up", "ddecoder.1"},
      {"network.output", "ddecoder.3"}};
  std::vector<double> all(static_cast<size_t>(list.size()));
  for (const Parameter& entry : list.entries()) {
    for (const auto& [ours, theirs] : names) {
      if (!entry.name.starts_with(ours)) continue;
      const std::string name =
          theirs + entry.name.substr(std::string(ours).size());
      EXPECT_EQ(golden.shape(name), FileShape(entry)) << name;
      const auto numbers = golden.Numbers<double>(name);
      // The way of the weights, which is for float: by number of the element.
      std::vector<float> from(numbers.size()), to(numbers.size());
      for (size_t i = 0; i < from.size(); ++i) from[i] = static_cast<float>(i);
      FromFile(entry, from, to);
      for (size_t i = 0; i < to.size(); ++i) {
        all[static_cast<size_t>(entry.offset) + i] =
            numbers[static_cast<size_t>(to[i])];
      }
    }
  }
  return all;
}

template <class T>
void ExpectAgreement(double u) {
  const Net net;
  const std::vector<float> weights = WeightsOf(net.list);
  const Golden golden("conv");
  const Computed ours = Compute<T>(
      net, {weights.begin(), weights.end()}, golden, golden.Numbers<T>("x"),
      golden.Numbers<double>("dy"), [](Tensor h) { return Silu(h); });
  const Bounds bounds(net, weights, golden);
  ExpectNear(ours.y, golden.Numbers<double>("y"), bounds.sizes.y,
             Bounds::kForward, u, "output");
  const double roundings = Bounds::kForward + Bounds::kBackward + bounds.slopes;
  ExpectNear(ours.dx, golden.Numbers<double>("dx"), bounds.sizes.dx, roundings,
             u, "gradient of the image");
  ExpectNear(ours.gradient, TheirGradient(net.list, golden),
             bounds.sizes.gradient, roundings, u, "gradient of the weights");
  // The bounds say something: they are far below what they bound.
  EXPECT_LT(Bounds::kForward * u * LargestOf(bounds.sizes.y),
            0.01 * LargestOf(ours.y));
  EXPECT_LT(roundings * u * LargestOf(bounds.sizes.gradient),
            0.1 * LargestOf(ours.gradient));
}

TEST(TorchConvNet, AgreesInDouble) { ExpectAgreement<double>(0x1p-53); }
TEST(TorchConvNet, AgreesInFloat) { ExpectAgreement<float>(0x1p-24); }

}  // namespace
}  // namespace unnoise
