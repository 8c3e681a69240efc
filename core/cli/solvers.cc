// unnoise solvers: several samplers from the same start points on several
// numbers of steps, and how far each ends from the truth.

#include <limits>
#include <ostream>
#include <string_view>
#include <utility>

#include "core/base/pool.h"
#include "core/cli/array_file.h"
#include "core/cli/command.h"
#include "core/cli/experiment_input.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"
#include "core/cli/run_directory.h"
#include "core/cli/subject.h"
#include "core/cli/table.h"
#include "core/cli/whole_number.h"
#include "core/sampling/convergence.h"

namespace unnoise {
namespace {

constexpr int kErrorsFormat = 1;
constexpr std::string_view kPrefix = "sampler.";
constexpr std::string_view kJson = ".json", kCsv = ".csv", kTsv = ".tsv";

// A sampler as it was asked for.
struct Asked {
  std::string name;                // "ode sampler.method=rk4"
  std::vector<std::string> words;  // "sampler=ode", "sampler.method=rk4"
};

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// Without blanks around it; a problem for a sampler without a name.
std::optional<Asked> AskedFor(const std::string& text, Problems& problems) {
  Asked asked;
  for (const std::string& word : Split(text, ' ')) {
    if (word.empty()) continue;
    if (word.starts_with("sampler=") || word.find('=') == word.npos) {
      const std::string kind = word.substr(word.find('=') + 1);
      if (!asked.words.empty()) {
        problems.push_back(
            {"--samplers",
             "\"" + text +
                 "\" names two samplers; part them by a semicolon, "
                 "such as \"ddim; ode method=rk4\"."});
        return std::nullopt;
      }
      asked.name = kind;
      asked.words.push_back("sampler=" + kind);
      continue;
    }
    if (asked.words.empty()) {
      problems.push_back({"--samplers", "\"" + text +
                                            "\" does not begin with the name "
                                            "of a sampler, such as \"ode "
                                            "method=rk4\"; unnoise list "
                                            "samplers."});
      return std::nullopt;
    }
    const std::string full =
        word.starts_with(kPrefix) ? word : std::string(kPrefix) + word;
    if (full.starts_with("sampler.steps=")) {
      problems.push_back({"--samplers", "\"" + text +
                                            "\" gives a number of steps; those "
                                            "are what --steps says."});
      return std::nullopt;
    }
    asked.name += ' ' + full;
    asked.words.push_back(full);
  }
  if (asked.words.empty()) return std::nullopt;
  return asked;
}

// "ddim, ode method=rk4; deis": by semicolons, and plain names by commas too.
std::vector<Asked> ReadSamplers(const std::string& text, Problems& problems) {
  std::vector<Asked> all;
  const auto add = [&](const std::string& part) {
    if (auto asked = AskedFor(part, problems)) all.push_back(*asked);
  };
  for (const std::string& part : Split(text, ';')) {
    if (part.find('=') != part.npos) {
      add(part);
    } else {
      for (const std::string& name : Split(part, ',')) add(name);
    }
  }
  if (all.empty() && problems.empty()) {
    problems.push_back({"--samplers",
                        "no sampler is named; give for example \"ddim; ode "
                        "method=rk4\"."});
  }
  return all;
}

std::vector<int64_t> ReadSteps(const std::string& text, Problems& problems) {
  std::vector<int64_t> steps;
  for (const std::string& part : SplitAtCommas(text)) {
    const auto count =
        WholeNumber("--steps", part, 1, kMaxSolverSteps, problems);
    if (!count) break;
    steps.push_back(*count);
  }
  return steps;
}

// "ode method=rk4", which is shorter.
std::string Shown(const Asked& asked) {
  std::string shown = asked.words[0].substr(kPrefix.size());
  for (size_t i = 1; i < asked.words.size(); ++i) {
    shown += ' ' + asked.words[i].substr(kPrefix.size());
  }
  return shown;
}

std::string Cell(const std::optional<double>& value) {
  return value ? Brief(*value) : "-";
}

void PrintTable(const Convergence& convergence, const std::vector<Asked>& asked,
                const SolverSetup& setup, std::ostream& out) {
  const auto row = [&](std::string name, std::string steps,
                       std::string evaluations, std::string paths,
                       std::string law) {
    TableRow cells = {std::move(name), std::move(steps),
                      std::move(evaluations)};
    if (setup.paths) cells.push_back(std::move(paths));
    if (setup.law) cells.push_back(std::move(law));
    return cells;
  };
  std::vector<TableRow> rows = {
      row("sampler", "steps", "evaluations", "paths", "law")};
  for (size_t i = 0; i < asked.size(); ++i) {
    for (const SolverError& error : convergence.errors()) {
      if (error.sampler != i) continue;
      const std::string failed = error.failed ? "failed" : "";
      rows.push_back(row(Shown(asked[i]), WithCommas(error.steps),
                         Brief(error.evaluations),
                         error.failed ? failed : Cell(error.paths),
                         error.failed ? failed : Cell(error.law)));
    }
    const auto paths = convergence.PathsOrder(i), law = convergence.LawOrder(i);
    if (paths || law) {
      rows.push_back(row(Shown(asked[i]), "order", "", Cell(paths), Cell(law)));
    }
  }
  rows.push_back(row("floor", "", "", Cell(convergence.floor().paths),
                     Cell(convergence.floor().law)));
  PrintAligned(rows, std::vector<std::string>(rows.size()), out);
  if (convergence.reference() != Outcome::kGood) {
    out << "The probability-flow ODE cannot be solved to 1e-6 here, so there "
           "are no errors of the ways.\n";
  }
  out << std::flush;
}

Json Description(const Convergence& convergence,
                 const std::vector<Asked>& asked, const Subject& subject,
                 const SolversOptions& options) {
  Json json = ToJson(convergence, asked.size());
  Json::Array names;
  for (const Asked& one : asked) names.push_back(Json(one.name));
  json["format"] = kErrorsFormat;
  json["samplers"] = std::move(names);
  json["n"] = options.n;
  json["seed"] = options.seed;
  json["experiment"] =
      *ParseJson(WriteExperiment(subject.run->experiment()), "");
  return json;
}

// What goes to --out, by its name.
class Output {
 public:
  // Made before the work, so that a bad place is found at once.
  Output(FileSystem& files, const SolversOptions& options, Problems& problems) {
    if (!options.out) {
      if (options.dtype) {
        problems.push_back({"--dtype", "there is no --out of that type."});
      }
      return;
    }
    path_ = *options.out;
    const std::string description = DescriptionPath(path_).value_or(path_);
    for (const std::string& path : {path_, description}) {
      if (!BelongsToRun(files, path)) continue;
      problems.push_back({"--out", path + " is a file of a run; give another "
                                          "name, such as errors.csv."});
      return;
    }
    text_ = path_.ends_with(kJson) || path_.ends_with(kCsv) ||
            path_.ends_with(kTsv);
    if (!text_ && !path_.ends_with(".npy") && !path_.ends_with(".npz")) {
      problems.push_back({"--out",
                          "give a name that ends in .csv, .tsv, "
                          ".json, .npy or .npz."});
      return;
    }
    type_ = TypeOfOption(options.dtype, path_, problems);
    if (path_.ends_with(kJson) && options.dtype) {
      problems.push_back({"--dtype", "the numbers in " + path_ +
                                         " are text, which has no type; leave "
                                         "this out."});
    }
    if (problems.empty()) place_.emplace(files, path_);
  }

