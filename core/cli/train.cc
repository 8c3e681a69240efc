// unnoise train: trains a run and keeps it safe on the way.

#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/cli/command.h"
#include "core/cli/experiment_input.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"
#include "core/cli/run_directory.h"
#include "core/run/weights.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxMapBytes = int64_t{4} << 20;

int64_t HorizonOf(const Run& run) {
  return run.experiment().family->training()->rate.horizon;
}

// "runs/ddpm-two_moons-7".
std::string DefaultDirectory(const Experiment& experiment) {
  const Points* points = experiment.points();
  std::string data = points ? StemOf(points->file()) : std::string();
  if (data.empty()) data = experiment.data.kind();
  return "runs/" + std::string(experiment.family.kind()) + "-" + data + "-" +
         std::to_string(experiment.seed);
}

enum class State { kDone, kStopped, kDiverged };

struct Outcome {
  State state;
  std::optional<double> loss;  // of the last step that was taken
};

Outcome TrainTo(int64_t target, const TrainOptions& options, Run& run,
                RunWriter& writer, Context& context) {
  Outcome outcome{State::kDone, std::nullopt};
  ProgressMeter meter(context, "steps", run.step(), target, options.quiet);
  const double earlier = writer.seconds();
  double saved_at = 0;
  while (run.step() < target) {
    if (Interrupted()) {
      outcome.state = State::kStopped;
      break;
    }
    const Progress& progress = run.Advance(1);
    if (progress.diverged) {
      outcome.state = State::kDiverged;
      break;
    }
    outcome.loss = progress.loss;
    const double seconds = meter.Update(run.step(), "loss", progress.loss);
    writer.Record(progress, earlier + seconds);
    if (seconds - saved_at >= static_cast<double>(options.save_every)) {
      writer.Save();
      saved_at = seconds;
    }
  }
  writer.Save();
  return outcome;
}

void Explain(const Outcome& outcome, int64_t target, const Run& run,
             const RunWriter& writer, Context& context) {
  const std::string& directory = writer.directory();
  const std::string at = "step " + WithCommas(run.step());
  switch (outcome.state) {
    case State::kDone:
      if (!outcome.loss) {
        context.err << directory << " is at " << at
                    << " already; --steps takes the total";
      } else {
        context.err << "Trained to " << at << ", loss " << Brief(*outcome.loss)
                    << ", saved in " << directory;
      }
      context.err << ".\nLook at it: unnoise sample " << directory
                  << " --n 1000 --out samples.npy\n";
      break;
    case State::kStopped:
      context.err << "Stopped at " << at << " and saved in " << directory
                  << ".\nGo on: unnoise train --resume " << directory
                  << " --steps " << target << "\n";
      break;
    case State::kDiverged:
      break;  // a problem, not a message: printed even if quiet
  }
}

// Where it began, as far as that is known.
std::string Beginning(const Run& run, bool trap_nan) {
  if (!run.trapped().empty()) return " It began here: " + run.trapped();
  if (!trap_nan) return " To see where it began, add --trap-nan.";
  return " No operation made a NaN: numbers grew beyond what float32 holds.";
}

Problem Divergence(const Run& run, const RunWriter& writer, bool trap_nan) {
  const TrainingConfig& training = *run.experiment().family->training();
  return {"rate.peak",
          "training diverged: after step " + WithCommas(run.step()) +
              " the loss or its gradient was no longer finite. The state "
              "before that is kept in " +
              writer.directory() +
              ". Train anew with a lower rate.peak (it was " +
              Write(Json(training.rate.peak)) + "), or a longer rate.warmup (" +
              std::to_string(training.rate.warmup) + ")." +
              Beginning(run, trap_nan)};
}

void PrintResult(const Outcome& outcome, Run& run, const RunWriter& writer,
                 Context& context) {
  constexpr const char* kNames[] = {"done", "stopped", "diverged"};
  Json result;
  result["directory"] = writer.directory();
  result["step"] = run.step();
  result["loss"] = outcome.loss ? Json(*outcome.loss) : Json();
  result["fingerprint"] = FingerprintOf(run);
  if (run.experiment().fast) result["fast"] = true;
  result["state"] = kNames[static_cast<int>(outcome.state)];
  context.out << Write(result) << std::endl;
}

// Reads the weights that the options name and starts the run from them. What
// is no safetensors file ends in kExitFile, what does not fit in kExitUsage.
void StartFromFile(FileSystem& files, const TrainOptions& options, Run& run) {
  const std::string& path = *options.weights;
  const std::string bytes = ReadFile(files, path, kMaxModelBytes);
  const bool pickled = bytes.starts_with("PK") || bytes.starts_with("\x80\x02");
  if (pickled) {
    throw Failure{kExitFile,
                  {{path,
                    "this is a file of torch.save; write one with "
                    "safetensors.torch.save_file(model.state_dict(), FILE)."}}};
  }
  const Result<SafetensorsFile> file = ReadSafetensors(bytes, path);
  if (!file.ok()) throw Failure{kExitFile, file.problems()};
  const std::string map_path = options.map.value_or("");
  NameMap map;
  if (options.map) {
    Result<NameMap> read =
        ReadNameMap(ReadFile(files, map_path, kMaxMapBytes), map_path);
    if (!read.ok()) throw Failure{kExitUsage, read.problems()};
    map = std::move(*read);
  }
  const Result<std::vector<float>> weights =
      WeightsIn(*file, map, run.model().parameters(), {path, map_path});
  if (!weights.ok()) throw Failure{kExitUsage, weights.problems()};
  const std::string named = run.experiment().weights;
  const std::string found = HashOfWeights(*weights);
  if (!named.empty() && named != found) {
    throw Failure{kExitUsage,
                  {{path,
                    "these are not the weights that the experiment names "
                    "(their fingerprint is " +
                        found + ", not " + named +
                        "); give those, or weights= to start from "
                        "these."}}};
  }
  run.StartFrom(*weights);
}

