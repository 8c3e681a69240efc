// Particles in motion, on denoisers that are exact.

#include "core/sampling/sampling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/config.h"
#include "core/sampling/recorder.h"
#include "core/sampling/stages.h"

namespace unnoise {
namespace {

// The exact denoiser of data N(mean, variance I); variance 0 is a point.
class GaussianDenoiser final : public Denoiser, public Density {
 public:
  GaussianDenoiser(const Path& path, int dim, double mean, double variance)
      : path_(path), dim_(dim), mean_(mean), variance_(variance) {}

  int dim() const override { return dim_; }
  Density* density() override { return this; }
  JacobianTrace* jacobian_trace() override { return nullptr; }
  // Up to a constant.
  void LogDensity(double t, std::span<const float> xt,
                  std::span<double> log_density) override {
    const auto [alpha, sigma, d_alpha, d_sigma] = path_.At(t);
    std::fill(log_density.begin(), log_density.end(), 0.0);
    for (size_t i = 0; i < xt.size(); ++i) {
      const double off = xt[i] - alpha * mean_;
      log_density[i / static_cast<size_t>(dim_)] -=
          0.5 * off * off / (alpha * alpha * variance_ + sigma * sigma);
    }
  }
  void PredictAt(std::span<const double> times, std::span<const float> xt,
                 Prediction out) override {
    for (size_t i = 0; i < xt.size(); ++i) {
      const auto [alpha, sigma, d_alpha, d_sigma] = path_.At(
          times[times.size() == 1 ? 0 : i / static_cast<size_t>(dim_)]);
      const double gain =
          alpha * variance_ / (alpha * alpha * variance_ + sigma * sigma);
      const double data = mean_ + gain * (xt[i] - alpha * mean_);
      out.data[i] = static_cast<float>(data);
      out.noise[i] = static_cast<float>((xt[i] - alpha * data) / sigma);
    }
    ++calls;
  }

  int calls = 0;

