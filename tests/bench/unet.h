// A training step of a small U-Net, for the benchmark alone: 28 x 28 pixels,
// two levels of `width` and 2 `width` channels, group norm and SiLU before each
// convolution, the time embedding added, the skip concatenated, nearest
// neighbours up. Noise is predicted from noised pixels; plain gradient descent.

#ifndef UNNOISE_TESTS_BENCH_UNET_H_
#define UNNOISE_TESTS_BENCH_UNET_H_

#include <cstdint>
#include <vector>

#include "core/autodiff/ops.h"

namespace unnoise {

class Unet {
 public:
  // `backend` outlives it. width: a multiple of kGroups.
  Unet(const Backend& backend, int64_t width, int64_t batch);

  // One step on the same batch each time; returns the loss.
  double Step();

  // Floating-point operations of the products of a step: forward, and both
  // gradients but that of the pixels.
  double flops() const { return flops_; }
  int64_t peak_bytes() const { return tape_.arena().peak(); }

 private:
  static constexpr int64_t kSide = 28;
  static constexpr int64_t kGroups = 8;
  static constexpr int64_t kTimeFeatures = 32;

  Tensor Take(const Shape& shape, double scale);
  Tensor Linear(Tensor x, int64_t out, Activation activation);
  Tensor Conv(Tensor x, int64_t out, int64_t kernel);
  Tensor NormSilu(Tensor x);
  Tensor Block(Tensor x, Tensor time, int64_t out);
  Tensor Network(Tensor x, Tensor time);
  Tensor Loss();

  int64_t width_;
  int64_t batch_;
  Tape tape_;
  bool known_ = false;  // whether the weights are drawn
  double flops_ = 0;
  std::vector<float> pixels_, noise_, time_, update_;
  std::vector<std::vector<float>> weights_;
  std::vector<Tensor> leaves_, gradients_;
};

}  // namespace unnoise

#endif  // UNNOISE_TESTS_BENCH_UNET_H_
