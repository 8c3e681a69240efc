// Paths from data to noise: xt = alpha(t) x0 + sigma(t) eps, t = 0 data and
// t = 1 noise. A path is four numbers per t. Schedules are rows of the table in
// paths.cc; what is measured of one is in measures.h, its SDE in sde.h.

#ifndef UNNOISE_PATH_PATH_H_
#define UNNOISE_PATH_PATH_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/describe.h"

namespace unnoise {

// The path at one t. alpha multiplies the data, sigma is a standard deviation;
// d_alpha and d_sigma are their derivatives in t.
struct Coefficients {
  double alpha;
  double sigma;
  double d_alpha;
  double d_sigma;
};

// A path with its usable interval. Training and sampling live on
// [t_min, t_max]: near t = 0 sigma vanishes, and where alpha falls below 1e-3 a
// prediction of the noise no longer determines the data.
class Path : public Described {
 public:
  // Continuous for t in [0, 1] (d_sigma may be infinite at t = 0, d_alpha at
  // t = 1). alpha / sigma falls.
  virtual Coefficients At(double t) const = 0;
  // alpha and sigma of each t, all of one length: the numbers of At, faster
  // where many can be.
  virtual void LevelsAt(std::span<const double> t, std::span<double> alpha,
                        std::span<double> sigma) const;

  // The standard deviation of the normal law, of mean 0, that sampling starts
  // from at t_max: sigma there where the variance explodes, else 1.
  virtual double PriorStd() const = 0;

  double t_min = 1e-3;
  double t_max = 1;

 protected:
  // The two fields every path has; call last from Visit.
  void VisitInterval(Visitor& visitor);
  void Validate(Problems& problems) const override;  // t_min < t_max
};

// The variance-preserving path where the rate is `beta` and has integrated to
// `total` from 0: alpha = exp(-total / 2). Source: Song et al. 2021, eq. 29.
Coefficients PreservingAt(double total, double beta);

// A transition from the point t of a path down to s < t, for data x0:
//   xs | xt, x0 ~ N(mean_xt * xt + mean_x0 * x0, variance)
//   xt | xs     ~ N(ratio * xs, step_variance)
// with ratio = alpha_t / alpha_s and step_variance = sigma_t^2 - ratio^2
// sigma_s^2 (beta on a variance-preserving grid) and variance = step_variance
// sigma_s^2 / sigma_t^2 (beta tilde). Any (alpha, sigma), any grid.
// Source: Kingma, Salimans, Poole, Ho 2021, section 3.1 and appendix A.
struct Transition {
  double ratio;
  double step_variance;
  double mean_xt;
  double mean_x0;
  double variance;
};
Transition TransitionBetween(const Coefficients& t, const Coefficients& s);

// What a network F is given and how its output becomes a prediction:
//   F = F(input xt, t)
//   noise = noise_skip xt + noise_out F      data = data_skip xt + data_out F
// For data of unit variance the skips alone are the best linear prediction, so
// the network learns only what is not linear; neither divides by alpha, so
// near t = 1 errors of the network are not blown up; and alpha data + sigma
// noise = xt whatever F is. With alpha^2 + sigma^2 = 1, F is the velocity of
// Salimans, Ho 2022, section 4. Where xt has a variance above 1, input =
// 1 / sqrt(alpha^2 + sigma^2) brings it, and what F has to say, back to 1;
// elsewhere input is exactly 1. Five scalars: Karras et al. 2022, table 1, with
// data of unit variance.
struct Preconditioning {
  double input;
  double noise_skip;
  double noise_out;
  double data_skip;
  double data_out;
};
Preconditioning PreconditioningAt(const Coefficients& at);

// The uniform grid t_0 = t_min < ... < t_steps = t_max. steps >= 1.
std::vector<double> UniformGrid(const Path& path, int64_t steps);

template <>
std::span<const Row<Path>> Rows<Path>();

}  // namespace unnoise

#endif  // UNNOISE_PATH_PATH_H_