  void Write(FileSystem& files, const Convergence& convergence,
             const std::vector<std::string>& names, const Json& description) {
    if (path_.empty()) return;
    if (text_) {
      place_->Append(
          path_.ends_with(kJson)
              ? unnoise::Write(description) + '\n'
              : ToText(convergence, names, path_.ends_with(kCsv) ? ',' : '\t'));
      place_->Commit();
      return;
    }
    place_.reset();
    std::vector<float> values;
    const float none = std::numeric_limits<float>::quiet_NaN();
    for (const SolverError& error : convergence.errors()) {
      values.insert(
          values.end(),
          {static_cast<float>(error.sampler), static_cast<float>(error.steps),
           static_cast<float>(error.evaluations),
           error.paths ? static_cast<float>(*error.paths) : none,
           error.law ? static_cast<float>(*error.law) : none});
    }
    ArrayFile file(files, path_, "errors",
                   {std::ssize(convergence.errors()), 5}, {}, type_);
    file.Append(values);
    if (const auto beside = DescriptionPath(path_)) {
      WriteAtomically(files, *beside, unnoise::Write(description) + '\n');
    }
    file.Commit();
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool text_ = false;
  NpyType type_ = NpyType::kFloat32;
  std::optional<AtomicFile> place_;
};

}  // namespace

ExitCode CompareSolvers(const SolversOptions& options, Context& context) {
  const InterruptScope interrupts;
  Problems problems;
  const std::vector<Asked> asked = ReadSamplers(options.samplers, problems);
  const std::vector<int64_t> steps = ReadSteps(options.steps, problems);
  const bool both = options.error == "both";
  if (!both && options.error != "paths" && options.error != "law") {
    problems.push_back({"--error",
                        "there is no such error; give paths, law or "
                        "both."});
  }
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};

  Pool pool(options.threads);
  const std::unique_ptr<Backend> backend = MakeSimdBackend(pool);
  const Subject subject = OpenSubject(context.files, options.directory,
                                      options.words, options.truth, *backend);
  const Run& run = *subject.run;
  const std::unique_ptr<Denoiser> denoiser = subject.MakeDenoiser();
  SolverSetup setup{
      .path = run.experiment().family->path(),
      .denoiser = *denoiser,
      .data = *run.experiment().data,
      .units = run.standardiser(),
      .samplers = {},
      .steps = steps,
      .points = options.n,
      .key = Fold(KeyFromSeed(static_cast<uint64_t>(options.seed)), "sample"),
      .paths = options.error != "law",
      .law = options.error != "paths"};
  std::vector<std::string> names;
  for (const Asked& one : asked) {
    setup.samplers.push_back(
        WithWords(subject.asked, one.words).family->sampler());
    names.push_back(one.name);
  }
  for (const Problem& problem : CheckSolvers(setup)) {
    problems.push_back({"--" + problem.path, problem.message});
  }
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
  Output output(context.files, options, problems);
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};

  Convergence convergence(setup);
  {
    ProgressMeter meter(context, "pieces", 0, convergence.pieces(),
                        options.quiet);
    while (!Interrupted() && convergence.Advance()) {
      meter.Update(convergence.done());
    }
  }
  if (Interrupted()) return kExitInterrupted;
  const Json description = Description(convergence, asked, subject, options);
  output.Write(context.files, convergence, names, description);
  if (options.json) {
    context.out << Write(description) << std::endl;
  } else {
    PrintTable(convergence, asked, setup, context.out);
  }
  if (!output.path().empty() && !options.quiet) {
    context.err << "Wrote the errors of " << WithCommas(std::ssize(asked))
                << (asked.size() == 1 ? " sampler on " : " samplers on ")
                << subject.Named() << " to " << output.path() << ".\n";
  }
  return kExitDone;
}

}  // namespace unnoise
