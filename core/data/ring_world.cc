// See ring_world.h.

#include "core/data/ring_world.h"

#include <cmath>
#include <utility>

#include "core/base/check.h"
#include "core/base/exact_math.h"
#include "core/data/curve_world.h"
#include "core/data/plane.h"
#include "core/data/posterior.h"

namespace unnoise {
namespace {

// In model units.
struct Rings {
  double center[2];
  std::vector<double> radii;
  double variance;  // of the noise on each axis
};

class RingMarginal final : public Marginal {
 public:
  RingMarginal(const Rings& law, double alpha, double sigma)
      : law_(law),
        alpha_(alpha),
        noise_(sigma * sigma),
        total_(alpha * alpha * law.variance + noise_) {
    Check(total_ > 0, "a law without width needs noise: sigma above 0");
    constant_ = -kLogTwoPi - exact::Log(total_) -
                exact::Log(static_cast<double>(law.radii.size()));
  }

  // With r = |xt - alpha centre| and the concentration k = alpha r R / total,
  // a ring of radius R has the density e^(-(r - alpha R)^2 / 2 total) I0e(k) /
  // (2 pi total), and its point the mean R A(k) towards xt, A = I1 / I0, and
  // the variances R^2 A'(k) along and R^2 A(k) / k across.
  double At(std::span<const double> xt, const Truth& truth) const override {
    const double dx = xt[0] - alpha_ * law_.center[0];
    const double dy = xt[1] - alpha_ * law_.center[1];
    const double r = std::sqrt(dx * dx + dy * dy);
    const double cos = r > 0 ? dx / r : 1, sin = r > 0 ? dy / r : 0;
    Softmax softmax;
    double reach = 0, along = 0, across = 0;
    for (const double radius : law_.radii) {
      const double off = r - alpha_ * radius;
      const double k = alpha_ * r * radius / total_;
      const double scaled = exact::I0e(k);
      const double part =
          softmax.Add(-0.5 * off * off / total_ + exact::Log(scaled));
      if (!(part > 0)) continue;
      const double ratio = exact::I1e(k) / scaled;
      const double square = radius * radius, kept = 1 - part;
      const double step = radius * ratio - reach;
      along = kept * (along + part * step * step) +
              part * square * exact::BesselRatioSlope(k);
      across = kept * across + part * square * (k > 0 ? ratio / k : 0.5);
      reach += part * step;
    }
    // x0 = point + rest; given both point and xt, the rest is normal.
    const double off = r - alpha_ * reach;
    if (!truth.score.empty()) {
      truth.score[0] = -off / total_ * cos;
      truth.score[1] = -off / total_ * sin;
    }
    if (!truth.mean.empty()) {
      const double mean = reach + alpha_ * law_.variance / total_ * off;
      truth.mean[0] = law_.center[0] + mean * cos;
      truth.mean[1] = law_.center[1] + mean * sin;
    }
    if (!truth.covariance.empty()) {
      const double kept = noise_ / total_;
      const double rest = law_.variance * kept;
      along = kept * kept * along + rest;
      across = kept * kept * across + rest;
      truth.covariance[0] = along * cos * cos + across * sin * sin;
      truth.covariance[3] = along * sin * sin + across * cos * cos;
      truth.covariance[1] = truth.covariance[2] = (along - across) * cos * sin;
    }
    return constant_ + softmax.LogSum();
  }

 private:
  const Rings& law_;
  double alpha_, noise_, total_;
  double constant_;
};

class RingWorld final : public World {
 public:
  explicit RingWorld(Rings law) : law_(std::move(law)) {}

  int dim() const override { return 2; }
  std::unique_ptr<Marginal> At(double alpha, double sigma) const override {
    return std::make_unique<RingMarginal>(law_, alpha, sigma);
  }
  bool has_density() const override { return law_.variance > 0; }
  std::optional<double> Entropy() const override { return std::nullopt; }
  bool memorises() const override { return false; }

 private:
  Rings law_;
};

}  // namespace

std::unique_ptr<World> MakeWorld(const RingLaw& law, const Affine& units) {
  Check(!law.radii.empty() && law.noise >= 0, "rings have radii");
  const double scale = units.scale[0];
  if (scale == units.scale[1]) {
    Rings rings{{-units.shift[0] / scale, -units.shift[1] / scale},
                law.radii,
                law.noise * law.noise / (scale * scale)};
    for (double& radius : rings.radii) radius /= scale;
    return std::make_unique<RingWorld>(std::move(rings));
  }
  CurveLaw curve{.pieces = {}, .noise = law.noise};
  for (const double radius : law.radii) {
    curve.pieces.push_back(
        {1 / static_cast<double>(law.radii.size()), [radius](double u) {
           const double angle = 2 * kPi * u;
           return CurvePoint{.x = radius * exact::Cos(angle),
                             .y = radius * exact::Sin(angle)};
         }});
  }
  return MakeWorld(curve, units);
}

}  // namespace unnoise
