#include "core/family/ddpm.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/nn/mlp.h"
#include "core/objective/objective.h"

namespace unnoise {
namespace {

struct DdpmFamily final : Family {
  Choice<Path> path_choice{"cosine"};
  NetworkConfig network;
  TrainingConfig training_config;
  Choice<Sampler> sampler_choice{"ddim"};

  void Visit(Visitor& visitor) override {
    visitor.Kind({"path", "How data turn into noise as t goes from 0 to 1.",
                  "Kingma et al. 2021, section 3.1"},
                 path_choice);
    visitor.Section({"network", "The network that predicts the noise."},
                    network);
    training_config.Visit(visitor);
    visitor.Kind({"sampler", "How noise is turned back into data."},
                 sampler_choice);
  }

  const TrainingConfig& training() const override { return training_config; }
  const Path& path() const override { return *path_choice; }
  const Choice<Sampler>& sampler() const override { return sampler_choice; }
  Choice<Sampler> FingerprintSampler() const override {
    return Choice<Sampler>("ddim");  // 50 steps, eta = 0: its defaults
  }
  std::unique_ptr<Model> Open(const Dataset& data) const override;
};

// The network, preconditioned, as a denoiser. Rows go through it in chunks, so
// memory does not grow with their number; a row's bits do not depend on its
// chunk.
class NetworkDenoiser final : public Denoiser {
 public:
  static constexpr int64_t kChunk = 512;

  NetworkDenoiser(const Path& path, const TimeMlp& network,
                  const ParameterList& parameters, int dim,
                  const Backend& backend, std::span<float> weights)
      : path_(path),
        network_(network),
        parameters_(parameters),
        dim_(dim),
        weights_(weights),
        tape_(backend, DType::kF32),
        leaves_(parameters.entries().size()) {}

  int dim() const override { return dim_; }

  void Predict(double t, std::span<const float> xt, Prediction out) override {
    const Preconditioning by = PreconditioningAt(path_.At(t));
    const float noise_skip = static_cast<float>(by.noise_skip);
    const float noise_out = static_cast<float>(by.noise_out);
    const float data_skip = static_cast<float>(by.data_skip);
    const float data_out = static_cast<float>(by.data_out);
    const size_t chunk = static_cast<size_t>(kChunk * dim_);
    for (size_t begin = 0; begin < xt.size(); begin += chunk) {
      const size_t size = std::min(chunk, xt.size() - begin);
      const int64_t rows = static_cast<int64_t>(size) / dim_;
      tape_.Clear();
      const NoGrad no_grad(tape_);
      parameters_.Bind(tape_, weights_.data(), false, leaves_);
      Tensor x = tape_.Constant({rows, dim_}, xt.subspan(begin, size));
      Tensor output = network_(leaves_, x, tape_.Filled({rows, 1}, t));
      tape_.Read(output, out.noise.data() + begin);
      for (size_t i = begin; i < begin + size; ++i) {
        const float f = out.noise[i];
        out.noise[i] = noise_skip * xt[i] + noise_out * f;
        out.data[i] = data_skip * xt[i] + data_out * f;
      }
    }
  }

 private:
  const Path& path_;
  const TimeMlp& network_;
  const ParameterList& parameters_;
  int dim_;
  std::span<float> weights_;
  Tape tape_;
  std::vector<Tensor> leaves_;
};

class DdpmModel final : public Model {
 public:
  DdpmModel(const DdpmFamily& family, const Dataset& data)
      : family_(family),
        data_(data),
        standardiser_(StandardiserOf(data)),
        network_(family.network, data.dim(), data.dim(), parameters_),
        xt_(static_cast<size_t>(batch() * data.dim())),
        noise_(xt_.size()),
        skip_(xt_.size()),
        out_(xt_.size()),
        time_(static_cast<size_t>(batch())) {}

  const ParameterList& parameters() const override { return parameters_; }

  // One t in each of `batch` equal parts of [t_min, t_max]: still uniform, and
  // the loss varies less from batch to batch (Kingma et al. 2021, appendix I).
  void DrawBatch(Key key) override {
    const Path& path = family_.path();
    const size_t dim = static_cast<size_t>(data_.dim());
    data_.Draw(Fold(key, "data"), 0, xt_);
    standardiser_.ToModel(xt_);
    FillNormal(Fold(key, "noise"), 0, noise_);
    FillUniform(Fold(key, "time"), 0, time_);
    for (size_t i = 0; i < time_.size(); ++i) {
      const double part = (static_cast<double>(i) + time_[i]) /
                          static_cast<double>(time_.size());
      time_[i] =
          static_cast<float>(path.t_min + (path.t_max - path.t_min) * part);
      const Coefficients at = path.At(time_[i]);
      const float alpha = static_cast<float>(at.alpha);
      const float sigma = static_cast<float>(at.sigma);
      const Preconditioning by = PreconditioningAt(at);
      const float noise_skip = static_cast<float>(by.noise_skip);
      const float noise_out = static_cast<float>(by.noise_out);
      for (size_t j = i * dim; j < (i + 1) * dim; ++j) {
        xt_[j] = alpha * xt_[j] + sigma * noise_[j];
        skip_[j] = noise_skip * xt_[j];
        out_[j] = noise_out;
      }
    }
  }

  Tensor Loss(Tape& tape, std::span<const Tensor> leaves) const override {
    const auto constant = [&](const std::vector<float>& values) {
      return tape.Constant({batch(), data_.dim()},
                           std::span<const float>(values));
    };
    Tensor t = tape.Constant({batch(), 1}, std::span<const float>(time_));
    Tensor output = network_(leaves, constant(xt_), t);
    Tensor learned = Mul(constant(out_), output);
    Tensor predicted = Add(constant(skip_), learned);
    return DenoisingLoss(predicted, constant(noise_));
  }

  std::unique_ptr<Denoiser> MakeDenoiser(
      const Backend& backend, std::span<float> weights) const override {
    return std::make_unique<NetworkDenoiser>(
        family_.path(), network_, parameters_, data_.dim(), backend, weights);
  }

 private:
  int64_t batch() const { return family_.training_config.batch; }

  const DdpmFamily& family_;
  const Dataset& data_;
  Affine standardiser_;
  ParameterList parameters_;
  TimeMlp network_;
  std::vector<float> xt_;     // [batch, dim]
  std::vector<float> noise_;  // [batch, dim]
  std::vector<float> skip_;   // [batch, dim] preconditioning: what xt gives
  std::vector<float> out_;    // [batch, dim] and what scales the network
  std::vector<float> time_;   // [batch]
};

std::unique_ptr<Model> DdpmFamily::Open(const Dataset& data) const {
  return std::make_unique<DdpmModel>(*this, data);
}

}  // namespace

Row<Family> DdpmRow() {
  return MakeRow<Family, DdpmFamily>(
      "ddpm", "Denoising diffusion",
      "Noise is mixed into the data bit by bit; a network learns to say which "
      "noise, and sampling takes it out again, step by step.");
}

}  // namespace unnoise
