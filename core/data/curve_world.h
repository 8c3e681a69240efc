// Exact worlds of curves in the plane: a point of a curve, drawn by a density
// of the curve's parameter, and normal noise about it. The posterior of the
// parameter is summed by quadrature along the curve, on panels that are halved
// until the rule of gauss_legendre.h holds for the xt at hand; what is below
// e^-32 of the greatest term is left out. Relative error of densities and
// posteriors below 1e-10, at every level of noise and everywhere near the law;
// far out, at the distance d, what rounding leaves of d^2 / (2 width^2).

#ifndef UNNOISE_DATA_CURVE_WORLD_H_
#define UNNOISE_DATA_CURVE_WORLD_H_

#include <functional>
#include <memory>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/world.h"

namespace unnoise {

// What a curve says of one value of its parameter, in data units.
struct CurvePoint {
  double x = 0, y = 0;
  // The parameter's density is weight * e^exponent, the first of them close to
  // a polynomial.
  double weight = 1;
  double exponent = 0;
  // The point is spread further by a normal law along this direction, of this
  // length as standard deviation.
  double spread_x = 0, spread_y = 0;
};

struct CurveLaw {
  // A curve over the parameter in [0, 1], smooth within; `at` may be called by
  // many threads.
  struct Piece {
    double weight = 1;
    std::function<CurvePoint(double)> at;
  };
  std::vector<Piece> pieces;  // weights and densities together integrate to 1
  double noise = 0;           // standard deviation, 0 where points are spread
  bool spread = false;        // whether they are
};

// Throws UsageError for numbers that are no law.
std::unique_ptr<World> MakeWorld(const CurveLaw& law, const Affine& units);

}  // namespace unnoise

#endif  // UNNOISE_DATA_CURVE_WORLD_H_
