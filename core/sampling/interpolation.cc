// See interpolation.h.

#include "core/sampling/interpolation.h"

#include <cmath>

#include "core/base/check.h"
#include "core/base/exact_math.h"

namespace unnoise {
namespace {

double Norm(std::span<const float> x) {
  double sum = 0;
  for (const float part : x) sum += double{part} * part;
  return std::sqrt(sum);
}

// The angle in [0, pi / 2] of that sine and cosine. A round makes of an error e
// e - sin e, some e^3 / 6: of at most pi / 4 first, below 1e-13 after three.
double AngleOf(double sine, double cosine) {
  double angle = 0.785398163397448310;  // pi / 4
  for (int round = 0; round < 4; ++round) {
    angle += sine * exact::Cos(angle) - cosine * exact::Sin(angle);
  }
  return angle;
}

}  // namespace

std::vector<float> Interpolate(Interpolation kind, std::span<const float> a,
                               std::span<const float> b, int64_t count) {
  Check(count >= 2 && a.size() == b.size() && !a.empty(),
        "a way leads from one point to another of its dimension");
  const double norm_a = Norm(a), norm_b = Norm(b);
  // Half of the sum and of the difference of the directions are the cosine and
  // the sine of half the angle between them.
  double sum = 0, difference = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    const double u = a[k] / norm_a, v = b[k] / norm_b;
    sum += 0.25 * (u + v) * (u + v);
    difference += 0.25 * (u - v) * (u - v);
  }
  // Below this, single precision cannot tell which way to turn.
  constexpr double kLeast = 1e-12;
  const bool turns = kind == Interpolation::kSpherical && norm_a > 0 &&
                     norm_b > 0 && sum > kLeast && difference > kLeast;
  const double angle =
      turns ? 2 * AngleOf(std::sqrt(difference), std::sqrt(sum)) : 0;
  std::vector<float> way;
  for (int64_t i = 0; i < count; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(count - 1);
    double of_a = 1 - part, of_b = part;
    if (turns) {  // at the ends 0 and, but for double rounding, 1
      const double norm = of_a * norm_a + of_b * norm_b;
      const double scale = norm / exact::Sin(angle);
      of_a = scale * exact::Sin((1 - part) * angle) / norm_a;
      of_b = scale * exact::Sin(part * angle) / norm_b;
    }
    for (size_t k = 0; k < a.size(); ++k) {
      way.push_back(static_cast<float>(of_a * a[k] + of_b * b[k]));
    }
  }
  return way;
}

}  // namespace unnoise
