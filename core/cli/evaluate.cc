// unnoise eval and unnoise fingerprint: numbers about a trained run.

#include "core/run/evaluate.h"

#include <ostream>

#include "core/cli/command.h"
#include "core/cli/progress.h"
#include "core/cli/subject.h"
#include "core/cli/table.h"

namespace unnoise {
namespace {

std::vector<const MetricInfo*> Chosen(const std::optional<std::string>& names) {
  std::vector<std::string> split;
  if (names) split = SplitAtCommas(*names);
  Result<std::vector<const MetricInfo*>> metrics = FindMetrics(split);
  if (!metrics.ok()) {
    Problems problems = metrics.problems();
    for (Problem& problem : problems) problem.path = "--metrics";
    throw Failure{kExitUsage, std::move(problems)};
  }
  return *metrics;
}

void PrintMetrics(const Evaluation& evaluation, std::ostream& out) {
  std::vector<TableRow> rows = {
      {"metric", "samples", "data against data", "points"}};
  std::vector<std::string> notes = {""};  // under each row
  for (const auto& [metric, report, why_not] : evaluation.metrics) {
    if (!why_not.empty()) continue;
    rows.push_back({std::string(metric->name),
                    Between(report.value, report.std_error),
                    Between(report.data_data, report.data_data_std_error),
                    WithCommas(report.n)});
    std::string note;
    for (const auto& [name, value] : report.more) {
      note += "  " + std::string(name) + " " + Brief(value);
    }
    notes.push_back(std::move(note));
  }
  if (rows.size() > 1) PrintAligned(rows, notes, out);
  for (const auto& [metric, report, why_not] : evaluation.metrics) {
    if (!why_not.empty()) {
      out << metric->name << " left out: " << why_not << '\n';
    }
  }
}

std::string_view InWords(std::string_view reference) {
  if (reference == "held_out") {
    return "Samples against the held-out points.";
  }
  if (reference == "subset") {
    return "Samples against a random half of the points (data.held_out keeps "
           "some apart).";
  }
  return "Samples against fresh draws of the data.";
}

}  // namespace

ExitCode EvaluateRun(const EvalOptions& options, Context& context) {
  const std::vector<const MetricInfo*> metrics = Chosen(options.metrics);
  Pool pool(options.threads);
  const std::unique_ptr<Backend> backend = MakeSimdBackend(pool);
  const Subject subject = OpenSubject(context.files, options.directory,
                                      options.words, options.truth, *backend);
  const Result<Evaluation> evaluation =
      Evaluate(*subject.run, *subject.asked.family->sampler(),
               *subject.MakeDenoiser(), options.n, metrics);
  if (!evaluation.ok()) {
    // What is neither the caller's n nor his data are samples that are not
    // finite.
    const std::string& path = evaluation.problems().front().path;
    throw Failure{path.empty() ? kExitDiverged : kExitUsage,
                  evaluation.problems()};
  }
  if (options.json) {
    context.out << Write(ToJson(*evaluation)) << std::endl;
  } else {
    context.out << InWords(evaluation->reference) << '\n';
    PrintMetrics(*evaluation, context.out);
    context.out << std::flush;
  }
  return kExitDone;
}

ExitCode PrintFingerprint(const std::string& directory, Context& context) {
  const Subject subject =
      OpenSubject(context.files, directory, {}, false, SimdBackend());
  Run* const run = subject.run.get();
  context.out << FingerprintOf(*run) << std::endl;
  if (run->experiment().fast) {
    context.err << "This run is fast (fused multiply-add): these digits hold "
                   "for this kind of machine only.\n";
  }
  return kExitDone;
}

}  // namespace unnoise
