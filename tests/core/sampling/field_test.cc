// Arrows of the denoiser over a lattice, and a probe's way, on a denoiser in
// closed form: for data N(0, I) the predicted data are linear in xt.

#include "core/sampling/field.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "core/base/config.h"
#include "core/sampling/probe.h"
#include "core/sampling/sampling.h"

namespace unnoise {
namespace {

// E[x0 | xt] = gain xt for data N(0, I) (Gaussian conditioning), by rows.
class WhiteDenoiser final : public Denoiser {
 public:
  WhiteDenoiser(const Path& path, int dim) : path_(path), dim_(dim) {}
  int dim() const override { return dim_; }
  static double Gain(const Coefficients& at) {
    return at.alpha / (at.alpha * at.alpha + at.sigma * at.sigma);
  }
  Density* density() override { return nullptr; }
  JacobianTrace* jacobian_trace() override { return nullptr; }
  void PredictAt(std::span<const double> times, std::span<const float> xt,
                 Prediction out) override {
    const double t = times[0];
    const Coefficients at = path_.At(t);
    for (size_t i = 0; i < xt.size(); ++i) {
      const double data = Gain(at) * xt[i];
      out.data[i] = static_cast<float>(data);
      out.noise[i] = static_cast<float>((xt[i] - at.alpha * data) / at.sigma);
    }
  }

 private:
  const Path& path_;
  int dim_;
};

constexpr double kEps = 1.2e-7;  // of float

const Affine kUnits{.shift = {1, -2}, .scale = {0.5, 4}};
constexpr Lattice kLattice{
    .x0 = -1, .x1 = 2, .y0 = -10, .y1 = 5, .nx = 7, .ny = 4};

TEST(ArrowField, NodesSpanTheWindowRowsUpwards) {
  const Choice<Path> path("straight");
  WhiteDenoiser denoiser(*path, 2);
  ArrowField field(kLattice, kUnits, denoiser, 0.5);
  EXPECT_TRUE(field.nodes().empty());
  EXPECT_FALSE(field.Advance(100));
  const auto nodes = field.nodes();
  ASSERT_EQ(nodes.size(), 7u * 4 * 2);
  EXPECT_EQ(nodes[0], -1);
  EXPECT_EQ(nodes[1], -10);
  EXPECT_EQ(nodes[2], -0.5f);       // one to the right
  EXPECT_EQ(nodes[7 * 2 + 1], -5);  // one up
  EXPECT_EQ(nodes[nodes.size() - 2], 2);
  EXPECT_EQ(nodes.back(), 5);
}

TEST(ArrowField, PointsToThePredictedData) {
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    WhiteDenoiser denoiser(*path, 2);
    for (const double t : {path->t_min, 0.3, path->t_max}) {
      ArrowField field(kLattice, kUnits, denoiser, t);
      field.Advance(kLattice.ny);
      const double gain = WhiteDenoiser::Gain(path->At(t));
      for (size_t i = 0; i < field.arrows().size(); ++i) {
        const size_t axis = i % 2;
        const double from = field.nodes()[i] - kUnits.shift[axis];
        // Model units: from / scale, moved by (gain - 1) of it; one rounding
        // of xt, one of the prediction, one of the arrow.
        EXPECT_NEAR(field.arrows()[i], (gain - 1) * from,
                    2 * kEps * (1 + gain) * std::fabs(from))
            << row.name << " at " << t;
      }
    }
  }
}

TEST(ArrowField, PointsToTheSamplersNextState) {
  const Choice<Path> path("straight");
  WhiteDenoiser denoiser(*path, 2);
  const Coefficients t = path->At(0.6), s = path->At(0.4);
  const Choice<Sampler> sampler("ddim");
  ArrowField field(kLattice, kUnits, denoiser, 0.6,
                   Move{&*sampler, &*path, 0.4});
  field.Advance(kLattice.ny);
  // DDIM, eta = 0: xs = s.alpha data + s.sigma noise, with the two linear.
  const double gain = WhiteDenoiser::Gain(t);
  const double next = s.alpha * gain + s.sigma * (1 - t.alpha * gain) / t.sigma;
  for (size_t i = 0; i < field.arrows().size(); ++i) {
    const double from = field.nodes()[i] - kUnits.shift[i % 2];
    // A handful of float operations on numbers of |from| / scale.
    EXPECT_NEAR(field.arrows()[i], (next - 1) * from,
                8 * kEps * std::fabs(from));
  }
}

TEST(ArrowField, RowsInPartsAreTheSameBits) {
  const Choice<Path> path("cosine");
  WhiteDenoiser denoiser(*path, 2);
  ArrowField whole(kLattice, kUnits, denoiser, 0.7);
  whole.Advance(kLattice.ny);
  ArrowField parts(kLattice, kUnits, denoiser, 0.7);
  EXPECT_TRUE(parts.Advance(1));
  EXPECT_TRUE(parts.Advance(2));
  EXPECT_FALSE(parts.Advance(5));
  EXPECT_FALSE(parts.Advance(1));  // nothing left
  ASSERT_EQ(parts.arrows().size(), whole.arrows().size());
  for (size_t i = 0; i < whole.arrows().size(); ++i) {
    EXPECT_EQ(parts.arrows()[i], whole.arrows()[i]);
  }
}

TEST(ArrowField, OneCoordinateIsOneRowAndMoreAreAPlane) {
  const Choice<Path> path("straight");
  WhiteDenoiser line(*path, 1);
  ArrowField row({.x0 = -1, .x1 = 1, .y0 = 0, .y1 = 0, .nx = 3, .ny = 1},
                 {.shift = {0}, .scale = {1}}, line, 0.5);
  EXPECT_FALSE(row.Advance(1));
  EXPECT_EQ(row.axes(), 1);
  EXPECT_EQ(row.nodes().size(), 3u);
  EXPECT_EQ(row.arrows()[1], 0);

  // Coordinates that are not in the picture do not change it.
  WhiteDenoiser space(*path, 3);
  WhiteDenoiser plane(*path, 2);
  ArrowField of_space(kLattice, {.shift = {1, -2, 9}, .scale = {0.5, 4, 3}},
                      space, 0.5);
  ArrowField of_plane(kLattice, kUnits, plane, 0.5);
  of_space.Advance(kLattice.ny);
  of_plane.Advance(kLattice.ny);
  ASSERT_EQ(of_space.arrows().size(), of_plane.arrows().size());
  for (size_t i = 0; i < of_plane.arrows().size(); ++i) {
    EXPECT_EQ(of_space.arrows()[i], of_plane.arrows()[i]);
  }
}

TEST(ArrowField, RefusesWhatIsNoLattice) {
  const Choice<Path> path("straight");
  WhiteDenoiser denoiser(*path, 2);
  const auto make = [&](Lattice lattice) {
    ArrowField(lattice, kUnits, denoiser, 0.5);
  };
  Lattice lattice = kLattice;
  lattice.x1 = lattice.x0;
  EXPECT_THROW(make(lattice), UsageError);
  lattice = kLattice;
  lattice.y1 = std::numeric_limits<double>::infinity();
  EXPECT_THROW(make(lattice), UsageError);
  for (const int64_t n : {1, 0, -3}) {
    lattice = kLattice;
    lattice.nx = n;
    EXPECT_THROW(make(lattice), UsageError);
    lattice = kLattice;
    lattice.ny = n;
    EXPECT_THROW(make(lattice), UsageError);
  }
}

TEST(Probe, SaysWhatTheDenoiserSays) {
  const Choice<Path> path("straight");
  WhiteDenoiser denoiser(*path, 2);
  const Choice<Sampler> sampler("ddim");
  const std::vector<double> grid = UniformGrid(*path, 10);
  const std::vector<float> x = {0.5f, -2};
  const double t = 0.45;  // between two grid points
  const Probe probe = ProbeAt(*sampler, *path, grid, denoiser, t, x, 64);
  const Coefficients at = path->At(t);
  const double gain = WhiteDenoiser::Gain(at);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(probe.data[i], gain * x[i], 4 * kEps);
    // The parts make the whole, within one rounding of each.
    EXPECT_NEAR(at.alpha * probe.data[i] + at.sigma * probe.noise[i], x[i],
                4 * kEps);
  }
  EXPECT_EQ(probe.times.front(), t);
  EXPECT_EQ(probe.times.back(), grid.front());
  EXPECT_EQ(probe.next_t, probe.times[1]);
  EXPECT_LT(probe.next_t, t);
  EXPECT_GT(probe.next_t, t - 0.1);
  EXPECT_EQ(probe.way.size(), 2 * probe.times.size());
  EXPECT_EQ(probe.way[0], x[0]);
  EXPECT_EQ(probe.way[2], probe.next[0]);
}

