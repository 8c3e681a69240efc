// What backends promise beside their kernels: formats, memory, SIMD targets.

#include "core/backend/backend.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>

namespace unnoise {
namespace {

TEST(Backend, SupportsItsFormats) {
  EXPECT_TRUE(SimdBackend().Supports(DType::kF32));
  EXPECT_FALSE(SimdBackend().Supports(DType::kF64));
  EXPECT_FALSE(SimdBackend().Supports(DType::kC128));
  EXPECT_FALSE(ReferenceBackend().Supports(DType::kF32));
  EXPECT_TRUE(ReferenceBackend().Supports(DType::kF64));
  EXPECT_TRUE(ReferenceBackend().Supports(DType::kC128));
  EXPECT_EQ(SimdBackend().name(), "simd");
  EXPECT_EQ(ReferenceBackend().name(), "reference");
}

TEST(Backend, MemoryIsAlignedAndCrossesOver) {
  for (const Backend* backend : {&SimdBackend(), &ReferenceBackend()}) {
    void* memory = backend->Allocate(8);
    void* nothing = backend->Allocate(0);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % Backend::kAlignment, 0u);
    EXPECT_NE(nothing, nullptr);
    const double out = 1.5;
    double back = 0;
    backend->Upload(&out, 8, memory);
    backend->Download(memory, 8, &back);
    EXPECT_EQ(back, out);
    backend->Free(memory);
    backend->Free(nothing);
  }
}

TEST(Backend, SimdTargetsCanBeForcedByName) {
  ASSERT_GT(SimdTargetCount(), 0);
  std::set<std::string> names;
  for (int i = 0; i < SimdTargetCount(); ++i) {
    names.emplace(SimdTargetName(i));
    EXPECT_TRUE(ForceSimdTarget(SimdTargetName(i)));
    EXPECT_EQ(SimdTargetInUse(), SimdTargetName(i));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(SimdTargetCount()));
  EXPECT_FALSE(ForceSimdTarget("ABACUS"));
  EXPECT_TRUE(ForceSimdTarget(""));
  EXPECT_EQ(SimdTargetInUse(), SimdTargetName(0));
}

}  // namespace
}  // namespace unnoise
