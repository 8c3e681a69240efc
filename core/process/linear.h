// Linear equations with constant coefficients and noise: all that is known of
// them, once for every row that is one.

#ifndef UNNOISE_PROCESS_LINEAR_H_
#define UNNOISE_PROCESS_LINEAR_H_

#include "core/process/matrix.h"
#include "core/process/process.h"
#include "core/process/start.h"

namespace unnoise {

// dX = (a X + b) dt + G dW, G G^T = q, from a normal law. A row says what a, b
// and q are.
class LinearProcess : public Process {
 public:
  int dim() const final { return static_cast<int>(start_.dim()); }
  int channels() const final { return dim(); }
  void Start(Key key, uint64_t first, std::span<double> x) const final;
  void Step(const Leap& leap, std::span<double> x) const final;
  std::optional<StateMoments> MomentsAt(double t) const final;
  std::optional<double> DensityAt(double t,
                                  std::span<const double> x) const final;
  bool AlwaysNormal() const final { return true; }
  std::optional<double> StationaryAt(std::span<const double> x) const final;
  std::optional<Normal> KernelAt(double t, double dt, double x) const final;
  bool Coefficients(double t, std::span<const double> x,
                    std::span<double> drift,
                    std::span<double> diffusion) const final;
  std::optional<StartLaw> StartedFrom() const final { return start_.law(); }

 protected:
  explicit LinearProcess(std::vector<double> x0) : start_(std::move(x0)) {}

  virtual LinearEquation Equation() const = 0;

  // The fields scheme, x0 and spread; call last from Visit.
  void VisitScheme(Visitor& visitor);
  // Problems: x0 of another dimension; a step at which Euler's scheme grows
  // without bound although the process does not.
  void ValidateScheme(size_t least, size_t most, Problems& problems) const;

  const NormalStart& start() const { return start_; }

 private:
  enum Scheme { kExact, kEuler };

  // What a step does to a state without its noise, and the covariance of that.
  LinearFlow StepFlow(double dt) const;

  NormalStart start_;
  int scheme_ = kExact;
};

// Of the moves: mean and covariance that the law tends to; nothing if it does
// not tend to one.
std::optional<StateMoments> LimitOf(const LinearEquation& equation);

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_LINEAR_H_
