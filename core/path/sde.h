// A path as a linear stochastic differential equation, dx = drift(t) x dt +
// sqrt(diffusion2(t)) dw from data to noise, and the three ways forward: by
// chain, by jump, by small steps of the equation. What runs particles along a
// grid is in core/sampling; the way back is a sampler's.

#ifndef UNNOISE_PATH_SDE_H_
#define UNNOISE_PATH_SDE_H_

#include <cstdint>
#include <functional>
#include <span>

#include "core/base/key.h"
#include "core/path/path.h"

namespace unnoise {

// f and g^2 at one t. f <= 0 and g^2 >= 0 where alpha does not rise and
// alpha / sigma falls.
struct LinearSde {
  double drift;       // f = d log(alpha) / dt
  double diffusion2;  // g^2 = d sigma^2 / dt - 2 f sigma^2
};

// The equation whose solution from x0 has the law N(alpha x0, sigma^2). Throws
// UsageError where it has no finite coefficients: where alpha is 0, or sigma is
// 0 and grows infinitely fast, which is at most at t = 0 and t = 1.
// Source: Kingma et al. 2021, appendix B; Song et al. 2021, section 3.4.
LinearSde SdeAt(const Coefficients& at);

// The law of x at a later time given x at an earlier one: N(factor x,
// variance).
struct NormalStep {
  double factor;
  double variance;
};

// From data at t = 0 to t.
NormalStep JumpTo(const Path& path, double t);

// From s to t >= s, exactly: the noising transition of the path.
NormalStep ChainStep(const Path& path, double s, double t);

// From s to t >= s by Euler and Maruyama: the equation's coefficients at s
// are taken for the whole step. Its law is right to first order in t - s.
NormalStep EulerMaruyamaStep(const Path& path, double s, double t);

// From s to t > s by any linear equation, integrated by Runge and Kutta's
// fourth-order method in `steps` >= 1 steps: the way back from f and g^2 to
// alpha and sigma. Source: Särkkä, Solin 2019, section 6.1.
NormalStep Integrate(const std::function<LinearSde(double)>& sde, double s,
                     double t, int64_t steps);

// The two steps as one.
NormalStep Then(const NormalStep& first, const NormalStep& second);

// Makes the step with every x, with normal draws `first`, first + 1, ... of the
// key.
void Take(const NormalStep& step, Key key, uint64_t first, std::span<float> x);

}  // namespace unnoise

#endif  // UNNOISE_PATH_SDE_H_
