// See render_input.h.

#include "core/cli/render_input.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/version.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"
#include "core/cli/run_place.h"
#include "core/run/metrics.h"
#include "core/sampling/sampling.h"

namespace unnoise {
namespace {

// Particles that travel together: memory stays small, bits stay the same.
constexpr int64_t kChunk = 4096;
// Numbers of a way that are kept: a player of about 50 MB, an unread page.
constexpr int64_t kMaxWayNumbers = 20000000;
constexpr int64_t kMaxMetricsBytes = int64_t{1} << 30;

Key KeyOf(const Shown& shown, std::string_view name) {
  return Fold(KeyFromSeed(static_cast<uint64_t>(shown.seed)), name);
}

const Path& PathOf(const Shown& shown) {
  return shown.run().experiment().family->path();
}

// Transitions of the sampler's grid.
int64_t StepsOf(const Shown& shown) {
  return std::ssize(shown.sampler()->Times(PathOf(shown))) - 1;
}

void StopIfInterrupted() {
  if (!Interrupted()) return;
  throw Failure{kExitInterrupted,
                {{"",
                  "stopped before the picture was done; nothing was "
                  "written."}}};
}

// In data units, if every one of them is finite.
std::vector<float> InDataUnits(const Shown& shown,
                               std::span<const float> points) {
  std::vector<float> values(points.begin(), points.end());
  shown.run().standardiser().ToData(values);
  if (!std::all_of(values.begin(), values.end(),
                   [](float value) { return value - value == 0; })) {
    FailSamples(shown.subject, Outcome::kGood);
  }
  return values;
}

void CheckRoom(int64_t n, int64_t frames, int64_t steps, int dim) {
  const int64_t states = std::min(frames, steps + 1);
  if (n <= kMaxWayNumbers / (states * dim)) return;
  throw Failure{
      kExitUsage,
      {{"--n", WithCommas(states) + " moments of " + WithCommas(n) +
                   " particles are too much for a picture; give at most "
                   "--n " +
                   WithCommas(kMaxWayNumbers / (states * dim)) +
                   ", or fewer --frames."}}};
}

Outcome OutcomeOf(const Sampling& sampling) { return sampling.outcome(); }
Outcome OutcomeOf(const Noising&) { return Outcome::kGood; }

// Makes every transition of a Sampling or Noising and keeps `frames` moments,
// even along the grid, the same for both.
template <class Moving>
Way Record(const Shown& shown, Moving& moving, int64_t frames) {
  const int64_t steps = StepsOf(shown);
  const int64_t gaps = std::min(frames, steps + 1) - 1;
  std::vector<int64_t> kept;  // ascending: gaps <= steps
  for (int64_t i = 0; i <= gaps; ++i) {
    kept.push_back((2 * i * steps + gaps) / (2 * gaps));
  }
  Way way;
  do {
    StopIfInterrupted();
    const int64_t at = moving.position();
    if (!std::binary_search(kept.begin(), kept.end(), at)) continue;
    way.grid.push_back(moving.grid()[static_cast<size_t>(at)]);
    way.states.push_back(
        FirstAxes(InDataUnits(shown, moving.particles()), shown.run().dim()));
  } while (moving.Step());
  if (!moving.done()) FailSamples(shown.subject, OutcomeOf(moving));
  return way;
}

std::vector<float> DrawData(const Shown& shown, int64_t n) {
  std::vector<float> points(static_cast<size_t>(n * shown.run().dim()));
  shown.run().experiment().data->Draw(KeyOf(shown, "data"), 0, points);
  return points;
}

// "a b" -> "'a b'".
std::string Quoted(std::string_view word) {
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') ||
           std::string_view("_.,:=/@%+-").find(c) != std::string_view::npos;
  });
  if (plain && !word.empty()) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text += "'";
}

}  // namespace

Cloud ShownData(const Shown& shown, int64_t n) {
  const Points* points = shown.run().experiment().points();
  const int dim = shown.run().dim();
  if (points != nullptr && points->points()->count() <= n) {
    return FirstAxes(points->points()->values, dim);
  }
  return FirstAxes(DrawData(shown, n), dim);
}

