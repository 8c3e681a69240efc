// The classic sets of the plane. Each is one final class: its fields, its exact
// moments and how a point is drawn. They are sized to fill about [-2.5, 2.5].

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"
#include "core/data/curve_world.h"
#include "core/data/mixture_world.h"
#include "core/data/plane.h"
#include "core/data/ring_world.h"

namespace unnoise {
namespace {

// Two half circles that reach into each other; one is the other turned by half
// a turn about the origin.
class TwoMoons final : public PlaneSet {
 public:
  void Visit(Visitor& v) override {
    v.Real({"radius", "Radius of each half circle."}, {0.5, 5}, radius_);
    v.Real({"gap",
            "How far each moon is moved away from the other, in radii; below 0 "
            "they reach further into each other."},
           {-0.5, 1}, gap_);
    v.Real({"noise", kNoiseHelp}, kNoiseRange, noise_);
    VisitStandardise(v);
  }

  Moments ExactMoments() const override {
    // E (cos a - 1/2)^2 and E (sin a - h)^2 for a uniform on (0, pi).
    const double square = radius_ * radius_, h = 0.25 - gap_;
    return {{0, 0},
            {0.75 * square + noise_ * noise_,
             (0.5 + h * h - 4 * h / kPi) * square + noise_ * noise_}};
  }

  Modes KnownModes() const override { return {}; }

  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    CurveLaw law{.pieces = {}, .noise = noise_};
    for (const double side : {radius_, -radius_}) {
      law.pieces.push_back({0.5, [=, height = 0.25 - gap_](double u) {
                              const double angle = kPi * u;
                              return CurvePoint{
                                  .x = side * (exact::Cos(angle) - 0.5),
                                  .y = side * (exact::Sin(angle) - height)};
                            }});
    }
    return unnoise::MakeWorld(law, units);
  }

  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    const float radius = static_cast<float>(radius_);
    const float height = static_cast<float>(0.25 - gap_);
    const float noise = static_cast<float>(noise_);
    DrawInPlane(
        key, first, out,
        [=](const uint32_t* words, const float* normals, float* xy) {
          const float side = words[0] >> 31 ? -radius : radius;
          const float angle = kPiFloat * Unit(words[1]);
          xy[0] = side * (exact::Cos(angle) - 0.5f) + noise * normals[0];
          xy[1] = side * (exact::Sin(angle) - height) + noise * normals[1];
        });
  }

 private:
  double radius_ = 1.5;
  double gap_ = 0;
  double noise_ = 0.05;
};

class EightGaussians final : public PlaneSet {
 public:
  void Visit(Visitor& v) override {
    v.Real({"radius", "How far the eight centres are from the middle."},
           {0.5, 5}, radius_);
    v.Real({"std", "The standard deviation of each of the eight."}, {0, 1},
           std_);
    VisitStandardise(v);
  }

  Moments ExactMoments() const override {
    const double variance = 0.5 * radius_ * radius_ + std_ * std_;
    return {{0, 0}, {variance, variance}};
  }

  Modes KnownModes() const override {
    std::vector<float> centers;
    for (int k = 0; k < 8; ++k) {
      const float side = static_cast<float>(k < 4 ? radius_ : -radius_);
      centers.push_back(side * kCos[k % 4]);
      centers.push_back(side * kSin[k % 4]);
    }
    return NormalModes(std::move(centers), 2, std_);
  }

  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    NormalCloud law{.dim = 2,
                    .weights = std::vector<double>(8, 1.0 / 8),
                    .means = {},
                    .variances = {std_ * std_, std_ * std_}};
    const Modes modes = KnownModes();
    law.means.assign(modes.centers.begin(), modes.centers.end());
    return unnoise::MakeWorld(law.In(units));
  }

  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    const float radius = static_cast<float>(radius_);
    const float std = static_cast<float>(std_);
    DrawInPlane(key, first, out,
                [=](const uint32_t* words, const float* normals, float* xy) {
                  // Centres 4 to 7 are 0 to 3 turned by half a turn.
                  const uint32_t center = words[0] >> 29;
                  const float side = center < 4 ? radius : -radius;
                  xy[0] = side * kCos[center % 4] + std * normals[0];
                  xy[1] = side * kSin[center % 4] + std * normals[1];
                });
  }

 private:
  static constexpr float kHalfRoot = 0.70710678118654752440f;
  static constexpr float kCos[] = {1, kHalfRoot, 0, -kHalfRoot};
  static constexpr float kSin[] = {0, kHalfRoot, 1, kHalfRoot};

  double radius_ = 2;
  double std_ = 0.1;
};

