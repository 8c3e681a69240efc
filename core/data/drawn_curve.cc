// A closed curve drawn by hand, uniform along its length: a long-necked
// dinosaur. Our own drawing, made of straight pieces, so that its moments are
// exact.

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/data/plane.h"

namespace unnoise {
namespace {

// The outline from the nose over the back, each corner joined to the next and
// the last to the first: x, y.
constexpr float kCorners[] = {
    -2.34f, 1.48f,  -2.30f, 1.66f,  -2.18f, 1.80f,  -2.00f, 1.88f,  -1.80f,
    1.86f,  -1.64f, 1.74f,  -1.56f, 1.56f,  -1.53f, 1.34f,  -1.50f, 1.10f,
    -1.44f, 0.86f,  -1.34f, 0.66f,  -1.20f, 0.50f,  -1.02f, 0.42f,  -0.80f,
    0.44f,  -0.55f, 0.53f,  -0.28f, 0.60f,  0.00f,  0.62f,  0.28f,  0.58f,
    0.55f,  0.48f,  0.80f,  0.33f,  1.02f,  0.15f,  1.24f,  -0.04f, 1.48f,
    -0.20f, 1.74f,  -0.28f, 2.00f,  -0.27f, 2.22f,  -0.16f, 2.38f,  0.02f,
    2.50f,  0.26f,  2.50f,  0.00f,  2.42f,  -0.24f, 2.26f,  -0.44f, 2.04f,
    -0.56f, 1.78f,  -0.60f, 1.52f,  -0.58f, 1.30f,  -0.58f, 1.14f,  -0.66f,
    1.06f,  -0.84f, 1.04f,  -1.06f, 1.06f,  -1.28f, 1.12f,  -1.48f, 0.70f,
    -1.48f, 0.70f,  -1.28f, 0.68f,  -1.08f, 0.62f,  -0.92f, 0.52f,  -0.86f,
    0.46f,  -1.00f, 0.44f,  -1.18f, 0.46f,  -1.36f, 0.14f,  -1.36f, 0.14f,
    -1.18f, 0.12f,  -1.00f, 0.02f,  -0.82f, -0.16f, -0.76f, -0.36f, -0.78f,
    -0.46f, -0.94f, -0.48f, -1.14f, -0.46f, -1.36f, -0.78f, -1.36f, -0.80f,
    -1.16f, -0.82f, -0.96f, -0.90f, -0.90f, -0.98f, -1.06f, -1.00f, -1.26f,
    -0.98f, -1.48f, -1.38f, -1.48f, -1.38f, -1.26f, -1.40f, -1.02f, -1.46f,
    -0.76f, -1.56f, -0.50f, -1.67f, -0.22f, -1.76f, 0.08f,  -1.82f, 0.40f,
    -1.86f, 0.72f,  -1.90f, 1.00f,  -1.96f, 1.22f,  -2.06f, 1.34f,  -2.20f,
    1.36f,  -2.33f, 1.34f,  -2.38f, 1.40f,  -2.14f, 1.49f};
constexpr size_t kPieces = std::size(kCorners) / 2;

// The pieces and how much of the length lies before the end of each.
struct Outline {
  struct Piece {
    double x, y;    // where it begins
    double dx, dy;  // from there to where it ends
    double length;
  };
  Piece pieces[kPieces];
  double until[kPieces];  // part of the whole, the last one is 1
  double length = 0;

  Outline() {
    for (size_t i = 0; i < kPieces; ++i) {
      const float* a = kCorners + 2 * i;
      const float* b = kCorners + 2 * ((i + 1) % kPieces);
      Piece& piece = pieces[i];
      piece = {a[0], a[1], double{b[0]} - a[0], double{b[1]} - a[1], 0};
      piece.length = std::sqrt(piece.dx * piece.dx + piece.dy * piece.dy);
      length += piece.length;
      until[i] = length;
    }
    for (double& part : until) part /= length;
    until[kPieces - 1] = 1;
  }
};

const Outline& TheOutline() {
  static const Outline outline;
  return outline;
}

class DrawnCurve final : public PlaneSet {
 public:
  void Visit(Visitor& v) override {
    v.Real({"noise", kNoiseHelp}, kNoiseRange, noise_);
    VisitStandardise(v);
  }

  Moments ExactMoments() const override {
    // Along a piece from a to a + d: E x = a + d/2, E x^2 = a^2 + a d + d^2/3.
    const Outline& outline = TheOutline();
    double x = 0, y = 0, xx = 0, yy = 0;
    for (const Outline::Piece& p : outline.pieces) {
      const double part = p.length / outline.length;
      x += part * (p.x + 0.5 * p.dx);
      y += part * (p.y + 0.5 * p.dy);
      xx += part * (p.x * p.x + p.x * p.dx + p.dx * p.dx / 3);
      yy += part * (p.y * p.y + p.y * p.dy + p.dy * p.dy / 3);
    }
    const double noise = noise_ * noise_;
    return {{x, y}, {xx - x * x + noise, yy - y * y + noise}};
  }

  Modes KnownModes() const override { return {}; }

  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    const Outline& outline = TheOutline();
    CurveLaw law{.pieces = {}, .noise = noise_};
    for (const Outline::Piece& p : outline.pieces) {
      law.pieces.push_back({p.length / outline.length, [=](double u) {
                              return CurvePoint{.x = p.x + u * p.dx,
                                                .y = p.y + u * p.dy};
                            }});
    }
    return unnoise::MakeWorld(law, units);
  }

  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    const Outline& outline = TheOutline();
    const double noise = noise_;
    DrawInPlane(
        key, first, out,
        [&](const uint32_t* words, const float* normals, float* xy) {
          const double u = (words[0] + 0.5) * 0x1p-32;
          const double* end =
              std::upper_bound(outline.until, outline.until + kPieces - 1, u);
          const size_t i = static_cast<size_t>(end - outline.until);
          const double before = i == 0 ? 0 : outline.until[i - 1];
          const double part = (u - before) / (outline.until[i] - before);
          const Outline::Piece& p = outline.pieces[i];
          xy[0] = static_cast<float>(p.x + part * p.dx + noise * normals[0]);
          xy[1] = static_cast<float>(p.y + part * p.dy + noise * normals[1]);
        });
  }

 private:
  double noise_ = 0.02;
};

constexpr Row<Dataset> kRows[] = {
    MakeRow<Dataset, DrawnCurve>(
        "drawn_curve", "Drawn curve",
        "A dinosaur drawn by hand, as one thin line. Whether a model has "
        "learned it, everybody can see."),
};

}  // namespace

std::span<const Row<Dataset>> DrawnSets() { return kRows; }

std::span<const float> DrawnCurveCorners() { return kCorners; }

}  // namespace unnoise
