// From the options as they were typed to those of each verb, which it then
// calls. Numbers are checked here.

#include <utility>

#include "core/base/pool.h"
#include "core/cli/command.h"
#include "core/cli/typed.h"
#include "core/cli/whole_number.h"
#include "core/process/law.h"

namespace unnoise {
namespace {

// The one word that is no key=value; the others go to `settings` if there can
// be any.
std::string TakeDirectory(const std::string& verb, const Typed& typed,
                          std::vector<std::string>* settings,
                          Problems& problems) {
  std::string directory;
  for (const std::string& word : typed.words) {
    if (settings && word.find('=') != word.npos) {
      settings->push_back(word);
    } else if (!directory.empty()) {
      problems.push_back({word,
                          "there is more than one directory; name one "
                          "run."});
    } else {
      directory = word;
    }
  }
  if (directory.empty() && problems.empty()) {
    problems.push_back(
        {"", "the directory of a run is missing; write for example unnoise " +
                 verb + " runs/first."});
  }
  return directory;
}

}  // namespace

int PerformVerb(const std::string& verb, const Typed& typed, Context& context) {
  Problems problems;
  const auto count = [&](const char* name,
                         const std::optional<std::string>& text, int64_t min,
                         int64_t max) -> std::optional<int64_t> {
    return text ? WholeNumber(name, *text, min, max, problems) : std::nullopt;
  };
  const auto threads = [&] {
    return static_cast<int>(
        count("--threads", typed.threads, 1, Pool::kMaxThreads)
            .value_or(DefaultThreads()));
  };
  const auto check = [&] {
    if (!problems.empty()) throw Failure{kExitUsage, problems};
  };

  if (verb == "train") {
    TrainOptions options;
    options.words = typed.words;
    options.out = typed.out;
    options.resume = typed.resume;
    options.weights = typed.weights;
    options.map = typed.map;
    options.steps = count("--steps", typed.steps, 0, kMaxSteps);
    options.seed = count("--seed", typed.seed, 0, kMaxSeed);
    options.threads = threads();
    options.fast = typed.fast;
    options.trap_nan = typed.trap_nan;
    options.save_every =
        count("--save-every", typed.save_every, 0, kMaxSaveEvery)
            .value_or(options.save_every);
    options.force = typed.force;
    options.quiet = typed.quiet;
    options.json = typed.json;
    check();
    return Train(options, context);
  }
  if (verb == "process") {
    ProcessOptions options;
    options.words = typed.words;
    options.n = count("--n", typed.n, 1, kMaxSamples).value_or(options.n);
    options.seed =
        count("--seed", typed.seed, 0, kMaxSeed).value_or(options.seed);
    options.frames = count("--frames", typed.frames, 2, kMaxSteps);
    options.out = typed.out;
    options.density = typed.density;
    options.cells = count("--cells", typed.cells, 2, kMaxCells1d);
    options.window = typed.window;
    options.dtype = typed.dtype;
    options.quiet = typed.quiet;
    check();
    return MoveParticles(options, context);
  }
  if (verb == "list") return ListKinds({typed.words, typed.json}, context);
  if (verb == "describe") return DescribeFields({{}, typed.json}, context);

  if (verb == "compare") {
    return Compare({typed.words, typed.metrics, typed.json}, context);
  }
  if (verb == "divergence") {
    DivergenceOptions options{typed.words, {}, 0, typed.json};
    options.n = count("--n", typed.n, 1, kMaxEvalSamples);
    options.seed = count("--seed", typed.seed, 0, kMaxSeed).value_or(0);
    check();
    return FindDivergence(options, context);
  }

  SampleOptions sampling;
  const bool has_words = verb != "fingerprint";
  const std::string directory = TakeDirectory(
      verb, typed, has_words ? &sampling.words : nullptr, problems);
  if (verb == "sample") {
    sampling.directory = directory;
    sampling.truth = typed.truth;
    sampling.n = count("--n", typed.n, 1, kMaxSamples).value_or(sampling.n);
    sampling.seed =
        count("--seed", typed.seed, 0, kMaxSeed).value_or(sampling.seed);
    sampling.out = typed.out;
    sampling.trajectory = typed.trajectory;
    sampling.frames = count("--frames", typed.frames, 2, kMaxSteps);
    sampling.dtype = typed.dtype;
    sampling.threads = threads();
    sampling.quiet = typed.quiet;
    check();
    return Sample(sampling, context);
  }
  if (verb == "encode" || verb == "likelihood" || verb == "interpolate") {
    const bool ways = verb == "interpolate";
    FlowOptions options;
    options.directory = directory;
    options.words = sampling.words;
    options.truth = typed.truth;
    options.in = typed.in;
    options.n = count("--n", typed.n, ways ? 2 : 1,
                      ways ? kMaxWayPoints : kMaxEvalSamples);
    options.seed =
        count("--seed", typed.seed, 0, kMaxSeed).value_or(options.seed);
    options.round_trip = typed.round_trip;
    options.divergence = typed.divergence.value_or(options.divergence);
    options.probes = count("--probes", typed.probes, 1, kMaxProbes);
    options.from = typed.from;
    options.to = typed.to;
    options.way = typed.way.value_or(options.way);
    options.out = typed.out;
    options.dtype = typed.dtype;
    options.threads = threads();
    options.quiet = typed.quiet;
    options.json = typed.json;
    check();
    if (verb == "encode") return Encode(options, context);
    if (ways) return InterpolatePoints(options, context);
    return FindLikelihood(options, context);
  }
  if (verb == "solvers") {
    SolversOptions options;
    options.directory = directory;
    options.words = sampling.words;
    options.truth = typed.truth;
    options.samplers = typed.samplers.value_or(options.samplers);
    options.steps = typed.steps.value_or(options.steps);
    options.error = typed.error.value_or(options.error);
    options.n = count("--n", typed.n, 1, kMaxSamples).value_or(options.n);
    options.seed =
        count("--seed", typed.seed, 0, kMaxSeed).value_or(options.seed);
    options.out = typed.out;
    options.dtype = typed.dtype;
    options.threads = threads();
    options.quiet = typed.quiet;
    options.json = typed.json;
    check();
    return CompareSolvers(options, context);
  }
  if (verb == "field") {
    check();
    return MakeField({.directory = directory,
                      .words = sampling.words,
                      .truth = typed.truth,
                      .t = typed.t.value_or("0.5"),
                      .grid = typed.grid,
                      .window = typed.window,
                      .to = typed.to.value_or("data"),
                      .out = typed.out,
                      .dtype = typed.dtype},
                     context);
  }
  if (verb == "render") {
    RenderOptions options;
    options.directory = directory;
    options.words = sampling.words;
    options.truth = typed.truth;
    options.out = typed.out.value_or("");
    options.view = typed.view;
    options.theme = typed.theme;
    options.log = typed.log;
    options.quiet = typed.quiet;
    options.n = count("--n", typed.n, 1, kMaxShownSamples);
    options.seed = count("--seed", typed.seed, 0, kMaxSeed);
    options.frames = count("--frames", typed.frames, 2, kMaxFrames);
    options.fps = count("--fps", typed.fps, 1, kMaxFps);
    options.width = count("--width", typed.width, kMinPixels, kMaxPixels);
    options.height = count("--height", typed.height, kMinPixels, kMaxPixels);
    check();
    return Render(options, context);
  }
  if (verb == "eval") {
    EvalOptions options;
    options.directory = directory;
    options.words = sampling.words;
    options.truth = typed.truth;
    options.json = typed.json;
    options.metrics = typed.metrics;
    options.n = count("--n", typed.n, 2, kMaxEvalSamples).value_or(options.n);
    options.threads = threads();
    check();
    return EvaluateRun(options, context);
  }
  check();
  return PrintFingerprint(directory, context);
}

}  // namespace unnoise
