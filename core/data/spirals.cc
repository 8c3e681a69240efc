// Rolled curves: arms in the plane, a roll in space. The plain roll in the
// plane is in plane_sets.cc.

#include <cmath>
#include <utility>

#include "core/base/exact_math.h"
#include "core/data/box_world.h"
#include "core/data/plane.h"
#include "core/data/product_world.h"

namespace unnoise {
namespace {

// Arms that wind out from the middle: on arm k the radius is R w and the angle
// 2 pi (turns w + k / arms), w the root of a uniform number, so that points lie
// about as dense everywhere along an arm.
class Spiral final : public PlaneSet {
 public:
  void Visit(Visitor& v) override {
    v.Int({"arms", "How many arms there are."}, {1, 6}, arms_);
    v.Real({"turns", "How often an arm winds around the middle."}, {0.25, 4},
           turns_);
    v.Real({"noise", kNoiseHelp}, kNoiseRange, noise_);
    VisitStandardise(v);
  }

  // Of z = x + iy: E |z|^2 = R^2 / 2. Three or more arms cancel E z and E z^2,
  // two cancel E z. With c = 2 pi turns one arm has E z = 2 R I(2, c), and
  // E z^2 = 2 R^2 I(3, 2c) for one or two, I(n, c) the integral of w^n e^(icw).
  Moments ExactMoments() const override {
    const double c = 2 * kPi * turns_;
    double mean_x = 0, mean_y = 0, square = 0;
    if (arms_ == 1) {
      // e^(ic) (-i/c + 2/c^2 + 2i/c^3) - 2i/c^3, by parts.
      const double cos = exact::Cos(c), sin = exact::Sin(c);
      const double re = 2 / (c * c), im = 2 / (c * c * c) - 1 / c;
      mean_x = 2 * kRadius * (cos * re - sin * im);
      mean_y = 2 * kRadius * (cos * im + sin * re - 2 / (c * c * c));
    }
    if (arms_ <= 2) {
      // The real part of e^(ib) (-i/b + 3/b^2 + 6i/b^3 - 6/b^4) + 6/b^4.
      const double b = 2 * c, b2 = b * b;
      const double cos = exact::Cos(b), sin = exact::Sin(b);
      const double rest = 6 / (b2 * b2);
      const double re = 3 / b2 - rest, im = 6 / (b2 * b) - 1 / b;
      square = 2 * kRadius * kRadius * (cos * re - sin * im + rest);
    }
    const double middle = 0.25 * kRadius * kRadius + noise_ * noise_;
    return {{mean_x, mean_y},
            {middle + 0.5 * square - mean_x * mean_x,
             middle - 0.5 * square - mean_y * mean_y}};
  }

  Modes KnownModes() const override { return {}; }

  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    CurveLaw law{.pieces = {}, .noise = noise_};
    const double arms = static_cast<double>(arms_);
    for (int64_t arm = 0; arm < arms_; ++arm) {
      law.pieces.push_back(
          {1 / arms, [=, turns = turns_](double w) {
             const double angle =
                 2 * kPi * (turns * w + static_cast<double>(arm) / arms);
             return CurvePoint{.x = kRadius * w * exact::Cos(angle),
                               .y = kRadius * w * exact::Sin(angle),
                               .weight = 2 * w};
           }});
    }
    return unnoise::MakeWorld(law, units);
  }

  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    const int64_t arms = arms_;
    const float turn = 2 * kPiFloat / static_cast<float>(arms);
    const float winding = 2 * kPiFloat * static_cast<float>(turns_);
    const float noise = static_cast<float>(noise_);
    DrawInPlane(key, first, out,
                [=](const uint32_t* words, const float* normals, float* xy) {
                  const float w = std::sqrt(Unit(words[1]));
                  const float angle =
                      winding * w +
                      turn * static_cast<float>(Index(words[0], arms));
                  const float radius = static_cast<float>(kRadius) * w;
                  xy[0] = radius * exact::Cos(angle) + noise * normals[0];
                  xy[1] = radius * exact::Sin(angle) + noise * normals[1];
                });
  }

