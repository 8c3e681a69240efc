#include "core/family/ddpm.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <vector>

#include "core/autodiff/derivatives.h"
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

  const TrainingConfig* training() const override { return &training_config; }
  const Path& path() const override { return *path_choice; }
  const Choice<Sampler>& sampler() const override { return sampler_choice; }
  Choice<Sampler> FingerprintSampler() const override {
    return Choice<Sampler>("ddim");  // 50 steps, eta = 0: its defaults
  }
  Affine Units(const Dataset& data) const override {
    return StandardiserOf(data);
  }
  std::unique_ptr<Model> Open(const Dataset& data) const override;
};

// The network, preconditioned, as a denoiser. Rows go through it in chunks, so
// memory does not grow with their number; a row's bits do not depend on its
// chunk. Several chunks go to several threads, each with a tape; a lone one is
// left to the kernels to divide.
class NetworkDenoiser final : public Denoiser, public JacobianTrace {
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
        backend_(backend) {
    for (int i = 0; i < backend.pool().threads(); ++i) {
      lanes_.push_back(
          std::make_unique<Lane>(backend, parameters.entries().size()));
    }
  }

  int dim() const override { return dim_; }

  Density* density() override { return nullptr; }
  JacobianTrace* jacobian_trace() override { return this; }

  void PredictAt(std::span<const double> t, std::span<const float> xt,
                 Prediction out) override {
    PredictAt(t, xt, {}, out, {});
  }

  void PredictAt(std::span<const double> t, std::span<const float> xt,
                 std::span<const float> probes, Prediction out,
                 Prediction traces) override {
    const size_t chunk = static_cast<size_t>(kChunk * dim_);
    std::atomic<size_t> next{0};
    const size_t chunks = (xt.size() + chunk - 1) / chunk;
    backend_.pool().Run(
        static_cast<int64_t>(std::min(lanes_.size(), chunks)),
        [&](int64_t lane) {
          while (true) {
            const size_t begin = chunk * next.fetch_add(1);
            if (begin >= xt.size()) return;
            const size_t size = std::min(chunk, xt.size() - begin);
            const size_t row = begin / dim_, rows = size / dim_;
            const std::span<const double> times =
                t.size() == 1 ? t : t.subspan(row, rows);
            const Applied applied = PredictChunk(
                times, xt.subspan(begin, size),
                {out.data.subspan(begin, size), out.noise.subspan(begin, size)},
                *lanes_[lane]);
            if (traces.data.empty()) continue;
            TraceChunk(times, applied, probes, xt.size(), begin,
                       {traces.data.subspan(row, rows),
                        traces.noise.subspan(row, rows)});
          }
        });
  }

 private:
  // What one thread works on.
  struct Lane {
    Lane(const Backend& backend, size_t parameters)
        : tape(backend, DType::kF32), leaves(parameters) {}
    Tape tape;
    std::vector<Tensor> leaves;
  };

  // What the network was given and what it made of it, on the lane's tape.
  struct Applied {
    Tensor x;
    Tensor output;
  };

  Applied PredictChunk(std::span<const double> t, std::span<const float> xt,
                       Prediction out, Lane& lane) {
    const int64_t rows = std::ssize(xt) / dim_;
    Tape& tape = lane.tape;
    tape.Clear();
    const NoGrad no_grad(tape);
    parameters_.Bind(tape, weights_.data(), false, lane.leaves);
    const size_t each = xt.size() / t.size();
    for (size_t i = 0; i < t.size(); ++i) {
      const float input =
          static_cast<float>(PreconditioningAt(path_.At(t[i])).input);
      for (size_t j = i * each; j < (i + 1) * each; ++j) {
        out.data[j] = input * xt[j];
      }
    }
    Tensor x = tape.Constant({rows, dim_}, std::span<const float>(out.data));
    Tensor time = t.size() == 1
                      ? tape.Filled({rows, 1}, t[0])
                      : tape.Constant({rows, 1}, std::span<const double>(t));
    Tensor output = network_(lane.leaves, x, time);
    tape.Read(output, out.noise.data());
    for (size_t i = 0; i < t.size(); ++i) {
      const Preconditioning by = PreconditioningAt(path_.At(t[i]));
      const float noise_skip = static_cast<float>(by.noise_skip);
      const float noise_out = static_cast<float>(by.noise_out);
      const float data_skip = static_cast<float>(by.data_skip);
      const float data_out = static_cast<float>(by.data_out);
      for (size_t j = i * each; j < (i + 1) * each; ++j) {
        const float f = out.noise[j];
        out.noise[j] = noise_skip * xt[j] + noise_out * f;
        out.data[j] = data_skip * xt[j] + data_out * f;
      }
    }
    return {x, output};
  }

