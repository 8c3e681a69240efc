// Number types against PyTorch: what it wrote of every type, and how it rounds
// to 16 bits. See tests/core/fixtures/torch.

#include <gtest/gtest.h>

#include "core/base/half.h"
#include "tests/core/fixtures/torch/golden.h"

namespace unnoise {
namespace {

TEST(TorchTypes, EveryTypeIsRead) {
  const Golden golden("types");
  const double pattern[] = {0, 1, 1, 1, 0, 1};
  int types = 0;
  for (const auto& [name, entry] : golden.file().tensors) {
    if (!name.starts_with("numbers/")) continue;
    ++types;
    EXPECT_EQ(name, "numbers/" + std::string(NameOf(entry.type)));
    EXPECT_EQ(entry.shape, (Shape{2, 3}));
    const double scale = entry.type == NumberType::kBool ? 1
                         : entry.type == NumberType::kU8 ? 3
                                                         : -3;
    const auto as_float = golden.Numbers<float>(name);
    const auto as_double = golden.Numbers<double>(name);
    for (size_t i = 0; i < std::size(pattern); ++i) {
      EXPECT_EQ(as_float[i], scale * pattern[i]) << name;
      EXPECT_EQ(as_double[i], scale * pattern[i]) << name;
    }
  }
  EXPECT_EQ(types, 10);  // PyTorch 1.13 has no others that the format has
}

TEST(TorchTypes, RoundingIsTheirs) {
  const Golden golden("types");
  const auto from = golden.Numbers<float>("rounding/from");
  const auto& halves = golden.file().tensors.at("rounding/half");
  const auto& bfloats = golden.file().tensors.at("rounding/bfloat");
  ASSERT_EQ(halves.type, NumberType::kF16);
  ASSERT_EQ(bfloats.type, NumberType::kBF16);
  const auto bits = [](const SafetensorsFile::Entry& entry, size_t i) {
    return static_cast<uint16_t>(
        static_cast<unsigned char>(entry.bytes[2 * i]) |
        static_cast<unsigned char>(entry.bytes[2 * i + 1]) << 8);
  };
  for (size_t i = 0; i < from.size(); ++i) {
    EXPECT_EQ(ToHalf(from[i]).bits, bits(halves, i)) << from[i];
    EXPECT_EQ(ToBfloat16(from[i]).bits, bits(bfloats, i)) << from[i];
  }
}

}  // namespace
}  // namespace unnoise
