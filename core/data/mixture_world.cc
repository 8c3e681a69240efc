// See mixture_world.h.

#include "core/data/mixture_world.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/check.h"
#include "core/base/cholesky.h"
#include "core/base/exact_math.h"
#include "core/data/posterior.h"

namespace unnoise {
namespace {

void CheckLaw(int dim, const std::vector<double>& weights,
              const std::vector<double>& means) {
  Check(dim >= 1 && !weights.empty() &&
            means.size() == weights.size() * static_cast<size_t>(dim),
        "a mixture has a mean for each weight");
  Check(std::all_of(weights.begin(), weights.end(),
                    [](double weight) { return weight >= 0; }),
        "weights are not negative");
}

// --- Clouds ------------------------------------------------------------------

class CloudMarginal final : public Marginal {
 public:
  CloudMarginal(const NormalCloud& law, const std::vector<double>& log_weights,
                double alpha, double sigma)
      : law_(law), log_weights_(log_weights), alpha_(alpha), sigma_(sigma) {
    for (const double variance : law.variances) {
      const double total = alpha * alpha * variance + sigma * sigma;
      Check(total > 0, "a law without width needs noise: sigma above 0");
      precision_.push_back(1 / total);
      constant_ -= 0.5 * (kLogTwoPi + exact::Log(total));
    }
  }

  double At(std::span<const double> xt, const Truth& truth) const override {
    double center[kMaxWorldDim] = {};
    const size_t dim = static_cast<size_t>(law_.dim);
    const std::span<double> mean(center, dim);
    const std::span<double> covariance = truth.covariance;
    std::fill(covariance.begin(), covariance.end(), 0.0);
    Softmax softmax;
    for (size_t k = 0; k < log_weights_.size(); ++k) {
      const double* at = &law_.means[k * dim];
      double square = 0;
      for (size_t i = 0; i < dim; ++i) {
        const double off = xt[i] - alpha_ * at[i];
        square += off * off * precision_[i];
      }
      const double part = softmax.Add(log_weights_[k] - 0.5 * square);
      if (part > 0) Blend(part, std::span(at, dim), mean, covariance);
    }
    // x0 = centre + rest; given both centre and xt, the rest is normal.
    for (size_t i = 0; i < dim; ++i) {
      const double off = xt[i] - alpha_ * mean[i];
      if (!truth.score.empty()) truth.score[i] = -off * precision_[i];
      if (!truth.mean.empty()) {
        truth.mean[i] =
            mean[i] + alpha_ * law_.variances[i] * precision_[i] * off;
      }
    }
    if (!covariance.empty()) Rest(covariance);
    return constant_ + softmax.LogSum();
  }

 private:
  // From the covariance of the centre to that of x0.
  void Rest(std::span<double> covariance) const {
    const size_t dim = static_cast<size_t>(law_.dim);
    const double noise = sigma_ * sigma_;
    for (size_t i = 0; i < dim; ++i) {
      for (size_t j = 0; j < dim; ++j) {
        double& c = covariance[i * dim + j];
        c *= noise * precision_[i] * (noise * precision_[j]);
        if (i == j) c += law_.variances[i] * noise * precision_[i];
      }
    }
  }

  const NormalCloud& law_;
  const std::vector<double>& log_weights_;
  double alpha_, sigma_;
  std::vector<double> precision_;  // [dim] of xt about alpha times a centre
  double constant_ = 0;
};

class CloudWorld final : public World {
 public:
  explicit CloudWorld(NormalCloud law) : law_(std::move(law)) {
    CheckLaw(law_.dim, law_.weights, law_.means);
    Check(static_cast<size_t>(law_.dim) <= kMaxWorldDim &&
              law_.variances.size() == static_cast<size_t>(law_.dim),
          "a cloud has a variance for each axis");
    for (const double weight : law_.weights) {
      log_weights_.push_back(LogOf(weight));
    }
  }

