#include "core/process/mixture.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/base/exact_math.h"
#include "core/data/mixture_world.h"

namespace unnoise {
namespace {

constexpr double kRootHalf = 0.70710678118654752440;
constexpr size_t kMaxParts = 64;

}  // namespace

RoundMixture::RoundMixture(std::vector<double> weights,
                           std::vector<std::vector<double>> means,
                           std::vector<double> stds)
    : weights_{std::move(weights), {}}, stds_{std::move(stds), {}} {
  for (std::vector<double>& mean : means) {
    means_.elements.push_back({std::move(mean), {}});
  }
}

void RoundMixture::Visit(Visitor& v) {
  v.Numbers({"weights",
             "How much of the law each normal part has; only their ratios "
             "count."},
            {0, 1e6}, 1, weights_);
  v.Numbers({"means", "The centre of each, a list for each: [[-2],[2]]."},
            {-1e6, 1e6}, 2, means_);
  v.Numbers({"stds", "The standard deviation of each."}, {1e-6, 1e6}, 1, stds_);
}

void RoundMixture::Validate(size_t most, Problems& problems) const {
  const size_t parts = weights_.numbers.size();
  if (parts == 0 || parts > kMaxParts || !(total() > 0)) {
    problems.push_back({"weights", "give 1 to " + std::to_string(kMaxParts) +
                                       " weights, at least one of them above "
                                       "0."});
    return;
  }
  if (means_.elements.size() != parts) {
    problems.push_back({"means", "found " +
                                     std::to_string(means_.elements.size()) +
                                     " centres; give one for each of the " +
                                     std::to_string(parts) + " weights."});
    return;
  }
  for (const NumberArray& mean : means_.elements) {
    if (mean.numbers.empty() || mean.numbers.size() > most ||
        mean.numbers.size() != dim()) {
      problems.push_back(
          {"means", "give each centre as many numbers as the others, 1" +
                        (most == 1 ? "" : " to " + std::to_string(most)) +
                        "."});
      return;
    }
  }
  if (stds_.numbers.size() != parts) {
    problems.push_back({"stds", "found " +
                                    std::to_string(stds_.numbers.size()) +
                                    " numbers; give one for each of the " +
                                    std::to_string(parts) + " weights."});
  }
}

double RoundMixture::total() const {
  double total = 0;
  for (const double weight : weights_.numbers) total += weight;
  return total;
}

double RoundMixture::narrowest() const {
  double least = std::numeric_limits<double>::infinity();
  for (size_t k = 0; k < stds_.numbers.size(); ++k) {
    if (weights_.numbers[k] > 0) least = std::min(least, stds_.numbers[k]);
  }
  return least;
}

NoisedMixture::NoisedMixture(std::unique_ptr<World> world, double scale,
                             double added)
    : world_(std::move(world)), law_(world_->At(scale, std::sqrt(added))) {}

double NoisedMixture::Density(std::span<const double> x) const {
  return exact::Exp(law_->At(x, {}));
}

void NoisedMixture::Score(std::span<const double> x,
                          std::span<double> score) const {
  law_->At(x, {.score = score});
}

NoisedMixture RoundMixture::Noised(double scale, double added) const {
  const size_t n = dim();
  NormalMixture law{.dim = static_cast<int>(n),
                    .weights = {},
                    .means = {},
                    .covariances = {}};
  for (size_t k = 0; k < weights_.numbers.size(); ++k) {
    const std::vector<double>& center = means_.elements[k].numbers;
    law.weights.push_back(weights_.numbers[k] / total());
    law.means.insert(law.means.end(), center.begin(), center.end());
    law.covariances.resize(law.covariances.size() + n * n, 0);
    double* covariance =
        &*(law.covariances.end() - static_cast<std::ptrdiff_t>(n * n));
    for (size_t i = 0; i < n; ++i) {
      covariance[i * n + i] = stds_.numbers[k] * stds_.numbers[k];
    }
  }
  return NoisedMixture(MakeWorld(std::move(law)), scale, added);
}

void RoundMixture::Moments(double scale, double added,
                           std::vector<double>& mean,
                           std::vector<double>& covariance) const {
  const size_t n = dim();
  mean.assign(n, 0);
  covariance.assign(n * n, 0);
  for (size_t k = 0; k < weights_.numbers.size(); ++k) {
    const double weight = weights_.numbers[k] / total();
    for (size_t i = 0; i < n; ++i) {
      mean[i] += weight * scale * means_.elements[k].numbers[i];
    }
  }
  for (size_t k = 0; k < weights_.numbers.size(); ++k) {
    const double weight = weights_.numbers[k] / total();
    const double std = scale * stds_.numbers[k];
    const std::vector<double>& center = means_.elements[k].numbers;
    for (size_t i = 0; i < n; ++i) {
      covariance[i * n + i] += weight * (std * std + added);
      for (size_t j = 0; j < n; ++j) {
        covariance[i * n + j] += weight * (scale * center[i] - mean[i]) *
                                 (scale * center[j] - mean[j]);
      }
    }
  }
}

double RoundMixture::Cdf(double x) const {
  double sum = 0;
  for (size_t k = 0; k < weights_.numbers.size(); ++k) {
    const double z = (x - means_.elements[k].numbers[0]) / stds_.numbers[k];
    sum += weights_.numbers[k] * 0.5 * (1 + exact::Erf(kRootHalf * z));
  }
  return sum / total();
}

double RoundMixture::Quantile(double u) const {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (size_t k = 0; k < weights_.numbers.size(); ++k) {
    const double mean = means_.elements[k].numbers[0];
    // Beyond eight deviations erf is 1 to the last bit.
    low = std::min(low, mean - 8 * stds_.numbers[k]);
    high = std::max(high, mean + 8 * stds_.numbers[k]);
  }
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (Cdf(middle) < u ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double RoundMixture::Conditional(size_t axis, std::span<const double> x,
                                 double u, double z) const {
  // Each part counts by its density of the other coordinates, on a scale on
  // which the greatest is 1.
  const size_t parts = weights_.numbers.size();
  double chances[kMaxParts];
  double greatest = -std::numeric_limits<double>::infinity();
  for (size_t k = 0; k < parts; ++k) {
    const double std = stds_.numbers[k], log_std = exact::Log(std);
    // The logarithm of 0 is -infinity, a chance of 0.
    chances[k] = exact::Log(weights_.numbers[k]);
    for (size_t i = 0; i < x.size(); ++i) {
      if (i == axis) continue;
      const double off = (x[i] - means_.elements[k].numbers[i]) / std;
      chances[k] -= 0.5 * off * off + log_std;
    }
    greatest = std::max(greatest, chances[k]);
  }
  double all = 0;
  for (size_t k = 0; k < parts; ++k) {
    chances[k] = exact::Exp(chances[k] - greatest);
    all += chances[k];
  }
  double left = u * all;
  size_t k = 0;
  while (k + 1 < parts && left >= chances[k]) left -= chances[k++];
  return means_.elements[k].numbers[axis] + stds_.numbers[k] * z;
}

void RoundMixture::Draw(Key key, uint64_t first, size_t size,
                        std::span<double> x) const {
  const size_t n = dim(), count = x.size() / size;
  const Key choice = Fold(key, "choice");
  std::vector<float> normal(count * n);
  FillNormal(Fold(key, "noise"), first * n, normal);
  const double all = total();
  for (size_t i = 0; i < count; ++i) {
    double left = UniformAt(choice, first + i) * all;
    size_t k = 0;
    while (k + 1 < weights_.numbers.size() && left >= weights_.numbers[k]) {
      left -= weights_.numbers[k++];
    }
    for (size_t axis = 0; axis < n; ++axis) {
      x[i * size + axis] = means_.elements[k].numbers[axis] +
                           stds_.numbers[k] * normal[i * n + axis];
    }
  }
}

}  // namespace unnoise
