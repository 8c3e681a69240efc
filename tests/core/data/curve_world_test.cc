// Worlds of curves against brute force: sums over points laid densely along the
// curves, whose laws are written down here again from their descriptions.

#include "core/data/curve_world.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "core/data/plane.h"
#include "tests/core/data/worlds.h"

namespace unnoise {
namespace {

// Midpoints of kMany parts of [0, 1]; the sum of a smooth function errs by its
// slopes at the ends / (24 kMany^2).
constexpr int kMany = 100000;
void Along(const std::function<void(double u)>& add) {
  for (int i = 0; i < kMany; ++i) add((i + 0.5) / kMany);
}

struct Law {
  WeightedPoints points;
  double noise;
  double step = 3e-4;  // no two neighbours are farther apart
};

std::map<std::string_view, Law> Laws() {
  std::map<std::string_view, Law> laws;
  // Steps: lengths of about 5, 15 and 15 over kMany; up to 0.5 over 1000 below.
  Law moons{{}, 0.05, 5e-5}, roll{{}, 0.05, 1.5e-4}, spiral{{}, 0.05, 1.6e-4};
  const double weight = 1.0 / kMany;
  Along([&](double u) {
    const double a = kPi * u, b = kPi * (1.5 + 3 * u);
    moons.points.Add(weight / 2,
                     {1.5 * (std::cos(a) - 0.5), 1.5 * (std::sin(a) - 0.25)});
    moons.points.Add(weight / 2,
                     {1.5 * (0.5 - std::cos(a)), 1.5 * (0.25 - std::sin(a))});
    roll.points.Add(weight,
                    {b / (2 * kPi) * std::cos(b), b / (2 * kPi) * std::sin(b)});
    for (const double start : {0.0, kPi}) {
      const double c = 2 * kPi * u + start;
      spiral.points.Add(weight * u,
                        {2.4 * u * std::cos(c), 2.4 * u * std::sin(c)});
    }
  });
  laws["two_moons"] = moons;
  laws["swiss_roll"] = roll;
  laws["spiral"] = spiral;
  Law drawn{{}, 0.02, 5e-4};
  const std::span<const float> corners = DrawnCurveCorners();
  double length = 0;
  for (size_t i = 0; i < corners.size(); i += 2) {
    const float* a = &corners[i];
    const float* b = &corners[(i + 2) % corners.size()];
    const double dx = double{b[0]} - a[0], dy = double{b[1]} - a[1];
    length += std::hypot(dx, dy);
    for (int k = 0; k < 1000; ++k) {
      const double u = (k + 0.5) / 1000;
      drawn.points.Add(std::hypot(dx, dy) / 1000,
                       {a[0] + u * dx, a[1] + u * dy});
    }
  }
  for (double& part : drawn.points.weights) part /= length;
  laws["drawn_curve"] = std::move(drawn);
  return laws;
}

// Within a relative error of the terms of the sums; `width` is the scale of xt.
void ExpectNear(const Answer& got, const Answer& want, double tolerance,
                double width, std::string_view name) {
  EXPECT_NEAR(got.log_density, want.log_density, tolerance) << name;
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(got.score[i], want.score[i], tolerance / width) << name;
    EXPECT_NEAR(got.mean[i], want.mean[i], tolerance) << name;
    for (size_t j = 0; j < 2; ++j) {
      EXPECT_NEAR(got.covariance[2 * i + j], want.covariance[2 * i + j],
                  tolerance)
          << name;
    }
  }
}

// The posterior of x0 = point + rest from that of the point.
Answer WithRest(const Answer& point, double alpha, double sigma,
                const std::vector<double>& noise,
                const std::vector<double>& xt) {
  Answer whole = point;
  std::vector<double> kept(2);
  for (size_t i = 0; i < 2; ++i) {
    const double variance = noise[i] * noise[i];
    const double total = alpha * alpha * variance + sigma * sigma;
    kept[i] = sigma * sigma / total;
    whole.mean[i] += alpha * variance / total * (xt[i] - alpha * point.mean[i]);
  }
  for (size_t i = 0; i < 2; ++i) {
    for (size_t j = 0; j < 2; ++j)
      whole.covariance[2 * i + j] *= kept[i] * kept[j];
    whole.covariance[3 * i] += noise[i] * noise[i] * kept[i];
  }
  return whole;
}

void Compare(std::string_view name, const Law& law, const Affine& units) {
  WeightedPoints points = law.points;
  for (size_t i = 0; i < points.points.size(); ++i) {
    points.points[i] =
        (points.points[i] - units.shift[i % 2]) / units.scale[i % 2];
  }
  const auto world = MakeData(name)->MakeWorld(units);
  const std::vector<double> noise = {law.noise / units.scale[0],
                                     law.noise / units.scale[1]};
  for (const auto& [alpha, sigma] :
       {std::pair{1.0, 0.01}, {0.95, 0.3}, {0.3, 0.95}, {0.0, 1.0}}) {
    const auto marginal = world->At(alpha, sigma);
    std::vector<double> widths;
    for (const double part : noise) {
      widths.push_back(std::hypot(alpha * part, sigma));
    }
    for (const auto& xt : {std::vector<double>{0.3, 0.1},
                           {-1.2, 0.7},
                           {0.9, -1.1},
                           {2.6, 2.2},
                           {-6, 5}}) {
      const Answer want = WithRest(BruteForce(points, alpha, widths, xt), alpha,
                                   sigma, noise, xt);
      // 1e-9 for the quadrature. Midpoints err where a curve ends, by 1/24 of
      // the square of how steep the terms are there, per step; and squares of
      // the steps are missing in the covariance.
      double nearest = INFINITY;
      for (size_t k = 0; k < points.points.size(); k += 2) {
        nearest =
            std::min(nearest, std::hypot(xt[0] - alpha * points.points[k],
                                         xt[1] - alpha * points.points[k + 1]));
      }
      const double width = std::min(widths[0], widths[1]);
      const double step = law.step / std::min(units.scale[0], units.scale[1]);
      const double steep = alpha * step / width * (1 + nearest / width);
      ExpectNear(Ask(*marginal, xt), want,
                 1e-9 + (steep * steep + step * step) / 12, width, name);
    }
  }
}

TEST(CurveWorldTest, IsTheSumOverThePointsOfTheCurve) {
  for (const auto& [name, law] : Laws()) Compare(name, law, DataUnits(2));
}

TEST(CurveWorldTest, IsSoInUnitsOfEachAxis) {
  const Affine units{{0.4, -0.3}, {0.7, 1.9}};
  for (const auto& [name, law] : Laws()) Compare(name, law, units);
}

TEST(CurveWorldTest, PinwheelIsTheSumOverItsNormalDraws) {
  // Trapezoids over both draws: exact to rounding for what is smooth on their
  // scale; noise of at least the steps between the points.
  const double rate = 0.25;
  for (const Affine& units : {DataUnits(2), Affine{{0.2, 0.1}, {0.8, 1.7}}}) {
    WeightedPoints points;
    for (int arm = 0; arm < 5; ++arm) {
      for (int i = -160; i <= 160; ++i) {
        for (int j = -70; j <= 70; ++j) {
          const double z = i / 20.0, y = j / 10.0;
          const double along = 1 + 0.3 * z, across = 0.1 * y;
          const double a = 2 * kPi * arm / 5 + rate * std::exp(along);
          points.Add(std::exp(-0.5 * (z * z + y * y)) / (2 * kPi) / 200 / 5,
                     {(1.5 * (along * std::cos(a) - across * std::sin(a)) -
                       units.shift[0]) /
                          units.scale[0],
                      (1.5 * (along * std::sin(a) + across * std::cos(a)) -
                       units.shift[1]) /
                          units.scale[1]});
        }
      }
    }
    const auto world = MakeData("pinwheel")->MakeWorld(units);
    for (const auto& [alpha, sigma] :
         {std::pair{1.0, 0.1}, {0.9, 0.4}, {0.2, 0.98}}) {
      const auto marginal = world->At(alpha, sigma);
      for (const auto& xt : {std::vector<double>{0.3, 0.1},
                             {1.4, 0.7},
                             {-0.6, -1.3},
                             {2.3, -0.4}}) {
        ExpectNear(Ask(*marginal, xt),
                   BruteForce(points, alpha, {sigma, sigma}, xt), 1e-9, sigma,
                   "pinwheel");
      }
    }
  }
}

TEST(CurveWorldTest, AStraightPieceIsClosed) {
  // A segment of length 2 along x, uniform: error functions in x, normal in y.
  CurveLaw law{.pieces = {}, .noise = 0};
  law.pieces.push_back(
      {1, [](double u) { return CurvePoint{.x = 2 * u - 1, .y = 0.5}; }});
  const auto world = MakeWorld(law, DataUnits(2));
  for (const double sigma : {1e-5, 1e-3, 0.1, 3.0}) {
    const auto marginal = world->At(1, sigma);
    for (const double x : {0.0, 0.3, 1.0, 1 + 4 * sigma, -1 - 9 * sigma}) {
      const double y = 0.5 + 2 * sigma;
      const double r = sigma * std::sqrt(2.0);
      const double want = std::log(std::erfc((std::fabs(x) - 1) / r) -
                                   std::erfc((std::fabs(x) + 1) / r)) -
                          std::log(4.0) - 2 - std::log(sigma) -
                          0.5 * std::log(2 * kPi);
      EXPECT_NEAR(marginal->At(std::vector<double>{x, y}, {}), want, 2e-10)
          << sigma << ' ' << x;
    }
  }
}

TEST(CurveWorldTest, RefusesWhatIsNoLaw) {
  CurveLaw law;
  EXPECT_THROW(MakeWorld(law, DataUnits(2)), UsageError);
  law.pieces.push_back({1, [](double u) { return CurvePoint{.x = u}; }});
  law.noise = -1;
  EXPECT_THROW(MakeWorld(law, DataUnits(2)), UsageError);
  law.noise = 1;
  law.spread = true;
  EXPECT_THROW(MakeWorld(law, DataUnits(2)), UsageError);
}

}  // namespace
}  // namespace unnoise