// A spiral: the angle is uniform on (3/2 pi, 9/2 pi), the radius angle / 2 pi.
class SwissRoll final : public PlaneSet {
 public:
  void Visit(Visitor& v) override {
    v.Real({"noise", kNoiseHelp}, kNoiseRange, noise_);
    VisitStandardise(v);
  }

  Moments ExactMoments() const override {
    // With angle a: E a cos a = 2, E a sin a = 2 / 3 pi, and E a^2 cos^2 a, E
    // a^2 sin^2 a = 39/8 pi^2 -+ 1/4, by parts.
    constexpr double kSquare = 1 / (4 * kPi * kPi);
    constexpr double kMeanX = 1 / kPi, kMeanY = 1 / (3 * kPi * kPi);
    constexpr double kMiddle = 4.875 * kPi * kPi;
    return {{kMeanX, kMeanY},
            {(kMiddle - 0.25) * kSquare - kMeanX * kMeanX + noise_ * noise_,
             (kMiddle + 0.25) * kSquare - kMeanY * kMeanY + noise_ * noise_}};
  }

  Modes KnownModes() const override { return {}; }

  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    CurveLaw law{.pieces = {}, .noise = noise_};
    law.pieces.push_back({1, RollPoint});
    return unnoise::MakeWorld(law, units);
  }

  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    const float noise = static_cast<float>(noise_);
    DrawInPlane(key, first, out,
                [=](const uint32_t* words, const float* normals, float* xy) {
                  const float turns = 0.75f + 1.5f * Unit(words[0]);
                  const float angle = 2 * kPiFloat * turns;
                  xy[0] = turns * exact::Cos(angle) + noise * normals[0];
                  xy[1] = turns * exact::Sin(angle) + noise * normals[1];
                });
  }

 private:
  double noise_ = 0.05;
};

// Arms of stretched Gaussian blobs, bent by turning each point by an angle that
// grows with its radius.
class Pinwheel final : public PlaneSet {
 public:
  void Visit(Visitor& v) override {
    constexpr std::string_view kSource = "Johnson et al. 2016";
    v.Int({"arms", "How many arms there are.", kSource}, {3, 12}, arms_);
    v.Real({"radial_std",
            "How long an arm is: its standard deviation along "
            "the radius.",
            kSource},
           {0, 0.6}, radial_std_);
    v.Real({"tangential_std",
            "How thick an arm is: its standard deviation across the radius.",
            kSource},
           {0, 0.6}, tangential_std_);
    v.Real({"rate", "How strongly the arms bend.", kSource}, {0, 1}, rate_);
    VisitStandardise(v);
  }

  Moments ExactMoments() const override {
    // Turning keeps the length, and three or more arms have no direction.
    const double variance =
        0.5 * kScale * kScale *
        (1 + radial_std_ * radial_std_ + tangential_std_ * tangential_std_);
    return {{0, 0}, {variance, variance}};
  }

