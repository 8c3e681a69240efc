#include "core/path/curve.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/check.h"

namespace unnoise {
namespace {

// The slope at an end by the parabola through three points, of which the first
// two are `h` apart and joined by the slope `own`; held to what keeps the cubic
// monotone.
double EndSlope(double h, double next_h, double own, double next) {
  const double slope = ((2 * h + next_h) * own - h * next) / (h + next_h);
  if (slope * own <= 0) return 0;
  if (own * next <= 0 && std::fabs(slope) > 3 * std::fabs(own)) return 3 * own;
  return slope;
}

// With steps h to the left and next_h to the right.
double InnerSlope(double h, double next_h, double left, double right) {
  if (left * right <= 0) return 0;
  const double w_left = 2 * next_h + h, w_right = next_h + 2 * h;
  return (w_left + w_right) / (w_left / left + w_right / right);
}

}  // namespace

MonotoneCurve::MonotoneCurve(std::vector<double> x, std::vector<double> y)
    : x_(std::move(x)), y_(std::move(y)) {
  const size_t n = x_.size();
  Check(n >= 2 && y_.size() == n, "a curve needs two points or more");
  const auto step = [&](size_t i) { return x_[i + 1] - x_[i]; };
  const auto secant = [&](size_t i) { return (y_[i + 1] - y_[i]) / step(i); };
  slope_.assign(n, secant(0));
  if (n == 2) return;
  slope_[0] = EndSlope(step(0), step(1), secant(0), secant(1));
  slope_[n - 1] =
      EndSlope(step(n - 2), step(n - 3), secant(n - 2), secant(n - 3));
  for (size_t i = 1; i + 1 < n; ++i) {
    slope_[i] = InnerSlope(step(i - 1), step(i), secant(i - 1), secant(i));
  }
}

MonotoneCurve::Point MonotoneCurve::At(double x) const {
  const auto above = std::upper_bound(x_.begin() + 1, x_.end() - 1, x);
  const size_t right = static_cast<size_t>(above - x_.begin());
  const size_t left = right - 1;
  x = std::min(std::max(x, x_[left]), x_[right]);
  // From the nearer end, so that what falls to 0 there is right to rounding.
  const bool from_left = x - x_[left] <= x_[right] - x;
  const size_t near = from_left ? left : right;
  const size_t far = from_left ? right : left;
  const double h = x_[far] - x_[near];  // negative from the right
  const double s = (x - x_[near]) / h;
  const double rise = y_[far] - y_[near];
  const double a = h * slope_[near], b = h * slope_[far];
  const double square = 3 * rise - 2 * a - b, cube = a + b - 2 * rise;
  const double value = y_[near] + s * (a + s * (square + s * cube));
  const auto [low, high] = std::minmax(y_[near], y_[far]);
  return {std::min(std::max(value, low), high),  // rounding stays within
          (a + s * (2 * square + 3 * s * cube)) / h};
}

}  // namespace unnoise