// What --resume does not take, as problems. A run file stays as it is, and the
// run goes on in a new directory.
Problems NotForResume(const TrainOptions& options, bool from_file) {
  constexpr char kRepair[] =
      "a run goes on with the experiment that it began with; leave this out, "
      "or train anew without --resume.";
  Problems problems;
  for (const std::string& word : options.words) {
    problems.push_back({word, kRepair});
  }
  if (options.seed) problems.push_back({"--seed", kRepair});
  if (options.fast) problems.push_back({"--fast", kRepair});
  if (options.weights) problems.push_back({"--weights", kRepair});
  if (options.map) problems.push_back({"--map", kRepair});
  if (from_file) return problems;
  if (options.out) problems.push_back({"--out", kRepair});
  if (options.force) problems.push_back({"--force", kRepair});
  return problems;
}

ExitCode Finish(const TrainOptions& options, int64_t target, Run& run,
                RunWriter& writer, Context& context) {
  // Where it is written must be said unless the caller said it.
  const bool named =
      options.out ||
      (options.resume && TrimSlashes(*options.resume) == writer.directory());
  if (!options.quiet || (!named && !options.json)) {
    context.err << "Training to step " << WithCommas(target) << " in "
                << writer.directory() << std::endl;
  }
  if (!writer.kept().empty()) {
    context.err << "Other files of the replaced run are kept in "
                << writer.kept() << std::endl;
  }
  if (!writer.locked()) {
    context.err << "The disk of " << writer.directory()
                << " has no locks: let no other training write there"
                << std::endl;
  }
  run.TrapNan(options.trap_nan);
  const Outcome outcome = TrainTo(target, options, run, writer, context);
  if (!options.quiet) Explain(outcome, target, run, writer, context);
  if (options.json) PrintResult(outcome, run, writer, context);
  switch (outcome.state) {
    case State::kDone:
      return kExitDone;
    case State::kStopped:
      return kExitInterrupted;
    case State::kDiverged:
      break;
  }
  throw Failure{kExitDiverged, {Divergence(run, writer, options.trap_nan)}};
}

}  // namespace

ExitCode Train(const TrainOptions& options, Context& context) {
  const InterruptScope interrupts;
  FileSystem& files = context.files;
  Pool pool(options.threads);
  const std::unique_ptr<Backend> backend = MakeSimdBackend(pool);
  const auto check = [&](const Run& run) {
    if (!run.trainable()) {
      const std::string family(run.experiment().family.kind());
      throw Failure{kExitUsage,
                    {{"family", family +
                                    " has nothing to train; draw from it with "
                                    "unnoise sample " +
                                    family + ", or train another family."}}};
    }
    if (auto problem = MemoryProblem(run, context.memory)) {
      throw Failure{kExitUsage, {*std::move(problem)}};
    }
  };
  const auto create = [&](Run& run, std::span<const MetricsLine> metrics = {}) {
    check(run);
    return options.out
               ? RunWriter::Create(files, *options.out, options.force, run,
                                   metrics)
               : RunWriter::CreateNamed(
                     files, DefaultDirectory(run.experiment()), run, metrics);
  };
  const auto finish = [&](Run& run, RunWriter writer) {
    return Finish(options, options.steps.value_or(HorizonOf(run)), run, writer,
                  context);
  };
  if (!options.resume) {
    std::vector<std::string> words = options.words;
    if (options.fast) words.push_back("fast=true");
    Experiment experiment = ReadWords(files, words, options.seed);
    if (!options.weights) {
      Problems problems = NeedsWeights(experiment);
      if (options.map) {
        problems.push_back({"--map",
                            "it names tensors of the file of --weights; give "
                            "that too."});
      }
      if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
    }
    Run run(std::move(experiment), *backend);
    check(run);
    if (options.weights) StartFromFile(files, options, run);
    return finish(run, create(run));
  }
  const bool from_file =
      StatusOf(files, *options.resume).kind == FileKind::kFile;
  Problems problems = NotForResume(options, from_file);
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
  if (from_file) {
    const OpenedRun opened = OpenRunFile(files, *options.resume, *backend);
    return finish(*opened.run, create(*opened.run, opened.metrics));
  }
  FolderLock lock = RunWriter::LockForResume(files, *options.resume);
  const std::unique_ptr<Run> run = OpenRun(files, *options.resume, *backend);
  check(*run);
  return finish(
      *run, RunWriter::Resume(files, *options.resume, *run, std::move(lock)));
}

}  // namespace unnoise
