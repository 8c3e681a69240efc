// Every exact world, by what holds of any law: the density integrates to 1, the
// score is its gradient, mean and covariance of the posterior follow from it
// (Tweedie), and draws agree.

#include "core/data/world.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/base/problem.h"
#include "tests/core/data/worlds.h"

namespace unnoise {
namespace {

struct Level {
  double alpha, sigma;
};

// Sets of the table, and some with other fields.
struct Case {
  std::string_view name, fields;
};
std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const Row<Dataset>& row : Rows<Dataset>()) {
    cases.push_back({row.name, "{}"});
  }
  cases.insert(
      cases.end(),
      {{"two_moons", R"({"noise":0})"},
       {"spiral", R"({"arms":5,"turns":3,"noise":0.01})"},
       {"swiss_roll_3d", R"({"width":0,"noise":0.3})"},
       {"drawn_curve", R"({"noise":0})"},
       {"pinwheel", R"({"radial_std":0,"tangential_std":0.2,"arms":3})"},
       {"pinwheel", R"({"radial_std":0.4,"tangential_std":0,"rate":0.5})"},
       {"rings", R"({"count":5,"noise":0})"},
       {"checkerboard", R"({"size":8})"},
       {"uniform", R"({"dim":1,"low":-1,"high":3})"},
       {"gaussian_mixture",
        R"({"weights":[3,1],"means":[[0,0,1],[2,-1,0]],)"
        R"("covariances":[[[1,0.5,0],[0.5,2,-0.3],[0,-0.3,0.5]],)"
        R"([[0.1,0,0],[0,0.1,0],[0,0,0.1]]]})"}});
  return cases;
}

std::string Label(const Case& c, const Level& level) {
  return std::string(c.name) + ' ' + std::string(c.fields) + " alpha " +
         std::to_string(level.alpha) + " sigma " + std::to_string(level.sigma);
}

// Points where xt is likely, and some where it is not.
std::vector<std::vector<double>> Probes(const Dataset& data, Level level) {
  const size_t n = static_cast<size_t>(data.dim());
  constexpr size_t kCount = 6;
  std::vector<float> x(kCount * n), eps(kCount * n);
  data.Draw(KeyFromSeed(5), 0, x);
  FillNormal(KeyFromSeed(6), 0, eps);
  std::vector<std::vector<double>> probes;
  for (size_t k = 0; k < kCount; ++k) {
    // The last two are far out in the noise.
    const double far = k < kCount - 2 ? 1 : 6;
    std::vector<double> probe;
    for (size_t i = k * n; i < (k + 1) * n; ++i) {
      probe.push_back(level.alpha * x[i] + far * level.sigma * eps[i]);
    }
    probes.push_back(std::move(probe));
  }
  return probes;
}

TEST(WorldTest, ScoreAndPosteriorAreThoseOfTheDensity) {
  for (const Case& c : Cases()) {
    const Choice<Dataset> data = MakeData(c.name, c.fields);
    const size_t n = static_cast<size_t>(data->dim());
    const auto world = data->MakeWorld(StandardiserOf(*data));
    for (const Level level :
         {Level{1, 0.02}, {0.98, 0.2}, {0.6, 0.8}, {0.05, 0.9987}, {1, 20}}) {
      const auto law = world->At(level.alpha, level.sigma);
      const double sigma = level.sigma, square = sigma * sigma;
      for (const std::vector<double>& xt : Probes(*data, level)) {
        const Answer at = Ask(*law, xt);
        ASSERT_TRUE(IsFinite(at)) << Label(c, level);
        // Central differences: the error h^2 / 6 times the next derivative but
        // one, of order 10 per sigma each, and what the quadrature leaves
        // (1e-11) and rounding over h.
        const double h = 1e-4 * sigma;
        for (size_t i = 0; i < n; ++i) {
          std::vector<double> up = xt, down = xt;
          up[i] += h, down[i] -= h;
          const Answer above = Ask(*law, up), below = Ask(*law, down);
          EXPECT_NEAR((above.log_density - below.log_density) / (2 * h),
                      at.score[i], 1e-6 / sigma)
              << Label(c, level);
          // Tweedie, to rounding of its own terms.
          const double size = std::fabs(xt[i]) + std::fabs(at.mean[i]) + sigma;
          EXPECT_NEAR(xt[i] + square * at.score[i], level.alpha * at.mean[i],
                      1e-13 * size)
              << Label(c, level);
          for (size_t j = 0; j < n; ++j) {
            const double bend = (above.score[j] - below.score[j]) / (2 * h);
            const double want = (i == j) + square * bend;
            const double got =
                at.covariance[i * n + j] * level.alpha * level.alpha / square;
            EXPECT_NEAR(got, want, 1e-5) << Label(c, level);
            EXPECT_NEAR(at.covariance[i * n + j], at.covariance[j * n + i],
                        1e-12);
          }
        }
      }
    }
  }
}

