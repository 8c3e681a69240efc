#include "core/divergence/quadrature.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "core/base/exact_math.h"

namespace unnoise {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kNodesPerPanel = 8;
// Of the coarsest grid: on two standard deviations the rule gives the mass of a
// normal law to 1e-12.
constexpr double kFirstFineness = 2;
// A normal law has a part of 1e-32 beyond; products of densities need more.
constexpr double kFirstReach = 12;
constexpr double kMaxReach = 1e5;
// Panels may grow by this part of their distance to the nearest bump.
constexpr double kGrowth = 0.25;
constexpr double kKept = 8;  // widths within which they do not grow
// What the outermost panels may hold of an integral, as part of tolerance.
constexpr double kEdgePart = 0.1;

// Nodes of an axis, panel by panel.
struct Axis {
  std::vector<double> nodes, weights;
};

Axis MakeAxis(std::span<const double> ends, const GaussRule& rule) {
  Axis axis;
  for (size_t k = 0; k + 1 < ends.size(); ++k) {
    const double half = 0.5 * (ends[k + 1] - ends[k]);
    const double middle = ends[k] + half;
    for (size_t i = 0; i < rule.nodes.size(); ++i) {
      axis.nodes.push_back(middle + half * rule.nodes[i]);
      axis.weights.push_back(half * rule.weights[i]);
    }
  }
  return axis;
}

struct Sums {
  explicit Sums(size_t count) : total(count), edge(count) {}
  std::vector<double> total;
  std::vector<double> edge;  // sizes within the outermost panels, summed
};

Sums SumOver(const std::vector<Axis>& axes, size_t count,
             const Integrands& integrands) {
  Sums sums(count);
  std::vector<double> row(count), row_edge(count), value(count);
  std::vector<double> x(axes.size());
  const Axis one{{0}, {1}};
  const Axis& inner = axes.back();
  const Axis& outer = axes.size() == 2 ? axes.front() : one;
  const auto at_edge = [](const Axis& axis, size_t i) {
    constexpr size_t kPanel = kNodesPerPanel;
    return axis.nodes.size() > 1 &&
           (i < kPanel || i + kPanel >= axis.nodes.size());
  };
  for (size_t i = 0; i < outer.nodes.size(); ++i) {
    std::fill(row.begin(), row.end(), 0);
    std::fill(row_edge.begin(), row_edge.end(), 0);
    if (axes.size() == 2) x.front() = outer.nodes[i];
    for (size_t j = 0; j < inner.nodes.size(); ++j) {
      x.back() = inner.nodes[j];
      integrands(x, value);
      const bool edge = at_edge(outer, i) || at_edge(inner, j);
      for (size_t k = 0; k < count; ++k) {
        const double term = inner.weights[j] * value[k];
        row[k] += term;
        if (edge) row_edge[k] += std::fabs(term);
      }
    }
    for (size_t k = 0; k < count; ++k) {
      sums.total[k] += outer.weights[i] * row[k];
      sums.edge[k] += outer.weights[i] * row_edge[k];
    }
  }
  return sums;
}

}  // namespace

std::string_view NameOf(IntegralStatus status) {
  switch (status) {
    case IntegralStatus::kConverged:
      return "converged";
    case IntegralStatus::kCoarse:
      return "coarse";
    case IntegralStatus::kUnbounded:
      return "unbounded";
  }
  return "";
}

// Newton's method on the Legendre polynomial, from the usual estimate of its
// roots; both recurrences are Abramowitz and Stegun 1972, 22.7.10 and 22.8.5.
GaussRule GaussLegendre(int n) {
  Check(n >= 1 && n <= 64, "a rule has 1 to 64 nodes");
  GaussRule rule;
  for (int i = 0; i < n; ++i) {
    double x = -exact::Cos(kPi * (i + 0.75) / (n + 0.5)), slope = 1;
    for (int step = 0; step < 8; ++step) {
      double before = 1, value = x;
      for (int k = 2; k <= n; ++k) {
        const double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
        before = value;
        value = next;
      }
      slope = n * (x * value - before) / (x * x - 1);
      x -= value / slope;
    }
    rule.nodes.push_back(x);
    rule.weights.push_back(2 / ((1 - x * x) * slope * slope));
  }
  return rule;
}

