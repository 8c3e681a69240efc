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

class Denoiser {
 public:
  virtual ~Denoiser() = default;
  virtual int dim() const = 0;
  // xt [count, dim] at time t in [t_min, t_max]; fills both parts of `out`.
  virtual void Predict(double t, std::span<const float> xt, Prediction out) = 0;
};

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_DENOISER_H_
