// Sets made of normal laws: any mixture, a mixture on the line, blobs on a
// grid. Everything about them is known exactly, so the truth can be drawn
// beside a model.

#include <cmath>
#include <string>
#include <utility>

#include "core/data/gaussian_mixture.h"
#include "core/data/mixture_world.h"
#include "core/data/plane.h"

namespace unnoise {
namespace {

class Mixture1d final : public Dataset, public HasMixture {
 public:
  Mixture1d() {
    standardise = static_cast<int>(Standardise::kNone);
    PrepareIfChanged();
  }

  int dim() const override { return 1; }
  const MixtureLaw& law() const override { return law_; }

  void Visit(Visitor& v) override {
    v.Numbers({"weights",
               "How often each normal law is drawn from; only their ratios "
               "count."},
              {0, 1e6}, 1, weights_);
    v.Numbers({"means", "The centre of each."}, {-1e6, 1e6}, 1, means_);
    v.Numbers({"stds", "The standard deviation of each."}, {0, 1e6}, 1, stds_);
    VisitStandardise(v);
    PrepareIfChanged();
  }

  void Validate(Problems& problems) const override {
    problems.insert(problems.end(), problems_.begin(), problems_.end());
  }

  Moments ExactMoments() const override { return law_.ExactMoments(); }
  Modes KnownModes() const override { return law_.KnownModes(); }
  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    return law_.MakeWorld(units);
  }
  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    law_.Draw(key, first, out);
  }

 private:
  void PrepareIfChanged() {
    std::vector<NumberArray> fields = {weights_, means_, stds_};
    if (fields == prepared_of_) return;
    problems_.clear();
    law_ = {};
    Prepare();
    if (!problems_.empty()) law_ = {};
    prepared_of_ = std::move(fields);
  }

  void Prepare() {
    if (!law_.SetWeights(weights_.numbers, problems_)) return;
    const size_t components = weights_.numbers.size();
    for (const auto& [name, values] :
         {std::pair{"means", &means_}, std::pair{"stds", &stds_}}) {
      const size_t count = values->numbers.size();
      if (count == components) continue;
      problems_.push_back({name, "found " + std::to_string(count) +
                                     " numbers; give one for each of the " +
                                     std::to_string(components) + " weights."});
    }
    law_.means = means_.numbers;
    law_.factors = stds_.numbers;
    for (const double std : stds_.numbers) law_.variances.push_back(std * std);
  }

  NumberArray weights_{{0.3, 0.5, 0.2}, {}};
  NumberArray means_{{-1.8, 0.2, 1.9}, {}};
  NumberArray stds_{{0.3, 0.45, 0.15}, {}};

  MixtureLaw law_;     // without components if the fields do not fit together
  Problems problems_;  // found on the way
  std::vector<NumberArray> prepared_of_;  // the fields that it was made from
};

// size x size round blobs about the origin, each equally likely.
class GaussianGrid final : public PlaneSet {
 public:
  void Visit(Visitor& v) override {
    v.Int({"size", "Blobs along each side of the grid."}, {2, 10}, size_);
    v.Real({"spacing", "The distance between neighbours."}, {0.1, 5}, spacing_);
    v.Real({"std", "The standard deviation of each blob."}, {0, 1}, std_);
    VisitStandardise(v);
  }

  Moments ExactMoments() const override {
    // Of 0, 1, ..., n - 1 the variance is (n^2 - 1) / 12.
    const double n = static_cast<double>(size_);
    const double variance =
        spacing_ * spacing_ * (n * n - 1) / 12 + std_ * std_;
    return {{0, 0}, {variance, variance}};
  }

  Modes KnownModes() const override {
    std::vector<float> centers;
    for (int64_t row = 0; row < size_; ++row) {
      for (int64_t column = 0; column < size_; ++column) {
        centers.push_back(static_cast<float>(Place(column)));
        centers.push_back(static_cast<float>(Place(row)));
      }
    }
    return NormalModes(std::move(centers), 2, std_);
  }

  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    NormalCloud law{.dim = 2,
                    .weights = {},
                    .means = {},
                    .variances = {std_ * std_, std_ * std_}};
    for (int64_t row = 0; row < size_; ++row) {
      for (int64_t column = 0; column < size_; ++column) {
        law.weights.push_back(1 / static_cast<double>(size_ * size_));
        law.means.insert(law.means.end(), {Place(column), Place(row)});
      }
    }
    return unnoise::MakeWorld(law.In(units));
  }

  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    DrawInPlane(key, first, out,
                [this](const uint32_t* words, const float* normals, float* xy) {
                  for (int axis = 0; axis < 2; ++axis) {
                    xy[axis] =
                        static_cast<float>(Place(Index(words[axis], size_)) +
                                           std_ * normals[axis]);
                  }
                });
  }

 private:
  double Place(int64_t index) const {
    return spacing_ *
           (static_cast<double>(index) - 0.5 * static_cast<double>(size_ - 1));
  }

  int64_t size_ = 5;
  double spacing_ = 1;
  double std_ = 0.08;
};

constexpr Row<Dataset> kRows[] = {
    MakeRow<Dataset, GaussianGrid>(
        "gaussian_grid", "Gaussian grid",
        "Small blobs in rows and columns: many places to find, none of them "
        "to be forgotten."),
    MakeRow<Dataset, GaussianMixture>(
        "gaussian_mixture", "Gaussian mixture",
        "Any mixture of normal laws, in up to 64 dimensions. Everything about "
        "it is known exactly, so the truth can be drawn beside the model."),
    MakeRow<Dataset, Mixture1d>(
        "mixture_1d", "Mixture on the line",
        "Normal laws on a line: the density can be drawn as a curve, and every "
        "step of a model be seen."),
};

}  // namespace

std::span<const Row<Dataset>> GaussianSets() { return kRows; }

}  // namespace unnoise
