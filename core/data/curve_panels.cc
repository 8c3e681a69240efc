// See curve_panels.h.

#include "core/data/curve_panels.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/data/posterior.h"

namespace unnoise {
namespace {

double Distance(double x, double y) { return std::sqrt(x * x + y * y); }

double Turn(const CurveNode& a, const CurveNode& b) {
  return Distance(a.tx - b.tx, a.ty - b.ty);
}

double Apart(const CurveNode& a, const CurveNode& b) {
  return Distance(a.x - b.x, a.y - b.y);
}

// A panel's middle may be off the chord by this part of it, as for an arc of
// half a radian; unit vectors may turn as far.
constexpr double kSag = 1.0 / 16;
constexpr double kTurn = 0.5;
// Between its nodes a panel may reach a little beyond them.
constexpr double kMargin = 1.1;

}  // namespace

CurveTree::CurveTree(CurveLaw::Piece piece, const Affine& units, int levels)
    : piece_(std::move(piece)), units_(units), levels_(levels) {
  for (int level = 0; level < levels; ++level) {
    const double size = 1 / static_cast<double>(uint64_t{1} << level);
    for (uint64_t i = 0; i < uint64_t{1} << level; ++i) {
      kept_.push_back(Make(static_cast<double>(i) * size,
                           static_cast<double>(i + 1) * size));
    }
  }
  // What the finest panels say holds for all above them.
  for (size_t i = (size_t{1} << (levels - 1)) - 1; i-- > 0;) {
    CurvePanel& panel = kept_[i];
    panel.radius = panel.turn = panel.widest = 0;
    panel.exponent_max = -std::numeric_limits<double>::infinity();
    for (const CurvePanel* half : {&kept_[2 * i + 1], &kept_[2 * i + 2]}) {
      panel.radius = std::max(panel.radius,
                              half->radius + Apart(half->middle, panel.middle));
      panel.turn =
          std::max(panel.turn, half->turn + Turn(half->middle, panel.middle));
      panel.widest = std::max(panel.widest, half->widest);
      panel.exponent_max = std::max(panel.exponent_max, half->exponent_max);
      panel.resolved = panel.resolved && half->resolved;
    }
  }
}

const CurvePanel& CurveTree::At(int level, uint64_t index,
                                CurvePanel* room) const {
  if (level < levels_) return kept_[(uint64_t{1} << level) - 1 + index];
  const double size = 1 / static_cast<double>(uint64_t{1} << level);
  *room = Make(static_cast<double>(index) * size,
               static_cast<double>(index + 1) * size);
  return *room;
}

double CurveTree::Length() const {
  double length = 0;
  for (size_t i = (size_t{1} << (levels_ - 1)) - 1; i < kept_.size(); ++i) {
    length += Apart(kept_[i].first, kept_[i].middle) +
              Apart(kept_[i].middle, kept_[i].last);
  }
  return length;
}

CurvePanel CurveTree::Make(double begin, double end) const {
  CurvePanel panel = {};
  panel.begin = begin;
  panel.end = end;
  panel.exponent_max = -std::numeric_limits<double>::infinity();
  const auto node_at = [&](double u, double rule_weight, double* exponent) {
    const CurvePoint p = piece_.at(u);
    panel.exponent_max = std::max(panel.exponent_max, p.exponent);
    *exponent = p.exponent;
    const double weight = rule_weight * piece_.weight * p.weight;
    const double spread_x = p.spread_x / units_.scale[0];
    const double spread_y = p.spread_y / units_.scale[1];
    const double spread = Distance(spread_x, spread_y);
    return CurveNode{(p.x - units_.shift[0]) / units_.scale[0],
                     (p.y - units_.shift[1]) / units_.scale[1],
                     LogOf(weight) + p.exponent,
                     spread > 0 ? spread_x / spread : 1,
                     spread > 0 ? spread_y / spread : 0,
                     spread};
  };
  const double size = end - begin;
  panel.first = node_at(begin, 0, &panel.exponents[0]);
  panel.middle = node_at(begin + 0.5 * size, 0, &panel.exponents[1]);
  panel.last = node_at(end, 0, &panel.exponents[2]);
  for (int i = 0; i < kRuleNodes; ++i) {
    double exponent;
    panel.nodes[i] =
        node_at(begin + size * kRuleAt[i], size * kRuleWeight[i], &exponent);
  }
  const auto reach = [&](const CurveNode& node) {
    panel.radius = std::max(panel.radius, Apart(node, panel.middle));
    panel.turn = std::max(panel.turn, Turn(node, panel.middle));
    panel.widest = std::max(panel.widest, node.spread);
  };
  reach(panel.first);
  reach(panel.last);
  for (const CurveNode& node : panel.nodes) reach(node);
  panel.radius *= kMargin;
  panel.turn *= kMargin;
  const double sag =
      Distance(panel.middle.x - 0.5 * (panel.first.x + panel.last.x),
               panel.middle.y - 0.5 * (panel.first.y + panel.last.y));
  panel.resolved =
      sag <= kSag * Apart(panel.first, panel.last) && panel.turn <= kTurn;
  return panel;
}

}  // namespace unnoise
