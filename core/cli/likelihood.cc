// unnoise likelihood: how probable a model finds points, by the flow's change
// of volumes, beside what the law itself says of them.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <ostream>

#include "core/base/exact_math.h"
#include "core/base/json.h"
#include "core/cli/array_file.h"
#include "core/cli/command.h"
#include "core/cli/flow_input.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"
#include "core/cli/table.h"
#include "core/metric/baseline.h"

namespace unnoise {
namespace {

// Numbers of probes that are held at once.
constexpr int64_t kMostProbeNumbers = int64_t{1} << 22;

FlowTrace TraceOf(const FlowOptions& options) {
  FlowTrace trace;
  trace.key =
      Fold(Fold(KeyFromSeed(static_cast<uint64_t>(options.seed)), "likelihood"),
           "probes");
  trace.probes = options.probes.value_or(1);
  if (options.divergence == "gaussian") {
    trace.estimate = TraceProbe::kGaussian;
  } else if (options.divergence == "rademacher") {
    trace.estimate = TraceProbe::kRademacher;
  } else if (options.divergence != "exact") {
    throw Failure{kExitUsage,
                  {{"--divergence",
                    "found \"" + options.divergence +
                        "\"; write exact, or gaussian or rademacher for an "
                        "estimate from --probes."}}};
  } else if (options.probes) {
    throw Failure{kExitUsage,
                  {{"--probes",
                    "the exact divergence needs none; leave it out, or write "
                    "--divergence rademacher."}}};
  }
  return trace;
}

std::string Text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, std::fabs(value) < 1e6 ? "%.4f" : "%.4g",
                value);
  return text;
}
std::string WithError(const Estimate& estimate) {
  return Text(estimate.value) + " +- " + Brief(estimate.std_error);
}
Json ToJson(const Estimate& estimate) {
  return Json::Object{{"value", estimate.value},
                      {"stderr", estimate.std_error}};
}

// What the law of the data, noised to that time, says of points x in model
// units; nothing where it is a comb of points, which says how near they are to
// it rather than how probable.
class Law {
 public:
  Law(const Run& run, double t) : run_(run), t_(t) {
    const auto world = run.experiment().data->MakeWorld(run.standardiser());
    comb_ = world->memorises();
    if (!comb_ && run.experiment().family->path().At(t).sigma > 0) {
      truth_ = run.MakeTruth();
    }
    for (const double scale : run.standardiser().scale) {
      log_scale_ += exact::Log(scale);
    }
  }
  bool comb() const { return comb_; }
  explicit operator bool() const { return truth_ != nullptr; }
  void Add(std::span<const float> x) {
    if (!truth_) return;
    std::vector<double> found(x.size() / static_cast<size_t>(run_.dim()));
    truth_->density()->LogDensity(t_, x, found);
    for (const double value : found) values_.push_back(value - log_scale_);
  }
  std::span<const double> values() const { return values_; }

 private:
  const Run& run_;
  double t_;
  bool comb_;
  double log_scale_ = 0;
  std::unique_ptr<Denoiser> truth_;
  std::vector<double> values_;
};

}  // namespace

