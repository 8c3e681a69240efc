// Where particles start: fields and draws that the rows share. Only for the
// files of core/process that define rows.

#ifndef UNNOISE_PROCESS_START_H_
#define UNNOISE_PROCESS_START_H_

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/process/process.h"

namespace unnoise {

// N(x0, spread^2) in as many dimensions as x0 has numbers.
class NormalStart {
 public:
  explicit NormalStart(std::vector<double> x0, double spread = 0)
      : x0_{std::move(x0), {}}, spread_(spread) {}

  // The fields x0 and spread.
  void Visit(Visitor& visitor);
  // That x0 has between `least` and `most` numbers.
  void Validate(size_t least, size_t most, Problems& problems) const;

  size_t dim() const { return x0_.numbers.size(); }
  StartLaw law() const { return {x0_.numbers, spread_}; }
  StateMoments moments() const;
  // Fills the first dim() of each `size` numbers of x [count, size].
  void Draw(Key key, uint64_t first, size_t size, std::span<double> x) const;

 private:
  NumberArray x0_;
  double spread_;
};

// The field sigma: what multiplies the Brownian motion.
void VisitSigma(Visitor& visitor, double& sigma);

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_START_H_
