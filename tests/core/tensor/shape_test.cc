#include "core/tensor/shape.h"

#include <gtest/gtest.h>

#include "core/base/check.h"

namespace unnoise {
namespace {

TEST(Shape, HasRankExtentsSizeAndText) {
  const Shape scalar, matrix{512, 2}, empty{3, 0, 2};
  EXPECT_EQ(scalar.rank(), 0);
  EXPECT_EQ(scalar.size(), 1);
  EXPECT_EQ(scalar.ToText(), "[]");
  EXPECT_EQ(matrix.rank(), 2);
  EXPECT_EQ(matrix[0], 512);
  EXPECT_EQ(matrix[1], 2);
  EXPECT_EQ(matrix.size(), 1024);
  EXPECT_EQ(matrix.ToText(), "[512, 2]");
  EXPECT_EQ(empty.size(), 0);
  // More elements than 32 bits count, on every machine.
  EXPECT_EQ((Shape{1 << 20, 1 << 20}.size()), int64_t{1} << 40);
}

TEST(Shape, EqualityTellsRanksApart) {
  EXPECT_EQ((Shape{2, 3}), (Shape{2, 3}));
  EXPECT_FALSE((Shape{2, 3}) == (Shape{3, 2}));
  EXPECT_FALSE(Shape{} == Shape{1});
  EXPECT_FALSE(Shape{1} == (Shape{1, 1}));
  EXPECT_FALSE(Shape{2} == (Shape{2, 0}));
}

TEST(Shape, RefusesNegativeExtentsAndHighRank) {
  EXPECT_THROW((Shape{2, -1}), ShapeError);
  EXPECT_NO_THROW((Shape{1, 2, 3, 4, 5, 6}));
  EXPECT_THROW((Shape{1, 2, 3, 4, 5, 6, 7}), ShapeError);
}

TEST(Shape, FormatsHaveTheSizesOfTheirNumbers) {
  EXPECT_EQ(SizeOf(DType::kF32), 4);
  EXPECT_EQ(SizeOf(DType::kF64), 8);
  EXPECT_EQ(SizeOf(DType::kC128), 16);
}

}  // namespace
}  // namespace unnoise
