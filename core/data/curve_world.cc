// See curve_world.h.

#include "core/data/curve_world.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "core/base/exact_math.h"
#include "core/data/curve_panels.h"
#include "core/data/posterior.h"

namespace unnoise {
namespace {

// Terms below e^this of the greatest are left out: less than rounding.
constexpr double kNegligible = -32;
// Of a square that is a sum of a few products.
constexpr double kRounding = 4e-15;

struct Trees {
  std::vector<CurveTree> pieces;
  double variance[2];  // of the noise, in model units
  bool spread;
};

double Squared(double x) { return x * x; }

// The law of xt, and one evaluation of it at a time in a Sum.
class CurveMarginal final : public Marginal {
 public:
  CurveMarginal(const Trees& trees, double alpha, double sigma)
      : trees_(trees), alpha_(alpha), noise_(sigma * sigma) {
    for (int i = 0; i < 2; ++i) {
      total_[i] = alpha * alpha * trees.variance[i] + noise_;
      Check(total_[i] > 0, "a law without width needs noise: sigma above 0");
      precision_[i] = 1 / total_[i];
    }
    constant_ =
        -kLogTwoPi - 0.5 * (exact::Log(total_[0]) + exact::Log(total_[1]));
  }

  double At(std::span<const double> xt, const Truth& truth) const override;

 private:
  class Sum;
  const Trees& trees_;
  double alpha_, noise_;
  double total_[2], precision_[2];  // of xt about a point, without spread
  double constant_;
};

class CurveMarginal::Sum {
 public:
  Sum(const CurveMarginal& law, std::span<const double> xt)
      : law_(law), x_(xt[0]), y_(xt[1]) {}

  // The best piece first, so that the others are soon seen not to count.
  void Pieces() {
    const auto& pieces = law_.trees_.pieces;
    const CurveTree* best = &pieces[0];
    double best_bound = -std::numeric_limits<double>::infinity();
    for (const CurveTree& piece : pieces) {
      const double bound = LookAt(piece.Root()).bound;
      if (bound > best_bound) best = &piece, best_bound = bound;
    }
    Visit(*best, 0, 0, best->Root(), LookAt(best->Root()));
    for (const CurveTree& piece : pieces) {
      if (&piece == best) continue;
      Visit(piece, 0, 0, piece.Root(), LookAt(piece.Root()));
    }
  }

  double LogSum() const { return softmax_.LogSum(); }
  // Of the sum so far: without spread the law of the point of the curve, with
  // it that of x0.
  double mean[2] = {}, covariance[3] = {};  // xx, xy, yy
  double score[2] = {};                     // with spread only

 private:
  // A node as seen from xt: the offset along the spread (the first axis
  // without) and across, with the precisions of both.
  struct Seen {
    double along, across, along_precision, across_precision;
  };

  Seen See(const CurveNode& node) const {
    const double dx = x_ - law_.alpha_ * node.x;
    const double dy = y_ - law_.alpha_ * node.y;
    if (!law_.trees_.spread) {
      return {dx, dy, law_.precision_[0], law_.precision_[1]};
    }
    return {dx * node.tx + dy * node.ty, dy * node.tx - dx * node.ty,
            1 / (law_.noise_ + Squared(law_.alpha_ * node.spread)),
            law_.precision_[1]};
  }

  static double Square(const Seen& seen) {
    return Squared(seen.along) * seen.along_precision +
           Squared(seen.across) * seen.across_precision;
  }

  // A panel as seen from xt: log terms at its ends and its middle, how far they
  // are off by rounding, and what none of the panel exceeds.
  struct Look {
    double first, middle, last, rounding, bound;
  };

