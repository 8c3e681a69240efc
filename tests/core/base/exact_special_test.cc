// The complementary error function and Bessel functions against values from 50
// decimal digits (mpmath 1.3), their edges, and the bits that they keep.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "core/base/exact_math.h"

namespace unnoise {
namespace {

struct Value {
  double x, y;
};

// The greatest distance in units in the last place; those of denormals are
// those of the smallest normal number.
double WorstUlp(double (*function)(double), const std::vector<Value>& values) {
  double worst = 0;
  for (const Value& value : values) {
    const double got = function(value.x);
    if (got == value.y) continue;
    int exponent;
    std::frexp(value.y, &exponent);
    const double ulp = std::ldexp(1.0, std::max(exponent, -1021) - 53);
    worst = std::max(worst, std::fabs(got - value.y) / ulp);
    EXPECT_TRUE(std::isfinite(got)) << value.x;
  }
  return worst;
}

// Every value is rounded itself, which may add half a unit to what is stated.

TEST(ExactSpecial, ErfcHasItsStatedError) {
  EXPECT_LE(WorstUlp(exact::Erfc,
                     {
                         {-30.0, 2.0},
                         {-2.5, 1.999593047982555},
                         {-0.3, 1.3286267594591274},
                         {0.0, 1.0},
                         {1e-20, 1.0},
                         {0.1, 0.887537083981715},
                         {0.4999, 0.4795880048386134},
                         {0.5, 0.4795001221869535},
                         {0.75, 0.28884436634648486},
                         {1.0, 0.15729920705028513},
                         {2.0, 0.004677734981047266},
                         {3.3, 3.0577097964381654e-06},
                         {5.0, 1.537459794428035e-12},
                         {9.75, 2.9857008328005782e-43},
                         {15.0, 7.212994172451207e-100},
                         {22.2, 2.3277703713110524e-216},
                         {26.0, 5.663192408856143e-296},
                         {27.1, 2.33e-321},
                     }),
            3.5 + 0.5);
}

TEST(ExactSpecial, ErfcxHasItsStatedError) {
  EXPECT_LE(WorstUlp(exact::Erfcx,
                     {
                         {0.0, 1.0},
                         {1e-20, 1.0},
                         {0.001, 0.9988726200811514},
                         {0.3, 0.7345993345676551},
                         {0.5, 0.6156903441929259},
                         {1.0, 0.427583576155807},
                         {2.0, 0.25539567631050575},
                         {3.75, 0.14558972127503855},
                         {5.5, 0.10096221839949909},
                         {10.0, 0.05614099274382259},
                         {33.0, 0.017088815131004128},
                         {1000.0, 0.0005641893014533876},
                         {100000000.0, 5.641895835477562e-09},
                         {1e+200, 5.641895835477563e-201},
                     }),
            3.5 + 0.5);
}

TEST(ExactSpecial, I0eHasItsStatedError) {
  EXPECT_LE(WorstUlp(exact::I0e,
                     {
                         {0.0, 1.0},
                         {1e-20, 1.0},
                         {1e-05, 0.9999900000749996},
                         {0.01, 0.9900745851497075},
                         {0.5, 0.6450352704491501},
                         {1.0, 0.46575960759364043},
                         {2.0, 0.30850832255367105},
                         {3.7, 0.2160494416729737},
                         {5.0, 0.18354081260932836},
                         {7.999, 0.14344107205089568},
                         {8.0, 0.14343178185685032},
                         {8.001, 0.14342249347357044},
                         {12.5, 0.1140219294622889},
                         {20.0, 0.08978031188482602},
                         {50.0, 0.05656162664745419},
                         {333.0, 0.02187012262263525},
                         {10000.0, 0.003989472674604732},
                         {100000000.0, 3.989422809001105e-05},
                         {1000000000000000.0, 1.2615662610100802e-08},
                     }),
            3.5 + 0.5);
}

TEST(ExactSpecial, I1eHasItsStatedError) {
  EXPECT_LE(WorstUlp(exact::I1e,
                     {
                         {0.0, 0.0},
                         {1e-20, 5e-21},
                         {1e-05, 4.999950000312499e-06},
                         {0.01, 0.004950311047118276},
                         {0.5, 0.1564208031848717},
                         {1.0, 0.20791041534970844},
                         {2.0, 0.21526928924893765},
                         {3.7, 0.18383785802735622},
                         {5.0, 0.16397226694454237},
                         {7.999, 0.13414997242586205},
                         {8.0, 0.13414249329269817},
                         {8.001, 0.13413501537956068},
                         {12.5, 0.10936143099065089},
                         {20.0, 0.08750622218328867},
                         {50.0, 0.0559931238928954},
                         {333.0, 0.021837259873126597},
                         {10000.0, 0.003989273195983662},
                         {100000000.0, 3.989422789053991e-05},
                         {1000000000000000.0, 1.2615662610100795e-08},
                     }),
            4 + 0.5);
}

TEST(ExactSpecial, BesselRatioSlopeHasItsStatedError) {
  EXPECT_LE(WorstUlp(exact::BesselRatioSlope,
                     {
                         {0.0, 0.5},
                         {1e-20, 0.5},
                         {1e-05, 0.49999999998125},
                         {0.01, 0.4999812505208208},
                         {0.5, 0.4561947127365571},
                         {1.0, 0.35434603245035623},
                         {2.0, 0.1642231977212077},
                         {3.7, 0.04598354652407741},
                         {5.0, 0.0231899430364522},
                         {7.999, 0.008432344424826795},
                         {8.0, 0.008430134951567575},
                         {8.001, 0.008427926354417609},
                         {12.5, 0.003346642490764757},
                         {20.0, 0.0012838756553350688},
                         {50.0, 0.00020206263867603744},
                         {333.0, 4.515814497694004e-06},
                         {10000.0, 5.0002500375078146e-09},
                         {100000000.0, 5.0000000250000004e-17},
                         {1000000000000000.0, 5.000000000000002e-31},
                     }),
            600 + 0.5);
}

TEST(ExactSpecial, ErfcIsTheComplementOfErf) {
  for (double x = -6; x <= 6; x += 0.01) {
    // Both round once or so, near 1.
    EXPECT_NEAR(exact::Erfc(x) + exact::Erf(x), 1, 4e-16) << x;
    // The C library's is good to an ULP.
    EXPECT_NEAR(exact::Erfc(x) / std::erfc(x), 1, 5 * 2.3e-16) << x;
  }
}

TEST(ExactSpecial, BesselFunctionsObeyTheirDifferentialEquation) {
  // (e^-x I0)' = e^-x (I1 - I0), by a central difference of third order error
  // h^2 / 6 times a third derivative below 2, and rounding over 2h.
  constexpr double kStep = 1e-5;
  for (double x = 0.1; x < 40; x += 0.37) {
    const double slope =
        (exact::I0e(x + kStep) - exact::I0e(x - kStep)) / (2 * kStep);
    EXPECT_NEAR(slope, exact::I1e(x) - exact::I0e(x), 1e-10) << x;
    const auto ratio = [](double k) { return exact::I1e(k) / exact::I0e(k); };
    const double bend = (ratio(x + kStep) - ratio(x - kStep)) / (2 * kStep);
    EXPECT_NEAR(bend, exact::BesselRatioSlope(x), 1e-10) << x;
  }
}

TEST(ExactSpecial, Edges) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(exact::Erfc(-kInf), 2);
  EXPECT_EQ(exact::Erfc(kInf), 0);
  EXPECT_EQ(exact::Erfcx(kInf), 0);
  EXPECT_DOUBLE_EQ(exact::Erfcx(0), 1);
  EXPECT_EQ(exact::I0e(0), 1);
  EXPECT_EQ(exact::I1e(0), 0);
  EXPECT_EQ(exact::I0e(kInf), 0);
  EXPECT_EQ(exact::I1e(kInf), 0);
  EXPECT_EQ(exact::BesselRatioSlope(0), 0.5);
  EXPECT_EQ(exact::BesselRatioSlope(kInf), 0);
  for (double (*f)(double) : {exact::Erfc, exact::Erfcx, exact::I0e, exact::I1e,
                              exact::BesselRatioSlope}) {
    EXPECT_TRUE(std::isnan(f(kNaN)));
  }
}

TEST(ExactSpecial, SameBitsOnEveryMachine) {
  // Made once by this code; the same in g++, clang++ and wasm builds.
  uint64_t hash = 0xcbf29ce484222325;
  for (double (*f)(double) : {exact::Erfc, exact::Erfcx, exact::I0e, exact::I1e,
                              exact::BesselRatioSlope}) {
    for (double x = 0; x < 100; x = 1.03 * x + 0.001) {
      const double y = f(x);
      uint64_t word;
      std::memcpy(&word, &y, sizeof(word));
      for (int i = 0; i < 64; i += 8) {
        hash = (hash ^ ((word >> i) & 255)) * 0x00000100000001b3;
      }
    }
  }
  EXPECT_EQ(hash, uint64_t{5812237694890968543});
}

}  // namespace
}  // namespace unnoise
