// What a mixture of normal laws does: its moments, its draws, its modes, in
// exact arithmetic. Where its numbers come from is not known here.

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/data/gaussian_mixture.h"
#include "core/data/mixture_world.h"

namespace unnoise {

const MixtureLaw* MixtureOf(const Dataset& data) {
  const auto* mixture = dynamic_cast<const HasMixture*>(&data);
  return mixture ? &mixture->law() : nullptr;
}

bool MixtureLaw::SetWeights(const std::vector<double>& ratios,
                            Problems& problems) {
  double total = 0;
  for (const double ratio : ratios) total += ratio;
  if (ratios.empty() || ratios.size() > kMaxComponents || !(total > 0)) {
    problems.push_back({"weights", "give 1 to " +
                                       std::to_string(kMaxComponents) +
                                       " weights, at least one of them above "
                                       "0."});
    return false;
  }
  double sum = 0;
  for (const double ratio : ratios) {
    sum += ratio;
    weights.push_back(ratio / total);
    cumulative.push_back(sum / total);
  }
  cumulative.back() = 1;
  return true;
}

Moments MixtureLaw::ExactMoments() const {
  const size_t axes = static_cast<size_t>(dim);
  Check(!weights.empty(), "the mixture is not valid");
  Moments moments{std::vector<double>(axes, 0), std::vector<double>(axes, 0)};
  for (size_t i = 0; i < axes; ++i) {
    for (size_t c = 0; c < weights.size(); ++c) {
      moments.mean[i] += weights[c] * means[c * axes + i];
    }
    for (size_t c = 0; c < weights.size(); ++c) {
      const double offset = means[c * axes + i] - moments.mean[i];
      moments.variance[i] +=
          weights[c] * (variances[c * axes + i] + offset * offset);
    }
  }
  return moments;
}

Modes MixtureLaw::KnownModes() const {
  const size_t axes = static_cast<size_t>(dim);
  Check(!weights.empty(), "the mixture is not valid");
  std::vector<float> centers;
  double widest = 0;  // mean variance over the axes
  for (size_t c = 0; c < weights.size(); ++c) {
    if (weights[c] == 0) continue;
    double sum = 0;
    for (size_t i = 0; i < axes; ++i) {
      centers.push_back(static_cast<float>(means[c * axes + i]));
      sum += variances[c * axes + i];
    }
    widest = std::max(widest, sum / static_cast<double>(axes));
  }
  return NormalModes(std::move(centers), dim, std::sqrt(widest));
}

std::unique_ptr<World> MixtureLaw::MakeWorld(const Affine& units) const {
  const size_t n = static_cast<size_t>(dim);
  Check(!weights.empty(), "the mixture is not valid");
  NormalMixture law{.dim = dim,
                    .weights = weights,
                    .means = means,
                    .covariances = std::vector<double>(factors.size(), 0)};
  for (size_t k = 0; k < weights.size(); ++k) {
    const double* l = &factors[k * n * n];
    double* covariance = &law.covariances[k * n * n];
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j) {
        for (size_t m = 0; m <= std::min(i, j); ++m) {
          covariance[i * n + j] += l[i * n + m] * l[j * n + m];
        }
      }
    }
  }
  return unnoise::MakeWorld(law.In(units));
}

void MixtureLaw::Draw(Key key, uint64_t first, std::span<float> out) const {
  constexpr size_t kPoints = 256;
  constexpr size_t kNormals = 1024;  // 16 points of the greatest dimension
  uint32_t words[kPoints];
  float normals[kNormals];
  const size_t axes = static_cast<size_t>(dim);
  Check(!weights.empty(), "the mixture is not valid");
  Check(out.size() % axes == 0, "the buffer does not hold whole points");

  const Key choice_key = Fold(key, "choice"), noise_key = Fold(key, "noise");
  const size_t chunk = std::min(kPoints, kNormals / axes);
  for (float* x = out.data(); x != out.data() + out.size();) {
    const size_t left = static_cast<size_t>(out.data() + out.size() - x) / axes;
    const size_t count = std::min(chunk, left);
    FillBits(choice_key, first, std::span(words, count));
    FillNormal(noise_key, first * axes, std::span(normals, count * axes));
    for (size_t i = 0; i < count; ++i, x += axes) {
      const double u = (words[i] + 0.5) * 0x1p-32;
      const auto above =
          std::upper_bound(cumulative.begin(), cumulative.end(), u);
      const size_t c = static_cast<size_t>(above - cumulative.begin());
      const double* row = &factors[c * axes * axes];
      for (size_t axis = 0; axis < axes; ++axis, row += axes) {
        double sum = means[c * axes + axis];
        for (size_t j = 0; j <= axis; ++j)
          sum += row[j] * normals[i * axes + j];
        x[axis] = static_cast<float>(sum);
      }
    }
    first += count;
  }
}

}  // namespace unnoise
