// What every sampler runs on, and all it knows of a model.

#ifndef UNNOISE_SAMPLING_DENOISER_H_
#define UNNOISE_SAMPLING_DENOISER_H_

#include <span>

namespace unnoise {

// What a denoiser says of xt at t: the expected data and the expected noise,
// xt = alpha data + sigma noise. Each [count, dim].
struct Prediction {
  std::span<float> data;
  std::span<float> noise;
};

// The density of the law at every time, where it is known; networks give only
// its gradient.
class Density {
 public:
  virtual ~Density() = default;
  // xt [count, dim] at time t; log_density [count], up to nothing: it
  // integrates to 1.
  virtual void LogDensity(double t, std::span<const float> xt,
                          std::span<double> log_density) = 0;
};

// How what a denoiser says changes with the point it is asked about.
class JacobianTrace {
 public:
  virtual ~JacobianTrace() = default;
  // The prediction of Denoiser::PredictAt and, in `traces`, each [count], the
  // trace of the Jacobian of both of its parts in xt. Given probes [k, count,
  // dim], k >= 1, the mean of v' J v over a point's own k probes v in its
  // place.
  virtual void PredictAt(std::span<const double> t, std::span<const float> xt,
                         std::span<const float> probes, Prediction out,
                         Prediction traces) = 0;
};

class Denoiser {
 public:
  virtual ~Denoiser() = default;
  virtual int dim() const = 0;
  // xt [count, dim] at the times t in [t_min, t_max]: one for all points, or
  // one for each. Fills both parts of `out`, every point by itself.
  virtual void PredictAt(std::span<const double> t, std::span<const float> xt,
                         Prediction out) = 0;
  // Null where the density is not known.
  virtual Density* density() = 0;
  // Null where it has no derivatives.
  virtual JacobianTrace* jacobian_trace() = 0;

  // All points at one time.
  void Predict(double t, std::span<const float> xt, Prediction out) {
    PredictAt(std::span(&t, 1), xt, out);
  }
};

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_DENOISER_H_
