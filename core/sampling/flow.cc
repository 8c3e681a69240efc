// See flow.h.

#include "core/sampling/flow.h"

#include <algorithm>
#include <cmath>

#include "core/base/check.h"
#include "core/base/exact_math.h"
#include "core/data/posterior.h"

namespace unnoise {

// The denoiser of points that carry the integral of the divergence along. The
// velocity d_alpha data + d_sigma noise has the divergence d_alpha tr(data) +
// d_sigma tr(noise), with traces of Jacobians: so the traces are to the further
// coordinate what data and noise are to the others, and any method that sums
// velocities integrates it. Without a trace it only counts.
class Flow::Carrier final : public Denoiser {
 public:
  Carrier(Denoiser& denoiser, int64_t count,
          const std::optional<FlowTrace>& trace)
      : denoiser_(denoiser),
        trace_(trace ? denoiser.jacobian_trace() : nullptr),
        count_(count) {
    if (!trace) return;
    Check(trace_ != nullptr, "this model has no derivatives");
    const size_t n = Count(), size = n * Dim();
    for (auto* part : {&x_, &data_, &noise_}) part->resize(size);
    for (auto* part : {&data_trace_, &noise_trace_}) part->resize(n);
    if (!trace->estimate) return;
    Check(trace->probes >= 1, "an estimate needs a probe");
    probes_.resize(static_cast<size_t>(trace->probes) * size);
    asked_probes_.resize(probes_.size());
    std::vector<double> probe(Dim());
    for (size_t i = 0; i < n; ++i) {
      for (int64_t k = 0; k < trace->probes; ++k) {
        const uint64_t index =
            (trace->first + i) * static_cast<uint64_t>(trace->probes) +
            static_cast<uint64_t>(k);
        FillProbe(*trace->estimate, trace->key, index, probe);
        float* place = &probes_[(static_cast<size_t>(k) * n + i) * Dim()];
        for (size_t j = 0; j < Dim(); ++j) {
          place[j] = static_cast<float>(probe[j]);
        }
      }
    }
  }

  int dim() const override { return denoiser_.dim() + (trace_ ? 1 : 0); }
  Density* density() override { return nullptr; }
  JacobianTrace* jacobian_trace() override { return nullptr; }

  void PredictAt(std::span<const double> t, std::span<const float> xt,
                 Prediction out) override {
    const size_t rows = xt.size() / static_cast<size_t>(dim());
    questions_ += static_cast<int64_t>(rows);
    if (!trace_) return denoiser_.PredictAt(t, xt, out);
    const size_t n = Dim(), size = rows * n;
    for (size_t i = 0; i < rows; ++i) {
      std::copy_n(&xt[i * (n + 1)], n, &x_[i * n]);
    }
    const Prediction found{std::span(data_).first(size),
                           std::span(noise_).first(size)};
    const Prediction traces{std::span(data_trace_).first(rows),
                            std::span(noise_trace_).first(rows)};
    trace_->PredictAt(t, std::span(x_).first(size), ProbesOf(rows), found,
                      traces);
    const auto pack = [&](std::span<const float> part,
                          std::span<const float> trace, std::span<float> to) {
      for (size_t i = 0; i < rows; ++i) {
        std::copy_n(&part[i * n], n, &to[i * (n + 1)]);
        to[i * (n + 1) + n] = trace[i];
      }
    };
    pack(found.data, traces.data, out.data);
    pack(found.noise, traces.noise, out.noise);
  }

  bool traces() const { return trace_ != nullptr; }
  std::vector<size_t>& asked() { return asked_; }
  double evaluations() const {
    return static_cast<double>(questions_) / static_cast<double>(count_);
  }

 private:
  size_t Dim() const { return static_cast<size_t>(denoiser_.dim()); }
  size_t Count() const { return static_cast<size_t>(count_); }

