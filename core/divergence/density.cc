#include "core/divergence/density.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "core/base/check.h"
#include "core/base/exact_math.h"
#include "core/data/box_world.h"
#include "core/data/points.h"
#include "core/data/world.h"

namespace unnoise {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr size_t kPlaces = 256;
constexpr double kSqrtHalf = 0.70710678118654752440;

// The law of a world at one level of noise; the place of its mass is left open.
KnownDensity DensityOfWorld(std::unique_ptr<World> made, double alpha,
                            double sigma) {
  // A marginal may look into its world.
  struct Held {
    std::unique_ptr<World> world;
    std::unique_ptr<Marginal> marginal;
  };
  std::unique_ptr<Marginal> marginal = made->At(alpha, sigma);
  const int dim = made->dim();
  const auto held =
      std::make_shared<const Held>(Held{std::move(made), std::move(marginal)});
  return {.dim = dim,
          .log_density = [held](Point x) { return held->marginal->At(x, {}); },
          .score =
              [held](Point x, std::span<double> out) {
                held->marginal->At(x, {.score = out});
              },
          .bumps = std::vector<std::vector<Bump>>(static_cast<size_t>(dim))};
}

Affine SameUnits(int dim) {
  const size_t size = static_cast<size_t>(dim);
  return {std::vector<double>(size, 0), std::vector<double>(size, 1)};
}

}  // namespace

KnownDensity DensityOf(const MixtureLaw& law, double alpha, double sigma) {
  Check((law.dim == 1 || law.dim == 2) && !law.weights.empty(),
        "densities are of valid mixtures on the line or the plane");
  KnownDensity density =
      DensityOfWorld(law.MakeWorld(SameUnits(law.dim)), alpha, sigma);
  // On the line also, for the distribution function.
  std::vector<double> weights;
  const size_t dim = static_cast<size_t>(law.dim);
  for (size_t c = 0; c < law.weights.size(); ++c) {
    if (law.weights[c] == 0) continue;
    weights.push_back(law.weights[c]);
    for (size_t i = 0; i < dim; ++i) {
      const double variance = law.variances[c * dim + i];
      density.bumps[i].push_back(
          {alpha * law.means[c * dim + i],
           std::sqrt(alpha * alpha * variance + sigma * sigma)});
    }
  }
  if (dim == 1) {
    density.cdf = [weights, bumps = density.bumps[0]](double x) {
      double sum = 0;
      for (size_t c = 0; c < weights.size(); ++c) {
        const double z = (x - bumps[c].centre) / bumps[c].width;
        sum += weights[c] * 0.5 * (1 + exact::Erf(z * kSqrtHalf));
      }
      return sum;
    };
  }
  return density;
}

std::optional<KnownDensity> DensityOf(const Dataset& data) {
  // A finite set has none, and may not have its points yet.
  if (data.dim() > 2 || dynamic_cast<const Points*>(&data)) {
    return std::nullopt;
  }
  std::unique_ptr<World> world = data.MakeWorld(SameUnits(data.dim()));
  if (world == nullptr || !world->has_density()) return std::nullopt;
  if (const MixtureLaw* law = MixtureOf(data)) return DensityOf(*law, 1, 0);
  std::vector<double> edges;
  if (const auto* set = dynamic_cast<const HasEdges*>(&data)) {
    edges = set->Edges();
    if (data.dim() == 1) return UniformDensity(edges.front(), edges.back());
  }
  KnownDensity density = DensityOfWorld(std::move(world), 1, 0);
  // Where the mass is, a few draws say; how fast the density changes there, the
  // width of modes or else a part of that of all.
  const size_t dim = static_cast<size_t>(density.dim);
  std::vector<float> draws(kPlaces * dim);
  data.Draw(Fold(KeyFromSeed(0), "divergence/places"), 0, draws);
  const Moments moments = data.ExactMoments();
  // The radius of modes is that many standard deviations (NormalModes).
  const double width = data.KnownModes().radius / (std::sqrt(1.0 * dim) + 2);
  for (size_t i = 0; i < dim; ++i) {
    const double part = std::sqrt(moments.variance[i]) / 8;
    for (size_t k = i; k < draws.size(); k += dim) {
      density.bumps[i].push_back(
          {draws[k], width > 0 ? std::min(width, part) : part});
    }
    density.corners.push_back(edges);
  }
  return density;
}

KnownDensity UniformDensity(double low, double high) {
  Check(low < high, "an interval has its ends in order");
  const double log = -exact::Log(high - low);
  return {.dim = 1,
          .log_density =
              [=](Point x) {
                // As draws are rounded, so that none is beyond the ends.
                const float at = static_cast<float>(x[0]);
                return at >= static_cast<float>(low) &&
                               at <= static_cast<float>(high)
                           ? log
                           : -kInfinity;
              },
          .score = [](Point, std::span<double> out) { out[0] = 0; },
          .cdf =
              [=](double x) {
                return x <= low ? 0 : x >= high ? 1 : (x - low) / (high - low);
              },
          .bumps = {{{0.5 * (low + high), 0.5 * (high - low)}}},
          .corners = {{low, high}}};
}

Domain DomainOf(const KnownDensity& p, const KnownDensity& q) {
  Check(p.dim == q.dim, "the two densities are of different dimensions");
  Domain domain{p.bumps, p.corners};
  domain.corners.resize(domain.bumps.size());
  Check(q.bumps.size() == p.bumps.size(), "a density says where it lies");
  for (size_t k = 0; k < q.bumps.size(); ++k) {
    domain.bumps[k].insert(domain.bumps[k].end(), q.bumps[k].begin(),
                           q.bumps[k].end());
    if (k < q.corners.size()) {
      domain.corners[k].insert(domain.corners[k].end(), q.corners[k].begin(),
                               q.corners[k].end());
    }
  }
  return domain;
}

}  // namespace unnoise
