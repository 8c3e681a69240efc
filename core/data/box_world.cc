// See box_world.h.

#include "core/data/box_world.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/check.h"
#include "core/base/exact_math.h"
#include "core/data/posterior.h"

namespace unnoise {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Terms below e^this of the greatest do not change a mean.
constexpr double kNegligible = -40;

struct AxisPosterior {
  double log_density;
  IntervalMoments moments;  // of the place in the boxes
};

class BoxMarginal final : public Marginal {
 public:
  BoxMarginal(const BoxLaw& law, const std::vector<double>& variances,
              double alpha, double sigma)
      : law_(law), variances_(variances), alpha_(alpha), noise_(sigma * sigma) {
    for (const double variance : variances) {
      totals_.push_back(alpha * alpha * variance + noise_);
      Check(totals_.back() > 0 || alpha > 0, "where alpha is 0 sigma is not");
    }
    bool flat = true;
    for (const BoxLaw::Part& part : law.parts) {
      for (const auto& axis : part.axes) {
        for (const Interval& i : axis) flat = flat && i.low < i.high;
      }
    }
    Check(flat || *std::min_element(totals_.begin(), totals_.end()) > 0,
          "a law without width needs noise: sigma above 0");
  }

  double At(std::span<const double> xt, const Truth& truth) const override {
    const size_t dim = variances_.size();
    double place[kMaxWorldDim] = {}, here[kMaxWorldDim];
    double within[kMaxWorldDim];
    const std::span<double> mean(place, dim);
    const std::span<double> covariance = truth.covariance;
    std::fill(covariance.begin(), covariance.end(), 0.0);
    Softmax softmax;
    for (const BoxLaw::Part& boxes : law_.parts) {
      double log_term = LogOf(boxes.weight);
      for (size_t i = 0; i < dim; ++i) {
        const AxisPosterior axis = OnAxis(boxes.axes[i], xt[i], totals_[i]);
        log_term += axis.log_density;
        here[i] = axis.moments.mean;
        within[i] = axis.moments.variance;
      }
      const double part = softmax.Add(log_term);
      if (!(part > 0)) continue;
      Blend(part, std::span(here, dim), mean, covariance);
      for (size_t i = 0; i < dim && !covariance.empty(); ++i) {
        covariance[i * dim + i] += part * within[i];
      }
    }
    // x0 = place + rest; given both place and xt, the rest is normal.
    for (size_t i = 0; i < dim; ++i) {
      const double off = xt[i] - alpha_ * mean[i];
      const double precision = totals_[i] > 0 ? 1 / totals_[i] : 0;
      if (!truth.score.empty()) truth.score[i] = -off * precision;
      if (!truth.mean.empty()) {
        truth.mean[i] = mean[i] + alpha_ * variances_[i] * precision * off;
      }
    }
    if (!covariance.empty()) Rest(covariance);
    return softmax.LogSum();
  }

 private:
  AxisPosterior OnAxis(const std::vector<Interval>& intervals, double x,
                       double total) const {
    const double log_count = exact::Log(static_cast<double>(intervals.size()));
    if (!(total > 0)) {
      const double x0 = x / alpha_;
      for (const Interval& i : intervals) {
        if (i.low <= x0 && x0 <= i.high) {
          return {-exact::Log(alpha_ * (i.high - i.low)) - log_count, {x0, 0}};
        }
      }
      return {-kInfinity, {x0, 0}};
    }
    double greatest = -kInfinity;
    for (const Interval& interval : intervals) {
      greatest =
          std::max(greatest, LogDensity(See(interval, x, alpha_, total)));
    }
    Softmax softmax;
    double mean = 0, variance = 0;
    for (const Interval& interval : intervals) {
      const SeenInterval seen = See(interval, x, alpha_, total);
      const double log_density = LogDensity(seen);
      if (log_density < greatest + kNegligible) continue;
      const double part = softmax.Add(log_density);
      const IntervalMoments own = Posterior(seen);
      Blend(part, std::span(&own.mean, 1), std::span(&mean, 1),
            std::span(&variance, 1));
      variance += part * own.variance;
    }
    return {softmax.LogSum() - log_count, {mean, variance}};
  }

  // From the covariance of the place to that of x0.
  void Rest(std::span<double> covariance) const {
    const size_t dim = variances_.size();
    for (size_t i = 0; i < dim; ++i) {
      const double kept = totals_[i] > 0 ? noise_ / totals_[i] : 1;
      for (size_t j = 0; j < dim; ++j) {
        covariance[i * dim + j] *= kept;
        covariance[j * dim + i] *= kept;
      }
      covariance[i * dim + i] += variances_[i] * kept;
    }
  }

  const BoxLaw& law_;
  const std::vector<double>& variances_;
  double alpha_, noise_;
  std::vector<double> totals_;  // [dim] of xt about alpha times a place
};

class BoxWorld final : public World {
 public:
  BoxWorld(BoxLaw law, const Affine& units) : law_(std::move(law)) {
    const size_t dim = static_cast<size_t>(law_.dim);
    Check(dim >= 1 && dim <= kMaxWorldDim && !law_.parts.empty() &&
              law_.noise >= 0,
          "a law of boxes has parts");
    for (BoxLaw::Part& part : law_.parts) {
      Check(part.weight >= 0 && part.axes.size() == dim,
            "boxes have a side for each axis");
      for (size_t i = 0; i < dim; ++i) {
        Check(!part.axes[i].empty(), "boxes have sides");
        for (Interval& side : part.axes[i]) {
          Check(side.low <= side.high, "a box begins before it ends");
          side.low = (side.low - units.shift[i]) / units.scale[i];
          side.high = (side.high - units.shift[i]) / units.scale[i];
        }
      }
    }
    for (size_t i = 0; i < dim; ++i) {
      const double noise = law_.noise / units.scale[i];
      variances_.push_back(noise * noise);
    }
  }

  int dim() const override { return law_.dim; }
  std::unique_ptr<Marginal> At(double alpha, double sigma) const override {
    return std::make_unique<BoxMarginal>(law_, variances_, alpha, sigma);
  }
  bool has_density() const override {
    return law_.noise > 0 || Entropy().has_value();
  }
  // Where no boxes overlap, that of the choice of a box and that within it.
  std::optional<double> Entropy() const override {
    if (law_.noise > 0) return std::nullopt;
    double entropy = 0;
    for (const BoxLaw::Part& part : law_.parts) {
      if (!(part.weight > 0)) continue;
      double own = -exact::Log(part.weight);
      for (const std::vector<Interval>& sides : part.axes) {
        const double count = static_cast<double>(sides.size());
        own += exact::Log(count);
        for (const Interval& side : sides) {
          if (!(side.low < side.high)) return std::nullopt;
          own += exact::Log(side.high - side.low) / count;
        }
      }
      entropy += part.weight * own;
    }
    return entropy;
  }
  bool memorises() const override { return false; }

 private:
  BoxLaw law_;
  std::vector<double> variances_;  // [dim] of the noise
};

}  // namespace

std::unique_ptr<World> MakeWorld(BoxLaw law, const Affine& units) {
  return std::make_unique<BoxWorld>(std::move(law), units);
}

}  // namespace unnoise
