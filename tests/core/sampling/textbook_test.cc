// Every sampler beside its transition as the texts print it: in the drift and
// diffusion of the equation or in exponentials of half the log SNR, in double
// precision, on data N(1, 1/4). The code has other forms of all of them.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "core/sampling/sampling.h"
#include "tests/core/sampling/gaussian_data.h"

namespace unnoise {
namespace {

struct Point {
  double t, alpha, sigma, lambda, f, g2;
};

// A transition from points.back() of the way, of which the earlier points come
// first, to `s`: the mean for x, and the variance of what is added.
struct Textbook {
  const Path& path;
  GaussianData data;

  Point At(double t) const {
    const Coefficients at = path.At(t);
    const double f = at.d_alpha / at.alpha;
    return {t,        at.alpha,
            at.sigma, std::log(at.alpha / at.sigma),
            f,        2 * at.sigma * at.d_sigma - 2 * f * at.sigma * at.sigma};
  }
  // By halving.
  Point AtLambda(double lambda) const {
    double low = 1e-9, high = 1;
    for (int i = 0; i < 100; ++i) {
      const double t = (low + high) / 2;
      (At(t).lambda > lambda ? low : high) = t;
    }
    return At(low);
  }
  double Eps(const Point& p, double x) const {
    return data.NoiseAt({p.alpha, p.sigma, 0, 0}, x);
  }
  double X0(const Point& p, double x) const {
    return data.DataAt({p.alpha, p.sigma, 0, 0}, x);
  }
  double Score(const Point& p, double x) const { return -Eps(p, x) / p.sigma; }
  // dx/dt of the probability flow.
  double Slope(double t, double x) const {
    const Point p = At(t);
    return p.f * x - p.g2 / 2 * Score(p, x);
  }
};

struct Moved {
  double x;
  double variance = 0;
};
// History: states x_i at points t_i, the latest last; s is where to go.
struct Way {
  std::vector<Point> at;
  std::vector<double> x;
  Point s;
  int steps;
};
using Move = std::function<Moved(const Textbook&, const Way&)>;

Moved Chain(const Textbook&, const Way& w, double x0, double variance) {
  const Point &t = w.at.back(), &s = w.s;
  const double ratio = t.alpha / s.alpha;
  const double step = t.sigma * t.sigma - ratio * ratio * s.sigma * s.sigma;
  // Kingma et al. 2021, eq. 25 to 27.
  return {ratio * s.sigma * s.sigma / (t.sigma * t.sigma) * w.x.back() +
              s.alpha * step / (t.sigma * t.sigma) * x0,
          variance};
}

double Beta(const Way& w) {
  const double ratio = w.at.back().alpha / w.s.alpha;
  return w.at.back().sigma * w.at.back().sigma -
         ratio * ratio * w.s.sigma * w.s.sigma;
}
double BetaTilde(const Way& w) {
  const double kept = w.s.sigma / w.at.back().sigma;
  return Beta(w) * kept * kept;
}

Moved Ancestral(const Textbook& b, const Way& w, double variance) {
  return Chain(b, w, b.X0(w.at.back(), w.x.back()), variance);
}

Moved Sde(const Textbook& b, const Way& w, double lambda) {
  const Point& t = w.at.back();
  const double dt = t.t - w.s.t, x = w.x.back();
  return {x + dt * (-t.f * x + (2 - lambda) / 2 * t.g2 * b.Score(t, x)),
          (1 - lambda) * t.g2 * dt};
}

Moved Rk4(const Textbook& b, const Way& w) {
  const double t = w.at.back().t, h = w.s.t - t, x = w.x.back();
  const double k1 = b.Slope(t, x);
  const double k2 = b.Slope(t + h / 2, x + h / 2 * k1);
  const double k3 = b.Slope(t + h / 2, x + h / 2 * k2);
  const double k4 = b.Slope(t + h, x + h * k3);
  return {x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)};
}

// Lu et al. 2022, algorithms 1, 4 and 5.
Moved Dpm(const Textbook& b, const Way& w, int order) {
  const Point &t = w.at.back(), &s = w.s;
  const double x = w.x.back(), eps = b.Eps(t, x), h = s.lambda - t.lambda;
  const auto first = [&](const Point& to, double step) {
    return to.alpha / t.alpha * x - to.sigma * std::expm1(step) * eps;
  };
  if (order == 1) return {first(s, h)};
  if (order == 2) {
    const Point m = b.AtLambda(t.lambda + h / 2);
    return {s.alpha / t.alpha * x -
            s.sigma * std::expm1(h) * b.Eps(m, first(m, h / 2))};
  }
  const double r1 = 1. / 3, r2 = 2. / 3;
  const Point s1 = b.AtLambda(t.lambda + r1 * h);
  const Point s2 = b.AtLambda(t.lambda + r2 * h);
  const double d1 = b.Eps(s1, first(s1, r1 * h)) - eps;
  const double u2 =
      first(s2, r2 * h) -
      s2.sigma * r2 / r1 * (std::expm1(r2 * h) / (r2 * h) - 1) * d1;
  const double d2 = b.Eps(s2, u2) - eps;
  return {first(s, h) - s.sigma / r2 * (std::expm1(h) / h - 1) * d2};
}

// Lu et al. 2022b, algorithm 2.
Moved Multistep(const Textbook& b, const Way& w) {
  const Point &t = w.at.back(), &s = w.s;
  const size_t n = w.at.size();
  const double h = s.lambda - t.lambda;
  double d = b.X0(t, w.x.back());
  if (n > 1) {
    const double r = (t.lambda - w.at[n - 2].lambda) / h;
    d = (1 + 1 / (2 * r)) * d - 1 / (2 * r) * b.X0(w.at[n - 2], w.x[n - 2]);
  }
  return {s.sigma / t.sigma * w.x.back() - s.alpha * std::expm1(-h) * d};
}

// The integral of the polynomial through the latest predictions over rho, by
// Simpson's rule, which is exact for it.
Moved AdamsBashforth(const Textbook& b, const Way& w, size_t order) {
  const Point &t = w.at.back(), &s = w.s;
  const size_t n = w.at.size();
  if (order == 3 && n == 1) return Dpm(b, w, 2);
  const size_t known = std::min(order, n);
  const auto through = [&](double rho) {
    double sum = 0;
    for (size_t i = n - known; i < n; ++i) {
      double part = b.Eps(w.at[i], w.x[i]);
      const double own = w.at[i].sigma / w.at[i].alpha;
      for (size_t j = n - known; j < n; ++j) {
        const double other = w.at[j].sigma / w.at[j].alpha;
        if (j != i) part *= (rho - other) / (own - other);
      }
      sum += part;
    }
    return sum;
  };
  const double from = t.sigma / t.alpha, to = s.sigma / s.alpha;
  const double integral =
      (to - from) / 6 *
      (through(from) + 4 * through((from + to) / 2) + through(to));
  return {s.alpha * (w.x.back() / t.alpha + integral)};
}

// Karras et al. 2022, algorithm 2, for y = x / alpha at noise rho.
Moved Churned(const Textbook& b, const Way& w, double churn, double noise) {
  const Point &t = w.at.back(), &s = w.s;
  const double rho = t.sigma / t.alpha, to = s.sigma / s.alpha;
  const double gamma = std::min(churn / w.steps, std::sqrt(2.0) - 1);
  double hat = rho * (1 + gamma);
  const Point top = b.At(b.path.t_max);
  hat = std::min(hat, top.sigma / top.alpha);
  const Point back = gamma > 0 ? b.AtLambda(-std::log(hat)) : t;
  const auto heun = [&](double y) {
    const auto slope = [&](double x, const Point& p, double r) {
      return (x - b.X0(p, p.alpha * x)) / r;
    };
    const double d = slope(y, back, hat);
    const double euler = y + (to - hat) * d;
    return y + (to - hat) * (d + slope(euler, s, to)) / 2;
  };
  const double y = w.x.back() / t.alpha;
  const double gain = heun(y + 1) - heun(y);
  return {s.alpha * heun(y), s.alpha * s.alpha * gain * gain * noise * noise *
                                 (hat * hat - rho * rho)};
}

// One of Langevin's steps at s from a normal law of mean m.x: it is affine,
// with the slope that two points tell.
Moved Langevin(const Textbook& b, const Point& s, double step, Moved m) {
  const auto to = [&](double x) { return x + step * b.Score(s, x); };
  const double slope = to(1) - to(0);
  return {to(m.x), slope * slope * m.variance + 2 * step};
}

// Song et al. 2021, appendices E and F (ancestral), in the beta and the
// variances of the step, then M corrections of algorithms 4 and 5 where |z| /
// |score| is sigma.
Moved Corrected(const Textbook& b, const Way& w, int corrections, double snr,
                bool ancestral) {
  const Point &t = w.at.back(), &s = w.s;
  const double ratio = t.alpha / s.alpha, x = w.x.back();
  Moved m{(2 - ratio) * x + Beta(w) * b.Score(t, x), Beta(w)};
  if (ancestral) m = Ancestral(b, w, BetaTilde(w));
  for (int i = 0; i < corrections; ++i) {
    m = Langevin(b, s, 2 * ratio * ratio * snr * snr * s.sigma * s.sigma, m);
  }
  return m;
}

struct Case {
  const char* name;
  const char* fields;
  double evaluations;  // of the model, a step
  double besides;      // and in all
  Move move;
};

const std::vector<Case>& Cases() {
  using B = const Textbook&;
  using W = const Way&;
  static const std::vector<Case> cases = {
      {"ddpm", R"({"variance":"posterior"})", 1, 0,
       [](B b, W w) { return Ancestral(b, w, BetaTilde(w)); }},
      {"ddpm", R"({"variance":"beta"})", 1, 0,
       [](B b, W w) { return Ancestral(b, w, Beta(w)); }},
      {"ddpm", R"({"variance":"interpolated","weight":0.3})", 1, 0,
       [](B b, W w) {
         return Ancestral(
             b, w,
             std::exp(0.3 * std::log(Beta(w)) + 0.7 * std::log(BetaTilde(w))));
       }},
      {"ddim", R"({"eta":0.6})", 1, 0,
       [](B b, W w) {
         const double v = 0.36 * BetaTilde(w), x = w.x.back();
         return Moved{
             w.s.alpha * b.X0(w.at.back(), x) +
                 std::sqrt(w.s.sigma * w.s.sigma - v) * b.Eps(w.at.back(), x),
             v};
       }},
      {"euler_maruyama", R"({"lambda":0})", 1, 0,
       [](B b, W w) { return Sde(b, w, 0); }},
      {"euler_maruyama", R"({"lambda":0.7})", 1, 0,
       [](B b, W w) { return Sde(b, w, 0.7); }},
      {"euler_maruyama", R"({"lambda":1})", 1, 0,
       [](B b, W w) { return Sde(b, w, 1); }},
      {"ode", R"({"method":"euler"})", 1, 0,
       [](B b, W w) { return Sde(b, w, 1); }},
      {"ode", R"({"method":"heun"})", 2, 0,
       [](B b, W w) {
         const double t = w.at.back().t, h = w.s.t - t, x = w.x.back();
         const double k = b.Slope(t, x);
         return Moved{x + h / 2 * (k + b.Slope(t + h, x + h * k))};
       }},
      {"ode", R"({"method":"midpoint"})", 2, 0,
       [](B b, W w) {
         const double t = w.at.back().t, h = w.s.t - t, x = w.x.back();
         return Moved{x + h * b.Slope(t + h / 2, x + h / 2 * b.Slope(t, x))};
       }},
      {"ode", R"({"method":"rk4"})", 4, 0, Rk4},
      {"dpm_solver", R"({"order":1})", 1, 0,
       [](B b, W w) { return Dpm(b, w, 1); }},
      {"dpm_solver", R"({"order":2})", 2, 0,
       [](B b, W w) { return Dpm(b, w, 2); }},
      {"dpm_solver", R"({"order":3})", 3, 0,
       [](B b, W w) { return Dpm(b, w, 3); }},
      {"dpm_solver_pp_2m", "{}", 1, 0, Multistep},
      {"deis", R"({"order":1})", 1, 0,
       [](B b, W w) { return AdamsBashforth(b, w, 1); }},
      {"deis", R"({"order":2})", 1, 0,
       [](B b, W w) { return AdamsBashforth(b, w, 2); }},
      {"deis", R"({"order":3})", 1, 1,
       [](B b, W w) { return AdamsBashforth(b, w, 3); }},
      {"edm", "{}", 2, 0, [](B b, W w) { return Churned(b, w, 0, 1); }},
      {"edm", R"({"s_churn":6,"s_min":0,"s_max":1000000,"s_noise":1.1})", 2, 0,
       [](B b, W w) { return Churned(b, w, 6, 1.1); }},
      {"predictor_corrector", "{}", 2, 0,
       [](B b, W w) { return Corrected(b, w, 1, 0.16, false); }},
      {"predictor_corrector", R"({"corrections":3,"snr":0.4})", 4, 0,
       [](B b, W w) { return Corrected(b, w, 3, 0.4, false); }},
      {"predictor_corrector",
       R"({"predictor":"ancestral","corrections":2,"snr":0.7})", 3, 0,
       [](B b, W w) { return Corrected(b, w, 2, 0.7, true); }},
      // Song and Ermon 2019, algorithm 1: alpha_i / 2 = 0.3 sigma_i^2.
      {"annealed_langevin", R"({"repeats":3,"step":0.3})", 3, 0,
       [](B b, W w) {
         Moved m{w.x.back()};
         for (int i = 0; i < 3; ++i) {
           m = Langevin(b, w.s, 0.3 * w.s.sigma * w.s.sigma, m);
         }
         return m;
       }},
      {"ula", R"({"step":0.4})", 1, 0, [](B b, W w) {
         return Langevin(b, w.s, 0.4 * w.s.sigma * w.s.sigma, {w.x.back()});
       }}};
  return cases;
}

// What the texts' transitions make of a point, along the whole grid.
double TextbookMean(const Case& c, const Textbook& book,
                    const std::vector<double>& grid, double x) {
  Way way{{}, {x}, {}, static_cast<int>(grid.size()) - 1};
  for (size_t i = grid.size() - 1; i > 0; --i) {
    way.at.push_back(book.At(grid[i]));
    way.s = book.At(grid[i - 1]);
    way.x.push_back(c.move(book, way).x);
  }
  return way.x.back();
}

// And of a normal law: the maps are affine, those with noise without memory.
Law TextbookLaw(const Case& c, const Textbook& book,
                const std::vector<double>& grid, Law start) {
  const double shift = TextbookMean(c, book, grid, 0);
  const double slope = TextbookMean(c, book, grid, 1) - shift;
  double fresh = 0;
  for (size_t i = grid.size() - 1; i > 0; --i) {
    Way way{{book.At(grid[i])},
            {0},
            book.At(grid[i - 1]),
            static_cast<int>(grid.size()) - 1};
    const Moved at0 = c.move(book, way);
    way.x = {1};
    const double gain = c.move(book, way).x - at0.x;
    fresh = gain * gain * fresh + at0.variance;
  }
  return {shift + slope * start.mean, slope * slope * start.variance + fresh};
}

std::vector<double> Grid(const Path& path, int steps) {
  return UniformGrid(path, steps);
}

TEST(TextbookSamplers, MeansAgree) {
  for (const char* name : {"linear_beta", "cosine", "straight", "ve"}) {
    Choice<Path> path(name);
    path->t_min = 0.02;
    if (path->PriorStd() == 1) path->t_max = 0.95;
    const Textbook book{*path, {}};
    GaussianDataDenoiser denoiser(*path, book.data);
    for (const int steps : {1, 2, 3, 12}) {
      const std::vector<double> grid = Grid(*path, steps);
      const float wide = static_cast<float>(path->PriorStd());
      const std::vector<float> start = {-2 * wide, 0, 0.7f * wide};
      for (const Case& c : Cases()) {
        const std::vector<float> x =
            Mean(*MakeSampler(c.name, c.fields), *path, grid, denoiser, start);
        for (size_t i = 0; i < x.size(); ++i) {
          const double known = TextbookMean(c, book, grid, start[i]);
          // Float rounding, of some hundred operations, of numbers that the
          // long steps here make as large as the sum of both ends at times.
          EXPECT_NEAR(x[i], known,
                      2e-5 * (1 + std::fabs(known) + std::fabs(start[i])))
              << name << ' ' << c.name << c.fields << steps;
        }
      }
    }
  }
}

TEST(TextbookSamplers, LawsAgree) {
  // 4 steps, far from converged, and 10^6 particles: within 4 standard errors
  // of the texts' recursion.
  constexpr int64_t kCount = 1000000;
  constexpr int kSteps = 4;
  for (const char* name : {"linear_beta", "straight"}) {
    Choice<Path> path(name);
    path->t_min = 0.02;
    path->t_max = 0.95;
    const Textbook book{*path, {}};
    GaussianDataDenoiser denoiser(*path, book.data);
    const std::vector<double> grid = Grid(*path, kSteps);
    for (const Case& c : Cases()) {
      const auto sampler = MakeSampler(c.name, c.fields);
      Sampling sampling(*sampler, *path, grid, denoiser, KeyFromSeed(8), 0,
                        kCount);
      while (sampling.Step()) {
      }
      EXPECT_EQ(sampling.outcome(), Outcome::kGood);
      EXPECT_EQ(sampling.evaluations(), kSteps * c.evaluations + c.besides)
          << c.name << c.fields;
      const Law law = TextbookLaw(c, book, grid, {0, 1});
      double first = 0, second = 0;
      for (const float x : sampling.particles()) {
        first += x - law.mean;
        second += (x - law.mean) * (x - law.mean);
      }
      EXPECT_NEAR(first / kCount, 0, 4 * std::sqrt(law.variance / kCount))
          << name << c.name << c.fields;
      EXPECT_NEAR(second / kCount, law.variance,
                  4 * law.variance * std::sqrt(2.0 / kCount))
          << name << c.name << c.fields;
    }
  }
}

// Every sampler is here, or in a test of its own.
TEST(TextbookSamplers, NoneIsForgotten) {
  static constexpr std::string_view kElsewhere[] = {"dopri5", "hmc", "mala",
                                                    "underdamped"};
  for (const Row<Sampler>& row : Rows<Sampler>()) {
    bool found = std::find(std::begin(kElsewhere), std::end(kElsewhere),
                           row.name) != std::end(kElsewhere);
    for (const Case& c : Cases()) found = found || row.name == c.name;
    EXPECT_TRUE(found) << row.name;
  }
}

// The law at every time of the grid, from a start of the path's own law, is
// the path's for every lambda, to first order in the step.
TEST(TextbookSamplers, TheFamilyBetweenSdeAndOdeHasOneLaw) {
  const Choice<Path> path("linear_beta");
  const GaussianData data;
  const auto worst = [&](double lambda, int steps) {
    const auto sampler = MakeSampler(
        "euler_maruyama", "{\"lambda\":" + std::to_string(lambda) + "}");
    std::vector<double> grid;
    for (int i = 0; i <= steps; ++i) grid.push_back(0.05 + 0.95 * i / steps);
    double error = 0;
    Law law{data.MeanAt(path->At(1)), data.VarianceAt(path->At(1))};
    for (size_t i = grid.size() - 1; i > 0; --i) {
      law = LawOf(*sampler, *path, {grid[i - 1], grid[i]}, data, law);
      const Coefficients at = path->At(grid[i - 1]);
      error = std::max({error, std::fabs(law.mean - data.MeanAt(at)),
                        std::fabs(law.variance - data.VarianceAt(at))});
    }
    return error;
  };
  for (const double lambda : {0.0, 0.25, 0.5, 0.9, 1.0}) {
    const double coarse = worst(lambda, 250), fine = worst(lambda, 1000);
    EXPECT_LT(fine, 0.02) << lambda;
    // A quarter, but for the next order, 1 / 250 of it and some.
    EXPECT_NEAR(coarse / fine, 4, 0.4) << lambda;
  }
}

}  // namespace
}  // namespace unnoise