  Modes KnownModes() const override { return {}; }

  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    // Given the normal draw along the radius, the point is normal across.
    // Draws stay below 5.8; 1e-15 of the law is beyond 8.
    constexpr double kMost = 8;
    CurveLaw law{.pieces = {}, .spread = true};
    for (int64_t arm = 0; arm < arms_; ++arm) {
      const double turn =
          2 * kPi * static_cast<double>(arm) / static_cast<double>(arms_);
      law.pieces.push_back(
          {1 / static_cast<double>(arms_),
           [=, radial_std = radial_std_, tangential_std = tangential_std_,
            rate = rate_](double u) {
             const double z = kMost * (2 * u - 1);
             const double along = 1 + radial_std * z;
             const double angle = turn + rate * exact::Exp(along);
             const double x = kScale * exact::Cos(angle);
             const double y = kScale * exact::Sin(angle);
             return CurvePoint{.x = along * x,
                               .y = along * y,
                               .weight = 2 * kMost / std::sqrt(2 * kPi),
                               .exponent = -0.5 * z * z,
                               .spread_x = -tangential_std * y,
                               .spread_y = tangential_std * x};
           }});
    }
    return unnoise::MakeWorld(law, units);
  }

  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    const int64_t arms = arms_;
    const float turn = 2 * kPiFloat / static_cast<float>(arms);
    const float radial_std = static_cast<float>(radial_std_);
    const float tangential_std = static_cast<float>(tangential_std_);
    const float rate = static_cast<float>(rate_);
    DrawInPlane(key, first, out,
                [=](const uint32_t* words, const float* normals, float* xy) {
                  const float along = 1 + radial_std * normals[0];
                  const float across = tangential_std * normals[1];
                  const float angle =
                      turn * static_cast<float>(Index(words[0], arms)) +
                      rate * exact::Exp(along);
                  const float cos = exact::Cos(angle), sin = exact::Sin(angle);
                  xy[0] = kScale * (along * cos - across * sin);
                  xy[1] = kScale * (along * sin + across * cos);
                });
  }

 private:
  static constexpr float kScale = 1.5f;
  int64_t arms_ = 5;
  double radial_std_ = 0.3;
  double tangential_std_ = 0.1;
  double rate_ = 0.25;
};

// Circles about the origin with evenly spaced radii, each equally likely.
class Rings final : public PlaneSet {
 public:
  void Visit(Visitor& v) override {
    v.Int({"count", "How many rings there are."}, {1, 8}, count_);
    v.Real({"radius", "Radius of the outermost ring."}, {0.5, 5}, radius_);
    v.Real({"noise", kNoiseHelp}, kNoiseRange, noise_);
    VisitStandardise(v);
  }

  Moments ExactMoments() const override {
    // Mean square of k / count for k = 1 ... count.
    const double n = static_cast<double>(count_);
    const double mean_square = (n + 1) * (2 * n + 1) / (6 * n * n);
    const double variance =
        0.5 * radius_ * radius_ * mean_square + noise_ * noise_;
    return {{0, 0}, {variance, variance}};
  }

  Modes KnownModes() const override { return {}; }

  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    RingLaw law{.radii = {}, .noise = noise_};
    for (int64_t k = 1; k <= count_; ++k) {
      law.radii.push_back(radius_ * static_cast<double>(k) /
                          static_cast<double>(count_));
    }
    return unnoise::MakeWorld(law, units);
  }

  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    const int64_t count = count_;
    const float step = static_cast<float>(radius_ / static_cast<double>(count));
    const float noise = static_cast<float>(noise_);
    DrawInPlane(key, first, out,
                [=](const uint32_t* words, const float* normals, float* xy) {
                  const float radius =
                      step * static_cast<float>(1 + Index(words[0], count));
                  const float angle = 2 * kPiFloat * Unit(words[1]);
                  xy[0] = radius * exact::Cos(angle) + noise * normals[0];
                  xy[1] = radius * exact::Sin(angle) + noise * normals[1];
                });
  }

 private:
  int64_t count_ = 2;
  double radius_ = 2;
  double noise_ = 0.05;
};

constexpr Row<Dataset> kRows[] = {
    MakeRow<Dataset, TwoMoons>(
        "two_moons", "Two moons",
        "Two crescents that interlock: near each other, but apart."),
    MakeRow<Dataset, EightGaussians>(
        "eight_gaussians", "Eight Gaussians",
        "Eight small blobs on a circle. A good model finds all eight and "
        "leaves the space between them empty."),
    MakeRow<Dataset, SwissRoll>(
        "swiss_roll", "Swiss roll",
        "A spiral: one long curve rolled up in the plane."),
    MakeRow<Dataset, Pinwheel>(
        "pinwheel", "Pinwheel",
        "Bent arms around a middle, dense inside and thin outside."),
    MakeRow<Dataset, Rings>("rings", "Rings",
                            "Circles within circles; a hole in each."),
};

}  // namespace

std::span<const Row<Dataset>> PlaneSets() { return kRows; }

}  // namespace unnoise
