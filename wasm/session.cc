#include "wasm/session.h"

#include <chrono>
#include <cmath>
#include <utility>

#include "core/base/key.h"
#include "core/run/checkpoint.h"
#include "core/run/experiment.h"
#include "wasm/js.h"
#include "wasm/machine.h"
#include "wasm/points.h"

namespace unnoise {
namespace {

Key SeedKey(double seed) { return KeyFromSeed(static_cast<uint64_t>(seed)); }

}  // namespace

val Session::Open(const std::string& text, const std::string& block) {
  return Guard([&] {
    auto points = PointsOf(block);
    if (!points) return ProblemsToJs(points.problems());
    Result<Experiment> experiment =
        ReadExperiment(text, "experiment", {}, std::move(*points));
    if (!experiment) return ProblemsToJs(experiment.problems());
    const Points* set = experiment->points();
    if (set != nullptr && set->points() == nullptr) {
      return ProblemsToJs(
          {{"data", "The link names points (" + set->file() +
                        ") that it does not hold; open that file here."}});
    }
    const Problems missing = NeedsWeights(*experiment);
    if (!missing.empty()) return ProblemsToJs(missing);
    auto run = std::make_unique<Run>(std::move(*experiment), ModuleBackend());
    if (auto problem = MemoryProblem(*run, ModuleMemory())) {
      return ProblemsToJs({*problem});
    }
    Forget();
    run_ = std::move(run);
    return ToJs(OpenedJson());
  });
}

val Session::OpenRun(const std::string& name, const std::string& model,
                     const std::string& experiment, const std::string& points,
                     const std::string& labels, const std::string& metrics) {
  return Guard([&] {
    Result<OpenedRun> opened = OpenRunFiles({.model = model,
                                             .model_name = name,
                                             .experiment = experiment,
                                             .points = points,
                                             .labels = labels,
                                             .metrics = metrics},
                                            ModuleBackend());
    if (!opened) return ProblemsToJs(opened.problems());
    if (auto problem = MemoryProblem(*opened->run, ModuleMemory())) {
      return ProblemsToJs({*problem});
    }
    Forget();
    run_ = std::move(opened->run);
    metrics_ = std::move(opened->metrics);
    seconds_ = metrics_.empty() ? 0 : metrics_.back().seconds;

    const Experiment& own = run_->experiment();
    Json json = OpenedJson();
    json["experiment"] = WriteExperiment(own);
    json["seed"] = own.seed;
    const Points* set = own.points();
    json["file"] = set ? set->file() : "";
    json["digest"] = set ? DigestOf(*set->points()) : "";
    val result = ToJs(json);
    result.set("block", BytesToJs(set ? Pack(*set->points()) : ""));
    std::vector<float> losses;
    for (const MetricsLine& line : metrics_) {
      losses.push_back(static_cast<float>(line.step));
      losses.push_back(static_cast<float>(line.loss));
    }
    result.set("losses", FloatsToJs(losses));
    return result;
  });
}

val Session::SaveRun() {
  return WithRun([&] { return BytesToJs(SaveRunFile(*run_, metrics_)); });
}

val Session::Advance(int steps) {
  return WithRun([&] {
    const auto began = std::chrono::steady_clock::now();
    const double earlier = seconds_;
    for (int i = 0; i < steps && !run_->progress().diverged; ++i) {
      const Progress& progress = run_->Advance(1);
      if (progress.diverged) break;
      seconds_ = earlier + std::chrono::duration<double>(
                               std::chrono::steady_clock::now() - began)
                               .count();
      if (IsNoted(progress.step)) {
        metrics_.push_back(LineOf(progress, seconds_));
      }
    }
    const Progress& progress = run_->progress();
    val result = val::object();  // not JSON: the loss may be infinite
    result.set("step", static_cast<double>(progress.step));
    result.set("loss", progress.loss);
    result.set("grad_norm", progress.grad_norm);
    result.set("rate", progress.rate);
    result.set("state", progress.diverged ? "diverged" : "ok");
    return result;
  });
}

val Session::Fingerprint() {
  return WithRun([&] { return val(FingerprintOf(*run_)); });
}

val Session::Data(int n, double seed) {
  return WithRun([&] {
    std::vector<float> points;
    if (auto problem = DrawData(n, seed, points)) return *problem;
    return FloatsToJs(points);
  });
}

val Session::StartSampling(int n, double seed, const val& words, bool truth) {
  return WithRun([&] {
    Result<Choice<Sampler>> sampler = SamplerWith(words);
    if (!sampler) return ProblemsToJs(sampler.problems());
    if (auto problem = CheckDraw(n, seed)) return *problem;
    noising_.reset();
    sampling_.reset();
    // Training may go on between the steps of a sampling, and must not show
    // in it: it runs on the weights as they are now.
    average_.assign(run_->average().begin(), run_->average().end());
    std::unique_ptr<Denoiser>& denoiser = truth ? truth_ : denoiser_;
    if (denoiser == nullptr) {
      denoiser = truth ? run_->MakeTruth()
                       : run_->model().MakeDenoiser(run_->backend(), average_);
    }
    sampler_ = *std::move(sampler);
    sampling_.emplace(**sampler_, run_->experiment().family->path(), *denoiser,
                      Fold(SeedKey(seed), "sample"), 0, n);
    return Started(sampling_->grid(), n);
  });
}

val Session::StartNoising(int n, double seed, const val& words) {
  return WithRun([&] {
    Result<Choice<Sampler>> sampler = SamplerWith(words);
    if (!sampler) return ProblemsToJs(sampler.problems());
    std::vector<float> points;
    if (auto problem = DrawData(n, seed, points)) return *problem;
    sampling_.reset();
    noising_.reset();
    run_->standardiser().ToModel(points);
    const Path& path = run_->experiment().family->path();
    noising_.emplace(path, (*sampler)->Times(path), run_->dim(),
                     Fold(SeedKey(seed), "noising"), 0, points);
    return Started(noising_->grid(), n);
  });
}

val Session::Step() {
  return WithRun([&] {
    if (sampling_) {
      if (!sampling_->Step() && !sampling_->done()) {
        const Advice advice = AdviceOn(sampling_->outcome());
        return ProblemsToJs({{std::string(advice.field),
                              "The samples " + std::string(advice.matter) +
                                  "; " + std::string(advice.repair) + '.'}});
      }
      return val(static_cast<double>(sampling_->position()));
    }
    if (noising_) {
      noising_->Step();
      return val(static_cast<double>(noising_->position()));
    }
    return ProblemsToJs({{"", "No particles are under way."}});
  });
}

val Session::Particles() {
  return WithRun([&] {
    if (!sampling_ && !noising_) {
      return ProblemsToJs({{"", "No particles are under way."}});
    }
    const std::span<const float> x =
        sampling_ ? sampling_->particles() : noising_->particles();
    particles_.assign(x.begin(), x.end());
    run_->standardiser().ToData(particles_);
    return FloatsToJs(particles_);
  });
}

void Session::Forget() {
  sampling_.reset();
  noising_.reset();
  denoiser_.reset();
  truth_.reset();
  field_.reset();
  field_denoiser_.reset();
  probe_denoiser_.reset();
  run_.reset();
  metrics_.clear();
  seconds_ = 0;
}

Json Session::OpenedJson() const {
  Json result;
  result["dim"] = run_->dim();
  result["step"] = run_->step();
  result["trainable"] = run_->trainable();
  result["parameters"] = run_->model().parameters().size();
  return result;
}

std::optional<val> Session::DrawData(int n, double seed,
                                     std::vector<float>& points) {
  if (auto problem = CheckDraw(n, seed)) return problem;
  points.resize(static_cast<size_t>(n) * static_cast<size_t>(run_->dim()));
  run_->experiment().data->Draw(Fold(SeedKey(seed), "data"), 0, points);
  return std::nullopt;
}

Result<Choice<Sampler>> Session::SamplerWith(const val& words) const {
  const Result<Experiment> changed =
      ReadExperiment(WriteExperiment(run_->experiment()), "experiment",
                     WordsOf(words), nullptr);
  if (!changed) return changed.problems();
  return changed->family->sampler();
}

val Session::Started(const std::vector<GridPoint>& grid, int n) const {
  Json::Array points;
  for (const GridPoint& point : grid) {
    Json entry;
    entry["t"] = point.t;
    entry["alpha"] = point.alpha;
    entry["sigma"] = point.sigma;
    points.push_back(std::move(entry));
  }
  Json result;
  result["grid"] = Json(std::move(points));
  result["n"] = n;
  result["dim"] = run_->dim();
  return ToJs(result);
}

}  // namespace unnoise
