// Exact elementary functions: error against long double, special values,
// identities, and the same bits from every SIMD target as from one number.

#include "core/base/exact_math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/base/exact_math_test.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file again for each target.
#include "core/base/exact_erf-inl.h"
#include "core/base/exact_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

// The functions of x, the two of SinCosTurns (of x where that is in [0, 1],
// else of 0.3), the error function.
template <class A, class V, class Store>
HWY_INLINE void Everything(A a, V x, Store store) {
  store(0, a.Exp(x));
  store(1, a.Expm1(x));
  store(2, a.Log(x));
  store(3, a.Log1p(x));
  store(4, a.Sin(x));
  store(5, a.Cos(x));
  store(6, a.Tanh(x));
  store(7, a.Sigmoid(x));
  const V zero = a.Set(0), one = a.Set(1), other = a.Set(0.3f);
  const V turns =
      a.Select(a.Le(zero, x), a.Select(a.Le(x, one), x, other), other);
  V sin, cos;
  SinCosTurns(a, turns, &sin, &cos);
  store(8, sin);
  store(9, cos);
  store(10, Erf(a, x));
}

// Eleven values for each of x in `out`, through vectors D; `count` is a
// multiple of 16.
template <class D, class T = hn::TFromD<D>>
void OnLanes(const T* x, std::size_t count, T* out) {
  if constexpr (std::is_same_v<T, float> || kHasDoubleLanes) {
    const D d;
    for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
      Everything(Lanes<D>(), hn::LoadU(d, x + i),
                 [&](std::size_t f, hn::Vec<D> y)
                     HWY_ATTR { hn::StoreU(y, d, out + f * count + i); });
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      Everything(Scalar<T>(), x[i],
                 [&](std::size_t f, T y) { out[f * count + i] = y; });
    }
  }
}
void FloatsOnLanes(const float* x, std::size_t count, float* out) {
  OnLanes<hn::ScalableTag<float>>(x, count, out);
}
void DoublesOnLanes(const double* x, std::size_t count, double* out) {
  OnLanes<hn::ScalableTag<double>>(x, count, out);
}
// The same through one lane of a register.
void FloatsOnOneLane(const float* x, std::size_t count, float* out) {
  OnLanes<hn::CappedTag<float, 1>>(x, count, out);
}
void DoublesOnOneLane(const double* x, std::size_t count, double* out) {
  OnLanes<hn::CappedTag<double, 1>>(x, count, out);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unnoise {

HWY_EXPORT(FloatsOnLanes);
HWY_EXPORT(DoublesOnLanes);
HWY_EXPORT(FloatsOnOneLane);
HWY_EXPORT(DoublesOnOneLane);

namespace {

// long double is 64 bits of mantissa natively and 113 in wasm.
using Wide = long double;

template <class T>
constexpr T kInf = std::numeric_limits<T>::infinity();
template <class T>
constexpr T kNan = std::numeric_limits<T>::quiet_NaN();

template <class T>
struct Function {
  const char* name;
  T (*exact)(T);
  Wide (*wide)(Wide);
  double ulp;  // the error stated in exact_math-inl.h
  T low, high;
};

Wide WideSigmoid(Wide x) { return 1 / (1 + std::exp(-x)); }

template <class T>
std::vector<Function<T>> Functions() {
  constexpr bool kFloat = sizeof(T) == 4;
  constexpr T kMax = std::numeric_limits<T>::max();
  constexpr T kTurn = kFloat ? T(131072) : T(1073741824);
  const auto ulp = [](double f, double d) { return kFloat ? f : d; };
  return {
      {"Exp", exact::Exp, std::exp, ulp(1.1, 1.0), -1000, 1000},
      {"Expm1", exact::Expm1, std::expm1, ulp(1.6, 1.6), -1000, 1000},
      {"Log", exact::Log, std::log, ulp(0.9, 0.9), 0, kMax},
      {"Log1p", exact::Log1p, std::log1p, ulp(0.9, 0.9), -1, kMax},
      {"Sin", exact::Sin, std::sin, ulp(1.5, 1.3), -kTurn, kTurn},
      {"Cos", exact::Cos, std::cos, ulp(1.5, 1.3), -kTurn, kTurn},
      {"Tanh", exact::Tanh, std::tanh, ulp(2.3, 2.3), -kMax, kMax},
      {"Sigmoid", exact::Sigmoid, WideSigmoid, ulp(2.4, 2.4), -1000, 1000},
      {"Erf", exact::Erf, std::erf, ulp(1.2, 1.2), -kMax, kMax},
  };
}

// Distance in units in the last place of T at `want`.
template <class T>
double UlpError(T got, Wide want) {
  const T rounded = static_cast<T>(want);
  if (got == rounded) return 0.0;  // infinities too
  if (!std::isfinite(got) || !std::isfinite(rounded)) return 1e9;
  int exponent;
  std::frexp(want, &exponent);
  using Limits = std::numeric_limits<T>;
  exponent = std::max(exponent, Limits::min_exponent);
  return static_cast<double>(
      std::fabs((got - want) / std::ldexp(Wide{1}, exponent - Limits::digits)));
}

// What the reference itself may err by: musl's long double functions (wasm) are
// its double ones, good to one ULP of double.
template <class T>
double ReferenceUlp() {
  const Wide log = std::log(Wide{3});
  return sizeof(T) == 8 && log == static_cast<double>(log) ? 1 : 0;
}

// Numbers of every size and sign, by stepping through the bit patterns, and
// numbers spread evenly over the ranges where the functions are not flat.
template <class T>
std::vector<T> Sweep() {
  using Word = typename HWY_NAMESPACE::Format<T>::Word;
  std::vector<T> out;
  constexpr int kCount = 20000;
  constexpr Word kStep = ~Word{0} / kCount;
  for (Word i = 0; i < kCount; ++i) {
    const Word word = i * kStep + i * i;  // varies the low bits as well
    T x;
    std::memcpy(&x, &word, sizeof(x));
    if (!std::isnan(x)) out.push_back(x);
  }
  for (const T range : {T(0.7), T(4), T(30), T(110), T(760), T(100000)}) {
    for (int i = 0; i < 4000; ++i) out.push_back(range * (i - 2000) / 2000);
  }
  return out;
}

template <class T>
class ExactMath : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(ExactMath, Types);

TYPED_TEST(ExactMath, ErrorsAreAsStated) {
  for (const auto& f : Functions<TypeParam>()) {
    double worst = 0;
    TypeParam at = 0;
    for (const TypeParam x : Sweep<TypeParam>()) {
      if (!(f.low <= x && x <= f.high)) continue;
      const double error = UlpError(f.exact(x), f.wide(x));
      if (error > worst) {
        worst = error;
        at = x;
      }
    }
    EXPECT_LE(worst, f.ulp + ReferenceUlp<TypeParam>())
        << f.name << " at " << at;
  }
}

TYPED_TEST(ExactMath, SinAndCosNearMultiplesOfHalfPi) {
  // Where the argument's reduction cancels most.
  using T = TypeParam;
  for (int k = 1; k < 80000; k += 37) {
    const T x = static_cast<T>(k * Wide{1.57079632679489661923132169L});
    EXPECT_LE(UlpError(exact::Sin(x), std::sin(Wide{x})), 1.5) << x;
    EXPECT_LE(UlpError(exact::Cos(x), std::cos(Wide{x})), 1.5) << x;
  }
}

TYPED_TEST(ExactMath, SpecialValues) {
  using T = TypeParam;
  EXPECT_EQ(exact::Exp(T(0)), 1);
  EXPECT_EQ(exact::Exp(T(-0.0)), 1);
  EXPECT_EQ(exact::Exp(kInf<T>), kInf<T>);
  EXPECT_EQ(exact::Exp(-kInf<T>), 0);
  EXPECT_EQ(exact::Expm1(kInf<T>), kInf<T>);
  EXPECT_EQ(exact::Expm1(-kInf<T>), -1);
  EXPECT_EQ(exact::Log(T(1)), 0);
  EXPECT_EQ(exact::Log(T(0)), -kInf<T>);
  EXPECT_EQ(exact::Log(T(-0.0)), -kInf<T>);
  EXPECT_EQ(exact::Log(kInf<T>), kInf<T>);
  EXPECT_TRUE(std::isnan(exact::Log(T(-1))));
  EXPECT_TRUE(std::isnan(exact::Log(-kInf<T>)));
  EXPECT_EQ(exact::Log1p(T(-1)), -kInf<T>);
  EXPECT_EQ(exact::Log1p(kInf<T>), kInf<T>);
  EXPECT_TRUE(std::isnan(exact::Log1p(T(-1.5))));
  EXPECT_TRUE(std::isnan(exact::Sin(kInf<T>)));
  EXPECT_TRUE(std::isnan(exact::Cos(-kInf<T>)));
  EXPECT_EQ(exact::Cos(T(0)), 1);
  EXPECT_EQ(exact::Tanh(kInf<T>), 1);
  EXPECT_EQ(exact::Tanh(-kInf<T>), -1);
  EXPECT_EQ(exact::Sigmoid(T(0)), T(0.5));
  EXPECT_EQ(exact::Sigmoid(kInf<T>), 1);
  EXPECT_EQ(exact::Sigmoid(-kInf<T>), 0);
  EXPECT_EQ(exact::Erf(kInf<T>), 1);
  EXPECT_EQ(exact::Erf(-kInf<T>), -1);
  EXPECT_EQ(exact::Erf(T(0)), 0);
  EXPECT_TRUE(std::signbit(exact::Erf(T(-0.0))));
  for (const auto& f : Functions<T>()) {
    EXPECT_TRUE(std::isnan(f.exact(kNan<T>))) << f.name;
  }
}

TYPED_TEST(ExactMath, OddFunctionsKeepSignAndTinyValues) {
  using T = TypeParam;
  const T denormal = std::numeric_limits<T>::denorm_min();
  for (T (*f)(T) :
       {static_cast<T (*)(T)>(exact::Expm1),
        static_cast<T (*)(T)>(exact::Log1p), static_cast<T (*)(T)>(exact::Sin),
        static_cast<T (*)(T)>(exact::Tanh)}) {
    EXPECT_FALSE(std::signbit(f(T(0))));
    EXPECT_TRUE(std::signbit(f(T(-0.0))));
    EXPECT_EQ(f(T(-0.0)), 0);
    EXPECT_EQ(f(denormal), denormal);
    EXPECT_EQ(f(-3 * denormal), -3 * denormal);
  }
}

TYPED_TEST(ExactMath, Identities) {
  using T = TypeParam;
  for (const T x : Sweep<T>()) {
    EXPECT_EQ(exact::Tanh(-x), -exact::Tanh(x)) << x;
    EXPECT_EQ(exact::Erf(-x), -exact::Erf(x)) << x;
    EXPECT_EQ(exact::Cos(-x), exact::Cos(x)) << x;
    EXPECT_LE(std::fabs(exact::Sin(x)), 1) << x;
    EXPECT_LE(std::fabs(exact::Cos(x)), 1) << x;
    EXPECT_LE(std::fabs(exact::Tanh(x)), 1) << x;
    EXPECT_GE(exact::Sigmoid(x), 0) << x;
    EXPECT_LE(exact::Sigmoid(x), 1) << x;
  }
}

TYPED_TEST(ExactMath, GrowsWhereTheFunctionGrows) {
  // Steps far above the stated errors, so that order must be kept.
  using T = TypeParam;
  for (T x = -30; x < 30; x += T(0.01)) {
    const T next = x + T(0.01);
    EXPECT_LT(exact::Exp(x), exact::Exp(next)) << x;
    EXPECT_LE(exact::Tanh(x), exact::Tanh(next)) << x;
    EXPECT_LE(exact::Sigmoid(x), exact::Sigmoid(next)) << x;
  }
}

TYPED_TEST(ExactMath, SinCosTurns) {
  using T = TypeParam;
  const HWY_NAMESPACE::Scalar<T> a;
  constexpr Wide kTwoPi = 6.28318530717958647692528677L;
  constexpr int kCount = 8 * 3001;  // meets every eighth of a turn
  for (int i = 0; i <= kCount; ++i) {
    const T u = static_cast<T>(i) / kCount;
    T sin, cos;
    HWY_NAMESPACE::SinCosTurns(a, u, &sin, &cos);
    // The reference takes whole quarters off as well: 2 pi u itself is not
    // exact enough near them.
    const Wide quarters = std::rint(4 * Wide{u});
    const Wide angle = kTwoPi * (u - quarters / 4);
    const Wide s = std::sin(angle), c = std::cos(angle);
    const Wide turned[] = {s, c, -s, -c};
    const int quadrant = static_cast<int>(quarters) % 4;
    EXPECT_LE(UlpError(sin, turned[quadrant]), 1.95) << u;
    EXPECT_LE(UlpError(cos, turned[(quadrant + 1) % 4]), 1.95) << u;
  }
}

// Values on which all targets must agree with Scalar, a multiple of 16.
template <class T>
std::vector<T> Probes() {
  auto x = Sweep<T>();
  for (const T special : {T(0), T(-0.0), kInf<T>, -kInf<T>, kNan<T>,
                          std::numeric_limits<T>::denorm_min()}) {
    x.push_back(special);
  }
  while (x.size() % 16 != 0) x.push_back(1);
  return x;
}

// FNV-1a over the bits of every function on the probes; NaN as one pattern, as
// its sign and payload are the machine's own.
template <class T>
uint64_t HashOfEverything() {
  uint64_t hash = 0xcbf29ce484222325;
  for (const T x : Probes<T>()) {
    HWY_NAMESPACE::Everything(
        HWY_NAMESPACE::Scalar<T>(), x, [&](std::size_t, T y) {
          typename HWY_NAMESPACE::Format<T>::Word word = ~0;
          if (!std::isnan(y)) std::memcpy(&word, &y, sizeof(word));
          for (std::size_t i = 0; i < sizeof(word); ++i) {
            hash = (hash ^ ((word >> (8 * i)) & 255)) * 0x00000100000001b3;
          }
        });
  }
  return hash;
}

TEST(ExactMathGolden, SameBitsOnEveryMachine) {
  // Made once by this code; the same in g++, clang++ and wasm builds.
  EXPECT_EQ(HashOfEverything<float>(), uint64_t{0xb867b84051d268ef});
  EXPECT_EQ(HashOfEverything<double>(), uint64_t{0x5959a4b5734f496});
}

template <class T, class OnLanes>
void ExpectScalarBits(OnLanes on_lanes, const char* target) {
  const std::vector<T> x = Probes<T>();
  std::vector<T> got(11 * x.size());
  on_lanes(x.data(), x.size(), got.data());
  const HWY_NAMESPACE::Scalar<T> a;
  for (std::size_t i = 0; i < x.size(); ++i) {
    HWY_NAMESPACE::Everything(a, x[i], [&](std::size_t f, T want) {
      const T y = got[f * x.size() + i];
      // The sign and payload of NaN are the machine's own.
      const bool same = (std::isnan(y) && std::isnan(want)) ||
                        std::memcmp(&y, &want, sizeof(y)) == 0;
      ASSERT_TRUE(same) << target << " function " << f << " of " << x[i] << ": "
                        << y << " for " << want;
    });
  }
}

void CheckChosenTarget(const char* name) {
  ExpectScalarBits<float>(HWY_DYNAMIC_DISPATCH(FloatsOnLanes), name);
  ExpectScalarBits<double>(HWY_DYNAMIC_DISPATCH(DoublesOnLanes), name);
  ExpectScalarBits<float>(HWY_DYNAMIC_DISPATCH(FloatsOnOneLane), name);
  ExpectScalarBits<double>(HWY_DYNAMIC_DISPATCH(DoublesOnOneLane), name);
}

TEST(ExactMathTargets, SameBitsAsScalar) {
#if (HWY_TARGETS & (HWY_TARGETS - 1)) == 0
  CheckChosenTarget(hwy::TargetName(HWY_TARGETS));
#else
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    CheckChosenTarget(hwy::TargetName(target));
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
#endif
}

}  // namespace
}  // namespace unnoise
#endif  // HWY_ONCE
