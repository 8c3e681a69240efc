// A curve cut into panels, halved again and again: the tree that curve_world.cc
// sums over. Those of the first levels are kept, finer ones are made when they
// are asked for.

#ifndef UNNOISE_DATA_CURVE_PANELS_H_
#define UNNOISE_DATA_CURVE_PANELS_H_

#include <cstddef>
#include <vector>

#include "core/data/curve_world.h"
#include "core/data/gauss_legendre.h"

namespace unnoise {

// A node of a panel, in model units.
struct CurveNode {
  double x, y;
  double log_weight;  // of all that the node stands for
  double tx, ty;      // unit vector along the spread; (1, 0) without
  double spread;      // its standard deviation
};

struct CurvePanel {
  double begin, end;  // of the parameter
  CurveNode first, middle, last;
  double exponents[3];  // the parameter's, at these three
  CurveNode nodes[kRuleNodes];
  // Of the whole panel, as seen from its middle.
  double radius;        // no point is farther away
  double turn;          // no unit vector along the spread differs by more
  double widest;        // the greatest length of the spread
  double exponent_max;  // the parameter's
  bool resolved;        // whether it is short enough to be close to a parabola
};

// One piece of a curve.
class CurveTree {
 public:
  // Keeps 2^(levels - 1) finest panels and all above.
  CurveTree(CurveLaw::Piece piece, const Affine& units, int levels);

  // Panel `index` of level `level` = 0, 1, ..., kDeepest, of 2^level. One that
  // is not kept is made in `room`.
  const CurvePanel& At(int level, uint64_t index, CurvePanel* room) const;

  const CurvePanel& Root() const { return kept_[0]; }

  // Of the whole piece in model units, summed over the finest panels.
  double Length() const;

  // Finer panels than these are points to double precision.
  static constexpr int kDeepest = 48;

 private:
  CurvePanel Make(double begin, double end) const;

  CurveLaw::Piece piece_;
  Affine units_;
  int levels_;
  std::vector<CurvePanel> kept_;  // level by level
};

}  // namespace unnoise

#endif  // UNNOISE_DATA_CURVE_PANELS_H_