  Look LookAt(const CurvePanel& panel) const {
    const Seen seen = See(panel.middle);
    const double off = std::sqrt(Squared(seen.along) + Squared(seen.across));
    Look look{panel.exponents[0] - 0.5 * Square(See(panel.first)),
              panel.exponents[1] - 0.5 * Square(seen),
              panel.exponents[2] - 0.5 * Square(See(panel.last)),
              kRounding * Squared(off) *
                  std::max(seen.along_precision, seen.across_precision),
              Bound(panel, seen, off)};
    if (panel.resolved) look.bound = std::min(look.bound, Peak(look));
    look.bound += look.rounding;
    return look;
  }

  // By how far the panel's points may come nearer than its middle.
  double Bound(const CurvePanel& panel, const Seen& seen, double off) const {
    const double radius = law_.alpha_ * panel.radius;
    const auto beyond = [](double distance, double reach) {
      return Squared(std::max(0.0, std::fabs(distance) - reach));
    };
    const double widest =
        law_.trees_.spread
            ? 1 / (law_.noise_ + Squared(law_.alpha_ * panel.widest))
            : seen.along_precision;
    double square;
    if (panel.turn == 0 && seen.along_precision == seen.across_precision) {
      square = beyond(off, radius) * widest;
    } else if (panel.turn <= 0.5) {
      const double reach = radius + off * panel.turn;
      square = beyond(seen.along, reach) * widest +
               beyond(seen.across, reach) * seen.across_precision;
    } else {
      square = beyond(off, radius) * widest;
    }
    return panel.exponent_max - 0.5 * square;
  }

  // The top of the parabola through the three terms, and what the terms of a
  // panel that is close to a parabola may differ from it. Far from the curve
  // this is much less than Bound, which cannot tell along from across.
  static double Peak(const Look& look) {
    const double rise = look.last - look.first;
    const double bend = look.middle - 0.5 * (look.first + look.last);
    const double slack = 0.5 * std::fabs(bend) + std::fabs(rise) / 16;
    const double top = std::fabs(rise) < 4 * bend
                           ? look.middle + rise * rise / (16 * bend)
                           : std::max(look.first, look.last);
    return std::max(top, look.middle) + slack;
  }

  void Visit(const CurveTree& tree, int level, uint64_t index,
             const CurvePanel& panel, const Look& look) {
    if (look.bound < best_ + kNegligible) return;
    best_ = std::max(best_, look.middle);
    if (level == CurveTree::kDeepest ||
        (panel.resolved &&
         RuleHolds(look.first, look.middle, look.last, look.rounding))) {
      for (const CurveNode& node : panel.nodes) Add(node);
      return;
    }
    // The half that promises more first.
    CurvePanel rooms[2];
    const CurvePanel* halves[2];
    Look looks[2];
    for (uint64_t i = 0; i < 2; ++i) {
      halves[i] = &tree.At(level + 1, 2 * index + i, &rooms[i]);
      looks[i] = LookAt(*halves[i]);
    }
    const uint64_t better = looks[1].bound > looks[0].bound ? 1 : 0;
    for (const uint64_t i : {better, 1 - better}) {
      Visit(tree, level + 1, 2 * index + i, *halves[i], looks[i]);
    }
  }

  void Add(const CurveNode& node) {
    const Seen seen = See(node);
    const double log_term = node.log_weight - 0.5 * Square(seen);
    const double part =
        law_.trees_.spread
            ? softmax_.Add(log_term,
                           std::sqrt(law_.noise_ * seen.along_precision))
            : softmax_.Add(log_term);
    if (!(part > 0)) return;
    double x = node.x, y = node.y;
    if (law_.trees_.spread) {
      // What is known of x0 given the node: the spread along it.
      const double force = -seen.along * seen.along_precision;
      const double push = -seen.across * seen.across_precision;
      score[0] += part * (force * node.tx - push * node.ty - score[0]);
      score[1] += part * (force * node.ty + push * node.tx - score[1]);
      const double pull = -law_.alpha_ * Squared(node.spread) * force;
      x += pull * node.tx;
      y += pull * node.ty;
    }
    const double kept = 1 - part;
    const double dx = x - mean[0], dy = y - mean[1];
    covariance[0] = kept * (covariance[0] + part * dx * dx);
    covariance[1] = kept * (covariance[1] + part * dx * dy);
    covariance[2] = kept * (covariance[2] + part * dy * dy);
    mean[0] += part * dx;
    mean[1] += part * dy;
    if (law_.trees_.spread) {
      const double within =
          part * Squared(node.spread) * law_.noise_ * seen.along_precision;
      covariance[0] += within * node.tx * node.tx;
      covariance[1] += within * node.tx * node.ty;
      covariance[2] += within * node.ty * node.ty;
    }
  }