Cloud ShownSamples(const Shown& shown, int64_t n, bool quiet,
                   Context& context) {
  const std::unique_ptr<Denoiser> denoiser = shown.subject.MakeDenoiser();
  Cloud cloud{std::min(shown.run().dim(), 2), {}};
  ProgressMeter meter(context, "samples", 0, n, quiet);
  for (int64_t first = 0; first < n; first += kChunk) {
    const int64_t count = std::min(kChunk, n - first);
    Sampling sampling(*shown.sampler(), PathOf(shown), *denoiser,
                      KeyOf(shown, "sample"), static_cast<uint64_t>(first),
                      count);
    while (sampling.Step()) StopIfInterrupted();
    if (!sampling.done()) FailSamples(shown.subject, sampling.outcome());
    const Cloud part =
        FirstAxes(InDataUnits(shown, sampling.particles()), shown.run().dim());
    cloud.values.insert(cloud.values.end(), part.values.begin(),
                        part.values.end());
    meter.Update(first + count);
  }
  return cloud;
}

Way WayToData(const Shown& shown, int64_t n, int64_t frames) {
  CheckRoom(n, frames, StepsOf(shown), shown.run().dim());
  const std::unique_ptr<Denoiser> denoiser = shown.subject.MakeDenoiser();
  Sampling sampling(*shown.sampler(), PathOf(shown), *denoiser,
                    KeyOf(shown, "sample"), 0, n);
  return Record(shown, sampling, frames);
}

Way WayToNoise(const Shown& shown, int64_t n, int64_t frames) {
  CheckRoom(n, frames, StepsOf(shown), shown.run().dim());
  std::vector<float> points = DrawData(shown, n);
  shown.run().standardiser().ToModel(points);
  Noising noising(PathOf(shown), shown.sampler()->Times(PathOf(shown)),
                  shown.run().dim(), KeyOf(shown, "noising"), 0, points);
  return Record(shown, noising, frames);
}

LossCurve ReadLoss(FileSystem& files, const std::string& directory,
                   int64_t last_step) {
  const std::string path = JoinPath(directory, kMetricsFile);
  LossCurve curve;
  if (StatusOf(files, path).kind != FileKind::kNone) {
    const Result<MetricsLines> metrics =
        ReadMetrics(ReadFile(files, path, kMaxMetricsBytes), path, last_step);
    if (!metrics.ok()) throw Failure{kExitFile, metrics.problems()};
    for (const MetricsLine& line : metrics->lines) {
      curve.steps.push_back(static_cast<double>(line.step));
      curve.losses.push_back(line.loss);
    }
  }
  if (curve.steps.empty()) {
    throw Failure{kExitUsage,
                  {{path,
                    "there is no loss to draw yet; train this run first, for "
                    "example with unnoise train --resume " +
                        Quoted(directory) + " --steps 1000."}}};
  }
  return curve;
}

std::string DataTitle(const Experiment& experiment) {
  const Points* points = experiment.points();
  if (points != nullptr && !points->file().empty()) return points->file();
  return std::string(experiment.data.row().title);
}

std::string SamplerNote(const Shown& shown) {
  return std::string(shown.sampler().row().title) + ", " +
         WithCommas(StepsOf(shown)) + " steps, seed " +
         std::to_string(shown.seed);
}

std::vector<std::pair<std::string, std::string>> FactsOf(const Shown& shown) {
  const Experiment& experiment = shown.run().experiment();
  return {{"Data", DataTitle(experiment)},
          {"Dimensions", std::to_string(shown.run().dim())},
          {"Family", std::string(experiment.family.row().title)},
          {"Model", shown.subject.Named()},
          {"Fingerprint", FingerprintOf(shown.run())},
          {"Samples by", SamplerNote(shown)},
          {"Experiment", HashOf(experiment)},
          {"Made by", "unnoise " UNNOISE_VERSION}};
}

std::string ShellLine(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    line += Quoted(word);
  }
  return line;
}

std::string TrainCommand(const Run& run) {
  const Experiment& experiment = run.experiment();
  const Points* points = experiment.points();
  std::vector<std::string> words = {"unnoise", "train"};
  if (points != nullptr) words.push_back("data=" + points->file());
  Experiment changed = experiment;
  for (const std::string& word : OverridesOf(changed, Experiment())) {
    const std::string key = word.substr(0, word.find('='));
    // The command finds these in the file itself.
    const bool found_there =
        points != nullptr &&
        (key == "data" || key == "data.file" || key == "data.count" ||
         key == "data.dim" || key == "data.digest");
    if (key != "seed" && !found_there) words.push_back(word);
  }
  words.insert(words.end(), {"--seed", std::to_string(experiment.seed),
                             "--steps", std::to_string(run.step())});
  return ShellLine(words);
}

}  // namespace unnoise
