// Convolutions of images as layers: filters and a bias for each channel that
// comes out. Apart from mlp.h, so that a program without images links no
// kernels of theirs (core/backend/conv.h).

#ifndef UNNOISE_NN_CONVOLUTION_H_
#define UNNOISE_NN_CONVOLUTION_H_

#include <cstdint>
#include <span>
#include <string>

#include "core/autodiff/conv.h"
#include "core/nn/parameters.h"

namespace unnoise {

// Whether a layer has one.
enum class Bias : uint8_t { kNo, kYes };

// Weight and bias of both layers start evenly from (-1/r, 1/r), r^2 the numbers
// that a filter has in files: of a group's channels there, times height times
// width. Source: PyTorch's own start, which is He et al. 2015, eq. 14, with a
// slope of sqrt(5).

// Conv2d (conv.h) with `out` filters: x [n, h, w, in] -> [n, oh, ow, out].
// Named `name`.weight, in files [out, in / groups, height, width] as of
// torch.nn.Conv2d, and `name`.bias.
class Convolution {
 public:
  // Throws UsageError if the groups do not divide both `in` and `out`.
  Convolution(const std::string& name, int64_t in, int64_t out, Extent2 kernel,
              const ConvOptions& options, Bias bias, ParameterList& parameters);
  Tensor operator()(std::span<const Tensor> leaves, Tensor x) const;

 private:
  ConvOptions options_;
  int weight_;
  int bias_ = -1;  // none
};

// Conv2dTranspose (conv.h), which makes images larger: x [n, h, w, in] -> [n,
// oh, ow, out], where oh = (h - 1) stride - 2 padding + dilation (kernel - 1) +
// 1 + `more`, ow in the same way. Named `name`.weight, in files [in, out /
// groups, height, width] as of torch.nn.ConvTranspose2d, and `name`.bias.
class TransposedConvolution {
 public:
  // `more` rows and columns at the end (PyTorch: output_padding), each less
  // than its stride. Throws UsageError if one is not, or if the groups do not
  // divide both `in` and `out`.
  TransposedConvolution(const std::string& name, int64_t in, int64_t out,
                        Extent2 kernel, const ConvOptions& options,
                        Extent2 more, Bias bias, ParameterList& parameters);
  Tensor operator()(std::span<const Tensor> leaves, Tensor x) const;

 private:
  Extent2 kernel_;
  ConvOptions options_;
  Extent2 more_;
  int weight_;
  int bias_ = -1;  // none
};

}  // namespace unnoise

#endif  // UNNOISE_NN_CONVOLUTION_H_
