#include "core/divergence/monte_carlo.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/check.h"
#include "core/base/exact_math.h"

namespace unnoise {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Calls visit(x) for each point of [n, dim].
template <class Visit>
void ForPoints(int dim, std::span<const float> points, const Visit& visit) {
  const size_t size = static_cast<size_t>(dim);
  Check(!points.empty() && points.size() % size == 0,
        "an estimate needs a whole point or more");
  std::vector<double> x(size);
  for (size_t i = 0; i < points.size(); i += size) {
    for (size_t axis = 0; axis < size; ++axis) x[axis] = points[i + axis];
    visit(Point(x));
  }
}

}  // namespace

void RunningMean::Add(double value) {
  ++count_;
  const double gap = value - mean_;
  mean_ += gap / static_cast<double>(count_);
  squares_ += gap * (value - mean_);
}

double RunningMean::std() const {
  return count_ > 1 ? std::sqrt(squares_ / static_cast<double>(count_ - 1)) : 0;
}

double RunningMean::std_error() const {
  return count_ > 1 ? std() / std::sqrt(static_cast<double>(count_)) : 0;
}

Estimate MonteCarloKl(const KnownDensity& p, const KnownDensity& q,
                      std::span<const float> points) {
  Check(p.dim == q.dim, "the two densities are of different dimensions");
  std::vector<double> logs;
  ForPoints(p.dim, points, [&](Point x) {
    logs.push_back(p.log_density(x) - q.log_density(x));
  });
  return MeanOf(logs);
}

ImportanceEstimate ImportanceSampling(std::span<const double> values,
                                      std::span<const double> log_weights) {
  const size_t n = values.size();
  Check(n >= 1 && log_weights.size() == n,
        "importance sampling needs a value and a weight for each draw");
  const double most = *std::max_element(log_weights.begin(), log_weights.end());
  ImportanceEstimate estimate;
  if (most == -kInfinity) return estimate;
  std::vector<double> scaled(n), products(n);
  double sum = 0, squares = 0, weighted = 0;
  for (size_t i = 0; i < n; ++i) {
    scaled[i] = exact::Exp(log_weights[i] - most);
    // A weight of 0 is 0 whatever the value: q may draw where p is not.
    products[i] = scaled[i] == 0 ? 0 : scaled[i] * values[i];
    sum += scaled[i];
    squares += scaled[i] * scaled[i];
    weighted += products[i];
  }
  const double scale = exact::Exp(most);
  estimate.mean = MeanOf(products);
  estimate.mean.value *= scale;
  estimate.mean.std_error *= scale;
  estimate.effective_samples = sum * sum / squares;
  estimate.largest_share = 1 / sum;
  // The error of a ratio to first order, as the delta method gives it.
  const double ratio = weighted / sum;
  double off = 0;
  for (size_t i = 0; i < n; ++i) {
    const double gap = products[i] - scaled[i] * ratio;
    off += gap * gap;
  }
  estimate.self_normalised = {ratio, n > 1 ? std::sqrt(off) / sum : 0};
  return estimate;
}

ImportanceEstimate ImportanceSampling(const Function& h, const KnownDensity& p,
                                      const KnownDensity& q,
                                      std::span<const float> points) {
  Check(p.dim == q.dim, "the two densities are of different dimensions");
  std::vector<double> values, log_weights;
  ForPoints(p.dim, points, [&](Point x) {
    values.push_back(h(x));
    log_weights.push_back(p.log_density(x) - q.log_density(x));
  });
  return ImportanceSampling(values, log_weights);
}

ImportanceVariance ImportanceVarianceOf(const Function& h,
                                        const KnownDensity& p,
                                        const KnownDensity& q,
                                        const QuadratureOptions& options) {
  const std::vector<Integral> integrals = Integrate(
      DomainOf(p, q), 2,
      [&](Point x, std::span<double> out) {
        const double log_p = p.log_density(x), log_q = q.log_density(x);
        out[0] = out[1] = 0;
        if (log_p == -kInfinity) return;
        const double value = h(x);
        if (value == 0) return;
        // By logarithms, since h may be as large as p is small.
        const double log_value = exact::Log(std::fabs(value)) + log_p;
        const double size = exact::Exp(log_value);
        out[0] = value < 0 ? -size : size;
        out[1] = exact::Exp(2 * log_value - log_q);
      },
      options);
  const double mean = integrals[0].value;
  return {integrals[0], integrals[1],
          std::max(integrals[1].value - mean * mean, 0.0)};
}

KnownDensity OptimalProposal(const Function& h, const KnownDensity& p,
                             const QuadratureOptions& options) {
  const auto log_product = [h, log_p = p.log_density](Point x) {
    const double at = log_p(x), value = h(x);
    if (at == -kInfinity || value == 0) return -kInfinity;
    return exact::Log(std::fabs(value)) + at;
  };
  const Integral total = Integrate(
      DomainOf(p, p), 1,
      [&](Point x, std::span<double> out) {
        out[0] = exact::Exp(log_product(x));
      },
      options)[0];
  Check(total.status != IntegralStatus::kUnbounded && total.value > 0,
        "the mean of |h| is finite and above 0");
  const double log_total = exact::Log(total.value);
  return {.dim = p.dim,
          .log_density = [=](Point x) { return log_product(x) - log_total; },
          .bumps = p.bumps,
          .corners = p.corners};
}

}  // namespace unnoise
