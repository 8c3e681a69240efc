// Two of everything side by side: an arithmetic for formulas, like those of
// lanes-inl.h, whose V is a pair. A long formula is one chain of operations
// that wait for each other; a processor finds little else to do meanwhile
// unless the next vector's operations come in between. Pairs of pairs are four.
// The bits are those of the arithmetic inside.

// Per-target include guard
#if defined(UNNOISE_BASE_PAIR_OPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef UNNOISE_BASE_PAIR_OPS_INL_H_
#undef UNNOISE_BASE_PAIR_OPS_INL_H_
#else
#define UNNOISE_BASE_PAIR_OPS_INL_H_
#endif

#include "core/base/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

template <class X>
struct Pair {
  X first;
  X second;
};

// Every method as in LaneOps, on both.
template <class Ops>
struct PairOps {
  using T = typename Ops::T;
  using V = Pair<typename Ops::V>;
  using Mask = Pair<typename Ops::Mask>;
  using Word = typename Ops::Word;
  using Words = Pair<typename Ops::Words>;

  HWY_INLINE V Set(T x) const { return {o.Set(x), o.Set(x)}; }
  HWY_INLINE V Add(V x, V y) const {
    return {o.Add(x.first, y.first), o.Add(x.second, y.second)};
  }
  HWY_INLINE V Sub(V x, V y) const {
    return {o.Sub(x.first, y.first), o.Sub(x.second, y.second)};
  }
  HWY_INLINE V Mul(V x, V y) const {
    return {o.Mul(x.first, y.first), o.Mul(x.second, y.second)};
  }
  HWY_INLINE V Div(V x, V y) const {
    return {o.Div(x.first, y.first), o.Div(x.second, y.second)};
  }
  HWY_INLINE V Neg(V x) const { return {o.Neg(x.first), o.Neg(x.second)}; }
  HWY_INLINE V Abs(V x) const { return {o.Abs(x.first), o.Abs(x.second)}; }

  HWY_INLINE Mask Lt(V x, V y) const {
    return {o.Lt(x.first, y.first), o.Lt(x.second, y.second)};
  }
  HWY_INLINE Mask Le(V x, V y) const {
    return {o.Le(x.first, y.first), o.Le(x.second, y.second)};
  }
  HWY_INLINE V Select(Mask m, V yes, V no) const {
    return {o.Select(m.first, yes.first, no.first),
            o.Select(m.second, yes.second, no.second)};
  }

  HWY_INLINE Words Bits(V x) const {
    return {o.Bits(x.first), o.Bits(x.second)};
  }
  HWY_INLINE V FromBits(Words w) const {
    return {o.FromBits(w.first), o.FromBits(w.second)};
  }
  HWY_INLINE Words SetWord(Word w) const {
    return {o.SetWord(w), o.SetWord(w)};
  }
  HWY_INLINE Words AddWord(Words x, Words y) const {
    return {o.AddWord(x.first, y.first), o.AddWord(x.second, y.second)};
  }
  HWY_INLINE Words And(Words x, Words y) const {
    return {o.And(x.first, y.first), o.And(x.second, y.second)};
  }
  HWY_INLINE Words Xor(Words x, Words y) const {
    return {o.Xor(x.first, y.first), o.Xor(x.second, y.second)};
  }
  template <int kCount>
  HWY_INLINE Words ShiftLeft(Words x) const {
    return {o.template ShiftLeft<kCount>(x.first),
            o.template ShiftLeft<kCount>(x.second)};
  }
  HWY_INLINE V SelectOdd(Words w, V yes, V no) const {
    return {o.SelectOdd(w.first, yes.first, no.first),
            o.SelectOdd(w.second, yes.second, no.second)};
  }
  HWY_INLINE V SubMulWide(V x, V k, double c1, double c2) const {
    return {o.SubMulWide(x.first, k.first, c1, c2),
            o.SubMulWide(x.second, k.second, c1, c2)};
  }

 private:
  static constexpr Ops o{};
};

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#endif  // UNNOISE_BASE_PAIR_OPS_INL_H_
