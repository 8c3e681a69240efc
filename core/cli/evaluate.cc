// unnoise eval and unnoise fingerprint: numbers about a trained run.

#include "core/run/evaluate.h"

#include <ostream>

#include "core/cli/command.h"
#include "core/cli/progress.h"
#include "core/cli/run_directory.h"

namespace unnoise {
namespace {

double NumberIn(const Json& json, std::string_view key) {
  const Json* value = json.Find(key);
  return value && value->AsNumber() ? *value->AsNumber() : 0;
}

}  // namespace

ExitCode EvaluateRun(const EvalOptions& options, Context& context) {
  const std::unique_ptr<Run> run = OpenRun(context.files, options.directory);
  const Result<Json> report = Evaluate(*run, options.n);
  if (!report.ok()) {
    // The number of samples is what a caller can get wrong; what is left are
    // samples that are not finite.
    const Problem& problem = report.problems().front();
    throw Failure{problem.path == "n" ? kExitUsage : kExitDiverged,
                  report.problems()};
  }
  if (options.json) {
    context.out << Write(*report) << std::endl;
    return kExitDone;
  }
  for (const auto& [name, values] : *report->AsObject()) {
    context.out << name << "  " << Brief(NumberIn(values, "value")) << " +- "
                << Brief(NumberIn(values, "stderr"))
                << "\nbetween two data sets  "
                << Brief(NumberIn(values, "data_data")) << " +- "
                << Brief(NumberIn(values, "data_data_stderr"))
                << "\npoints in each set  "
                << Write(Json(NumberIn(values, "n"))) << std::endl;
  }
  return kExitDone;
}

ExitCode PrintFingerprint(const std::string& directory, Context& context) {
  const std::unique_ptr<Run> run = OpenRun(context.files, directory);
  context.out << FingerprintOf(*run) << std::endl;
  return kExitDone;
}

}  // namespace unnoise
