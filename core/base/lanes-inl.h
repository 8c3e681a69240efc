// The arithmetic that exact formulas are written in (the "arithmetic tag"): a
// formula is a template `template <class A, class V> V Silu(A a, V x)` and A
// says what a V is. LaneOps<D> is a Highway vector, ScalarOps<T> one float or
// double; the same formula gives the same bits through both, whatever the lane
// count. Not here: exp, sin and kin, which exact_math-inl.h builds from this
// and adds to the tags (formulas take its Lanes<D> and Scalar<T>).
//
// Only operations that IEEE 754 rounds correctly, and integer ones: no fused
// multiply-add, no approximate reciprocal, and no Min or Max, whose NaN and
// signed zero depend on the target (use Select with Lt).

// Per-target include guard
#if defined(UNNOISE_BASE_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BASE_LANES_INL_H_
#undef UNNOISE_BASE_LANES_INL_H_
#else
#define UNNOISE_BASE_LANES_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The layout of a float or double, for formulas that look at its bits.
template <class T>
struct Format {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>);
  static constexpr bool kIsFloat = std::is_same_v<T, float>;
  using Word = std::conditional_t<kIsFloat, uint32_t, uint64_t>;
  static constexpr int kBits = kIsFloat ? 32 : 64;
  static constexpr int kMantissaBits = kIsFloat ? 23 : 52;
  static constexpr int kBias = kIsFloat ? 127 : 1023;
  static constexpr Word kSign = Word{1} << (kBits - 1);
  static constexpr Word kMantissa = (Word{1} << kMantissaBits) - 1;
  // 1.5 * 2^kMantissaBits: adding it rounds |x| < kMagic / 3 to an integer
  // (ties to even), and leaves that integer in the low bits of the sum.
  static constexpr T kMagic = static_cast<T>(Word{3} << (kMantissaBits - 1));
};

// Whether this target has vectors of double: Highway 1.0.3 has none for wasm.
// Loops over double take Scalar<double> there, which gives the same bits.
inline constexpr bool kHasDoubleLanes = HWY_TARGET != HWY_WASM;

// Highway vectors of float or double, of any lane count.
template <class D>
struct LaneOps {
  using T = hn::TFromD<D>;
  static_assert(std::is_same_v<T, float> || kHasDoubleLanes);
  using V = hn::Vec<D>;
  using Mask = hn::Mask<D>;
  using Word = typename Format<T>::Word;
  using DWord = hn::RebindToUnsigned<D>;
  using Words = hn::Vec<DWord>;

  HWY_INLINE V Set(T x) const { return hn::Set(D(), x); }
  HWY_INLINE V Add(V x, V y) const { return hn::Add(x, y); }
  HWY_INLINE V Sub(V x, V y) const { return hn::Sub(x, y); }
  HWY_INLINE V Mul(V x, V y) const { return hn::Mul(x, y); }
  HWY_INLINE V Div(V x, V y) const { return hn::Div(x, y); }
  HWY_INLINE V Neg(V x) const { return hn::Neg(x); }
  HWY_INLINE V Abs(V x) const { return hn::Abs(x); }
  HWY_INLINE V Sqrt(V x) const { return hn::Sqrt(x); }

  // Comparisons with NaN are false.
  HWY_INLINE Mask Lt(V x, V y) const { return hn::Lt(x, y); }
  HWY_INLINE Mask Le(V x, V y) const { return hn::Le(x, y); }
  HWY_INLINE V Select(Mask m, V yes, V no) const {
    return hn::IfThenElse(m, yes, no);
  }

  HWY_INLINE Words Bits(V x) const { return hn::BitCast(DWord(), x); }
  HWY_INLINE V FromBits(Words w) const { return hn::BitCast(D(), w); }
  HWY_INLINE Words SetWord(Word w) const { return hn::Set(DWord(), w); }
  HWY_INLINE Words AddWord(Words x, Words y) const { return hn::Add(x, y); }
  HWY_INLINE Words SubWord(Words x, Words y) const { return hn::Sub(x, y); }
  HWY_INLINE Words And(Words x, Words y) const { return hn::And(x, y); }
  HWY_INLINE Words Or(Words x, Words y) const { return hn::Or(x, y); }
  HWY_INLINE Words Xor(Words x, Words y) const { return hn::Xor(x, y); }
  template <int kCount>
  HWY_INLINE Words ShiftLeft(Words x) const {
    return hn::ShiftLeft<kCount>(x);
  }
  // Fills with zeros.
  template <int kCount>
  HWY_INLINE Words ShiftRight(Words x) const {
    return hn::ShiftRight<kCount>(x);
  }
  // `yes` where the lowest bit of w is set. (Not IfNegativeThenElse: in Highway
  // 1.0.3 it sees the value or the whole word on some targets, not the sign.)
  HWY_INLINE V SelectOdd(Words w, V yes, V no) const {
    return Select(hn::RebindMask(D(), hn::TestBit(w, SetWord(1))), yes, no);
  }

