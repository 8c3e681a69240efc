// What holds for every path; the schedules themselves are in paths.cc.

#include "core/path/path.h"

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"

namespace unnoise {

void Path::VisitInterval(Visitor& visitor) {
  visitor.Real({"t_min",
                "Where the path ends on the side of the data. At t = 0 there "
                "is no noise left to predict."},
               {1e-6, 0.5, Scale::kLog}, t_min);
  visitor.Real({"t_max",
                "Where the path begins on the side of the noise. Close to t = "
                "1 too little of the data may be left to recover them from."},
               {0.01, 1}, t_max);
}

void Path::LevelsAt(std::span<const double> t, std::span<double> alpha,
                    std::span<double> sigma) const {
  for (size_t i = 0; i < t.size(); ++i) {
    const Coefficients at = At(t[i]);
    alpha[i] = at.alpha;
    sigma[i] = at.sigma;
  }
}

void Path::Validate(Problems& problems) const {
  if (t_min >= t_max) {
    problems.push_back({"t_min", "t_min is not below t_max; lower it."});
  }
}

Coefficients PreservingAt(double total, double beta) {
  const double alpha = exact::Exp(-0.5 * total);
  const double sigma = std::sqrt(-exact::Expm1(-total));
  return {alpha, sigma, -0.5 * beta * alpha,
          0.5 * beta * alpha * alpha / sigma};
}

Transition TransitionBetween(const Coefficients& t, const Coefficients& s) {
  const double ratio = t.alpha / s.alpha;
  const double carried = ratio * s.sigma;
  // Rounding may leave a tiny negative number where nothing is added.
  const double step_variance =
      std::max(0.0, (t.sigma - carried) * (t.sigma + carried));
  const double fresh = step_variance / (t.sigma * t.sigma);
  const double kept = s.sigma / t.sigma;
  return {.ratio = ratio,
          .step_variance = step_variance,
          .mean_xt = ratio * (kept * kept),
          .mean_x0 = s.alpha * fresh,
          .variance = step_variance * (kept * kept)};
}

Preconditioning PreconditioningAt(const Coefficients& at) {
  const double power = at.alpha * at.alpha + at.sigma * at.sigma;
  // Where variance is preserved, rounding is no reason to scale.
  constexpr double kRounding = 1e-12;
  const double input = power > 1 + kRounding ? 1 / std::sqrt(power) : 1;
  return {.input = input,
          .noise_skip = at.sigma / power,
          .noise_out = at.alpha * input,
          .data_skip = at.alpha / power,
          .data_out = -at.sigma * input};
}

std::vector<double> UniformGrid(const Path& path, int64_t steps) {
  Check(steps >= 1, "a grid needs at least one step");
  std::vector<double> grid(static_cast<size_t>(steps) + 1);
  for (int64_t i = 0; i < steps; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(steps);
    grid[i] = path.t_min + (path.t_max - path.t_min) * part;
  }
  grid[steps] = path.t_max;
  return grid;
}

}  // namespace unnoise
