#include "core/divergence/sample_distance.h"

#include <algorithm>
#include <cmath>

#include "core/base/check.h"
#include "core/base/find_named.h"
#include "core/divergence/line_transport.h"
#include "core/metric/kernel_distance.h"
#include "core/metric/sinkhorn.h"
#include "core/metric/sliced_wasserstein.h"
#include "core/metric/w2_exact.h"

namespace unnoise {
namespace {

// As many as the metrics of the same names look at.
constexpr size_t kMaxAssigned = 1000;
constexpr size_t kMaxSpread = 2000;
constexpr size_t kMaxPairs = 2000;

struct Sets {
  Sets(const SamplePair& pair, size_t limit, bool same_size = false)
      : dim(static_cast<size_t>(std::max(pair.dim, 1))),
        n(std::min(pair.a.size() / dim, limit)),
        m(std::min(pair.b.size() / dim, limit)) {
    Check(pair.dim >= 1 && n >= 2 && m >= 2 && pair.a.size() % dim == 0 &&
              pair.b.size() % dim == 0,
          "each set needs two whole points or more");
    if (same_size) n = m = std::min(n, m);
    a = pair.a.first(n * dim);
    b = pair.b.first(m * dim);
  }
  SampleDistance Report(const Estimate& estimate) const {
    return {estimate.value, estimate.std_error, static_cast<int64_t>(n),
            static_cast<int64_t>(m)};
  }
  size_t dim, n, m;
  std::span<const float> a, b;
};

std::vector<double> Wide(std::span<const float> x) {
  return {x.begin(), x.end()};
}

double ErrorOfSum(std::span<const double> u, std::span<const double> v) {
  const double a = MeanOf(u).std_error, b = MeanOf(v).std_error;
  return std::sqrt(a * a + b * b);
}

std::vector<double> AtPoints(const LineCritic& critic,
                             const std::vector<double>& x) {
  std::vector<double> values;
  for (const double place : x) {
    const auto at = std::lower_bound(critic.x.begin(), critic.x.end(), place);
    values.push_back(critic.g[static_cast<size_t>(at - critic.x.begin())]);
  }
  return values;
}

// The best critic is the potential, and so its means spread as the distance.
SampleDistance LineW1Of(const SamplePair& pair) {
  const Sets sets(pair, SIZE_MAX);
  const std::vector<double> a = Wide(sets.a), b = Wide(sets.b);
  const LineCritic critic = BestLineCritic({a}, {b});
  return sets.Report(
      {LineW1({a}, {b}), ErrorOfSum(AtPoints(critic, a), AtPoints(critic, b))});
}

// Potentials of squared ways on the line: their slope is twice the way to where
// the plan takes a point on average, `forth` the sign of a's or b's.
std::vector<double> LinePotential(const std::vector<double>& x,
                                  const std::vector<double>& y,
                                  std::span<const LineMove> plan, bool from_x) {
  std::vector<double> target(x.size(), 0), potential(x.size(), 0);
  for (const LineMove& move : plan) {
    const uint32_t at = from_x ? move.from : move.to;
    target[at] += move.mass * y[from_x ? move.to : move.from];
  }
  const double count = static_cast<double>(x.size());
  bool first = true;
  uint32_t last = 0;
  for (const LineMove& move : plan) {  // in order
    const uint32_t at = from_x ? move.from : move.to;
    if (!first && at != last) {
      const double middle = 0.5 * (x[at] + x[last]);
      const double aim = 0.5 * count * (target[at] + target[last]);
      potential[at] = potential[last] + 2 * (middle - aim) * (x[at] - x[last]);
    }
    first = false;
    last = at;
  }
  return potential;
}

SampleDistance LineW2Of(const SamplePair& pair) {
  const Sets sets(pair, SIZE_MAX);
  const std::vector<double> a = Wide(sets.a), b = Wide(sets.b);
  const double w2 = LineW2({a}, {b});
  if (w2 == 0) return sets.Report({0, 0});
  const std::vector<LineMove> plan = MonotonePlan({a}, {b});
  const double error = ErrorOfSum(LinePotential(a, b, plan, true),
                                  LinePotential(b, a, plan, false));
  return sets.Report({w2, error / (2 * w2)});
}

SampleDistance AssignedW2(const SamplePair& pair) {
  const Sets sets(pair, kMaxAssigned, true);
  return sets.Report(ExactW2(pair.dim, sets.a, sets.b));
}

SampleDistance SpreadW2(const SamplePair& pair) {
  const Sets sets(pair, kMaxSpread);
  const SinkhornDistance found = SinkhornW2(pair.dim, {sets.a}, {sets.b});
  SampleDistance report = sets.Report(found.w2);
  report.more = {{"epsilon", found.epsilon},
                 {"marginal_error", found.marginal_error}};
  return report;
}

SampleDistance Sliced(const SamplePair& pair) {
  const Sets sets(pair, SIZE_MAX, true);
  const std::vector<float> directions = SliceDirections(pair.dim);
  std::vector<double> slices(directions.size() / sets.dim);
  SlicedWasserstein(pair.dim, sets.a, sets.b, directions, slices);
  return sets.Report(MeanOf(slices));
}

SampleDistance Energy(const SamplePair& pair) {
  const Sets sets(pair, kMaxPairs);
  return sets.Report(EnergyDistance(pair.dim, sets.a, sets.b));
}

// Bandwidths are in units of the root mean variance of B, so that a change of
// the unit changes nothing.
SampleDistance Mmd(const SamplePair& pair) {
  const Sets sets(pair, kMaxPairs);
  std::vector<double> mean(sets.dim, 0);
  double variance = 0;
  for (size_t axis = 0; axis < sets.dim; ++axis) {
    std::vector<double> x;
    for (size_t i = axis; i < sets.b.size(); i += sets.dim) {
      x.push_back(sets.b[i]);
    }
    const Estimate estimate = MeanOf(x);
    mean[axis] = estimate.value;
    variance +=
        estimate.std_error * estimate.std_error * static_cast<double>(x.size());
  }
  variance /= static_cast<double>(sets.dim);
  const double unit = variance > 0 ? std::sqrt(variance) : 1;
  const auto scaled = [&](std::span<const float> points) {
    std::vector<float> out;
    for (size_t i = 0; i < points.size(); ++i) {
      out.push_back(
          static_cast<float>((points[i] - mean[i % sets.dim]) / unit));
    }
    return out;
  };
  SampleDistance report =
      sets.Report(SquaredMmd(pair.dim, scaled(sets.a), scaled(sets.b)).back());
  report.more = {{"unit", unit}};
  return report;
}

}  // namespace

std::span<const SampleDistanceInfo> SampleDistances() {
  static const SampleDistanceInfo kRows[] = {
      {"w1", "Wasserstein-1",
       "On the line: the mean way on which the points of A must be carried to "
       "become B. Exact, for all points and any numbers of them.",
       true, LineW1Of},
      {"w2", "Wasserstein-2",
       "On the line: the root mean square way, when mass is carried as well as "
       "can be. Exact, for all points and any numbers of them.",
       true, LineW2Of},
      {"w2_exact", "Wasserstein-2 by assignment",
       "The least root mean square way, each point of A going to a point of B "
       "of its own. From as many points of each, 1,000 at most.",
       false, AssignedW2},
      {"w2_sinkhorn", "Sinkhorn's Wasserstein-2",
       "The same, smoothed by an entropy term whose part is taken off again: "
       "for more points, and sets of unequal sizes. From 2,000 points of each "
       "at most.",
       false, SpreadW2},
      {"sliced_wasserstein", "Sliced Wasserstein",
       "The mean way as seen from 128 fixed directions; its error is that of "
       "the directions. From as many points of each.",
       false, Sliced},
      {"energy_distance", "Energy distance",
       "How much farther points of the two sets lie from each other than from "
       "their own; without bias, so around 0 for two sets of one law. From "
       "2,000 points of each at most.",
       false, Energy},
      {"mmd", "Squared MMD",
       "How well smooth bumps of three widths (0.1, 0.3 and 1 times the root "
       "of the dimension, in standard deviations of B) tell the sets apart; "
       "without bias. From 2,000 points of each at most.",
       false, Mmd},
  };
  return kRows;
}

Result<std::vector<const SampleDistanceInfo*>> FindSampleDistances(
    std::span<const std::string> names) {
  return FindNamed(SampleDistances(), names, "metrics", "distance");
}

std::string_view WhyNot(const SampleDistanceInfo& distance, int dim) {
  return distance.line_only && dim != 1
             ? "it is exact on the line alone; w2_exact and w2_sinkhorn take "
               "more coordinates."
             : "";
}

}  // namespace unnoise
