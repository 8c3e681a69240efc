// What the page can ask of core: describe, resolve, train, sample, save. Thin:
// every decision is core's, and the command line makes the same calls. No
// exception leaves: failures are values {problems: [{path, message}]}. Arrays
// are copied out in the same turn, since views into the heap die when it grows.
// The other side of this contract is web/src/engine/core.d.ts.

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cmath>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/data/points.h"
#include "core/run/checkpoint.h"
#include "core/run/describe_all.h"
#include "core/run/experiment.h"
#include "core/run/run.h"
#include "core/sampling/sampler.h"

namespace unnoise {
namespace {

using emscripten::val;

constexpr int kMaxParticles = 100000;
constexpr double kMaxSeed = 9007199254740991.0;  // 2^53 - 1

val ToJs(const Json& json) {
  return val::global("JSON").call<val>("parse", Write(json));
}

val ProblemsToJs(const Problems& problems) {
  Json::Array list;
  for (const Problem& problem : problems) {
    Json entry;
    entry["path"] = problem.path;
    entry["message"] = problem.message;
    list.push_back(std::move(entry));
  }
  Json result;
  result["problems"] = Json(std::move(list));
  return ToJs(result);
}

// Runs f; an exception becomes a problem.
template <class F>
val Guard(const F& f) {
  try {
    return f();
  } catch (const std::bad_alloc&) {
    return ProblemsToJs({{"",
                          "The page ran out of memory. Choose a smaller "
                          "network, batch or number of points."}});
  } catch (const std::exception& error) {
    return ProblemsToJs({{"", error.what()}});
  }
}

template <class T>
val CopyOut(const char* type, const T* values, size_t count) {
  return val::global(type).new_(
      val(emscripten::typed_memory_view(count, values)));
}
val FloatsToJs(std::span<const float> values) {
  return CopyOut("Float32Array", values.data(), values.size());
}
val BytesToJs(const std::string& bytes) {
  return CopyOut("Uint8Array",
                 reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
}

std::vector<std::string> WordsOf(const val& words) {
  return emscripten::vecFromJSArray<std::string>(words);
}

// The points of a block, or null for an empty one.
Result<std::shared_ptr<const PointSet>> PointsOf(const std::string& block) {
  if (block.empty()) return std::shared_ptr<const PointSet>();
  Result<PointSet> points = Unpack(block);
  if (!points) return points.problems();
  return std::shared_ptr<const PointSet>(
      std::make_shared<PointSet>(std::move(*points)));
}

val Describe() {
  return Guard([] { return ToJs(DescribeAll()); });
}

val Resolve(const std::string& text, const val& words,
            const std::string& block) {
  return Guard([&] {
    auto points = PointsOf(block);
    if (!points) return ProblemsToJs(points.problems());
    const Result<Experiment> experiment =
        ReadExperiment(text, "experiment", WordsOf(words), std::move(*points));
    if (!experiment) return ProblemsToJs(experiment.problems());
    Json result;
    result["experiment"] = WriteExperiment(*experiment);
    result["values"] = ToJson(*experiment);
    Json::Array overrides;
    for (const std::string& word : OverridesOf(*experiment, Experiment())) {
      overrides.push_back(Json(word));
    }
    result["overrides"] = Json(std::move(overrides));
    result["hash"] = HashOf(*experiment);
    result["horizon"] = experiment->family->training().rate.horizon;
    return ToJs(result);
  });
}

val ParsePoints(const std::string& csv, const std::string& name) {
  return Guard([&] {
    const Result<PointSet> points = PointsFromCsv(csv, name);
    if (!points) return ProblemsToJs(points.problems());
    val result = val::object();
    result.set("block", BytesToJs(Pack(*points)));
    result.set("count", static_cast<double>(points->count()));
    result.set("dim", points->dim);
    result.set("digest", DigestOf(*points));
    return result;
  });
}

val UnpackPoints(const std::string& block) {
  return Guard([&] {
    const Result<PointSet> points = Unpack(block);
    if (!points) return ProblemsToJs(points.problems());
    val result = val::object();
    result.set("values", FloatsToJs(points->values));
    result.set("count", static_cast<double>(points->count()));
    result.set("dim", points->dim);
    return result;
  });
}

// One experiment being trained, and at most one set of particles under way.
class Session {
 public:
  val Open(const std::string& text, const std::string& block) {
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
      Forget();
      run_.emplace(std::move(*experiment), SimdBackend());
      Json result;
      result["dim"] = run_->dim();
      result["step"] = run_->step();
      result["parameters"] = run_->model().parameters().size();
      return ToJs(result);
    });
  }

  val Advance(int steps) {
    return WithRun([&] {
      const Progress& progress = run_->Advance(steps);
      val result = val::object();  // not JSON: the loss may be infinite
      result.set("step", static_cast<double>(progress.step));
      result.set("loss", progress.loss);
      result.set("grad_norm", progress.grad_norm);
      result.set("rate", progress.rate);
      result.set("state", progress.diverged ? "diverged" : "ok");
      return result;
    });
  }

  val Fingerprint() {
    return WithRun([&] { return val(FingerprintOf(*run_)); });
  }