  // The traces of a chunk whose first number is `begin` of `size`; those of the
  // network by forward mode, and the preconditioning's by hand.
  void TraceChunk(std::span<const double> t, const Applied& applied,
                  std::span<const float> probes, size_t size, size_t begin,
                  Prediction traces) const {
    Tape& tape = applied.x.tape();
    const NoGrad no_grad(tape);
    const size_t rows = traces.data.size();
    const size_t dim = static_cast<size_t>(dim_);
    // Of the network, in traces.data, and of the identity.
    std::fill(traces.data.begin(), traces.data.end(), 0.0f);
    std::fill(traces.noise.begin(), traces.noise.end(),
              probes.empty() ? static_cast<float>(dim_) : 0.0f);
    if (probes.empty()) {
      tape.Read(Divergence(applied.output, applied.x), traces.data.data());
    }
    std::vector<float> one(probes.empty() ? 0 : rows);
    const float part = static_cast<float>(
        static_cast<double>(size) /
        static_cast<double>(std::max<size_t>(1, probes.size())));
    for (size_t k = begin; k < probes.size(); k += size) {
      const std::span<const float> mine = probes.subspan(k, rows * dim);
      const Tape::Mark mark = tape.Now();
      Tensor probe = tape.Constant(applied.x.shape(), mine);
      tape.Read(HutchinsonDivergence(applied.output, applied.x, probe),
                one.data());
      tape.Rewind(mark, {});
      for (size_t i = 0; i < rows; ++i) {
        traces.data[i] += part * one[i];
        for (size_t j = i * dim; j < (i + 1) * dim; ++j) {
          traces.noise[i] += part * (mine[j] * mine[j]);
        }
      }
    }
    for (size_t i = 0; i < rows; ++i) {
      const Preconditioning by =
          PreconditioningAt(path_.At(t[t.size() == 1 ? 0 : i]));
      const double f = by.input * traces.data[i], identity = traces.noise[i];
      traces.data[i] =
          static_cast<float>(by.data_skip * identity + by.data_out * f);
      traces.noise[i] =
          static_cast<float>(by.noise_skip * identity + by.noise_out * f);
    }
  }

  const Path& path_;
  const TimeMlp& network_;
  const ParameterList& parameters_;
  int dim_;
  std::span<float> weights_;
  const Backend& backend_;
  std::vector<std::unique_ptr<Lane>> lanes_;  // one a thread
};

class DdpmModel final : public Model, public Objective {
 public:
  DdpmModel(const DdpmFamily& family, const Dataset& data)
      : family_(family),
        data_(data),
        standardiser_(family.Units(data)),
        network_(family.network, data.dim(), data.dim(), parameters_),
        xt_(static_cast<size_t>(batch() * data.dim())),
        noise_(xt_.size()),
        skip_(xt_.size()),
        out_(xt_.size()),
        time_(static_cast<size_t>(batch())) {}

  const ParameterList& parameters() const override { return parameters_; }
  Objective* objective() override { return this; }

  // One t in each of `batch` equal parts of [t_min, t_max]: still uniform, and
  // the loss varies less from batch to batch (Kingma et al. 2021, appendix I).
  void DrawBatch(Key key, Pool& pool) override {
    constexpr int64_t kGrain = 128;  // points: some 10 us
    pool.ForRanges(batch(), kGrain, [&](int64_t begin, int64_t end) {
      DrawPart(key, static_cast<size_t>(begin), static_cast<size_t>(end));
    });
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

  // Points [begin, end) of the batch.
  void DrawPart(Key key, size_t begin, size_t end) {
    const Path& path = family_.path();
    const size_t dim = static_cast<size_t>(data_.dim());
    const auto part = [&](std::vector<float>& all) {
      return std::span(all).subspan(begin * dim, (end - begin) * dim);
    };
    const std::span<float> xt = part(xt_);
    data_.Draw(Fold(key, "data"), begin, xt);
    standardiser_.ToModel(xt);
    FillNormal(Fold(key, "noise"), begin * dim, part(noise_));
    FillUniform(Fold(key, "time"), begin,
                std::span(time_).subspan(begin, end - begin));
    constexpr size_t kBlock = 64;
    double t[kBlock], alphas[kBlock], sigmas[kBlock];
    for (size_t i = begin; i < end; ++i) {
      const size_t in_block = (i - begin) % kBlock;
      if (in_block == 0) {
        const size_t count = std::min(kBlock, end - i);
        for (size_t k = 0; k < count; ++k) {
          const double place = (static_cast<double>(i + k) + time_[i + k]) /
                               static_cast<double>(time_.size());
          time_[i + k] = static_cast<float>(path.t_min +
                                            (path.t_max - path.t_min) * place);
          t[k] = time_[i + k];
        }
        path.LevelsAt(std::span(t).first(count), std::span(alphas).first(count),
                      std::span(sigmas).first(count));
      }
      const Coefficients at{alphas[in_block], sigmas[in_block], 0, 0};
      const float alpha = static_cast<float>(at.alpha);
      const float sigma = static_cast<float>(at.sigma);
      const Preconditioning by = PreconditioningAt(at);
      const float input = static_cast<float>(by.input);
      const float noise_skip = static_cast<float>(by.noise_skip);
      const float noise_out = static_cast<float>(by.noise_out);
      for (size_t j = i * dim; j < (i + 1) * dim; ++j) {
        const float x = alpha * xt_[j] + sigma * noise_[j];
        xt_[j] = input * x;
        skip_[j] = noise_skip * x;
        out_[j] = noise_out;
      }
    }
  }

  const DdpmFamily& family_;
  const Dataset& data_;
  Affine standardiser_;
  ParameterList parameters_;
  TimeMlp network_;
  std::vector<float> xt_;     // [batch, dim] as the network is given it
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
