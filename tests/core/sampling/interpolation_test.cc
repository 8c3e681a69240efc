// Ways from one noise to another: their ends, norms and pace.

#include "core/sampling/interpolation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/check.h"
#include "core/base/key.h"

namespace unnoise {
namespace {

using Points = std::vector<float>;

double NormOf(const float* x, size_t dim) {
  double sum = 0;
  for (size_t k = 0; k < dim; ++k) sum += double{x[k]} * x[k];
  return std::sqrt(sum);
}

TEST(Interpolation, EndsAreTheEnds) {
  const Points a = {0.3f, -1.7f, 2}, b = {1e-3f, 40, -7};
  for (const Interpolation kind :
       {Interpolation::kLinear, Interpolation::kSpherical}) {
    for (const int64_t count : {2, 3, 11}) {
      const Points way = Interpolate(kind, a, b, count);
      ASSERT_EQ(way.size(), static_cast<size_t>(3 * count));
      EXPECT_EQ(Points(way.begin(), way.begin() + 3), a);
      EXPECT_EQ(Points(way.end() - 3, way.end()), b);
    }
  }
}

TEST(Interpolation, StraightIsEven) {
  EXPECT_EQ(Interpolate(Interpolation::kLinear, Points{0, 4}, Points{8, -4}, 5),
            (Points{0, 4, 2, 2, 4, 0, 6, -2, 8, -4}));
}

TEST(Interpolation, AQuarterTurnIsTheCircle) {
  const Points way =
      Interpolate(Interpolation::kSpherical, Points{2, 0}, Points{0, 2}, 10);
  for (size_t i = 0; i < 10; ++i) {
    const double angle = 1.57079632679489662 * static_cast<double>(i) / 9;
    // Rounded once.
    EXPECT_NEAR(way[2 * i], 2 * std::cos(angle), 1.2e-7);
    EXPECT_NEAR(way[2 * i + 1], 2 * std::sin(angle), 1.2e-7);
  }
}

// In any dimension and at any scale: also that of noise of a large deviation.
TEST(Interpolation, EqualNormsAreKeptAndTurnsAreEven) {
  for (const size_t dim : {2, 3, 64}) {
    for (const float scale : {1.0f, 80.0f, 1e-4f}) {
      Points a(dim), b(dim);
      FillNormal(KeyFromSeed(1), 0, a);
      FillNormal(KeyFromSeed(2), 0, b);
      const double norm = NormOf(a.data(), dim) * scale;
      for (float& x : a) x *= scale;
      const double factor = norm / NormOf(b.data(), dim);
      for (float& x : b) x = static_cast<float>(factor * x);
      const Points way = Interpolate(Interpolation::kSpherical, a, b, 9);
      // A rounding of each coordinate.
      const double rounding = 4e-7 * norm;
      Points chord(dim);
      double first = 0;
      for (size_t i = 0; i < 9; ++i) {
        EXPECT_NEAR(NormOf(&way[i * dim], dim), norm, rounding);
        if (i == 0) continue;
        for (size_t k = 0; k < dim; ++k) {
          chord[k] = way[i * dim + k] - way[(i - 1) * dim + k];
        }
        if (i == 1) first = NormOf(chord.data(), dim);
        EXPECT_NEAR(NormOf(chord.data(), dim), first, 2 * rounding);
      }
    }
  }
}

TEST(Interpolation, OtherNormsChangeEvenly) {
  const Points way =
      Interpolate(Interpolation::kSpherical, Points{1, 0}, Points{0, 3}, 5);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(NormOf(&way[2 * i], 2), 1 + 0.5 * static_cast<double>(i), 4e-7);
  }
}

TEST(Interpolation, IsStraightWhereThereIsNoWayToTurn) {
  const auto both_ways = [](const Points& a, const Points& b) {
    EXPECT_EQ(Interpolate(Interpolation::kSpherical, a, b, 7),
              Interpolate(Interpolation::kLinear, a, b, 7));
  };
  both_ways({1, 2}, {-1, -2});     // opposite
  both_ways({1, 2}, {3, 6});       // the same direction
  for (int k = 1; k <= 20; ++k) {  // and where that is known to rounding only
    const float f = static_cast<float>(k);
    both_ways({1, 3, 7}, {-f, -3 * f, -7 * f});
    both_ways({1, 3, 7}, {f, 3 * f, 7 * f});
  }
  both_ways({0, 0}, {1, 1});
  both_ways({0, 0}, {0, 0});
  both_ways({-1}, {2});  // on the line there are no others
}

TEST(Interpolation, AHairsBreadthIsFinite) {
  const Points way =
      Interpolate(Interpolation::kSpherical, Points{1, 0}, Points{1, 1e-5f}, 3);
  EXPECT_NEAR(way[3], 0.5e-5, 1e-9);
  const Points half = Interpolate(Interpolation::kSpherical, Points{1, 0},
                                  Points{-1, 1e-5f}, 3);
  EXPECT_NEAR(NormOf(&half[2], 2), 1, 1e-4);
}

TEST(Interpolation, RefusesOtherDimensions) {
  EXPECT_THROW(Interpolate(Interpolation::kLinear, Points{1}, Points{1, 2}, 3),
               UsageError);
  EXPECT_THROW(Interpolate(Interpolation::kLinear, Points{1}, Points{1}, 1),
               UsageError);
}

}  // namespace
}  // namespace unnoise
