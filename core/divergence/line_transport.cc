#include "core/divergence/line_transport.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/check.h"

namespace unnoise {
namespace {

// A set in order, with the mass up to and with each point.
struct Sorted {
  explicit Sorted(const LinePoints& points)
      : order(points.x.size()), below(points.x.size()) {
    const std::span<const double> x = points.x, w = points.weights;
    Check(!x.empty() && x.size() < UINT32_MAX &&
              (w.empty() || w.size() == x.size()),
          "transport needs points, and as many weights or none");
    Check(std::all_of(x.begin(), x.end(),
                      [](double v) { return std::isfinite(v); }) &&
              std::all_of(w.begin(), w.end(),
                          [](double v) { return std::isfinite(v) && v >= 0; }),
          "points are finite, and weights not below 0");
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](uint32_t i, uint32_t j) {
      return x[i] != x[j] ? x[i] < x[j] : i < j;
    });
    double sum = 0;
    for (size_t k = 0; k < order.size(); ++k) {
      sum += w.empty() ? 1 : w[order[k]];
      below[k] = sum;
    }
    Check(sum > 0 && std::isfinite(sum), "some weight is above 0");
    total = sum;
  }
  std::vector<uint32_t> order;
  std::vector<double> below;  // out of total
  double total;
};

// Calls visit(i, j, mass) for the parts of the plan, i and j being ranks. Mass
// is counted in units in which both sets are whole numbers if their weights
// are equal, so that equal weights leave no crumbs.
template <class Visit>
void ForMoves(const Sorted& a, const Sorted& b, const Visit& visit) {
  const double unit = 1 / (a.total * b.total);
  size_t i = 0, j = 0;
  double done = 0;
  while (i < a.order.size() && j < b.order.size()) {
    const double end_a = a.below[i] * b.total, end_b = b.below[j] * a.total;
    const double end = std::min(end_a, end_b);
    if (end > done) {
      visit(i, j, (end - done) * unit);
      done = end;
    }
    // At the end both are the product of the totals: no mass is left over.
    i += end_a <= end_b;
    j += end_b <= end_a;
  }
}

template <class Way>
double MeanOverPlan(const LinePoints& a, const LinePoints& b, const Way& way) {
  const Sorted sorted_a(a), sorted_b(b);
  double sum = 0;
  ForMoves(sorted_a, sorted_b, [&](size_t i, size_t j, double mass) {
    sum += mass * way(a.x[sorted_a.order[i]] - b.x[sorted_b.order[j]]);
  });
  return sum;
}

void CheckCdf(const LineCdf& cdf) {
  Check(cdf.x.size() >= 2 && cdf.x.size() == cdf.f.size() &&
            cdf.f.front() == 0 && cdf.f.back() == 1,
        "a distribution function has two knots or more and goes from 0 to 1");
  bool good = std::isfinite(cdf.x[0]);
  for (size_t k = 1; k < cdf.x.size(); ++k) {
    good &= cdf.x[k] > cdf.x[k - 1] && std::isfinite(cdf.x[k]) &&
            cdf.f[k] >= cdf.f[k - 1];
  }
  Check(good, "knots are finite and increase; values do not decrease");
}

// Between two probabilities that follow each other in either list the quantile
// functions are linear, and so is their difference: calls visit(length, at the
// start, at the end) for each such piece.
template <class Visit>
void ForPieces(const LineCdf& a, const LineCdf& b, const Visit& visit) {
  CheckCdf(a);
  CheckCdf(b);
  const auto quantile = [](const LineCdf& cdf, size_t k, double u) {
    const double rise = cdf.f[k + 1] - cdf.f[k];
    return cdf.x[k] + (cdf.x[k + 1] - cdf.x[k]) * ((u - cdf.f[k]) / rise);
  };
  size_t i = 0, j = 0;  // pieces of a and b
  double u = 0;
  while (u < 1) {
    while (a.f[i + 1] <= u) ++i;  // flat pieces carry nothing
    while (b.f[j + 1] <= u) ++j;
    const double end = std::min(a.f[i + 1], b.f[j + 1]);
    visit(end - u, quantile(a, i, u) - quantile(b, j, u),
          quantile(a, i, end) - quantile(b, j, end));
    u = end;
  }
}

}  // namespace

std::vector<LineMove> MonotonePlan(const LinePoints& a, const LinePoints& b) {
  const Sorted sorted_a(a), sorted_b(b);
  std::vector<LineMove> plan;
  ForMoves(sorted_a, sorted_b, [&](size_t i, size_t j, double mass) {
    plan.push_back({sorted_a.order[i], sorted_b.order[j], mass});
  });
  return plan;
}

double LineW1(const LinePoints& a, const LinePoints& b) {
  return MeanOverPlan(a, b, [](double way) { return std::fabs(way); });
}

double LineW2(const LinePoints& a, const LinePoints& b) {
  return std::sqrt(MeanOverPlan(a, b, [](double way) { return way * way; }));
}

double CdfW1(const LineCdf& a, const LineCdf& b) {
  double sum = 0;
  ForPieces(a, b, [&](double length, double start, double end) {
    const double s = std::fabs(start), e = std::fabs(end);
    const bool crosses = (start < 0) != (end < 0);
    // Two triangles where the difference changes its sign.
    sum += length * (crosses && s + e > 0 ? 0.5 * (s * s + e * e) / (s + e)
                                          : 0.5 * (s + e));
  });
  return sum;
}

double CdfW2(const LineCdf& a, const LineCdf& b) {
  double sum = 0;
  ForPieces(a, b, [&](double length, double start, double end) {
    sum += length * (start * start + start * end + end * end) / 3;
  });
  return std::sqrt(sum);
}

LineCritic BestLineCritic(const LinePoints& a, const LinePoints& b) {
  const Sorted sorted_a(a), sorted_b(b);
  LineCritic critic;
  size_t i = 0, j = 0;
  double below_a = 0, below_b = 0;  // of all mass, up to the last place
  while (i < a.x.size() || j < b.x.size()) {
    const bool from_a =
        j == b.x.size() ||
        (i < a.x.size() && a.x[sorted_a.order[i]] <= b.x[sorted_b.order[j]]);
    const double x = from_a ? a.x[sorted_a.order[i]] : b.x[sorted_b.order[j]];
    if (critic.x.empty()) {
      critic.x.push_back(x);
      critic.g.push_back(0);
    } else if (x > critic.x.back()) {
      // It falls where a has more mass below, which so is worth more.
      const double slope = below_a > below_b ? -1 : below_a < below_b ? 1 : 0;
      critic.g.push_back(critic.g.back() + slope * (x - critic.x.back()));
      critic.x.push_back(x);
    }
    if (from_a) {
      below_a = sorted_a.below[i++] / sorted_a.total;
    } else {
      below_b = sorted_b.below[j++] / sorted_b.total;
    }
  }
  return critic;
}

}  // namespace unnoise
