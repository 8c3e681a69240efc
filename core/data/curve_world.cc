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
    CurvePanel room;
    size_t best = 0;
    double best_bound = -std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < pieces.size(); ++i) {
      const double bound = Bound(pieces[i].At(0, 0, &room));
      if (bound > best_bound) best = i, best_bound = bound;
    }
    Visit(pieces[best], 0, 0, pieces[best].At(0, 0, &room));
    for (size_t i = 0; i < pieces.size(); ++i) {
      if (i != best) Visit(pieces[i], 0, 0, pieces[i].At(0, 0, &room));
    }
  }

  double LogSum() const { return softmax_.LogSum(); }
  // Of the sum so far: without spread the law of the point of the curve, with
  // it that of x0.
  double mean[2] = {}, covariance[3] = {};  // xx, xy, yy
  double score[2] = {};                     // with spread only

 private:
  // A node as seen from xt: the offset along the spread (or the first axis)
  // and across, with the precisions of both.
  struct Seen {
    double along, across, along_precision, across_precision;
    double tx, ty;  // unit vector along
    double length;  // of the spread
  };

  Seen See(const CurveNode& node) const {
    const double dx = x_ - law_.alpha_ * node.x;
    const double dy = y_ - law_.alpha_ * node.y;
    if (!law_.trees_.spread) {
      return {dx, dy, law_.precision_[0], law_.precision_[1], 1, 0, 0};
    }
    const double square = Squared(node.spread_x) + Squared(node.spread_y);
    const double length = std::sqrt(square);
    const double tx = length > 0 ? node.spread_x / length : 1;
    const double ty = length > 0 ? node.spread_y / length : 0;
    return {dx * tx + dy * ty,
            dy * tx - dx * ty,
            1 / (law_.noise_ + Squared(law_.alpha_) * square),
            law_.precision_[1],
            tx,
            ty,
            length};
  }

  static double Square(const Seen& seen) {
    return Squared(seen.along) * seen.along_precision +
           Squared(seen.across) * seen.across_precision;
  }

  // What the exponent of no point of the panel exceeds.
  double Bound(const CurvePanel& panel) const {
    const Seen seen = See(panel.middle);
    const double radius = law_.alpha_ * panel.radius;
    const double off = std::sqrt(Squared(seen.along) + Squared(seen.across));
    const auto beyond = [](double distance, double reach) {
      return Squared(std::max(0.0, std::fabs(distance) - reach));
    };
    const double widest =
        law_.trees_.spread
            ? 1 / (law_.noise_ + Squared(law_.alpha_ * panel.widest))
            : seen.along_precision;
    double square;
    if (panel.turn == 0 && seen.along_precision == seen.across_precision) {
      square = beyond(off, radius) * seen.along_precision;
    } else if (panel.turn <= 0.5) {
      const double reach = radius + off * panel.turn;
      square = beyond(seen.along, reach) * widest +
               beyond(seen.across, reach) * seen.across_precision;
    } else {
      square = beyond(off, radius) * widest;
    }
    return panel.exponent_max - 0.5 * square;
  }

  void Visit(const CurveTree& tree, int level, uint64_t index,
             const CurvePanel& panel) {
    if (Bound(panel) < best_ + kNegligible) return;
    const double first = panel.exponents[0] - 0.5 * Square(See(panel.first));
    const double middle = panel.exponents[1] - 0.5 * Square(See(panel.middle));
    const double last = panel.exponents[2] - 0.5 * Square(See(panel.last));
    best_ = std::max(best_, middle);
    if (level == CurveTree::kDeepest ||
        (panel.resolved && RuleHolds(first, middle, last))) {
      for (const CurveNode& node : panel.nodes) Add(node);
      return;
    }
    // The half that is nearer first.
    CurvePanel room;
    const uint64_t nearer = 2 * index + (last > first ? 1 : 0);
    for (const uint64_t half : {nearer, nearer ^ 1}) {
      Visit(tree, level + 1, half, tree.At(level + 1, half, &room));
    }
  }

  void Add(const CurveNode& node) {
    const Seen seen = See(node);
    double log_term = node.log_weight - 0.5 * Square(seen);
    if (law_.trees_.spread) {
      log_term += 0.5 * exact::Log(law_.total_[0] * seen.along_precision);
    }
    const double part = softmax_.Add(log_term);
    if (!(part > 0)) return;
    double x = node.x, y = node.y;
    if (law_.trees_.spread) {
      // What is known of x0 given the node: the spread along it.
      const double force = -seen.along * seen.along_precision;
      const double push = -seen.across * seen.across_precision;
      score[0] += part * (force * seen.tx - push * seen.ty - score[0]);
      score[1] += part * (force * seen.ty + push * seen.tx - score[1]);
      const double pull = -law_.alpha_ * Squared(seen.length) * force;
      x += pull * seen.tx;
      y += pull * seen.ty;
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
          part * Squared(seen.length) * law_.noise_ * seen.along_precision;
      covariance[0] += within * seen.tx * seen.tx;
      covariance[1] += within * seen.tx * seen.ty;
      covariance[2] += within * seen.ty * seen.ty;
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
