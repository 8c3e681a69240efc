// A smooth curve through given points that rises and falls only where they do.
// Knows nothing of paths.

#ifndef UNNOISE_PATH_CURVE_H_
#define UNNOISE_PATH_CURVE_H_

#include <vector>

namespace unnoise {

// A piecewise cubic with a continuous slope. Between two points it stays
// between their values, and it is strictly monotone there unless they are
// equal; a straight line stays straight.
// Source: Fritsch, Carlson 1980; inner slopes by Brodlie's weighted harmonic
// mean as in Fritsch, Butland 1984, those at the ends by three points.
class MonotoneCurve {
 public:
  MonotoneCurve() = default;
  // At least two points, x ascending, all finite.
  MonotoneCurve(std::vector<double> x, std::vector<double> y);

  struct Point {
    double value;
    double slope;
  };
  // x within the first and the last; beyond them the value is theirs. Exact at
  // every point.
  Point At(double x) const;

 private:
  std::vector<double> x_, y_, slope_;
};

}  // namespace unnoise

#endif  // UNNOISE_PATH_CURVE_H_
