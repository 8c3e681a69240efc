// A mixture of normal laws by its parameters: their checks. The law is in
// mixture_law.cc.

#include "core/data/gaussian_mixture.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/cholesky.h"

namespace unnoise {
namespace {

constexpr size_t kMaxDim = 64;

bool IsSquare(const NumberArray& a, size_t dim) {
  return a.elements.size() == dim &&
         std::all_of(
             a.elements.begin(), a.elements.end(),
             [=](const NumberArray& row) { return row.numbers.size() == dim; });
}

bool IsSymmetric(const NumberArray& a, size_t dim) {
  for (size_t i = 0; i < dim; ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (a.elements[i].numbers[j] != a.elements[j].numbers[i]) return false;
    }
  }
  return true;
}

std::vector<double> Flat(const NumberArray& a) {
  std::vector<double> flat;
  for (const NumberArray& row : a.elements) {
    flat.insert(flat.end(), row.numbers.begin(), row.numbers.end());
  }
  return flat;
}

NumberArray Row1(std::vector<double> numbers) {
  return {std::move(numbers), {}};
}

NumberArray Matrix2(double xx, double xy, double yy) {
  return {{}, {Row1({xx, xy}), Row1({xy, yy})}};
}

}  // namespace

GaussianMixture::GaussianMixture()
    : weights_(Row1({0.5, 0.3, 0.2})),
      means_{{}, {Row1({-1.2, -0.6}), Row1({1.3, -0.5}), Row1({0.2, 1.5})}},
      covariances_{{},
                   {Matrix2(0.2, 0.12, 0.15), Matrix2(0.1, -0.06, 0.2),
                    Matrix2(0.3, 0, 0.02)}} {
  standardise = static_cast<int>(Standardise::kNone);
  PrepareIfChanged();
}

void GaussianMixture::Visit(Visitor& v) {
  v.Numbers({"weights",
             "How often each normal law is drawn from; only their ratios "
             "count."},
            {0, 1e6}, 1, weights_);
  v.Numbers({"means", "The centre of each, one list of coordinates a law."},
            {-1e6, 1e6}, 2, means_);
  v.Numbers({"covariances",
             "The covariance matrix of each: variances on the diagonal, the "
             "same number on both sides of it."},
            {-1e12, 1e12}, 3, covariances_);
  VisitStandardise(v);
  PrepareIfChanged();
}

void GaussianMixture::Validate(Problems& problems) const {
  problems.insert(problems.end(), problems_.begin(), problems_.end());
}

void GaussianMixture::PrepareIfChanged() {
  std::vector<NumberArray> fields = {weights_, means_, covariances_};
  if (fields == prepared_of_) return;
  problems_.clear();
  law_ = Prepare(weights_, means_, covariances_, problems_);
  if (!problems_.empty()) law_ = {};
  prepared_of_ = std::move(fields);
}

MixtureLaw GaussianMixture::Prepare(const NumberArray& weights,
                                    const NumberArray& means,
                                    const NumberArray& covariances,
                                    Problems& problems) {
  MixtureLaw out;
  auto problem = [&](std::string path, std::string message) {
    problems.push_back({std::move(path), std::move(message)});
  };
  auto at = [](const char* name, size_t i) {
    return std::string(name) + '[' + std::to_string(i) + ']';
  };

  const size_t components = weights.numbers.size();
  if (!out.SetWeights(weights.numbers, problems)) return out;
  const size_t dim =
      means.elements.empty() ? 0 : means.elements[0].numbers.size();
  if (means.elements.size() != components || dim == 0 || dim > kMaxDim) {
    problem("means", "give a list of 1 to " + std::to_string(kMaxDim) +
                         " coordinates for each of the " +
                         std::to_string(components) + " weights.");
    return out;
  }
  out.dim = static_cast<int>(dim);
  for (size_t c = 0; c < components; ++c) {
    const std::vector<double>& mean = means.elements[c].numbers;
    if (mean.size() != dim) {
      problem(at("means", c), "found " + std::to_string(mean.size()) +
                                  " coordinates where the first mean has " +
                                  std::to_string(dim) + "; give as many.");
    }
    out.means.insert(out.means.end(), mean.begin(), mean.end());
  }
  if (covariances.elements.size() != components) {
    problem("covariances", "found " +
                               std::to_string(covariances.elements.size()) +
                               " matrices; give one for each of the " +
                               std::to_string(components) + " weights.");
    return out;
  }
  out.factors.assign(components * dim * dim, 0);
  for (size_t c = 0; c < components; ++c) {
    const NumberArray& covariance = covariances.elements[c];
    if (!IsSquare(covariance, dim)) {
      problem(at("covariances", c), "give " + std::to_string(dim) +
                                        " rows of " + std::to_string(dim) +
                                        " numbers, as the means have " +
                                        std::to_string(dim) + " coordinates.");
    } else if (!IsSymmetric(covariance, dim)) {
      problem(at("covariances", c),
              "this is not symmetric; give row i, column j the same number as "
              "row j, column i.");
    } else if (!CholeskyOf(Flat(covariance), dim, 1,
                           &out.factors[c * dim * dim])) {
      problem(at("covariances", c),
              "this is not positive definite; raise the diagonal, or lower "
              "what is off it.");
    } else {
      for (size_t i = 0; i < dim; ++i) {
        out.variances.push_back(covariance.elements[i].numbers[i]);
      }
    }
  }
  return out;
}

}  // namespace unnoise