ExitCode FindLikelihood(const FlowOptions& options, Context& context) {
  const InterruptScope interrupts;
  FlowTrace trace = TraceOf(options);
  Pool pool(options.threads);
  const std::unique_ptr<Backend> backend = MakeSimdBackend(pool);
  const Subject subject = OpenSubject(context.files, options.directory,
                                      options.words, options.truth, *backend);
  const Run& run = *subject.run;
  const Path& path = run.experiment().family->path();
  const Choice<Sampler> sampler = FlowSamplerOf(subject, options.words);
  const FlowPoints points = ReadFlowPoints(context.files, subject, options.in,
                                           options.n, options.seed);
  const int64_t dim = run.dim(), n = std::ssize(points.values) / dim;
  std::optional<ArrayFile> out;
  if (options.out) {
    CheckFlowPlace(context.files, *options.out, "logp.npy");
    Problems problems;
    const NpyType type = TypeOfOption(options.dtype, *options.out, problems);
    if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
    // As text, a line a point.
    const ArrayFormat format = FormatOf(*options.out);
    const bool text =
        format == ArrayFormat::kCsv || format == ArrayFormat::kTsv;
    out.emplace(context.files, *options.out, "logp",
                text ? std::vector<int64_t>{n, 1} : std::vector<int64_t>{n},
                std::vector<std::string_view>{}, type);
  }

  const double start = sampler->Times(path).front();
  const std::unique_ptr<Denoiser> denoiser = subject.MakeDenoiser();
  Law law(run, start);
  std::vector<double> found;
  double questions = 0;
  const int64_t chunk = std::clamp(kMostProbeNumbers / (trace.probes * dim),
                                   int64_t{1}, kFlowChunk);
  {
    ProgressMeter meter(context, "points", 0, n, options.quiet || options.json);
    for (int64_t first = 0; first < n; first += chunk) {
      const int64_t count = std::min(chunk, n - first);
      const auto data =
          std::span(points.values).subspan(first * dim, count * dim);
      std::vector<float> x(data.begin(), data.end());
      run.standardiser().ToModel(x);
      trace.first = static_cast<uint64_t>(first);
      Flow flow(*sampler, path, *denoiser, Way::kToNoise, x, trace);
      if (!Finish(flow, subject, first)) return kExitInterrupted;
      const std::vector<double> part = flow.LogDensity(run.standardiser());
      found.insert(found.end(), part.begin(), part.end());
      if (out) out->Append(std::vector<float>(part.begin(), part.end()));
      questions += flow.evaluations() * static_cast<double>(count);
      law.Add(x);
      meter.Update(first + count);
    }
  }
  if (out) out->Commit();

  const Estimate mean = MeanOf(found);
  const double per_bit = -1 / (static_cast<double>(dim) * std::numbers::ln2);
  const Estimate bits{mean.value * per_bit, -mean.std_error * per_bit};
  std::optional<Estimate> of_law, difference;
  if (law) {
    of_law = MeanOf(law.values());
    std::vector<double> differences(found.size());
    for (size_t i = 0; i < found.size(); ++i) {
      differences[i] = law.values()[i] - found[i];
    }
    difference = MeanOf(differences);
  }
  questions /= static_cast<double>(n);
  if (options.json) {
    Json json;
    json["points"] = points.name;
    json["n"] = n;
    json["dim"] = dim;
    json["t"] = start;
    json["sampler"] = std::string(sampler.kind());
    json["questions"] = questions;
    json["divergence"] = options.divergence;
    if (trace.estimate) json["probes"] = trace.probes;
    json["log_density"] = ToJson(mean);
    json["bits_per_dim"] = ToJson(bits);
    if (of_law) json["law"] = ToJson(*of_law);
    if (difference) json["law_minus_model"] = ToJson(*difference);
    json["comb"] = law.comb();
    context.out << Write(json) << std::endl;
    return kExitDone;
  }
  std::vector<TableRow> rows = {
      {"log density", WithError(mean), "nats a point, in data units"},
      {"bits a coordinate", WithError(bits), "less is better"}};
  if (of_law) {
    rows.push_back({"of the law itself", WithError(*of_law), "nats a point"});
    rows.push_back({"law less model", WithError(*difference),
                    "for points of the law: the divergence of the model"});
  }
  context.out << WithCommas(n) << " " << points.name << ", " << subject.Named()
              << ", at t = " << Write(start) << "; " << sampler.kind() << ", "
              << Brief(questions) << " questions a point, "
              << options.divergence << " divergence"
              << (trace.estimate ? " (" + WithCommas(trace.probes) + " a point)"
                                 : "")
              << ".\n";
  PrintAligned(rows, std::vector<std::string>(rows.size()), context.out);
  if (law.comb()) {
    context.out << "The law of the set itself is a comb: a peak of width sigma "
                   "= "
                << Brief(path.At(start).sigma)
                << " at each point, so that its own density says how near "
                   "points are to it, not how probable they are.\n";
  }
  context.out << std::flush;
  if (out && !options.quiet) {
    context.err << "Wrote " << WithCommas(n) << " log densities to "
                << *options.out << ".\n";
  }
  return kExitDone;
}

}  // namespace unnoise