TEST(WorldTest, DensityIntegratesToOne) {
  // The trapezoid rule with 3/4 of the noise as step errs by e^(-2 pi^2 16/9),
  // 1e-15, for a law that was smoothed by it; 6 deviations beyond what holds
  // all but 1e-10 of each set.
  for (const Case& c : Cases()) {
    const Choice<Dataset> data = MakeData(c.name, c.fields);
    const size_t n = static_cast<size_t>(data->dim());
    const Level level = n == 3 ? Level{0.6, 0.8} : Level{0.9, 0.3};
    const auto world = data->MakeWorld(DataUnits(data->dim()));
    const auto law = world->At(level.alpha, level.sigma);
    const double step = 0.75 * level.sigma;
    const double reach = (n == 3 ? 9 : 5) * level.alpha + 6 * level.sigma;
    const int side = static_cast<int>(reach / step);
    double sum = 0;
    std::vector<int> at(n, -side);
    std::vector<double> xt(n);
    for (bool more = true; more;) {
      for (size_t i = 0; i < n; ++i) xt[i] = at[i] * step;
      sum += std::exp(law->At(xt, {}));
      more = false;
      for (size_t i = 0; i < n && !more; ++i) {
        more = ++at[i] <= side;
        if (!more) at[i] = -side;
      }
    }
    EXPECT_NEAR(sum * std::pow(step, n), 1, 1e-9) << Label(c, level);
  }
}

TEST(WorldTest, DrawsAgree) {
  // p(xt) and E[x0 | xt] as averages over draws, weighted by the noise, in
  // units with a scale of its own for each axis: within four standard errors.
  constexpr size_t kCount = 100000;
  for (const Case& c : Cases()) {
    const Choice<Dataset> data = MakeData(c.name, c.fields);
    const size_t n = static_cast<size_t>(data->dim());
    Affine units = DataUnits(data->dim());
    for (size_t i = 0; i < n; ++i) {
      units.scale[i] = 1.2 + 0.5 * static_cast<double>(i);
      units.shift[i] = 0.3;
    }
    const auto world = data->MakeWorld(units);
    std::vector<float> x(kCount * n);
    data->Draw(KeyFromSeed(21), 0, x);
    units.ToModel(x);
    const Level level{0.8, 0.5};
    const auto law = world->At(level.alpha, level.sigma);
    for (std::vector<double> xt : {std::vector<double>{0.3, -0.2, 0.1},
                                   std::vector<double>{-0.9, 0.6, 0.5}}) {
      xt.resize(n);
      const Answer at = Ask(*law, xt);
      double sum = 0, squares = 0;
      std::vector<double> first(n, 0), spread(n, 0);
      for (size_t k = 0; k < kCount; ++k) {
        double square = 0;
        for (size_t i = 0; i < n; ++i) {
          const double z = (xt[i] - level.alpha * x[k * n + i]) / level.sigma;
          square += z * z;
        }
        const double weight = std::exp(-0.5 * square) /
                              std::pow(level.sigma * std::sqrt(2 * M_PI), n);
        sum += weight;
        squares += weight * weight;
        for (size_t i = 0; i < n; ++i) {
          const double off = x[k * n + i] - at.mean[i];
          first[i] += weight * off;
          spread[i] += weight * weight * off * off;
        }
      }
      const double density = sum / kCount;
      const double error =
          std::sqrt((squares / kCount - density * density) / kCount);
      EXPECT_NEAR(std::exp(at.log_density), density, 4 * error)
          << Label(c, level);
      for (size_t i = 0; i < n; ++i) {
        EXPECT_LE(std::fabs(first[i]), 4 * std::sqrt(spread[i]) + 1e-6 * sum)
            << Label(c, level);
      }
    }
  }
}

TEST(WorldTest, UnitsAreOneLaw) {
  // With one scale, xt in model units is (xt - alpha shift) / scale.
  for (const Case& c : Cases()) {
    const Choice<Dataset> data = MakeData(c.name, c.fields);
    const size_t n = static_cast<size_t>(data->dim());
    Affine units = DataUnits(data->dim());
    const double scale = 1.75;
    for (size_t i = 0; i < n; ++i) {
      units.scale[i] = scale;
      units.shift[i] = 0.5 - static_cast<double>(i);
    }
    const Level level{0.7, 0.4};
    const auto plain = data->MakeWorld(DataUnits(data->dim()));
    const auto world = data->MakeWorld(units);
    const auto in_units = world->At(level.alpha, level.sigma);
    const auto in_data = plain->At(level.alpha, level.sigma * scale);
    std::vector<double> xt(n, 0.2), moved(n);
    for (size_t i = 0; i < n; ++i) {
      moved[i] = scale * xt[i] + level.alpha * units.shift[i];
    }
    const Answer a = Ask(*in_units, xt), b = Ask(*in_data, moved);
    EXPECT_NEAR(a.log_density, b.log_density + n * std::log(scale), 1e-9)
        << Label(c, level);
    for (size_t i = 0; i < n; ++i) {
      EXPECT_NEAR(a.score[i], b.score[i] * scale, 1e-9) << Label(c, level);
      EXPECT_NEAR(a.mean[i] * scale + units.shift[i], b.mean[i], 1e-9);
      for (size_t j = 0; j < n; ++j) {
        EXPECT_NEAR(a.covariance[i * n + j] * scale * scale,
                    b.covariance[i * n + j], 1e-9);
      }
    }
  }
}

