#include "core/run/evaluate.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/sampling/sampling.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxSamples = 1000000;

// Draws points of a set without replacement, by a keyed partial shuffle.
class Deck {
 public:
  Deck(const PointSet& points, Key key)
      : points_(points),
        key_(key),
        order_(static_cast<size_t>(points.count())) {
    std::iota(order_.begin(), order_.end(), 0u);
  }

  void Draw(std::span<float> out) {
    const size_t dim = static_cast<size_t>(points_.dim);
    for (size_t i = 0; i < out.size(); i += dim, ++next_) {
      const uint32_t left = static_cast<uint32_t>(order_.size() - next_);
      std::swap(order_[next_], order_[next_ + IndexAt(key_, next_, left)]);
      std::copy_n(points_.values.begin() +
                      static_cast<std::ptrdiff_t>(order_[next_] * dim),
                  dim, out.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

 private:
  const PointSet& points_;
  Key key_;
  std::vector<uint32_t> order_;
  size_t next_ = 0;
};

// The data that samples are held against, in three forms.
class Reference {
 public:
  explicit Reference(const Run& run)
      : run_(run), own_(run.experiment().points()) {}

  std::string_view name() const {
    if (own_ == nullptr) return "fresh";
    return own_->held_out() ? "held_out" : "subset";
  }

  // Points of each set at most.
  int64_t limit() const {
    if (own_ == nullptr) return kMaxSamples;
    if (own_->held_out() == nullptr) return own_->points()->count() / 2;
    return std::min(own_->held_out()->count(), own_->training().count());
  }

  void Draw(Key key, std::span<float> a, std::span<float> b) const {
    if (own_ == nullptr) {
      run_.experiment().data->Draw(Fold(key, "a"), 0, a);
      run_.experiment().data->Draw(Fold(key, "b"), 0, b);
    } else if (own_->held_out() == nullptr) {
      Deck deck(*own_->points(), key);
      deck.Draw(a);
      deck.Draw(b);
    } else {
      Deck(*own_->held_out(), Fold(key, "a")).Draw(a);
      Deck(own_->training(), Fold(key, "b")).Draw(b);
    }
    run_.standardiser().ToModel(a);
    run_.standardiser().ToModel(b);
  }

  // Whole sets in model units, empty where there are none.
  std::vector<float> Training() const {
    return own_ ? InModelUnits(&own_->training()) : std::vector<float>();
  }
  std::vector<float> HeldOut() const {
    return own_ ? InModelUnits(own_->held_out()) : std::vector<float>();
  }

 private:
  std::vector<float> InModelUnits(const PointSet* points) const {
    if (points == nullptr) return {};
    std::vector<float> values = points->values;
    run_.standardiser().ToModel(values);
    return values;
  }

  const Run& run_;
  const Points* own_;
};

}  // namespace

Result<Evaluation> Evaluate(const Run& run, const Sampler& sampler,
                            Denoiser& denoiser, int64_t n,
                            std::span<const MetricInfo* const> metrics) {
  if (n < 2 || n > kMaxSamples) {
    return Problem{
        "n", "asked for " + std::to_string(n) + " samples; give 2 to 1000000."};
  }
  const Reference reference(run);
  n = std::min(n, reference.limit());
  if (n < 2) {
    return Problem{"data",
                   reference.name() == "held_out"
                       ? "fewer than 2 points are held out, or learned from; "
                         "give more points or another data.held_out."
                       : "a set of fewer than 4 points has no two halves to "
                         "compare; give more points."};
  }
  const Key key =
      Fold(KeyFromSeed(static_cast<uint64_t>(run.experiment().seed)), "eval");

  const Family& family = *run.experiment().family;
  Sampling sampling(sampler, family.path(), denoiser, Fold(key, "sample"), 0,
                    n);
  while (sampling.Step()) {
  }
  if (!sampling.done() || !sampling.finite()) {
    return Problem{"",
                   "some samples are not finite; take another sampler or more "
                   "sampler.steps, or train longer or with a lower "
                   "rate.peak."};
  }
  const DataSource source = [&](Key k, std::span<float> a, std::span<float> b) {
    reference.Draw(k, a, b);
  };
  const std::vector<float> training = reference.Training();
  const std::vector<float> held_out = reference.HeldOut();
  MetricInput input{.dim = run.dim(),
                    .samples = sampling.particles(),
                    .data = source,
                    .key = key,
                    .training = training,
                    .held_out = held_out,
                    .modes = run.experiment().data->KnownModes(),
                    .units = run.standardiser()};
  Evaluation evaluation{reference.name(), {}};
  for (const MetricInfo* metric : metrics) {
    Evaluated entry{metric, {}, WhyNot(*metric, input)};
    input.key = Fold(key, metric->name);
    if (entry.why_not.empty()) entry.report = metric->evaluate(input);
    evaluation.metrics.push_back(std::move(entry));
  }
  return evaluation;
}

Result<Evaluation> Evaluate(Run& run, int64_t n) {
  return Evaluate(run, *run.experiment().family->sampler(), *run.MakeDenoiser(),
                  n, *FindMetrics({}));
}

Json ToJson(const Evaluation& evaluation) {
  Json json{Json::Object{}};
  for (const Evaluated& evaluated : evaluation.metrics) {
    if (!evaluated.why_not.empty()) continue;
    const MetricReport& report = evaluated.report;
    Json& entry = json[evaluated.metric->name];
    entry["value"] = report.value;
    entry["stderr"] = report.std_error;
    entry["data_data"] = report.data_data;
    entry["data_data_stderr"] = report.data_data_std_error;
    entry["repeats"] = report.repeats;
    entry["n"] = report.n;
    entry["reference"] = evaluation.reference;
    for (const auto& [name, value] : report.more) entry["more"][name] = value;
  }
  return json;
}

}  // namespace unnoise
