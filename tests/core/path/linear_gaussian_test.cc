// Transitions of a path against linear-Gaussian algebra by Eigen: xs and xt are
// jointly normal given x0, and conditioning a joint normal law is a Schur
// complement. An oracle that shares no formula with path.cc.

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "core/path/path.h"

namespace unnoise {
namespace {

TEST(LinearGaussian, TransitionIsTheConditionedJointLaw) {
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    for (const double s_time : {path->t_min, 0.1, 0.45, 0.8}) {
      for (const double t_time : {0.2, 0.5, 0.9, path->t_max}) {
        if (s_time >= t_time) continue;
        const Coefficients s = path->At(s_time), t = path->At(t_time);
        const Transition transition = TransitionBetween(t, s);

        // (xs, xt) = means x0 + factors (eps_1, eps_2), built as the chain
        // builds it: xt = ratio xs + fresh noise.
        Eigen::Vector2d means(s.alpha, transition.ratio * s.alpha);
        Eigen::Matrix2d factors;
        factors << s.sigma, 0, transition.ratio * s.sigma,
            std::sqrt(transition.step_variance);
        const Eigen::Matrix2d covariance = factors * factors.transpose();
        // The chain and the jump agree. Rounding of a handful of operations on
        // numbers up to 1, or to the variance where that explodes: 16 eps.
        const double rounding = 16 * 2.3e-16 * std::max(1.0, t.sigma * t.sigma);
        EXPECT_NEAR(means(1), t.alpha, rounding);
        EXPECT_NEAR(covariance(1, 1), t.sigma * t.sigma, rounding);

        const double gain = covariance(0, 1) / covariance(1, 1);
        EXPECT_NEAR(transition.mean_xt, gain, rounding) << row.name;
        EXPECT_NEAR(transition.mean_x0, means(0) - gain * means(1), rounding)
            << row.name;
        EXPECT_NEAR(transition.variance,
                    covariance(0, 0) - gain * covariance(1, 0), rounding)
            << row.name;
      }
    }
  }
}

// In three dimensions: E[x0 | xt] of white data by Eigen's solver is the linear
// part of a prediction.
TEST(LinearGaussian, PreconditioningIsThePosteriorMeanOfWhiteData) {
  const Coefficients at = Choice<Path>("straight")->At(0.37);
  const Eigen::Matrix3d data = Eigen::Matrix3d::Identity();
  const Eigen::Matrix3d noised =
      at.alpha * at.alpha * data +
      at.sigma * at.sigma * Eigen::Matrix3d::Identity();
  const Eigen::Vector3d xt(0.3, -1.1, 2.0);
  const Eigen::Vector3d mean = at.alpha * data * noised.ldlt().solve(xt);
  const Preconditioning by = PreconditioningAt(at);
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(by.data_skip * xt(i), mean(i), 16 * 2.3e-16 * xt.norm());
  }
}

}  // namespace
}  // namespace unnoise
