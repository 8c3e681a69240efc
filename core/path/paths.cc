// The schedules: one final class and one row each. A new one needs nothing
// else. What is derived from any of them is in path.cc.

#include <cmath>

#include "core/base/exact_math.h"
#include "core/path/path.h"

namespace unnoise {
namespace {

constexpr double kHalfPi = 1.57079632679489661923;

// Variance preserving with a linear rate: beta(t) = beta_min + (beta_max -
// beta_min) t is the speed at which the data fade, B its integral from 0.
class LinearBeta final : public Path {
 public:
  void Visit(Visitor& v) override {
    v.Real({"beta_min",
            "How fast noise comes in at the data end. Small values spend more "
            "of the path close to the data.",
            "Song et al. 2021, eq. 33"},
           {0.001, 10, Scale::kLog}, beta_min_);
    v.Real({"beta_max",
            "How fast noise comes in at the noise end. Too small, and some of "
            "the data is still there at t = 1.",
            "Song et al. 2021, eq. 33"},
           {0.1, 100, Scale::kLog}, beta_max_);
    VisitInterval(v);
  }

  Coefficients At(double t) const override {
    const double slope = beta_max_ - beta_min_;
    const double beta = beta_min_ + slope * t;
    const double total = (beta_min_ + 0.5 * slope * t) * t;
    const double alpha = exact::Exp(-0.5 * total);
    const double sigma = std::sqrt(-exact::Expm1(-total));
    return {alpha, sigma, -0.5 * beta * alpha,
            0.5 * beta * alpha * alpha / sigma};
  }

 private:
  double beta_min_ = 0.1;
  double beta_max_ = 20;
};

// Variance preserving along a quarter of a cosine. With u(t) = (t + s) / (1 +
// s) * pi / 2 it is alpha = cos u(t) / cos u(0); all differences of angles are
// formed before the sine, so nothing cancels at either end.
class Cosine final : public Path {
 public:
  Cosine() { t_max = 0.99935; }  // alpha there is 1.013e-3

  void Visit(Visitor& v) override {
    v.Real({"s",
            "A small offset that keeps the first bit of noise from being too "
            "faint to learn from.",
            "Nichol and Dhariwal 2021, eq. 17"},
           {1e-4, 0.1, Scale::kLog}, s_);
    VisitInterval(v);
  }

  Coefficients At(double t) const override {
    const double speed = kHalfPi / (1 + s_);  // du/dt
    const double cos_start = exact::Cos(s_ * speed);
    const double alpha = exact::Sin((1 - t) * speed) / cos_start;
    // cos^2 a - cos^2 b = sin(b - a) sin(b + a)
    const double sigma =
        std::sqrt(exact::Sin(t * speed) * exact::Sin((t + 2 * s_) * speed)) /
        cos_start;
    const double d_alpha = -speed * exact::Sin((t + s_) * speed) / cos_start;
    return {alpha, sigma, d_alpha, -alpha * d_alpha / sigma};
  }

 private:
  double s_ = 0.008;
};

// The straight line from a data point to a noise point.
class Straight final : public Path {
 public:
  Straight() { t_max = 0.999; }  // alpha there is 1e-3

  void Visit(Visitor& v) override { VisitInterval(v); }

  Coefficients At(double t) const override { return {1 - t, t, -1, 1}; }
};

constexpr Row<Path> kRows[] = {
    MakeRow<Path, LinearBeta>(
        "linear_beta", "Linear beta",
        "Noise comes in slowly at first, then faster and faster; data and "
        "noise together keep their variance. Ho, Jain, Abbeel 2020; Song et "
        "al. 2021."),
    MakeRow<Path, Cosine>(
        "cosine", "Cosine",
        "Data and noise trade places like cosine and sine, which spends more "
        "of the path at middling noise. Nichol and Dhariwal 2021."),
    MakeRow<Path, Straight>(
        "straight", "Straight line",
        "Every point walks to its noise at constant speed; the variance dips "
        "halfway. Liu, Gong, Liu 2023."),
};

}  // namespace

template <>
std::span<const Row<Path>> Rows<Path>() {
  return kRows;
}

}  // namespace unnoise