  const CurveMarginal& law_;
  const double x_, y_;
  double best_ = -std::numeric_limits<double>::infinity();
  Softmax softmax_;
};

double CurveMarginal::At(std::span<const double> xt, const Truth& truth) const {
  Sum sum(*this, xt);
  sum.Pieces();
  double kept[2];  // of the covariance of the point of the curve, per axis
  double rest[2];  // of x0 about it
  for (size_t i = 0; i < 2; ++i) {
    // x0 = point + rest; given both point and xt, the rest is normal.
    const double off = xt[i] - alpha_ * sum.mean[i];
    const double variance = trees_.variance[i];
    kept[i] = trees_.spread ? 1 : noise_ * precision_[i];
    rest[i] = trees_.spread ? 0 : variance * noise_ * precision_[i];
    if (!truth.score.empty()) {
      truth.score[i] = trees_.spread ? sum.score[i] : -off * precision_[i];
    }
    if (!truth.mean.empty()) {
      truth.mean[i] = sum.mean[i] + alpha_ * variance * precision_[i] * off;
    }
  }
  if (!truth.covariance.empty()) {
    truth.covariance[0] = kept[0] * kept[0] * sum.covariance[0] + rest[0];
    truth.covariance[3] = kept[1] * kept[1] * sum.covariance[2] + rest[1];
    truth.covariance[1] = truth.covariance[2] =
        kept[0] * kept[1] * sum.covariance[1];
  }
  return constant_ + sum.LogSum();
}

class CurveWorld final : public World {
 public:
  CurveWorld(const CurveLaw& law, const Affine& units) {
    Check(
        !law.pieces.empty() && law.noise >= 0 && !(law.spread && law.noise > 0),
        "a curve has pieces, and either noise or a spread of its own");
    trees_.spread = law.spread;
    for (int i = 0; i < 2; ++i) {
      const double noise = law.noise / units.scale[i];
      trees_.variance[i] = noise * noise;
    }
    const double size =
        2 * std::sqrt(std::min(trees_.variance[0], trees_.variance[1]));
    for (const CurveLaw::Piece& piece : law.pieces) {
      trees_.pieces.push_back(MakeTree(piece, units, size, law.pieces.size()));
    }
  }

  int dim() const override { return 2; }
  std::unique_ptr<Marginal> At(double alpha, double sigma) const override {
    return std::make_unique<CurveMarginal>(trees_, alpha, sigma);
  }
  bool has_density() const override {
    return trees_.variance[0] > 0 && trees_.variance[1] > 0;
  }
  std::optional<double> Entropy() const override { return std::nullopt; }
  bool memorises() const override { return false; }

 private:
  // Keeps panels down to the wanted size, but not too many: about 4096 of all
  // pieces, of some 500 bytes each.
  static CurveTree MakeTree(const CurveLaw::Piece& piece, const Affine& units,
                            double size, size_t pieces) {
    const size_t most = 2048 / pieces;  // of the finest
    const CurveTree coarse(piece, units, 5);
    int levels = 1;
    while (size_t{1} << levels <= most &&
           coarse.Length() >
               size * static_cast<double>(size_t{1} << (levels - 1))) {
      ++levels;
    }
    return CurveTree(piece, units, levels);
  }

  Trees trees_;
};

}  // namespace

std::unique_ptr<World> MakeWorld(const CurveLaw& law, const Affine& units) {
  return std::make_unique<CurveWorld>(law, units);
}

}  // namespace unnoise