 private:
  static constexpr double kRadius = 2.4;
  int64_t arms_ = 2;
  double turns_ = 1;
  double noise_ = 0.05;
};

// The Swiss roll of the plane, drawn out along a third axis: a sheet rolled up
// in space. Source: Tenenbaum, de Silva, Langford 2000, figure 3.
class SwissRoll3d final : public Dataset {
 public:
  int dim() const override { return 3; }

  void Visit(Visitor& v) override {
    v.Real({"width", "How wide the sheet is, along the axis it is rolled on."},
           {0, 10}, width_);
    v.Real({"noise", kNoiseHelp}, kNoiseRange, noise_);
    VisitStandardise(v);
  }

  Moments ExactMoments() const override {
    // As in the plane: with angle a uniform on (3/2 pi, 9/2 pi), E a cos a = 2,
    // E a sin a = 2 / 3 pi, E a^2 cos^2 a, E a^2 sin^2 a = 39/8 pi^2 -+ 1/4.
    constexpr double kSquare = 1 / (4 * kPi * kPi);
    constexpr double kMeanX = 1 / kPi, kMeanZ = 1 / (3 * kPi * kPi);
    constexpr double kMiddle = 4.875 * kPi * kPi;
    const double noise = noise_ * noise_;
    return {{kMeanX, 0, kMeanZ},
            {(kMiddle - 0.25) * kSquare - kMeanX * kMeanX + noise,
             width_ * width_ / 12 + noise,
             (kMiddle + 0.25) * kSquare - kMeanZ * kMeanZ + noise}};
  }

  Modes KnownModes() const override { return {}; }

  // Rolled up in the plane of the first axis and the third; across it uniform.
  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    const auto some = [&](std::vector<size_t> axes) {
      Affine part;
      for (const size_t axis : axes) {
        part.shift.push_back(units.shift[axis]);
        part.scale.push_back(units.scale[axis]);
      }
      return part;
    };
    CurveLaw roll{.pieces = {}, .noise = noise_};
    roll.pieces.push_back({1, RollPoint});
    BoxLaw across{.dim = 1, .parts = {}, .noise = noise_};
    across.parts.push_back({1, {{{-0.5 * width_, 0.5 * width_}}}});
    std::vector<Factor> factors(2);
    factors[0] = {unnoise::MakeWorld(roll, some({0, 2})), {0, 2}};
    factors[1] = {unnoise::MakeWorld(std::move(across), some({1})), {1}};
    return ProductWorld(std::move(factors));
  }

  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    const float width = static_cast<float>(width_);
    const float noise = static_cast<float>(noise_);
    DrawPoints<3>(key, first, out,
                  [=](const uint32_t* words, const float* normals, float* x) {
                    const float turns = 0.75f + 1.5f * Unit(words[0]);
                    const float angle = 2 * kPiFloat * turns;
                    const float along = width * (Unit(words[1]) - 0.5f);
                    x[0] = turns * exact::Cos(angle) + noise * normals[0];
                    x[1] = along + noise * normals[1];
                    x[2] = turns * exact::Sin(angle) + noise * normals[2];
                  });
  }

 private:
  double width_ = 4;
  double noise_ = 0.05;
};

constexpr Row<Dataset> kRows[] = {
    MakeRow<Dataset, Spiral>(
        "spiral", "Spiral",
        "Arms that wind out from a common middle, where they are hard to tell "
        "apart."),
    MakeRow<Dataset, SwissRoll3d>(
        "swiss_roll_3d", "Swiss roll in space",
        "A sheet rolled up in three dimensions: it fills none of the space "
        "that it takes."),
};

}  // namespace

std::span<const Row<Dataset>> SpiralSets() { return kRows; }

}  // namespace unnoise
