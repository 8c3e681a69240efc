#include "tests/bench/unet.h"

#include <algorithm>
#include <cmath>

#include "core/base/key.h"

namespace unnoise {

Unet::Unet(const Backend& backend, int64_t width, int64_t batch)
    : width_(width), batch_(batch), tape_(backend, DType::kF32) {
  for (std::vector<float>* values : {&pixels_, &noise_}) {
    values->resize(static_cast<size_t>(batch * kSide * kSide));
  }
  time_.resize(static_cast<size_t>(batch * kTimeFeatures));
  FillNormal(KeyFromSeed(1), 0, pixels_);
  FillNormal(KeyFromSeed(2), 0, noise_);
  FillNormal(KeyFromSeed(3), 0, time_);
  // The first walk through the network draws the weights.
  Loss();
  known_ = true;
  gradients_.resize(leaves_.size());
}

// The next weights, drawn when they are first asked for.
Tensor Unet::Take(const Shape& shape, double scale) {
  const size_t i = leaves_.size();
  if (!known_) {
    weights_.emplace_back(static_cast<size_t>(shape.size()));
    FillNormal(Fold(KeyFromSeed(4), i), 0, weights_[i]);
    for (float& value : weights_[i]) value *= static_cast<float>(scale);
  }
  leaves_.push_back(tape_.Leaf(shape, weights_[i].data(), true));
  return leaves_.back();
}

Tensor Unet::Linear(Tensor x, int64_t out, Activation activation) {
  const int64_t in = x.shape()[1];
  if (!known_) flops_ += 6.0 * static_cast<double>(batch_ * in * out);
  Tensor weight = Take({out, in}, 1 / std::sqrt(static_cast<double>(in)));
  Tensor bias = Take({out}, 0);
  return LinearActivation(x, weight, bias, activation);
}

Tensor Unet::Conv(Tensor x, int64_t out, int64_t kernel) {
  const Shape shape = x.shape();
  const int64_t taps = kernel * kernel * shape[3];
  if (!known_) {
    const bool of_pixels = !tape_.node(x).needs_grad;
    const double products =
        static_cast<double>(shape[0] * shape[1] * shape[2] * taps * out);
    flops_ += (of_pixels ? 4 : 6) * products;
  }
  Tensor weight = Take({out, kernel, kernel, shape[3]},
                       1 / std::sqrt(static_cast<double>(taps)));
  Tensor bias = Take({out}, 0);
  const int64_t padding = kernel / 2;
  return Conv2d(x, weight, bias, {.padding = {padding, padding}});
}

Tensor Unet::NormSilu(Tensor x) {
  const int64_t channels = x.shape()[3];
  Tensor scale = Take({channels}, 1);
  Tensor shift = Take({channels}, 0);
  return GroupNorm(x, kGroups, scale, shift, 1e-5, Activation::kSilu);
}

Tensor Unet::Block(Tensor x, Tensor time, int64_t out) {
  Tensor h = Conv(NormSilu(x), out, 3);
  Tensor moved = Linear(time, out, Activation::kIdentity);
  Tensor everywhere = Reshape(moved, {batch_, 1, 1, out});
  h = Add(h, BroadcastTo(everywhere, h.shape()));
  h = Conv(NormSilu(h), out, 3);
  Tensor skip = x.shape()[3] == out ? x : Conv(x, out, 1);
  return Add(h, skip);
}

Tensor Unet::Network(Tensor x, Tensor time) {
  Tensor t = Linear(time, 2 * width_, Activation::kSilu);
  t = Linear(t, 2 * width_, Activation::kSilu);
  Tensor first = Conv(x, width_, 3);
  Tensor top = Block(first, t, width_);
  Tensor low = AveragePool(top, {2, 2});
  low = Block(low, t, 2 * width_);
  low = Block(low, t, 2 * width_);
  Tensor up = ResizeNearest(low, {kSide, kSide});
  Tensor joined = Concat({up, top}, 3);
  Tensor last = Block(joined, t, width_);
  return Conv(NormSilu(last), 1, 3);
}

Tensor Unet::Loss() {
  tape_.Clear();
  leaves_.clear();
  const Shape images{batch_, kSide, kSide, 1};
  Tensor x = tape_.Leaf(images, pixels_.data(), false);
  Tensor noise = tape_.Leaf(images, noise_.data(), false);
  Tensor time = tape_.Leaf({batch_, kTimeFeatures}, time_.data(), false);
  Tensor error = Sub(Network(x, time), noise);
  return MeanAll(Mul(error, error));
}

double Unet::Step() {
  Tensor loss = Loss();
  Grad(loss, leaves_, gradients_);
  float value = 0;
  tape_.Read(loss, &value);
  constexpr float kRate = 0.01f;
  for (size_t i = 0; i < leaves_.size(); ++i) {
    std::vector<float>& weights = weights_[i];
    update_.resize(std::max(update_.size(), weights.size()));
    tape_.Read(gradients_[i], update_.data());
    for (size_t j = 0; j < weights.size(); ++j) {
      weights[j] -= kRate * update_[j];
    }
  }
  return static_cast<double>(value);
}

}  // namespace unnoise
