// See product_world.h.

#include "core/data/product_world.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"

namespace unnoise {
namespace {

class ProductMarginal final : public Marginal {
 public:
  ProductMarginal(const std::vector<Factor>& factors, double alpha,
                  double sigma)
      : factors_(factors) {
    for (const Factor& factor : factors) {
      marginals_.push_back(factor.world->At(alpha, sigma));
    }
  }

  double At(std::span<const double> xt, const Truth& truth) const override {
    const size_t dim = xt.size();
    double buffer[3 * kMaxAxes];
    std::fill(truth.covariance.begin(), truth.covariance.end(), 0.0);
    double log_density = 0;
    for (size_t f = 0; f < factors_.size(); ++f) {
      const std::vector<int>& axes = factors_[f].axes;
      const size_t n = axes.size();
      const std::span<double> x(buffer, n), score(buffer + n, n),
          mean(buffer + 2 * n, n);
      for (size_t i = 0; i < n; ++i) x[i] = xt[static_cast<size_t>(axes[i])];
      double square[kMaxSquare];
      log_density += marginals_[f]->At(
          x, {.score = truth.score.empty() ? std::span<double>() : score,
              .mean = truth.mean.empty() ? std::span<double>() : mean,
              .covariance = truth.covariance.empty()
                                ? std::span<double>()
                                : std::span<double>(square, n * n)});
      for (size_t i = 0; i < n; ++i) {
        const size_t axis = static_cast<size_t>(axes[i]);
        if (!truth.score.empty()) truth.score[axis] = score[i];
        if (!truth.mean.empty()) truth.mean[axis] = mean[i];
        if (truth.covariance.empty()) continue;
        for (size_t j = 0; j < n; ++j) {
          truth.covariance[axis * dim + static_cast<size_t>(axes[j])] =
              square[i * n + j];
        }
      }
    }
    return log_density;
  }

  static constexpr size_t kMaxAxes = 8;
  static constexpr size_t kMaxSquare = kMaxAxes * kMaxAxes;

 private:
  const std::vector<Factor>& factors_;
  std::vector<std::unique_ptr<Marginal>> marginals_;
};

class Product final : public World {
 public:
  explicit Product(std::vector<Factor> factors) : factors_(std::move(factors)) {
    std::vector<int> axes;
    for (const Factor& factor : factors_) {
      Check(factor.world->dim() == std::ssize(factor.axes) &&
                factor.axes.size() <= ProductMarginal::kMaxAxes,
            "a factor has as many axes as its world");
      axes.insert(axes.end(), factor.axes.begin(), factor.axes.end());
    }
    std::sort(axes.begin(), axes.end());
    for (size_t i = 0; i < axes.size(); ++i) {
      Check(axes[i] == static_cast<int>(i),
            "every axis of a product belongs to one factor");
    }
    dim_ = static_cast<int>(axes.size());
  }

  int dim() const override { return dim_; }
  std::unique_ptr<Marginal> At(double alpha, double sigma) const override {
    return std::make_unique<ProductMarginal>(factors_, alpha, sigma);
  }
  bool has_density() const override {
    return std::all_of(factors_.begin(), factors_.end(),
                       [](const Factor& f) { return f.world->has_density(); });
  }
  std::optional<double> Entropy() const override {
    double sum = 0;
    for (const Factor& factor : factors_) {
      const std::optional<double> entropy = factor.world->Entropy();
      if (!entropy) return std::nullopt;
      sum += *entropy;
    }
    return sum;
  }
  bool memorises() const override {
    return std::all_of(factors_.begin(), factors_.end(),
                       [](const Factor& f) { return f.world->memorises(); });
  }

 private:
  std::vector<Factor> factors_;
  int dim_;
};

}  // namespace

std::unique_ptr<World> ProductWorld(std::vector<Factor> factors) {
  return std::make_unique<Product>(std::move(factors));
}

}  // namespace unnoise
