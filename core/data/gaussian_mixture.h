// A mixture of normal laws by its parameters, in any dimension up to 64.

#ifndef UNNOISE_DATA_GAUSSIAN_MIXTURE_H_
#define UNNOISE_DATA_GAUSSIAN_MIXTURE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/data/dataset.h"

namespace unnoise {

class GaussianMixture final : public Dataset {
 public:
  GaussianMixture();

  void Visit(Visitor& visitor) override;
  void Validate(Problems& problems) const override;
  int dim() const override { return prepared_.dim; }
  Moments ExactMoments() const override;
  // The means of all components with a weight above 0.
  Modes KnownModes() const override;
  void Draw(Key key, uint64_t first, std::span<float> out) const override;

 private:
  // What drawing needs; no components if the fields do not fit together.
  struct Prepared {
    int dim = 1;
    std::vector<double> weights;     // [components], sum 1
    std::vector<double> cumulative;  // [components], the last one is 1
    std::vector<double> means;       // [components, dim]
    std::vector<double> variances;   // [components, dim]
    std::vector<double> factors;     // [components, dim, dim] lower triangular
  };
  static Prepared Prepare(const NumberArray& weights, const NumberArray& means,
                          const NumberArray& covariances, Problems& problems);
  void PrepareIfChanged();

  NumberArray weights_;
  NumberArray means_;
  NumberArray covariances_;

  Prepared prepared_;
  Problems problems_;                     // found on the way
  std::vector<NumberArray> prepared_of_;  // the fields that it was made from
};

}  // namespace unnoise

#endif  // UNNOISE_DATA_GAUSSIAN_MIXTURE_H_
