#include "core/tensor/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace unnoise {
namespace {

char* TakeBytes(Arena& arena, int64_t bytes) {
  return static_cast<char*>(arena.Take(bytes));
}

TEST(Arena, PiecesAreAlignedAndApart) {
  Arena arena(SimdBackend());
  std::vector<char*> pieces;
  const int64_t sizes[] = {1, 63, 64, 65, 0, 1000};
  for (int64_t bytes : sizes) {
    char* piece = TakeBytes(arena, bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(piece) % Backend::kAlignment, 0u);
    std::memset(piece, static_cast<int>(pieces.size()),
                static_cast<size_t>(bytes));
    pieces.push_back(piece);
  }
  for (size_t i = 0; i < pieces.size(); ++i) {
    for (int64_t b = 0; b < sizes[i]; ++b) {
      ASSERT_EQ(pieces[i][b], static_cast<char>(i)) << "another piece wrote";
    }
  }
  // 64 + 64 + 64 + 128 + 0 + 1024.
  EXPECT_EQ(arena.used(), 1344);
  arena.Reset();
  EXPECT_EQ(arena.used(), 0);
  EXPECT_EQ(arena.peak(), 1344);
}

TEST(Arena, SecondStepOfTheSameSizesReusesTheMemory) {
  Arena arena(SimdBackend());
  std::vector<char*> first, second;
  for (std::vector<char*>* pieces : {&first, &second}) {
    for (int64_t bytes : {100, 5000, 1}) {
      pieces->push_back(TakeBytes(arena, bytes));
    }
    arena.Reset();
  }
  EXPECT_EQ(first, second);
}

TEST(Arena, ManyBlocksBecomeOne) {
  Arena arena(SimdBackend());
  constexpr int64_t kMegabyte = int64_t{1} << 20;
  const auto step = [&] {
    std::vector<char*> pieces;
    for (int64_t megabytes : {1, 3, 1, 9}) {
      pieces.push_back(TakeBytes(arena, megabytes * kMegabyte));
      // All of it is there, and none is taken away by what follows.
      std::memset(pieces.back(), 7, static_cast<size_t>(megabytes * kMegabyte));
    }
    for (char* piece : pieces) EXPECT_EQ(*piece, 7);
    return pieces;
  };
  step();
  EXPECT_EQ(arena.peak(), 14 * kMegabyte);
  arena.Reset();
  const std::vector<char*> second = step();
  for (size_t i = 1; i < second.size(); ++i) {
    EXPECT_GT(second[i], second[i - 1]);
  }
  EXPECT_EQ(second.back() - second.front(), 5 * kMegabyte);  // one block
  arena.Reset();
  EXPECT_EQ(step(), second);
}

TEST(Arena, GoesBackToAMoment) {
  Arena arena(SimdBackend());
  char* const before = TakeBytes(arena, 100);
  const Arena::Mark mark = arena.Now();
  char* const first = TakeBytes(arena, 1000);
  char* const beyond =
      TakeBytes(arena, int64_t{3} << 20);  // a block of its own
  EXPECT_EQ(arena.PlaceSince(mark, before), -1);
  EXPECT_GE(arena.PlaceSince(mark, first), 0);
  EXPECT_LT(arena.PlaceSince(mark, first), arena.PlaceSince(mark, beyond));
  const int64_t peak = arena.peak();
  arena.Rewind(mark);
  EXPECT_EQ(arena.used(), 128);
  EXPECT_EQ(TakeBytes(arena, 1000), first);
  EXPECT_EQ(TakeBytes(arena, int64_t{3} << 20), beyond);
  EXPECT_EQ(arena.peak(), peak);
}

}  // namespace
}  // namespace unnoise