  int dim() const override { return law_.dim; }
  std::unique_ptr<Marginal> At(double alpha, double sigma) const override {
    return std::make_unique<CloudMarginal>(law_, log_weights_, alpha, sigma);
  }
  bool has_density() const override {
    return std::all_of(law_.variances.begin(), law_.variances.end(),
                       [](double variance) { return variance > 0; });
  }
  std::optional<double> Entropy() const override {
    if (law_.weights.size() > 1 || !has_density()) return std::nullopt;
    double entropy = 0;
    for (const double variance : law_.variances) {
      entropy += 0.5 * (1 + kLogTwoPi + exact::Log(variance));
    }
    return entropy;
  }
  bool memorises() const override {
    return std::all_of(law_.variances.begin(), law_.variances.end(),
                       [](double variance) { return variance == 0; });
  }

 private:
  NormalCloud law_;
  std::vector<double> log_weights_;
};

// --- Mixtures ----------------------------------------------------------------

// Solves L y = b, then L' u = y, in place, for a lower triangular L [n, n].
void SolveLower(const double* l, size_t n, double* b) {
  for (size_t i = 0; i < n; ++i) {
    double sum = b[i];
    for (size_t j = 0; j < i; ++j) sum -= l[i * n + j] * b[j];
    b[i] = sum / l[i * n + i];
  }
}
void SolveUpper(const double* l, size_t n, double* b) {
  for (size_t i = n; i-- > 0;) {
    double sum = b[i];
    for (size_t j = i + 1; j < n; ++j) sum -= l[j * n + i] * b[j];
    b[i] = sum / l[i * n + i];
  }
}

class MixtureMarginal final : public Marginal {
 public:
  MixtureMarginal(const NormalMixture& law,
                  const std::vector<double>& log_weights, double alpha,
                  double sigma)
      : law_(law), alpha_(alpha), factors_(law.covariances) {
    const size_t n = static_cast<size_t>(law.dim);
    for (size_t k = 0; k < law.weights.size(); ++k) {
      double* factor = &factors_[k * n * n];
      for (size_t i = 0; i < n * n; ++i) factor[i] *= alpha * alpha;
      for (size_t i = 0; i < n; ++i) factor[i * n + i] += sigma * sigma;
      Check(Cholesky(factor, n, 0),
            "a law without width in some direction needs noise: sigma above "
            "0");
      double constant = log_weights[k] - 0.5 * kLogTwoPi * law.dim;
      for (size_t i = 0; i < n; ++i) {
        constant -= exact::Log(factor[i * n + i]);
      }
      constants_.push_back(constant);
    }
  }

  double At(std::span<const double> xt, const Truth& truth) const override {
    double force[kMaxWorldDim], value[kMaxWorldDim];
    const size_t n = static_cast<size_t>(law_.dim);
    for (const auto& part : {truth.score, truth.mean, truth.covariance}) {
      std::fill(part.begin(), part.end(), 0.0);
    }
    double center[kMaxWorldDim] = {};
    const std::span<double> mean(center, n);
    Softmax softmax;
    for (size_t k = 0; k < constants_.size(); ++k) {
      const double* factor = &factors_[k * n * n];
      const double* at = &law_.means[k * n];
      for (size_t i = 0; i < n; ++i) force[i] = xt[i] - alpha_ * at[i];
      SolveLower(factor, n, force);
      double square = 0;
      for (size_t i = 0; i < n; ++i) square += force[i] * force[i];
      const double part = softmax.Add(constants_[k] - 0.5 * square);
      if (!(part > 0)) continue;
      // force = S^-1 (xt - alpha m), with S = alpha^2 C + sigma^2.
      SolveUpper(factor, n, force);
      for (size_t i = 0; i < truth.score.size(); ++i) {
        truth.score[i] += part * (-force[i] - truth.score[i]);
      }
      if (truth.mean.empty() && truth.covariance.empty()) continue;
      const double* covariance = &law_.covariances[k * n * n];
      for (size_t i = 0; i < n; ++i) {
        double sum = 0;
        for (size_t j = 0; j < n; ++j) sum += covariance[i * n + j] * force[j];
        value[i] = at[i] + alpha_ * sum;
      }
      Blend(part, std::span(value, n), mean, truth.covariance);
      if (!truth.covariance.empty()) AddWithin(part, k, truth.covariance);
    }
    if (!truth.mean.empty()) {
      std::copy(mean.begin(), mean.end(), truth.mean.begin());
    }
    return softmax.LogSum();
  }

