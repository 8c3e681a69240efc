// Every data set in the table: exact moments against quadrature and against
// draws, draws that depend on key and index alone, golden bits.

#include "core/data/dataset.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <string>

#include "core/base/config.h"
#include "core/data/plane.h"
#include "core/data/points.h"

namespace unnoise {
namespace {

// The set of that name; the user's points are three given ones.
Choice<Dataset> Make(std::string_view name) {
  Choice<Dataset> data(name);
  if (auto* points = dynamic_cast<Points*>(&*data)) {
    points->Attach("three.csv", std::make_shared<PointSet>(
                                    PointSet{2, {0, 1, 2, -1, 1, 3}}));
  }
  return data;
}

std::vector<std::string_view> Names() {
  std::vector<std::string_view> names;
  for (const Row<Dataset>& row : Rows<Dataset>()) names.push_back(row.name);
  return names;
}

std::vector<float> Drawn(const Dataset& data, uint64_t seed, uint64_t first,
                         size_t count) {
  std::vector<float> out(count * static_cast<size_t>(data.dim()));
  data.Draw(KeyFromSeed(seed), first, out);
  return out;
}

// Reads `fields` over the defaults of a set.
Problems Configure(Dataset& data, std::string_view fields) {
  return FromJson(*ParseJson(fields, ""), data);
}

// --- Moments by quadrature -------------------------------------------------

struct Sums {
  double weight = 0, x = 0, y = 0, xx = 0, yy = 0;
  void Add(double w, double px, double py) {
    weight += w, x += w * px, y += w * py, xx += w * px * px, yy += w * py * py;
  }
  Moments Get(double noise) const {
    const double mx = x / weight, my = y / weight;
    return {{mx, my},
            {xx / weight - mx * mx + noise * noise,
             yy / weight - my * my + noise * noise}};
  }
};

// Gauss and Legendre's rule with five nodes on each of 64 parts of [0, 1]:
// exact to rounding for all integrands below.
void OverUnit(const std::function<void(double u, double weight)>& f) {
  constexpr double kNodes[] = {-0.9061798459386640, -0.5384693101056831, 0,
                               0.5384693101056831, 0.9061798459386640};
  constexpr double kWeights[] = {0.2369268850561891, 0.4786286704993665,
                                 0.5688888888888889, 0.4786286704993665,
                                 0.2369268850561891};
  for (int part = 0; part < 64; ++part) {
    for (int i = 0; i < 5; ++i) {
      f((part + 0.5 + 0.5 * kNodes[i]) / 64, kWeights[i]);
    }
  }
}

// The laws again, from the words of their descriptions, at the defaults.
std::map<std::string_view, Moments> Quadrature() {
  std::map<std::string_view, Moments> moments;
  Sums moons, eight, roll, board, pinwheel, rings;
  OverUnit([&](double u, double w) {
    const double a = kPi * u;
    moons.Add(w, 1.5 * (std::cos(a) - 0.5), 1.5 * (std::sin(a) - 0.25));
    moons.Add(w, 1.5 * (1 - std::cos(a) - 0.5),
              1.5 * (0.5 - std::sin(a) - 0.25));
    const double b = kPi * (1.5 + 3 * u);
    roll.Add(w, b / (2 * kPi) * std::cos(b), b / (2 * kPi) * std::sin(b));
    for (const double radius : {1.0, 2.0}) {
      rings.Add(w, radius * std::cos(2 * kPi * u),
                radius * std::sin(2 * kPi * u));
    }
    for (int column = 0; column < 4; ++column) {
      for (int row = 0; row < 4; ++row) {
        // Each coordinate on its own: the square is a product.
        if ((column + row) % 2 == 0) board.Add(w, column + u - 2, row + u - 2);
      }
    }
  });
  for (int k = 0; k < 8; ++k) {
    eight.Add(1, 2 * std::cos(k * kPi / 4), 2 * std::sin(k * kPi / 4));
  }
  // The trapezoid rule over ten deviations is exact to rounding for a normal
  // law; the square across is replaced by its two-point rule.
  for (int i = -400; i <= 400; ++i) {
    const double z = i / 40.0;
    const double along = 1 + 0.3 * z;
    for (const double across : {-0.1, 0.1}) {
      for (int arm = 0; arm < 5; ++arm) {
        const double a = 2 * kPi * arm / 5 + 0.25 * std::exp(along);
        pinwheel.Add(std::exp(-0.5 * z * z),
                     1.5 * (along * std::cos(a) - across * std::sin(a)),
                     1.5 * (along * std::sin(a) + across * std::cos(a)));
      }
    }
  }
  moments["two_moons"] = moons.Get(0.05);
  moments["eight_gaussians"] = eight.Get(0.1);
  moments["swiss_roll"] = roll.Get(0.05);
  moments["checkerboard"] = board.Get(0);
  moments["pinwheel"] = pinwheel.Get(0);
  moments["rings"] = rings.Get(0.05);
  // E x^2 - (E x)^2, the other way than the code has it.
  moments["gaussian_mixture"] = {
      {0.5 * -1.2 + 0.3 * 1.3 + 0.2 * 0.2, 0.5 * -0.6 + 0.3 * -0.5 + 0.2 * 1.5},
      {0.5 * (0.2 + 1.44) + 0.3 * (0.1 + 1.69) + 0.2 * (0.3 + 0.04) -
           std::pow(-0.6 + 0.39 + 0.04, 2),
       0.5 * (0.15 + 0.36) + 0.3 * (0.2 + 0.25) + 0.2 * (0.02 + 2.25) -
           std::pow(-0.3 - 0.15 + 0.3, 2)}};
  moments["points"] = {{1, 1}, {2.0 / 3, 8.0 / 3}};

  Sums spiral, grid, sheet, drawn;
  OverUnit([&](double w, double weight) {
    for (const double start : {0.0, kPi}) {
      const double a = 2 * kPi * w + start;
      // The root of a uniform number has density 2 w.
      spiral.Add(weight * 2 * w, 2.4 * w * std::cos(a), 2.4 * w * std::sin(a));
    }
    sheet.Add(weight, 4 * (w - 0.5), 0);
  });
  moments["spiral"] = spiral.Get(0.05);
  for (int k = 0; k < 25; ++k) grid.Add(1, k % 5 - 2, k / 5 - 2);
  moments["gaussian_grid"] = grid.Get(0.08);
  const Moments flat = moments["swiss_roll"];
  moments["swiss_roll_3d"] = {
      {flat.mean[0], 0, flat.mean[1]},
      {flat.variance[0], sheet.Get(0.05).variance[0], flat.variance[1]}};
  const std::span<const float> corners = DrawnCurveCorners();
  for (size_t i = 0; i < corners.size(); i += 2) {
    const float* a = &corners[i];
    const float* b = &corners[(i + 2) % corners.size()];
    const double dx = double{b[0]} - a[0], dy = double{b[1]} - a[1];
    OverUnit([&](double u, double w) {
      drawn.Add(w * std::hypot(dx, dy), a[0] + u * dx, a[1] + u * dy);
    });
  }
  moments["drawn_curve"] = drawn.Get(0.02);
  moments["uniform"] = board.Get(0);  // every row and column is half dark
  // E x^2 - (E x)^2 again.
  const double mean = 0.3 * -1.8 + 0.5 * 0.2 + 0.2 * 1.9;
  moments["mixture_1d"] = {{mean},
                           {0.3 * (0.09 + 3.24) + 0.5 * (0.2025 + 0.04) +
                            0.2 * (0.0225 + 3.61) - mean * mean}};
  return moments;
}

TEST(DatasetTest, MomentsMatchQuadrature) {
  const auto expected = Quadrature();
  for (const std::string_view name : Names()) {
    ASSERT_EQ(expected.count(name), 1u) << name;
    const Moments exact = Make(name)->ExactMoments();
    ASSERT_EQ(exact.mean.size(), static_cast<size_t>(Make(name)->dim()));
    ASSERT_EQ(expected.at(name).mean.size(), exact.mean.size()) << name;
    for (size_t axis = 0; axis < exact.mean.size(); ++axis) {
      // Sums of some thousand terms of order one.
      EXPECT_NEAR(exact.mean[axis], expected.at(name).mean[axis], 1e-12)
          << name;
      EXPECT_NEAR(exact.variance[axis], expected.at(name).variance[axis], 1e-12)
          << name;
    }
  }
}

// Mean and variance of 1e5 draws within four standard errors.
void ExpectDrawsHaveMoments(const Dataset& data, std::string_view name) {
  constexpr size_t kCount = 100000;
  const std::vector<float> x = Drawn(data, 11, 0, kCount);
  const Moments exact = data.ExactMoments();
  const size_t dim = static_cast<size_t>(data.dim());
  for (size_t axis = 0; axis < dim; ++axis) {
    double first = 0, second = 0, fourth = 0;
    for (size_t i = axis; i < x.size(); i += dim) {
      const double offset = x[i] - exact.mean[axis];
      first += offset;
      second += offset * offset;
      fourth += offset * offset * offset * offset;
    }
    first /= kCount, second /= kCount, fourth /= kCount;
    const double variance = exact.variance[axis];
    EXPECT_NEAR(first, 0, 4 * std::sqrt(variance / kCount)) << name;
    // A variance that every point has exactly leaves rounding alone.
    EXPECT_NEAR(
        second, variance,
        4 * std::sqrt(std::max(0.0, fourth - variance * variance) / kCount) +
            1e-6 * variance)
        << name;
  }
}

TEST(DatasetTest, DrawsHaveTheExactMoments) {
  for (const std::string_view name : Names()) {
    ExpectDrawsHaveMoments(*Make(name), name);
  }
}

TEST(DatasetTest, DrawsHaveTheExactMomentsForOtherFields) {
  for (
      const auto& [name, fields] :
      std::vector<std::pair<std::string_view, std::string_view>>{
          {"two_moons", R"({"noise":0.5})"},
          {"two_moons", R"({"radius":1,"gap":0.7})"},
          {"spiral", R"({"arms":1,"turns":1.3,"noise":0})"},
          {"spiral", R"({"arms":2,"turns":0.25,"noise":0.3})"},
          {"spiral", R"({"arms":6,"turns":4})"},
          {"gaussian_grid", R"({"size":2,"spacing":5,"std":1})"},
          {"swiss_roll_3d", R"({"width":0,"noise":0.2})"},
          {"drawn_curve", R"({"noise":0})"},
          {"mixture_1d", R"({"weights":[1,0,3],"means":[5,99,-1],)"
                         R"("stds":[0,1,2]})"},
          {"eight_gaussians", R"({"radius":1,"std":0.7})"},
          {"swiss_roll", R"({"noise":0})"},
          {"checkerboard", R"({"size":6})"},
          {"uniform", R"({"dim":5,"low":-1,"high":3.5})"},
          {"pinwheel",
           R"({"arms":3,"radial_std":0.5,"tangential_std":0.4,"rate":0})"},
          {"rings", R"({"count":3,"radius":1.5,"noise":0.2})"},
          {"gaussian_mixture",
           R"({"weights":[3,0,1],"means":[[0,0,1],[9,9,9],[2,-1,0]],)"
           R"("covariances":[[[1,0.5,0],[0.5,2,-0.3],[0,-0.3,0.5]],)"
           R"([[1,0,0],[0,1,0],[0,0,1]],[[0.1,0,0],[0,0.1,0],[0,0,0.1]]]})"}}) {
    Choice<Dataset> data(name);
    ASSERT_EQ(ToText(Configure(*data, fields)), "");
    ExpectDrawsHaveMoments(*data, name);
  }
}

TEST(DatasetTest, PointsDependOnKeyAndIndexAlone) {
  for (const std::string_view name : Names()) {
    const Choice<Dataset> data = Make(name);
    const size_t dim = static_cast<size_t>(data->dim());
    const std::vector<float> whole = Drawn(*data, 3, 0, 1000);
    for (const auto& [first, count] : {std::pair<size_t, size_t>{0, 1},
                                       {1, 1},
                                       {127, 2},
                                       {255, 300},
                                       {512, 488},
                                       {7, 0}}) {
      const std::vector<float> part = Drawn(*data, 3, first, count);
      EXPECT_TRUE(std::equal(part.begin(), part.end(),
                             whole.begin() + static_cast<long>(first * dim)))
          << name << ' ' << first;
    }
    EXPECT_NE(Drawn(*data, 4, 0, 1000), whole) << name;
    EXPECT_NE(Drawn(*data, 3, uint64_t{1} << 40, 1000), whole) << name;
  }
}

TEST(DatasetTest, DrawsKeepTheirBits) {
  // These hashes are the same on every machine and never change: a link that
  // somebody has shared must go on showing the same points.
  const std::map<std::string_view, std::string> golden = {
      {"two_moons", "5133c2d9a50b5b3f"},
      {"eight_gaussians", "e932a4d514b450df"},
      {"swiss_roll", "0d841bfd66da69b8"},
      {"checkerboard", "bcb68a33fb8aa572"},
      {"pinwheel", "9f19c080b6736e77"},
      {"rings", "b7c55e71bc768f7a"},
      {"gaussian_mixture", "c932380a07d7782d"},
      {"points", "5cdb29b65b9787da"},
      {"spiral", "bfb6ed4bfbee9172"},
      {"gaussian_grid", "90660e50491fc4fd"},
      {"swiss_roll_3d", "523561836a0ca776"},
      {"drawn_curve", "a60fd513f3c2ef7e"},
      {"mixture_1d", "d024dbf2bf1b2a7b"},
      {"uniform", "389eb848668f5438"},
  };
  for (const std::string_view name : Names()) {
    ASSERT_EQ(golden.count(name), 1u) << name;
    const Choice<Dataset> data = Make(name);
    EXPECT_EQ(DigestOf({data->dim(), Drawn(*data, 1, 5, 1000)}),
              golden.at(name))
        << name;
  }
}

TEST(DatasetTest, PointsFillThePicture) {
  for (const std::string_view name : Names()) {
    float most = 0;
    for (const float x : Drawn(*Make(name), 2, 0, 2000)) {
      most = std::max(most, std::fabs(x));
    }
    EXPECT_GT(most, 1.5f) << name;
    EXPECT_LT(most, 4.f) << name;
  }
}

TEST(DatasetTest, ModesHoldTheSamples) {
  // How many modes each set says that it has.
  const std::map<std::string_view, size_t> counts = {{"eight_gaussians", 8},
                                                     {"gaussian_grid", 25},
                                                     {"gaussian_mixture", 3},
                                                     {"mixture_1d", 3}};
  for (const std::string_view name : Names()) {
    const Choice<Dataset> data = Make(name);
    const Modes modes = data->KnownModes();
    const size_t dim = static_cast<size_t>(data->dim());
    const auto expected = counts.find(name);
    ASSERT_EQ(modes.centers.size() / dim,
              expected == counts.end() ? 0 : expected->second)
        << name;
    if (modes.centers.empty()) continue;
    const std::vector<float> x = Drawn(*data, 9, 0, 4000);
    size_t inside = 0;
    for (size_t i = 0; i < x.size(); i += dim) {
      bool near = false;
      for (size_t c = 0; c < modes.centers.size(); c += dim) {
        double square = 0;
        for (size_t axis = 0; axis < dim; ++axis) {
          square += std::pow(x[i + axis] - modes.centers[c + axis], 2);
        }
        near |= square <= modes.radius * modes.radius;
      }
      inside += near;
    }
    // The sets are mixtures of laws of which at least 98.4 % lie within the
    // radius (a line in the plane, of 2.41 deviations); five standard errors.
    EXPECT_GT(inside, 4000 * 0.984 - 5 * std::sqrt(4000 * 0.984 * 0.016))
        << name;
  }
}

TEST(DatasetTest, RadiusOfAModeFollowsTheDimension) {
  EXPECT_EQ(NormalModes({0}, 1, 0.5).radius, 1.5);
  EXPECT_EQ(NormalModes({0, 0, 0, 0}, 4, 0.5).radius, 2);
  // Without width: a tenth of the least distance, here from 0 to (3, 4).
  EXPECT_EQ(NormalModes({0, 0, 3, 4, 9, 9}, 2, 0).radius, 0.5);
  EXPECT_EQ(NormalModes({1, 1}, 2, 0).radius, 0);
  EXPECT_EQ(NormalModes({}, 2, 0).radius, 0);
}

TEST(DatasetTest, CheckerboardStaysOnDarkSquares) {
  const Choice<Dataset> data("checkerboard");
  const std::vector<float> x = Drawn(*data, 5, 0, 5000);
  for (size_t i = 0; i < x.size(); i += 2) {
    const int column = static_cast<int>(std::floor(x[i] + 2));
    const int row = static_cast<int>(std::floor(x[i + 1] + 2));
    ASSERT_EQ((column + row) % 2, 0) << x[i] << ' ' << x[i + 1];
  }
}

TEST(DatasetTest, EightGaussiansStandOnACircle) {
  Choice<Dataset> data("eight_gaussians");
  ASSERT_TRUE(Configure(*data, R"({"std":0})").empty());
  const std::vector<float> x = Drawn(*data, 5, 0, 8000);
  int counts[8] = {};
  for (size_t i = 0; i < x.size(); i += 2) {
    const double turn = std::atan2(x[i + 1], x[i]) / (kPi / 4);
    const int k = static_cast<int>(std::lround(turn)) & 7;
    EXPECT_NEAR(turn, std::lround(turn), 1e-6);
    EXPECT_NEAR(std::hypot(x[i], x[i + 1]), 2, 1e-6);
    ++counts[k];
  }
  // Four standard deviations of a binomial(8000, 1/8).
  for (const int count : counts) EXPECT_NEAR(count, 1000, 4 * 29.6);
}

TEST(DatasetTest, CheckerboardNeedsAnEvenSize) {
  Choice<Dataset> data("checkerboard");
  EXPECT_EQ(ToText(Configure(*data, R"({"size":5})")),
            "size: found 5; give an even number.");
}

// --- Units -----------------------------------------------------------------

TEST(StandardiserTest, GivesWhatIsAskedFor) {
  Choice<Dataset> data = Make("points");  // per axis by default
  Affine affine = StandardiserOf(*data);
  EXPECT_EQ(affine.shift, (std::vector<double>{1, 1}));
  EXPECT_EQ(affine.scale,
            (std::vector<double>{std::sqrt(2.0 / 3), std::sqrt(8.0 / 3)}));
  data->standardise = static_cast<int>(Standardise::kIsotropic);
  affine = StandardiserOf(*data);
  EXPECT_EQ(affine.shift, (std::vector<double>{1, 1}));
  // The mean of 2/3 and 8/3 is rounded twice.
  EXPECT_NEAR(affine.scale[0], std::sqrt(5.0 / 3), 1e-15);
  EXPECT_EQ(affine.scale[0], affine.scale[1]);
  data->standardise = static_cast<int>(Standardise::kNone);
  affine = StandardiserOf(*data);
  EXPECT_EQ(affine.shift, (std::vector<double>{0, 0}));
  EXPECT_EQ(affine.scale, (std::vector<double>{1, 1}));
}

TEST(StandardiserTest, DefaultsFollowTheKind) {
  for (const std::string_view name : Names()) {
    const bool mixture = name == "gaussian_mixture" || name == "mixture_1d";
    const Standardise expected = mixture            ? Standardise::kNone
                                 : name == "points" ? Standardise::kPerAxis
                                                    : Standardise::kIsotropic;
    EXPECT_EQ(Choice<Dataset>(name)->standardise, static_cast<int>(expected))
        << name;
  }
}

TEST(StandardiserTest, AConstantColumnKeepsItsScale) {
  Points points;
  points.Attach("c.csv", std::make_shared<PointSet>(
                             PointSet{2, {0.1f, 1, 0.1f, 2, 0.1f, 4}}));
  const Affine affine = StandardiserOf(points);
  EXPECT_EQ(affine.scale[0], 1);
  EXPECT_EQ(affine.shift[0], 0.1f);
}

TEST(StandardiserTest, ThereAndBackIsOneRoundingEach) {
  const Affine affine{{0.3, -20}, {2.5, 0.01}};
  std::vector<float> x = {1, 2, -3.25f, 1e3f};
  const std::vector<float> before = x;
  affine.ToModel(x);
  EXPECT_FLOAT_EQ(x[0], 0.28f);
  EXPECT_FLOAT_EQ(x[1], 2200);
  affine.ToData(x);
  for (size_t i = 0; i < x.size(); ++i) {
    // Half an ULP of the model value, seen through the scale, and half of x.
    EXPECT_NEAR(x[i], before[i], 6e-8 * (std::fabs(before[i]) + 20)) << i;
  }
  std::vector<float> odd(3);
  EXPECT_THROW(affine.ToModel(odd), UsageError);
}

}  // namespace
}  // namespace unnoise
