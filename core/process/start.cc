#include "core/process/start.h"

#include <string>

namespace unnoise {

void NormalStart::Visit(Visitor& v) {
  v.Numbers({"x0", "Where it starts: a number for each dimension."},
            {-1e6, 1e6}, 1, x0_);
  v.Real({"spread",
          "How far particles start from x0: the standard deviation of a normal "
          "law; 0 starts all of them at x0."},
         {0, 1e6}, spread_);
}

void NormalStart::Validate(size_t least, size_t most,
                           Problems& problems) const {
  const size_t found = x0_.numbers.size();
  if (found >= least && found <= most) return;
  const std::string range =
      least == most ? std::to_string(least)
                    : std::to_string(least) + " to " + std::to_string(most);
  problems.push_back({"x0", "found " + std::to_string(found) +
                                " numbers; give " + range +
                                ", one for each dimension."});
}

StateMoments NormalStart::moments() const {
  const size_t n = dim();
  StateMoments moments{x0_.numbers, std::vector<double>(n * n, 0)};
  for (size_t i = 0; i < n; ++i) {
    moments.covariance[i * n + i] = spread_ * spread_;
  }
  return moments;
}

void NormalStart::Draw(Key key, uint64_t first, size_t size,
                       std::span<double> x) const {
  const size_t n = dim(), count = x.size() / size;
  std::vector<float> normal(count * n);
  if (spread_ > 0) FillNormal(key, first * n, normal);
  for (size_t i = 0; i < count; ++i) {
    for (size_t axis = 0; axis < n; ++axis) {
      x[i * size + axis] = x0_.numbers[axis] + spread_ * normal[i * n + axis];
    }
  }
}

void VisitSigma(Visitor& v, double& sigma) {
  v.Real({"sigma",
          "Strength of the noise: what multiplies the Brownian motion; 0 for "
          "none."},
         {0, 1e4}, sigma);
}

}  // namespace unnoise