  // Those of the points that are asked about, [probes, rows, dim].
  std::span<const float> ProbesOf(size_t rows) {
    if (asked_.empty()) return probes_;
    const size_t n = Dim(), all = Count() * n;
    float* to = asked_probes_.data();
    for (size_t k = 0; k < probes_.size(); k += all) {
      for (const size_t i : asked_) {
        to = std::copy_n(&probes_[k + i * n], n, to);
      }
    }
    return std::span(asked_probes_).first(probes_.size() / Count() * rows);
  }

  Denoiser& denoiser_;
  JacobianTrace* trace_;
  int64_t count_;
  int64_t questions_ = 0;
  std::vector<size_t> asked_;                    // see Journey
  std::vector<float> x_, data_, noise_;          // [count, dim]
  std::vector<float> data_trace_, noise_trace_;  // [count]
  std::vector<float> probes_, asked_probes_;     // [probes, count, dim]
};

std::vector<std::string_view> FlowSamplers() {
  std::vector<std::string_view> names;
  for (const Row<Sampler>& row : Rows<Sampler>()) {
    if (row.make()->follows_flow()) names.push_back(row.name);
  }
  return names;
}

Flow::Flow(const Sampler& sampler, const Path& path, Denoiser& denoiser,
           Way way, std::span<const float> points,
           const std::optional<FlowTrace>& trace)
    : way_(way), prior_std_(path.PriorStd()), times_(sampler.Times(path)) {
  Check(sampler.follows_flow(), "this sampler does not follow the flow");
  const size_t dim = static_cast<size_t>(denoiser.dim());
  Check(!points.empty() && points.size() % dim == 0, "a flow has whole points");
  const int64_t count = static_cast<int64_t>(points.size() / dim);
  // A stepper goes down the grid's indices.
  if (way == Way::kToNoise) std::reverse(times_.begin(), times_.end());
  for (const double t : times_) at_.push_back(path.At(t));
  position_ = std::ssize(times_) - 1;
  carrier_ = std::make_unique<Carrier>(denoiser, count, trace);
  const size_t width = static_cast<size_t>(carrier_->dim());
  x_.resize(static_cast<size_t>(count) * width);
  for (size_t i = 0; i * dim < points.size(); ++i) {
    std::copy_n(&points[i * dim], dim, &x_[i * width]);
  }
  stepper_ =
      sampler.Start({path, times_, at_, *carrier_, count, &carrier_->asked()});
}

Flow::~Flow() = default;

bool Flow::Step() {
  if (done() || outcome_ != Outcome::kGood) return false;
  outcome_ = stepper_->Step(position_, x_, {.key = {}, .dim = carrier_->dim()});
  if (outcome_ != Outcome::kGood) return false;
  --position_;
  return true;
}

std::vector<float> Flow::points() const {
  const size_t width = static_cast<size_t>(carrier_->dim());
  const size_t dim = width - (carrier_->traces() ? 1 : 0);
  std::vector<float> points;
  points.reserve(x_.size());
  for (size_t i = 0; i < x_.size(); i += width) {
    points.insert(points.end(), &x_[i], &x_[i] + dim);
  }
  return points;
}

bool Flow::finite() const {
  return std::all_of(x_.begin(), x_.end(),
                     [](float x) { return std::isfinite(x); });
}

double Flow::evaluations() const { return carrier_->evaluations(); }

std::vector<double> Flow::LogDensity(const Affine& units) const {
  Check(carrier_->traces() && way_ == Way::kToNoise && done(),
        "a density needs the whole way to the noise, with the divergence");
  const size_t width = static_cast<size_t>(carrier_->dim()), dim = width - 1;
  Check(units.scale.size() == dim, "the units are of another dimension");
  double constant = 0;
  for (const double scale : units.scale) {
    constant -= 0.5 * kLogTwoPi + exact::Log(prior_std_) + exact::Log(scale);
  }
  std::vector<double> log_density;
  log_density.reserve(x_.size() / width);
  for (size_t i = 0; i < x_.size(); i += width) {
    double square = 0;
    for (size_t k = i; k < i + dim; ++k) {
      const double part = x_[k] / prior_std_;
      square += part * part;
    }
    log_density.push_back(constant - 0.5 * square + x_[i + dim]);
  }
  return log_density;
}

}  // namespace unnoise