 private:
  // covariance += part (C - alpha^2 C S^-1 C) of a component. As |L^-1 C|^2 is
  // taken off, what is left of a variance may round below 0, by an ulp of it.
  void AddWithin(double part, size_t k, std::span<double> covariance) const {
    const size_t n = static_cast<size_t>(law_.dim);
    const double* own = &law_.covariances[k * n * n];
    double column[kMaxWorldDim];
    for (size_t j = 0; j < n; ++j) {
      for (size_t i = 0; i < n; ++i) column[i] = own[i * n + j];
      SolveLower(&factors_[k * n * n], n, column);
      SolveUpper(&factors_[k * n * n], n, column);
      for (size_t i = 0; i < n; ++i) {
        double taken = 0;
        for (size_t l = 0; l < n; ++l) taken += own[i * n + l] * column[l];
        covariance[i * n + j] +=
            part * (own[i * n + j] - alpha_ * alpha_ * taken);
      }
    }
  }

  const NormalMixture& law_;
  double alpha_;
  std::vector<double> factors_;    // [components, dim, dim] of S
  std::vector<double> constants_;  // [components] log density at the mean
};

class MixtureWorld final : public World {
 public:
  explicit MixtureWorld(NormalMixture law) : law_(std::move(law)) {
    const size_t n = static_cast<size_t>(law_.dim);
    CheckLaw(law_.dim, law_.weights, law_.means);
    Check(n <= kMaxWorldDim &&
              law_.covariances.size() == law_.weights.size() * n * n,
          "a mixture has a covariance for each weight");
    for (const double weight : law_.weights) {
      log_weights_.push_back(LogOf(weight));
    }
    has_density_ = true;
    for (size_t k = 0; k < law_.weights.size(); ++k) {
      std::vector<double> factor(law_.covariances.begin() + k * n * n,
                                 law_.covariances.begin() + (k + 1) * n * n);
      has_density_ = has_density_ && Cholesky(factor.data(), n, 0);
    }
  }

  int dim() const override { return law_.dim; }
  std::unique_ptr<Marginal> At(double alpha, double sigma) const override {
    return std::make_unique<MixtureMarginal>(law_, log_weights_, alpha, sigma);
  }
  bool has_density() const override { return has_density_; }
  std::optional<double> Entropy() const override {
    if (law_.weights.size() > 1 || !has_density_) return std::nullopt;
    const std::vector<double>& mean = law_.means;
    return 0.5 * law_.dim - At(1, 0)->At(mean, {});
  }
  bool memorises() const override { return false; }

 private:
  NormalMixture law_;
  std::vector<double> log_weights_;
  bool has_density_;
};

}  // namespace

NormalMixture NormalMixture::In(const Affine& units) const {
  NormalMixture law = *this;
  const size_t n = static_cast<size_t>(dim);
  for (size_t k = 0; k < weights.size(); ++k) {
    for (size_t i = 0; i < n; ++i) {
      law.means[k * n + i] =
          (means[k * n + i] - units.shift[i]) / units.scale[i];
      for (size_t j = 0; j < n; ++j) {
        law.covariances[(k * n + i) * n + j] /= units.scale[i] * units.scale[j];
      }
    }
  }
  return law;
}

NormalCloud NormalCloud::In(const Affine& units) const {
  NormalCloud law = *this;
  const size_t n = static_cast<size_t>(dim);
  for (size_t i = 0; i < means.size(); ++i) {
    law.means[i] = (means[i] - units.shift[i % n]) / units.scale[i % n];
  }
  for (size_t i = 0; i < n; ++i) {
    law.variances[i] /= units.scale[i] * units.scale[i];
  }
  return law;
}

std::unique_ptr<World> MakeWorld(NormalMixture law) {
  return std::make_unique<MixtureWorld>(std::move(law));
}

std::unique_ptr<World> MakeWorld(NormalCloud law) {
  return std::make_unique<CloudWorld>(std::move(law));
}

std::unique_ptr<World> FiniteSetWorld(std::span<const float> points, int dim,
                                      const Affine& units) {
  const size_t axes = static_cast<size_t>(dim);
  NormalCloud law{.dim = dim,
                  .weights = {},
                  .means = {points.begin(), points.end()},
                  .variances = std::vector<double>(axes, 0)};
  const double count = static_cast<double>(points.size() / axes);
  law.weights.assign(points.size() / axes, 1 / count);
  return MakeWorld(law.In(units));
}

}  // namespace unnoise