std::vector<double> PanelEnds(std::span<const Bump> bumps,
                              std::span<const double> corners, double reach,
                              double fineness) {
  Check(!bumps.empty() && reach > 0 && fineness > 0,
        "panels need a bump, a reach and a fineness");
  double low = kInfinity, high = -kInfinity;
  for (const Bump& bump : bumps) {
    Check(std::isfinite(bump.centre) && bump.width > 0 &&
              std::isfinite(bump.width),
          "a bump has a finite centre and a width above 0");
    low = std::min(low, bump.centre - reach * bump.width);
    high = std::max(high, bump.centre + reach * bump.width);
  }
  Check(low < high, "a bump is too narrow for its place");
  std::vector<double> ends = {low};
  while (ends.back() < high) {
    const double x = ends.back();
    double step = kInfinity;
    for (const Bump& bump : bumps) {
      const double away = std::fabs(x - bump.centre) - kKept * bump.width;
      step = std::min(step, std::max(bump.width, kGrowth * away));
    }
    // A step that rounding swallows: the bumps are too narrow for where they
    // are.
    const double next = x + fineness * step;
    Check(next > x, "a bump is too narrow for its place");
    ends.push_back(std::min(next, high));
  }
  for (const double corner : corners) {
    if (corner > low && corner < high) ends.push_back(corner);
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

std::vector<Integral> Integrate(const Domain& domain, size_t count,
                                const Integrands& integrands,
                                const QuadratureOptions& options) {
  Check((domain.bumps.size() == 1 || domain.bumps.size() == 2) &&
            (domain.corners.empty() ||
             domain.corners.size() == domain.bumps.size()),
        "integrals are over one axis or two");
  const GaussRule rule = GaussLegendre(kNodesPerPanel);
  double fineness = kFirstFineness, reach = kFirstReach;
  const auto evaluate = [&](int64_t limit) -> Sums {
    std::vector<Axis> axes;
    int64_t nodes = 1;
    for (size_t k = 0; k < domain.bumps.size(); ++k) {
      axes.push_back(
          MakeAxis(PanelEnds(domain.bumps[k],
                             domain.corners.empty() ? std::span<const double>()
                                                    : domain.corners[k],
                             reach, fineness),
                   rule));
      nodes *= static_cast<int64_t>(axes.back().nodes.size());
    }
    if (limit > 0 && nodes > limit) return Sums(0);
    return SumOver(axes, count, integrands);
  };
  const auto close = [&](double difference, double value) {
    return std::fabs(difference) <= options.tolerance * (1 + std::fabs(value));
  };

  std::vector<Integral> integrals(count);
  // First the window, on the coarsest grid, which is tried whatever it takes.
  Sums sums = evaluate(0);
  for (bool wider = true; wider && reach < kMaxReach;) {
    wider = false;
    for (size_t k = 0; k < count; ++k) {
      const double value = sums.total[k];
      wider |= std::isfinite(value) && !close(sums.edge[k] / kEdgePart, value);
    }
    if (!wider) break;
    reach *= 2;
    sums = evaluate(0);
  }
  for (size_t k = 0; k < count; ++k) {
    integrals[k].value = sums.total[k];
    integrals[k].error = kInfinity;
    if (!std::isfinite(sums.total[k]) ||
        !close(sums.edge[k] / kEdgePart, sums.total[k])) {
      integrals[k].status = IntegralStatus::kUnbounded;
    }
  }
  // Then the panels.
  for (bool finer = true; finer;) {
    fineness *= 0.5;
    const Sums next = evaluate(options.max_nodes);
    finer = false;
    for (size_t k = 0; k < count; ++k) {
      Integral& integral = integrals[k];
      if (integral.status == IntegralStatus::kUnbounded) continue;
      if (next.total.empty()) {
        if (!close(integral.error, integral.value)) {
          integral.status = IntegralStatus::kCoarse;
        }
        continue;
      }
      // What has settled is left, so that no integral depends on others.
      if (close(integral.error, integral.value)) continue;
      integral.error = std::fabs(next.total[k] - integral.value);
      integral.value = next.total[k];
      if (!std::isfinite(integral.value)) {
        integral.status = IntegralStatus::kUnbounded;
      } else {
        finer |= !close(integral.error, integral.value);
      }
    }
    if (next.total.empty()) break;
  }
  return integrals;
}

}  // namespace unnoise