TEST(WorldTest, ExtremesAreFinite) {
  for (const Case& c : Cases()) {
    const Choice<Dataset> data = MakeData(c.name, c.fields);
    const size_t n = static_cast<size_t>(data->dim());
    const auto world = data->MakeWorld(StandardiserOf(*data));
    for (const Level level :
         {Level{1, 1e-6}, {1, 1e3}, {0, 1}, {1e-8, 1}, {0.5, 1e-3}}) {
      const auto law = world->At(level.alpha, level.sigma);
      for (const double far : {0.0, 1.0, 30.0, 1e6, 1e15}) {
        for (const double turn : {1.0, -0.3, 0.0}) {
          std::vector<double> xt(n, far);
          xt[0] *= turn;
          const Answer at = Ask(*law, xt);
          EXPECT_TRUE(IsFinite(at)) << Label(c, level) << " at " << far;
          for (size_t i = 0; i < n; ++i) {
            EXPECT_GE(at.covariance[i * n + i], -1e-12);
            // Laws of bounded shapes keep the mean within.
            if (world->has_density() && c.name != "uniform" &&
                c.name != "checkerboard") {
              continue;
            }
            if (c.name == "pinwheel" || n != 2) continue;
            EXPECT_LE(std::fabs(at.mean[i]), 4) << Label(c, level);
          }
        }
      }
    }
  }
}

TEST(WorldTest, WithoutNoiseOnlyDensitiesAreAnswered) {
  for (const Case& c : Cases()) {
    const Choice<Dataset> data = MakeData(c.name, c.fields);
    const auto world = data->MakeWorld(DataUnits(data->dim()));
    if (!world->has_density()) {
      EXPECT_THROW(world->At(1, 0), UsageError) << c.name;
      continue;
    }
    std::vector<float> x(static_cast<size_t>(data->dim()));
    data->Draw(KeyFromSeed(2), 0, x);
    const Answer at = Ask(*world->At(1, 0), {x.begin(), x.end()});
    EXPECT_TRUE(std::isfinite(at.log_density)) << c.name;
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_NEAR(at.mean[i], x[i], 1e-12) << c.name;
      EXPECT_NEAR(at.covariance[i * x.size() + i], 0, 1e-12) << c.name;
    }
  }
}

TEST(WorldTest, EntropyIsTheMeanOfMinusTheLogDensity) {
  constexpr size_t kCount = 20000;
  for (const Case& c :
       {Case{"uniform", R"({"dim":3})"}, Case{"checkerboard", "{}"},
        Case{"gaussian_mixture", R"({"weights":[2],"means":[[0,1]],)"
                                 R"("covariances":[[[1,0.6],[0.6,0.5]]]})"},
        Case{"mixture_1d", R"({"weights":[2],"means":[0],"stds":[0.3]})"}}) {
    const Choice<Dataset> data = MakeData(c.name, c.fields);
    const size_t n = static_cast<size_t>(data->dim());
    const auto world = data->MakeWorld(StandardiserOf(*data));
    std::vector<float> x(kCount * n);
    data->Draw(KeyFromSeed(3), 0, x);
    StandardiserOf(*data).ToModel(x);
    const auto law = world->At(1, 0);
    double sum = 0, squares = 0;
    for (size_t k = 0; k < kCount; ++k) {
      const std::vector<double> point(x.begin() + static_cast<long>(k * n),
                                      x.begin() + static_cast<long>(k * n + n));
      const double value = -law->At(point, {});
      sum += value, squares += value * value;
    }
    const double mean = sum / kCount;
    ASSERT_TRUE(world->Entropy()) << c.name;
    EXPECT_NEAR(
        *world->Entropy(), mean,
        4 * std::sqrt(std::max(0.0, squares / kCount - mean * mean) / kCount) +
            1e-9)
        << c.name;
  }
  EXPECT_FALSE(
      MakeData("mixture_1d")->MakeWorld(DataUnits(1))->Entropy().has_value());
}

}  // namespace
}  // namespace unnoise
