#include "core/path/sde.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/exact_math.h"

namespace unnoise {

LinearSde SdeAt(const Coefficients& at) {
  const double drift = at.d_alpha / at.alpha;
  const double growth = at.d_sigma - drift * at.sigma;
  const LinearSde sde{drift, 2 * at.sigma * growth};
  Check(std::isfinite(sde.drift) && std::isfinite(sde.diffusion2),
        "the path has no finite drift and diffusion here; stay off its ends");
  return sde;
}

NormalStep JumpTo(const Path& path, double t) {
  const Coefficients at = path.At(t);
  return {at.alpha, at.sigma * at.sigma};
}

NormalStep ChainStep(const Path& path, double s, double t) {
  const Transition step = TransitionBetween(path.At(t), path.At(s));
  return {step.ratio, step.step_variance};
}

NormalStep EulerMaruyamaStep(const Path& path, double s, double t) {
  const LinearSde sde = SdeAt(path.At(s));
  return {1 + sde.drift * (t - s), sde.diffusion2 * (t - s)};
}

NormalStep Integrate(const std::function<LinearSde(double)>& sde, double s,
                     double t, int64_t steps) {
  Check(steps >= 1 && t > s, "to integrate takes a step forward");
  const double h = (t - s) / static_cast<double>(steps);
  double log_factor = 0, variance = 0;
  for (int64_t i = 0; i < steps; ++i) {
    const double now = s + h * static_cast<double>(i);
    const LinearSde start = sde(now), middle = sde(now + 0.5 * h),
                    end = sde(now + h);
    const auto growth = [](const LinearSde& at, double v) {
      return 2 * at.drift * v + at.diffusion2;
    };
    const double k1 = growth(start, variance);
    const double k2 = growth(middle, variance + 0.5 * h * k1);
    const double k3 = growth(middle, variance + 0.5 * h * k2);
    const double k4 = growth(end, variance + h * k3);
    log_factor += h / 6 * (start.drift + 4 * middle.drift + end.drift);
    variance += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return {exact::Exp(log_factor), variance};
}

NormalStep Then(const NormalStep& first, const NormalStep& second) {
  return {second.factor * first.factor,
          second.factor * second.factor * first.variance + second.variance};
}

void Take(const NormalStep& step, Key key, uint64_t first, std::span<float> x) {
  constexpr size_t kPart = 256;
  std::array<float, kPart> noise;
  const float factor = static_cast<float>(step.factor);
  const float deviation = static_cast<float>(std::sqrt(step.variance));
  for (size_t begin = 0; begin < x.size(); begin += kPart) {
    const size_t count = std::min(kPart, x.size() - begin);
    FillNormal(key, first + begin, std::span(noise).first(count));
    for (size_t i = 0; i < count; ++i) {
      x[begin + i] = factor * x[begin + i] + deviation * noise[i];
    }
  }
}

}  // namespace unnoise