  val Data(int n, double seed) {
    return WithRun([&] {
      std::vector<float> points;
      if (auto problem = DrawData(n, seed, points)) return *problem;
      return FloatsToJs(points);
    });
  }

  val StartSampling(int n, double seed, const val& words) {
    return WithRun([&] {
      Result<Choice<Sampler>> sampler = SamplerWith(words);
      if (!sampler) return ProblemsToJs(sampler.problems());
      if (auto problem = CheckDraw(n, seed)) return *problem;
      noising_.reset();
      sampling_.reset();
      // Training may go on between the steps of a sampling, and must not show
      // in it: it runs on the weights as they are now.
      average_.assign(run_->average().begin(), run_->average().end());
      if (denoiser_ == nullptr) {
        denoiser_ = run_->model().MakeDenoiser(run_->backend(), average_);
      }
      const Path& path = run_->experiment().family->path();
      sampling_.emplace(**sampler, path, UniformGrid(path, (*sampler)->steps),
                        *denoiser_, Fold(SeedKey(seed), "sample"), 0, n);
      return Started(sampling_->grid(), n);
    });
  }

  val StartNoising(int n, double seed, const val& words) {
    return WithRun([&] {
      Result<Choice<Sampler>> sampler = SamplerWith(words);
      if (!sampler) return ProblemsToJs(sampler.problems());
      std::vector<float> points;
      if (auto problem = DrawData(n, seed, points)) return *problem;
      sampling_.reset();
      noising_.reset();
      run_->standardiser().ToModel(points);
      const Path& path = run_->experiment().family->path();
      noising_.emplace(path, UniformGrid(path, (*sampler)->steps), run_->dim(),
                       Fold(SeedKey(seed), "noising"), 0, points);
      return Started(noising_->grid(), n);
    });
  }

  val Step() {
    return WithRun([&] {
      if (sampling_) {
        sampling_->Step();
        return val(static_cast<double>(sampling_->position()));
      }
      if (noising_) {
        noising_->Step();
        return val(static_cast<double>(noising_->position()));
      }
      return ProblemsToJs({{"", "No particles are under way."}});
    });
  }

  val Particles() {
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

  val Checkpoint() {
    return WithRun([&] { return BytesToJs(SaveCheckpoint(*run_)); });
  }

 private:
  template <class F>
  val WithRun(const F& f) {
    return Guard([&] {
      if (!run_) return ProblemsToJs({{"", "No experiment is open."}});
      return val(f());
    });
  }

  void Forget() {
    sampling_.reset();
    noising_.reset();
    denoiser_.reset();
    run_.reset();
  }

  static Key SeedKey(double seed) {
    return KeyFromSeed(static_cast<uint64_t>(seed));
  }

  static std::optional<val> CheckDraw(int n, double seed) {
    Problems problems;
    if (n < 1 || n > kMaxParticles) {
      problems.push_back(
          {"n", "Ask for 1 to " + std::to_string(kMaxParticles) + " points."});
    }
    if (!(seed >= 0 && seed <= kMaxSeed && seed == std::floor(seed))) {
      problems.push_back(
          {"seed", "Give a whole number from 0 to 9007199254740991."});
    }
    if (problems.empty()) return std::nullopt;
    return ProblemsToJs(problems);
  }

  std::optional<val> DrawData(int n, double seed, std::vector<float>& points) {
    if (auto problem = CheckDraw(n, seed)) return problem;
    points.resize(static_cast<size_t>(n) * static_cast<size_t>(run_->dim()));
    run_->experiment().data->Draw(Fold(SeedKey(seed), "data"), 0, points);
    return std::nullopt;
  }

  // The experiment's sampler with words such as "sampler.steps=100" laid over.
  Result<Choice<Sampler>> SamplerWith(const val& words) const {
    const Result<Experiment> changed =
        ReadExperiment(WriteExperiment(run_->experiment()), "experiment",
                       WordsOf(words), nullptr);
    if (!changed) return changed.problems();
    return changed->family->sampler();
  }

  val Started(const std::vector<GridPoint>& grid, int n) const {
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

  std::optional<Run> run_;
  std::vector<float> average_;          // the weights of the sampling under way
  std::unique_ptr<Denoiser> denoiser_;  // on average_
  std::optional<Sampling> sampling_;
  std::optional<Noising> noising_;
  std::vector<float> particles_;
};

}  // namespace
}  // namespace unnoise

EMSCRIPTEN_BINDINGS(unnoise) {
  using namespace unnoise;
  emscripten::function("describe", &Describe);
  emscripten::function("resolve", &Resolve);
  emscripten::function("parsePoints", &ParsePoints);
  emscripten::function("unpackPoints", &UnpackPoints);
  emscripten::class_<Session>("Session")
      .constructor<>()
      .function("open", &Session::Open)
      .function("advance", &Session::Advance)
      .function("fingerprint", &Session::Fingerprint)
      .function("data", &Session::Data)
      .function("startSampling", &Session::StartSampling)
      .function("startNoising", &Session::StartNoising)
      .function("step", &Session::Step)
      .function("particles", &Session::Particles)
      .function("checkpoint", &Session::Checkpoint);
}
