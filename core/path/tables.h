// Paths that a user gives by numbers: the betas of a chain, or alphas and
// sigmas at some times. Rows of the list in paths.cc.

#ifndef UNNOISE_PATH_TABLES_H_
#define UNNOISE_PATH_TABLES_H_

#include "core/path/curve.h"
#include "core/path/path.h"

namespace unnoise {

// A path that keeps variance forgets the data at most by exp(-total / 2), about
// 1e-30: float32 can still hold what is left.
inline constexpr double kLargestTotal = 138;

// The chain xi = sqrt(1 - beta_i) x(i-1) + sqrt(beta_i) eps, i = 1, ..., T.
// At t = i / T, alpha^2 is the product of 1 - beta up to i. Between, the
// logarithm of that product follows a smooth monotone curve through those
// points, so that beta(t) is continuous and variance is kept.
class BetaTable final : public Path {
 public:
  BetaTable();
  void Visit(Visitor& visitor) override;
  Coefficients At(double t) const override;
  double PriorStd() const override { return 1; }

 protected:
  void Validate(Problems& problems) const override;

 private:
  void PrepareIfChanged();

  NumberArray betas_;
  NumberArray prepared_of_;
  MonotoneCurve total_;  // -log(alpha^2) of t
  Problems problems_;
};

// alpha and sigma through given points, each by a smooth monotone curve. The
// first time is t = 0, the last t = 1, whatever their unit.
class TablePath final : public Path {
 public:
  TablePath();
  void Visit(Visitor& visitor) override;
  Coefficients At(double t) const override;
  double PriorStd() const override { return At(t_max).sigma; }

 protected:
  void Validate(Problems& problems) const override;

 private:
  void PrepareIfChanged();

  NumberArray times_, alphas_, sigmas_;
  std::vector<NumberArray> prepared_of_;
  MonotoneCurve alpha_, sigma_;
  Problems problems_;
};

}  // namespace unnoise

#endif  // UNNOISE_PATH_TABLES_H_
