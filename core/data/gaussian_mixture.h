// Mixtures of normal laws: the law itself, and the data set that gives it by
// weights, means and covariances in any dimension up to 64.

#ifndef UNNOISE_DATA_GAUSSIAN_MIXTURE_H_
#define UNNOISE_DATA_GAUSSIAN_MIXTURE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/data/dataset.h"

namespace unnoise {

inline constexpr size_t kMaxComponents = 256;

// A mixture as drawing needs it; its functions throw UsageError while it has no
// components.
struct MixtureLaw {
  int dim = 1;
  std::vector<double> weights;     // [components], sum 1
  std::vector<double> cumulative;  // [components], the last one is 1
  std::vector<double> means;       // [components, dim]
  std::vector<double> variances;   // [components, dim]
  std::vector<double> factors;     // [components, dim, dim] lower triangular

  // Sets weights and cumulative from any numbers >= 0. False, with a problem at
  // "weights", if they are none, too many or all 0.
  bool SetWeights(const std::vector<double>& ratios, Problems& problems);

  Moments ExactMoments() const;
  void Draw(Key key, uint64_t first, std::span<float> out) const;
  // The means of all components with a weight above 0.
  Modes KnownModes() const;
  std::unique_ptr<World> MakeWorld(const Affine& units) const;
};

// A data set that is drawn from a mixture whose numbers are known.
class HasMixture {
 public:
  virtual ~HasMixture() = default;
  // Without components while the fields of the set are not valid.
  virtual const MixtureLaw& law() const = 0;
};

// The mixture that a data set is drawn from, null if it is none.
const MixtureLaw* MixtureOf(const Dataset& data);

class GaussianMixture final : public Dataset, public HasMixture {
 public:
  GaussianMixture();

  void Visit(Visitor& visitor) override;
  void Validate(Problems& problems) const override;
  int dim() const override { return law_.dim; }
  const MixtureLaw& law() const override { return law_; }
  Moments ExactMoments() const override { return law_.ExactMoments(); }
  Modes KnownModes() const override { return law_.KnownModes(); }
  std::unique_ptr<World> MakeWorld(const Affine& units) const override {
    return law_.MakeWorld(units);
  }
  void Draw(Key key, uint64_t first, std::span<float> out) const override {
    law_.Draw(key, first, out);
  }

 private:
  static MixtureLaw Prepare(const NumberArray& weights,
                            const NumberArray& means,
                            const NumberArray& covariances, Problems& problems);
  void PrepareIfChanged();

  NumberArray weights_;
  NumberArray means_;
  NumberArray covariances_;

  MixtureLaw law_;     // without components if the fields do not fit together
  Problems problems_;  // found on the way
  std::vector<NumberArray> prepared_of_;  // the fields that it was made from
};

}  // namespace unnoise

#endif  // UNNOISE_DATA_GAUSSIAN_MIXTURE_H_
