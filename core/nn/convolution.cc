#include "core/nn/convolution.h"

#include "core/autodiff/elementwise.h"
#include "core/autodiff/layout.h"
#include "core/autodiff/op.h"
#include "core/base/check.h"

namespace unnoise {
namespace {

struct Entered {
  int weight;
  int bias;  // -1: none
};

// `filters` of [kernel, channels], and a bias [out].
Entered Enter(const std::string& name, int64_t filters, Extent2 kernel,
              int64_t channels, int64_t out, Bias bias,
              ParameterList& parameters) {
  const double numbers =
      static_cast<double>(kernel.height * kernel.width * channels);
  const Start start{Start::Law::kUniform, 1 / __builtin_sqrt(numbers)};
  Entered entered{};
  entered.weight = parameters.Add(
      name + ".weight", {filters, kernel.height, kernel.width, channels}, start,
      Layout::kFilters);
  entered.bias = bias == Bias::kYes
                     ? parameters.Add(name + ".bias", Shape{out}, start)
                     : -1;
  return entered;
}

void CheckGroups(int64_t in, int64_t out, int64_t groups) {
  Check(groups >= 1 && in % groups == 0 && out % groups == 0,
        "a convolution's groups divide its channels");
}

}  // namespace

Convolution::Convolution(const std::string& name, int64_t in, int64_t out,
                         Extent2 kernel, const ConvOptions& options, Bias bias,
                         ParameterList& parameters)
    : options_(options) {
  CheckGroups(in, out, options.groups);
  const Entered entered =
      Enter(name, out, kernel, in / options.groups, out, bias, parameters);
  weight_ = entered.weight;
  bias_ = entered.bias;
}

Tensor Convolution::operator()(std::span<const Tensor> leaves, Tensor x) const {
  if (bias_ < 0) return Conv2d(x, leaves[weight_], options_);
  return Conv2d(x, leaves[weight_], leaves[bias_], options_);
}

TransposedConvolution::TransposedConvolution(const std::string& name,
                                             int64_t in, int64_t out,
                                             Extent2 kernel,
                                             const ConvOptions& options,
                                             Extent2 more, Bias bias,
                                             ParameterList& parameters)
    : kernel_(kernel), options_(options), more_(more) {
  CheckGroups(in, out, options.groups);
  Check(more.height >= 0 && more.height < options.stride.height &&
            more.width >= 0 && more.width < options.stride.width,
        "a transposed convolution adds less than its stride");
  const Entered entered =
      Enter(name, in, kernel, out / options.groups, out, bias, parameters);
  weight_ = entered.weight;
  bias_ = entered.bias;
}

Tensor TransposedConvolution::operator()(std::span<const Tensor> leaves,
                                         Tensor x) const {
  CheckRank("TransposedConvolution", x, 4);
  const auto along = [](int64_t extent, int64_t stride, int64_t padding,
                        int64_t dilation, int64_t kernel, int64_t more) {
    return (extent - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1 +
           more;
  };
  const Extent2 image = {
      along(x.shape()[1], options_.stride.height, options_.padding.height,
            options_.dilation.height, kernel_.height, more_.height),
      along(x.shape()[2], options_.stride.width, options_.padding.width,
            options_.dilation.width, kernel_.width, more_.width)};
  Tensor y = Conv2dTranspose(x, leaves[weight_], image, options_);
  if (bias_ < 0) return y;
  return Add(y, BroadcastTo(leaves[bias_], y.shape()));
}

}  // namespace unnoise
