#include "core/divergence/density.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "core/base/check.h"
#include "core/base/exact_math.h"

namespace unnoise {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kHalfLogTwoPi = 0.91893853320467274178;  // log(2 pi) / 2
constexpr double kSqrtHalf = 0.70710678118654752440;

// The components of a mixture, in a form that is quick to evaluate.
class MixtureValues {
 public:
  explicit MixtureValues(const MixtureLaw& law) : dim_(law.dim) {
    const size_t dim = static_cast<size_t>(law.dim);
    for (size_t c = 0; c < law.weights.size(); ++c) {
      if (law.weights[c] == 0) continue;
      Part part;
      part.log_scale = exact::Log(law.weights[c]) - law.dim * kHalfLogTwoPi;
      part.weight = law.weights[c];
      for (size_t i = 0; i < dim; ++i) {
        part.mean[i] = law.means[c * dim + i];
        const double* row = &law.factors[(c * dim + i) * dim];
        Check(row[i] > 0, "a law without width has no density");
        part.log_scale -= exact::Log(row[i]);
        part.diagonal[i] = 1 / row[i];
        if (i == 1) part.below = row[0];
      }
      parts_.push_back(part);
    }
  }

  double LogDensity(Point x) const {
    double logs[kMaxComponents];
    const double most = Logs(x, logs);
    double sum = 0;
    for (size_t c = 0; c < parts_.size(); ++c) {
      sum += exact::Exp(logs[c] - most);
    }
    return most + exact::Log(sum);
  }

  void Score(Point x, std::span<double> out) const {
    double logs[kMaxComponents];
    const double most = Logs(x, logs);
    double sum = 0, total[2] = {0, 0};
    for (size_t c = 0; c < parts_.size(); ++c) {
      const Part& part = parts_[c];
      const double weight = exact::Exp(logs[c] - most);
      // - inverse of L' times (inverse of L times the offset).
      double z[2] = {0, 0};
      Whiten(part, x, z);
      double second = 0;
      if (dim_ == 2) {
        second = z[1] * part.diagonal[1];
        total[1] -= weight * second;
      }
      total[0] -= weight * (z[0] - part.below * second) * part.diagonal[0];
      sum += weight;
    }
    for (size_t i = 0; i < out.size(); ++i) out[i] = total[i] / sum;
  }

  double Cdf(double x) const {
    double sum = 0;
    for (const Part& part : parts_) {
      const double z = (x - part.mean[0]) * part.diagonal[0];
      sum += part.weight * 0.5 * (1 + exact::Erf(z * kSqrtHalf));
    }
    return sum;
  }

 private:
  struct Part {
    double weight = 0, log_scale = 0;
    double mean[2] = {0, 0};
    double diagonal[2] = {1, 1};  // one over that of the factor
    double below = 0;             // of the factor
  };

  void Whiten(const Part& part, Point x, double* z) const {
    z[0] = (x[0] - part.mean[0]) * part.diagonal[0];
    if (dim_ == 2) {
      z[1] = (x[1] - part.mean[1] - part.below * z[0]) * part.diagonal[1];
    }
  }
  // Of weight times density of each part; returns the greatest.
  double Logs(Point x, double* logs) const {
    double most = -kInfinity;
    for (size_t c = 0; c < parts_.size(); ++c) {
      double z[2] = {0, 0};
      Whiten(parts_[c], x, z);
      logs[c] = parts_[c].log_scale - 0.5 * (z[0] * z[0] + z[1] * z[1]);
      most = std::max(most, logs[c]);
    }
    return most;
  }

  int dim_;
  std::vector<Part> parts_;
};

}  // namespace

Density DensityOf(const MixtureLaw& law) {
  Check((law.dim == 1 || law.dim == 2) && !law.weights.empty(),
        "densities are of valid mixtures on the line or the plane");
  static_assert(kMaxComponents <= 1024);  // for an array on the stack
  const auto values = std::make_shared<const MixtureValues>(law);
  Density density;
  density.dim = law.dim;
  density.log_density = [values](Point x) { return values->LogDensity(x); };
  density.score = [values](Point x, std::span<double> out) {
    values->Score(x, out);
  };
  if (law.dim == 1) {
    density.cdf = [values](double x) { return values->Cdf(x); };
  }
  const size_t dim = static_cast<size_t>(law.dim);
  density.bumps.resize(dim);
  for (size_t c = 0; c < law.weights.size(); ++c) {
    if (law.weights[c] == 0) continue;
    for (size_t i = 0; i < dim; ++i) {
      density.bumps[i].push_back(
          {law.means[c * dim + i], std::sqrt(law.variances[c * dim + i])});
    }
  }
  return density;
}

Density UniformDensity(double low, double high) {
  Check(low < high, "an interval has its ends in order");
  const double log = -exact::Log(high - low);
  return {.dim = 1,
          .log_density =
              [=](Point x) {
                return x[0] >= low && x[0] <= high ? log : -kInfinity;
              },
          .score = [](Point, std::span<double> out) { out[0] = 0; },
          .cdf =
              [=](double x) {
                return x <= low ? 0 : x >= high ? 1 : (x - low) / (high - low);
              },
          .bumps = {{{0.5 * (low + high), 0.5 * (high - low)}}},
          .corners = {{low, high}}};
}

Domain DomainOf(const Density& p, const Density& q) {
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