 private:
  const Path& path_;
  int dim_;
  double mean_, variance_;
};

Choice<Sampler> Make(std::string_view name, std::string_view fields = "{}") {
  Choice<Sampler> sampler(name);
  EXPECT_EQ(ToText(FromJson(*ParseJson(fields, ""), *sampler)), "");
  return sampler;
}

std::vector<float> RunToEnd(const Sampler& sampler, const Path& path,
                            Denoiser& denoiser, int64_t steps, uint64_t first,
                            int64_t count) {
  Sampling sampling(sampler, path, UniformGrid(path, steps), denoiser,
                    KeyFromSeed(4), first, count);
  while (sampling.Step()) {
  }
  EXPECT_TRUE(sampling.finite());
  const auto particles = sampling.particles();
  return {particles.begin(), particles.end()};
}

TEST(SamplingTest, WalksTheGridFromEndToEnd) {
  const Choice<Path> path("cosine");
  GaussianDenoiser denoiser(*path, 3, 0, 1);
  Sampling sampling(*Make("ddim"), *path, UniformGrid(*path, 5), denoiser, {},
                    0, 2);
  ASSERT_EQ(sampling.grid().size(), 6u);
  EXPECT_EQ(sampling.grid().front().t, path->t_min);
  EXPECT_EQ(sampling.grid().back().t, path->t_max);
  EXPECT_EQ(sampling.grid()[2].alpha, path->At(sampling.grid()[2].t).alpha);
  EXPECT_EQ(sampling.grid()[2].sigma, path->At(sampling.grid()[2].t).sigma);
  EXPECT_EQ(sampling.particles().size(), 6u);
  for (int64_t position = 5; position > 0; --position) {
    EXPECT_EQ(sampling.position(), position);
    EXPECT_FALSE(sampling.done());
    EXPECT_TRUE(sampling.Step());
  }
  EXPECT_TRUE(sampling.done());
  const std::vector<float> end(sampling.particles().begin(),
                               sampling.particles().end());
  EXPECT_FALSE(sampling.Step());
  EXPECT_EQ(denoiser.calls, 5);
  EXPECT_TRUE(std::equal(end.begin(), end.end(), sampling.particles().begin()));
}

TEST(SamplingTest, StartsAndStepsInTheStatedStreams) {
  const Choice<Path> path("linear_beta");
  GaussianDenoiser denoiser(*path, 2, 0.5, 0.3);
  const Choice<Sampler> sampler = Make("ddpm");
  const std::vector<double> grid = UniformGrid(*path, 3);
  const Key key = KeyFromSeed(9);
  Sampling sampling(*sampler, *path, grid, denoiser, key, 7, 4);
  std::vector<float> x(8), data(8), noise(8), fresh(8);
  FillNormal(Fold(key, "start"), 14, x);
  for (uint64_t n = 0; n < 3; ++n) {
    ASSERT_TRUE(std::equal(x.begin(), x.end(), sampling.particles().begin()));
    const size_t i = 3 - n;
    denoiser.Predict(grid[i], x, {data, noise});
    FillNormal(Fold(Fold(key, "step"), n), 14, fresh);
    const Update u = dynamic_cast<const OneStepSampler&>(*sampler).Between(
        path->At(grid[i]), path->At(grid[i - 1]));
    for (size_t k = 0; k < x.size(); ++k) {
      x[k] = static_cast<float>(u.xt_weight) * x[k] +
             static_cast<float>(u.data_weight) * data[k] +
             static_cast<float>(u.noise_weight) * noise[k] +
             static_cast<float>(u.deviation) * fresh[k];
    }
    sampling.Step();
  }
  EXPECT_TRUE(std::equal(x.begin(), x.end(), sampling.particles().begin()));
}

TEST(SamplingTest, APointIsFound) {
  for (const Row<Path>& row : Rows<Path>()) {
    Choice<Path> path(row.name);
    path->t_min = 1e-6;
    for (const char* name : {"ddpm", "ddim"}) {
      GaussianDenoiser denoiser(*path, 2, 1.25, 0);
      const Coefficients end = path->At(path->t_min);
      for (const float x : RunToEnd(*Make(name), *path, denoiser, 20, 0, 100)) {
        // The noise of the path's end, of which no normal draw is beyond 5.77,
        // and float rounding, which alpha of 1e-3 may enlarge in the noise.
        EXPECT_NEAR(x, 1.25, 5.77 * end.sigma + 1e-5) << row.name << name;
      }
    }
  }
}

// The exact denoiser of finitely many points, each as likely: a softmax over
// them. Its samples are the points themselves.
TEST(SamplingTest, AFiniteSetIsReproduced) {
  static constexpr double kPoints[] = {-1.5, -0.25, 2};
  class FiniteDenoiser final : public Denoiser {
   public:
    explicit FiniteDenoiser(const Path& path) : path_(path) {}
    int dim() const override { return 1; }
    Density* density() override { return nullptr; }
    JacobianTrace* jacobian_trace() override { return nullptr; }
    void PredictAt(std::span<const double> times, std::span<const float> xt,
                   Prediction out) override {
      const double t = times[0];
      const Coefficients at = path_.At(t);
      for (size_t i = 0; i < xt.size(); ++i) {
        double least = std::numeric_limits<double>::infinity();
        for (const double p : kPoints) {
          least = std::min(least, std::fabs(xt[i] - at.alpha * p));
        }
        double mass = 0, sum = 0;
        for (const double p : kPoints) {
          const double off = xt[i] - at.alpha * p;
          const double weight =
              std::exp((least - std::fabs(off)) * (least + std::fabs(off)) /
                       (2 * at.sigma * at.sigma));
          mass += weight;
          sum += weight * p;
        }
        out.data[i] = static_cast<float>(sum / mass);
        out.noise[i] =
            static_cast<float>((xt[i] - at.alpha * sum / mass) / at.sigma);
      }
    }

   private:
    const Path& path_;
  };
  for (const Row<Path>& row : Rows<Path>()) {
    Choice<Path> path(row.name);
    path->t_min = 1e-6;
    // At a constant rate the last of 100 even steps would begin at sigma =
    // 0.34, where points run into each other.
    const int64_t steps = row.name == "constant_alpha" ? 1000 : 100;
    for (const char* name : {"ddpm", "ddim"}) {
      FiniteDenoiser denoiser(*path);
      constexpr int kCount = 600;
      int found[3] = {};
      for (const float x :
           RunToEnd(*Make(name), *path, denoiser, steps, 0, kCount)) {
        int nearest = 0;
        for (int p = 1; p < 3; ++p) {
          if (std::fabs(x - kPoints[p]) < std::fabs(x - kPoints[nearest])) {
            nearest = p;
          }
        }
        ++found[nearest];
        // As for a single point.
        EXPECT_NEAR(x, kPoints[nearest],
                    5.77 * path->At(path->t_min).sigma + 1e-5)
            << row.name << name;
      }
      // Each about a third. Five standard errors of 600 draws are 58; 100
      // steps are not quite enough, which may cost as many again.
      for (const int count : found) {
        EXPECT_NEAR(count, kCount / 3, 116) << row.name << name;
      }
    }
  }
}

TEST(SamplingTest, SamplesHaveTheLawOfTheRecursion) {
  // 20 steps on data N(1, 1/4): far from converged, but known.
  const Choice<Path> path("linear_beta");
  const std::vector<double> grid = UniformGrid(*path, 20);
  for (const auto& [name, fields] :
       {std::pair{"ddpm", R"({"variance":"beta"})"},
        {"ddpm", R"({"variance":"posterior"})"},
        {"ddim", R"({"eta":0.5})"}}) {
    const Choice<Sampler> sampler = Make(name, fields);
    double mean = 0, variance = 1;
    for (size_t i = grid.size() - 1; i > 0; --i) {
      const Coefficients t = path->At(grid[i]), s = path->At(grid[i - 1]);
      const Update u =
          dynamic_cast<const OneStepSampler&>(*sampler).Between(t, s);
      const double gain =
          0.25 * t.alpha / (0.25 * t.alpha * t.alpha + t.sigma * t.sigma);
      const double offset = 1 - gain * t.alpha;
      const double slope = u.xt_weight + u.data_weight * gain +
                           u.noise_weight * (1 - t.alpha * gain) / t.sigma;
      mean = slope * mean + u.data_weight * offset -
             u.noise_weight * t.alpha * offset / t.sigma;
      variance = slope * slope * variance + u.deviation * u.deviation;
    }
    constexpr int kCount = 10000;
    GaussianDenoiser denoiser(*path, 2, 1, 0.25);
    const std::vector<float> x =
        RunToEnd(*sampler, *path, denoiser, 20, 0, kCount);
    double first = 0, second = 0;
    for (const float value : x) {
      first += value - mean;
      second += (value - mean) * (value - mean);
    }
    const double n = 2.0 * kCount;
    EXPECT_NEAR(first / n, 0, 4 * std::sqrt(variance / n)) << name << fields;
    EXPECT_NEAR(second / n, variance, 4 * variance * std::sqrt(2 / n))
        << name << fields;
  }
}

TEST(SamplingTest, HowTheWorkIsCutChangesNothing) {
  const Choice<Path> path("cosine");
  for (const Row<Sampler>& row : Rows<Sampler>()) {
    GaussianDenoiser denoiser(*path, 3, 0.2, 0.5);
    const Choice<Sampler> sampler(row.name);
    const std::vector<float> whole =
        RunToEnd(*sampler, *path, denoiser, 7, 0, 50);
    for (const auto& [first, count] :
         {std::pair<uint64_t, int64_t>{0, 1}, {1, 1}, {13, 20}, {49, 1}}) {
      const std::vector<float> part =
          RunToEnd(*sampler, *path, denoiser, 7, first, count);
      EXPECT_TRUE(std::equal(part.begin(), part.end(),
                             whole.begin() + static_cast<long>(3 * first)))
          << row.name << first;
    }
  }
}

TEST(SamplingTest, TellsWhenItLeftTheNumbers) {
  class Wild final : public Denoiser {
   public:
    int dim() const override { return 1; }
    Density* density() override { return nullptr; }
    JacobianTrace* jacobian_trace() override { return nullptr; }
    void PredictAt(std::span<const double>, std::span<const float>,
                   Prediction out) override {
      for (float& x : out.data) x = std::numeric_limits<float>::infinity();
      for (float& x : out.noise) x = 0;
    }
  };
  const Choice<Path> path("cosine");
  Wild wild;
  Sampling sampling(*Make("ddim"), *path, UniformGrid(*path, 2), wild, {}, 0,
                    1);
  EXPECT_TRUE(sampling.finite());
  sampling.Step();
  EXPECT_FALSE(sampling.finite());
}

TEST(SamplingTest, RefusesBadGrids) {
  const Choice<Path> path("cosine");
  GaussianDenoiser denoiser(*path, 1, 0, 1);
  const Choice<Sampler> sampler = Make("ddim");
  for (const std::vector<double>& grid :
       {std::vector<double>{}, {0.5}, {0.5, 0.4}, {0.1, 0.1, 0.2}}) {
    EXPECT_THROW(Sampling(*sampler, *path, grid, denoiser, {}, 0, 1),
                 UsageError);
  }
  const std::vector<double> good = {0.1, 0.9};
  EXPECT_THROW(Sampling(*sampler, *path, good, denoiser, {}, 0, 0), UsageError);
  EXPECT_THROW(Noising(*path, good, 2, {}, 0, std::vector<float>(3)),
               UsageError);
}

TEST(NoisingTest, EveryStateHasTheLawOfThePath) {
  constexpr size_t kCount = 20000;
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    const std::vector<float> data(kCount, 1.5f);
    Noising noising(*path, UniformGrid(*path, 10), 1, KeyFromSeed(2), 0, data);
    for (int64_t i = 0;; ++i) {
      EXPECT_EQ(noising.position(), i);
      const auto [t, alpha, sigma] = noising.grid()[i];
      double first = 0, second = 0;
      for (const float x : noising.particles()) {
        first += x - alpha * 1.5;
        second += (x - alpha * 1.5) * (x - alpha * 1.5);
      }
      const double variance = sigma * sigma;
      // Rounding of 1.5 alpha to float is far below sigma.
      EXPECT_NEAR(first / kCount, 0, 4 * sigma / std::sqrt(1.0 * kCount));
      EXPECT_NEAR(second / kCount, variance,
                  4 * variance * std::sqrt(2.0 / kCount));
      if (noising.done()) break;
      EXPECT_TRUE(noising.Step());
    }
    EXPECT_EQ(noising.position(), 10);
    EXPECT_FALSE(noising.Step());
  }
}

TEST(NoisingTest, HowTheWorkIsCutChangesNothing) {
  const Choice<Path> path("straight");
  std::vector<float> data(60);
  FillNormal(KeyFromSeed(1), 0, data);
  const std::vector<double> grid = UniformGrid(*path, 4);
  Noising whole(*path, grid, 2, KeyFromSeed(5), 100, data);
  Noising part(*path, grid, 2, KeyFromSeed(5), 111,
               std::span(data).subspan(22, 10));
  do {
    EXPECT_TRUE(std::equal(part.particles().begin(), part.particles().end(),
                           whole.particles().begin() + 22));
    whole.Step();
  } while (part.Step());
}

TEST(RecorderTest, KeepsEvenlySpacedStatesAndBothEnds) {
  const auto recorded = [](int64_t transitions, int64_t max_times) {
    Recorder recorder(transitions, max_times, 1);
    for (int64_t i = transitions; i >= 0; --i) {
      const float state = static_cast<float>(i) + 0.5f;
      recorder.Observe(i, {&state, 1});
    }
    EXPECT_EQ(recorder.times(), std::ssize(recorder.recorded()));
    EXPECT_LE(recorder.times(), max_times);
    EXPECT_EQ(recorder.values().size(), recorder.recorded().size());
    for (size_t i = 0; i < recorder.recorded().size(); ++i) {
      EXPECT_EQ(recorder.values()[i],
                static_cast<float>(recorder.recorded()[i]) + 0.5f);
    }
    return std::vector<int64_t>(recorder.recorded().begin(),
                                recorder.recorded().end());
  };
  using Indices = std::vector<int64_t>;
  EXPECT_EQ(recorded(4, 5), (Indices{4, 3, 2, 1, 0}));
  EXPECT_EQ(recorded(4, 100), (Indices{4, 3, 2, 1, 0}));
  EXPECT_EQ(recorded(4, 4), (Indices{4, 2, 0}));
  EXPECT_EQ(recorded(5, 4), (Indices{5, 4, 2, 0}));
  EXPECT_EQ(recorded(1000, 2), (Indices{1000, 0}));
  EXPECT_EQ(recorded(1, 2), (Indices{1, 0}));
  for (int64_t transitions = 1; transitions < 60; ++transitions) {
    for (int64_t max_times = 2; max_times < 20; ++max_times) {
      const Indices indices = recorded(transitions, max_times);
      EXPECT_EQ(indices.front(), transitions);
      EXPECT_EQ(indices.back(), 0);
    }
  }
}

TEST(RecorderTest, RefusesMisuse) {
  EXPECT_THROW(Recorder(0, 2, 1), UsageError);
  EXPECT_THROW(Recorder(1, 1, 1), UsageError);
  Recorder recorder(2, 2, 1);
  const float state[2] = {};
  EXPECT_THROW(recorder.Observe(0, state), UsageError);
  recorder.Observe(0, {state, 1});
  recorder.Observe(1, {state, 1});  // not due
  recorder.Observe(2, {state, 1});
  EXPECT_THROW(recorder.Observe(2, {state, 1}), UsageError);
}

}  // namespace
}  // namespace unnoise