TEST(Probe, GoesTheWayOfAParticle) {
  const Choice<Path> path("cosine");
  WhiteDenoiser denoiser(*path, 2);
  const Choice<Sampler> sampler("ddim");  // eta = 0: no fresh noise
  const std::vector<double> grid = UniformGrid(*path, 12);
  Sampling sampling(*sampler, *path, grid, denoiser, KeyFromSeed(4), 0, 1);
  for (int i = 0; i < 5; ++i) sampling.Step();
  const std::vector<float> x(sampling.particles().begin(),
                             sampling.particles().end());
  const Probe probe = ProbeAt(*sampler, *path, grid, denoiser, grid[7], x, 64);
  ASSERT_EQ(probe.times.size(), 8u);
  for (size_t i = 0; i < probe.times.size(); ++i, sampling.Step()) {
    EXPECT_EQ(probe.times[i], grid[7 - i]);
    EXPECT_EQ(probe.way[2 * i], sampling.particles()[0]);
    EXPECT_EQ(probe.way[2 * i + 1], sampling.particles()[1]);
  }
}

TEST(Probe, ALongGridIsThinnedToBothEnds) {
  const Choice<Path> path("straight");
  WhiteDenoiser denoiser(*path, 1);
  const Choice<Sampler> sampler("ddim");
  const std::vector<double> grid = UniformGrid(*path, 100);
  const std::vector<float> x = {1};
  const Probe probe =
      ProbeAt(*sampler, *path, grid, denoiser, path->t_max, x, 16);
  EXPECT_LE(probe.times.size(), 17u);
  EXPECT_GE(probe.times.size(), 15u);
  EXPECT_EQ(probe.times.back(), grid.front());
  EXPECT_EQ(probe.next_t, grid[99]);
  EXPECT_LT(probe.times[1], probe.next_t);
}

TEST(Probe, EndsWhereTheGridEnds) {
  const Choice<Path> path("straight");
  WhiteDenoiser denoiser(*path, 1);
  const Choice<Sampler> sampler("ddpm");
  const std::vector<double> grid = UniformGrid(*path, 4);
  const std::vector<float> x = {1};
  const Probe probe =
      ProbeAt(*sampler, *path, grid, denoiser, path->t_min, x, 16);
  EXPECT_EQ(probe.times.size(), 1u);
  EXPECT_EQ(probe.next, x);
  EXPECT_EQ(probe.next_t, path->t_min);
  const std::vector<float> two = {1, 2};
  EXPECT_THROW(ProbeAt(*sampler, *path, grid, denoiser, 0.5, two, 16),
               UsageError);
}

}  // namespace
}  // namespace unnoise
