// Normalisation and attention against PyTorch, values and gradients.

#include <limits>

#include "tests/core/autodiff/torch_golden.h"

namespace unnoise {
namespace {

// Sums of at most 18 terms around 3, through a rate of at most a few: some
// hundred roundings of 2^-53 and 2^-24.
constexpr double kTolerance = 3e-14;
constexpr double kFloatTolerance = 1e-5;

// The place of the channels last, or first again.
Tensor ChannelsLast(Tensor x) {
  return x.shape().rank() == 4 ? Permute(x, {0, 2, 3, 1}) : x;
}
Tensor ChannelsFirst(Tensor x) {
  return x.shape().rank() == 4 ? Permute(x, {0, 3, 1, 2}) : x;
}

TEST(TorchGolden, Norms) {
  const TorchGolden golden;
  struct Case {
    const char* name;
    int64_t groups;
  };
  for (const Case& c : {Case{"groups2", 2}, Case{"one", 1}, Case{"channels", 3},
                        Case{"flat", 3}}) {
    golden.Expect(
        std::string("group_norm/") + c.name, {"x", "weight", "bias"},
        [&](std::span<const Tensor> in) {
          return ChannelsFirst(
              GroupNorm(ChannelsLast(in[0]), c.groups, in[1], in[2], 1e-5));
        },
        kTolerance, kFloatTolerance);
  }
  for (const char* name : {"rows", "tokens"}) {
    golden.Expect(
        std::string("layer_norm/") + name, {"x", "weight", "bias"},
        [&](std::span<const Tensor> in) {
          return LayerNorm(in[0], in[1], in[2], 1e-5);
        },
        kTolerance, kFloatTolerance);
  }
}

TEST(TorchGolden, Attention) {
  const TorchGolden golden;
  for (const char* name : {"one_head", "heads", "cross"}) {
    golden.Expect(
        std::string("attention/") + name, {"q", "k", "v"},
        [](std::span<const Tensor> in) {
          return Attention(in[0], in[1], in[2]);
        },
        kTolerance, kFloatTolerance);
  }
  // There 0 hides, here -infinity.
  auto hidden = golden.ValuesOf("attention/causal/mask");
  for (double& value : hidden) {
    value = value == 0 ? -std::numeric_limits<double>::infinity() : 0;
  }
  golden.Expect(
      "attention/causal", {"q", "k", "v"},
      [&](std::span<const Tensor> in) {
        Tape& tape = in[0].tape();
        Tensor mask = CausalMask(tape, 4);
        std::vector<double> read(16);
        if (tape.dtype() == DType::kF64) {
          tape.Read(mask, read.data());
          EXPECT_EQ(read, hidden);
        }
        return Attention(in[0], in[1], in[2], mask);
      },
      kTolerance, kFloatTolerance);
}

}  // namespace
}  // namespace unnoise
