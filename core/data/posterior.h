// How a posterior is put together from those of many parts, such as the
// components of a mixture: only for the files of core/data that define worlds.
// Sums are made in the order of the parts, relative to the greatest term so far
// (log-sum-exp), and means and covariances as running ones (West 1979), so that
// nothing overflows, and nothing cancels.

#ifndef UNNOISE_DATA_POSTERIOR_H_
#define UNNOISE_DATA_POSTERIOR_H_

#include <limits>
#include <span>

#include "core/base/exact_math.h"

namespace unnoise {

inline constexpr size_t kMaxWorldDim = 64;
inline constexpr double kLogTwoPi = 1.83787706640934548356;
// e^x is 0 in double precision from here down.
inline constexpr double kVanishes = -746;

inline double LogOf(double weight) {
  return weight > 0 ? exact::Log(weight)
                    : -std::numeric_limits<double>::infinity();
}

// A softmax that is made as its terms come. Every term gets the weight
// e^(log_term - greatest); what was summed before is scaled when a greater one
// comes.
class Softmax {
 public:
  // The part of the term factor e^log_term in the sum so far, in [0, 1].
  double Add(double log_term, double factor = 1) {
    if (log_term > greatest_) {
      sum_ *= exact::Exp(greatest_ - log_term);
      greatest_ = log_term;
    }
    const double below = log_term - greatest_;
    if (!(below > kVanishes)) return 0;
    const double weight = factor * (below == 0 ? 1 : exact::Exp(below));
    sum_ += weight;
    return weight > 0 ? weight / sum_ : 0;
  }
  double LogSum() const {
    return sum_ > 0 ? greatest_ + exact::Log(sum_)
                    : -std::numeric_limits<double>::infinity();
  }

 private:
  double greatest_ = -std::numeric_limits<double>::infinity();
  double sum_ = 0;
};

// mean += part (value - mean) and, where there is room, the covariance about
// it: the law of the terms so far, of which this is `part`.
inline void Blend(double part, std::span<const double> value,
                  std::span<double> mean, std::span<double> covariance) {
  const size_t dim = mean.size();
  if (!covariance.empty()) {
    const double kept = 1 - part;
    for (size_t i = 0; i < dim; ++i) {
      for (size_t j = 0; j < dim; ++j) {
        double& c = covariance[i * dim + j];
        c = kept * (c + part * (value[i] - mean[i]) * (value[j] - mean[j]));
      }
    }
  }
  for (size_t i = 0; i < dim; ++i) mean[i] += part * (value[i] - mean[i]);
}

}  // namespace unnoise

#endif  // UNNOISE_DATA_POSTERIOR_H_