  // Float only: (x - k * c1) - k * c2 in double, rounded once to float.
  HWY_INLINE V SubMulWide(V x, V k, double c1, double c2) const {
#if HWY_TARGET == HWY_WASM
    // Highway 1.0.3 has no conversion between float and double here.
    const v128_t high_x = wasm_i32x4_shuffle(x.raw, x.raw, 2, 3, 2, 3);
    const v128_t high_k = wasm_i32x4_shuffle(k.raw, k.raw, 2, 3, 2, 3);
    const v128_t low = SubMulLow(x.raw, k.raw, c1, c2);
    const v128_t high = SubMulLow(high_x, high_k, c1, c2);
    return V{wasm_i32x4_shuffle(low, high, 0, 1, 4, 5)};
#elif HWY_TARGET == HWY_SCALAR
    return SubMul(D(), x, k, c1, c2);
#else
    if constexpr (hn::MaxLanes(D()) * sizeof(double) <= HWY_MAX_BYTES) {
      return SubMul(D(), x, k, c1, c2);
    } else {
      const hn::Half<D> half;
      const auto low =
          SubMul(half, hn::LowerHalf(half, x), hn::LowerHalf(half, k), c1, c2);
      const auto high =
          SubMul(half, hn::UpperHalf(half, x), hn::UpperHalf(half, k), c1, c2);
      return hn::Combine(D(), high, low);
    }
#endif
  }

 private:
#if HWY_TARGET == HWY_WASM
  // Lanes 0 and 1; the others are zero.
  static HWY_INLINE v128_t SubMulLow(v128_t x, v128_t k, double c1, double c2) {
    const v128_t wide_x = wasm_f64x2_promote_low_f32x4(x);
    const v128_t wide_k = wasm_f64x2_promote_low_f32x4(k);
    const v128_t r =
        wasm_f64x2_sub(wide_x, wasm_f64x2_mul(wide_k, wasm_f64x2_splat(c1)));
    return wasm_f32x4_demote_f64x2_zero(
        wasm_f64x2_sub(r, wasm_f64x2_mul(wide_k, wasm_f64x2_splat(c2))));
  }
#else
  template <class DNarrow, class VNarrow>
  static HWY_INLINE VNarrow SubMul(DNarrow d, VNarrow x, VNarrow k, double c1,
                                   double c2) {
    const hn::Rebind<double, DNarrow> wide;
    const auto wide_k = hn::PromoteTo(wide, k);
    const auto r =
        hn::Sub(hn::PromoteTo(wide, x), hn::Mul(wide_k, hn::Set(wide, c1)));
    return hn::DemoteTo(d, hn::Sub(r, hn::Mul(wide_k, hn::Set(wide, c2))));
  }
#endif
};

// One float or double; every method as in LaneOps.
template <class Number>
struct ScalarOps {
  using T = Number;
  using V = Number;
  using Mask = bool;
  using Word = typename Format<T>::Word;
  using Words = Word;

  HWY_INLINE V Set(T x) const { return x; }
  HWY_INLINE V Add(V x, V y) const { return x + y; }
  HWY_INLINE V Sub(V x, V y) const { return x - y; }
  HWY_INLINE V Mul(V x, V y) const { return x * y; }
  HWY_INLINE V Div(V x, V y) const { return x / y; }
  HWY_INLINE V Neg(V x) const { return -x; }
  HWY_INLINE V Abs(V x) const { return std::fabs(x); }
  HWY_INLINE V Sqrt(V x) const { return std::sqrt(x); }

  HWY_INLINE Mask Lt(V x, V y) const { return x < y; }
  HWY_INLINE Mask Le(V x, V y) const { return x <= y; }
  HWY_INLINE V Select(Mask m, V yes, V no) const { return m ? yes : no; }

  HWY_INLINE Words Bits(V x) const {
    Word w;
    std::memcpy(&w, &x, sizeof(w));
    return w;
  }
  HWY_INLINE V FromBits(Words w) const {
    T x;
    std::memcpy(&x, &w, sizeof(x));
    return x;
  }
  HWY_INLINE Words SetWord(Word w) const { return w; }
  HWY_INLINE Words AddWord(Words x, Words y) const { return x + y; }
  HWY_INLINE Words SubWord(Words x, Words y) const { return x - y; }
  HWY_INLINE Words And(Words x, Words y) const { return x & y; }
  HWY_INLINE Words Or(Words x, Words y) const { return x | y; }
  HWY_INLINE Words Xor(Words x, Words y) const { return x ^ y; }
  template <int kCount>
  HWY_INLINE Words ShiftLeft(Words x) const {
    return x << kCount;
  }
  template <int kCount>
  HWY_INLINE Words ShiftRight(Words x) const {
    return x >> kCount;
  }
  HWY_INLINE V SelectOdd(Words w, V yes, V no) const {
    return (w & 1) != 0 ? yes : no;
  }

  HWY_INLINE V SubMulWide(V x, V k, double c1, double c2) const {
    const double wide_k = k;
    return static_cast<V>((x - wide_k * c1) - wide_k * c2);
  }
};

// x rounded to the nearest integer, ties to even; |x| < 2^22 (float) or 2^51.
template <class A, class V = typename A::V>
HWY_INLINE V RoundToInteger(A a, V x) {
  const V magic = a.Set(Format<typename A::T>::kMagic);
  return a.Sub(a.Add(x, magic), magic);
}

// x with its sign flipped where the top bit of w is set.
template <class A, class V = typename A::V, class Words = typename A::Words>
HWY_INLINE V FlipSign(A a, V x, Words w) {
  const Words sign = a.SetWord(Format<typename A::T>::kSign);
  return a.FromBits(a.Xor(a.Bits(x), a.And(w, sign)));
}

// Horner's rule, lowest coefficient first.
template <class A, class V = typename A::V>
HWY_INLINE V Polynomial(A a, V, typename A::T c) {
  return a.Set(c);
}
template <class A, class V = typename A::V, class... Rest>
HWY_INLINE V Polynomial(A a, V x, typename A::T c, Rest... rest) {
  return a.Add(a.Mul(Polynomial(a, x, rest...), x), a.Set(c));
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BASE_LANES_INL_H_
