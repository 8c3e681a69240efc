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
  Pool pool(options.threads);
  const std::unique_ptr<Backend> backend = MakeSimdBackend(pool);
  const std::unique_ptr<Run> run =
      OpenRun(context.files, options.directory, *backend);
  const Result<Json> report = Evaluate(*run, options.n);
  if (!report.ok()) {
    // What is neither the caller's n nor his data are samples that are not
    // finite.
    const std::string& path = report.problems().front().path;
    throw Failure{path.empty() ? kExitDiverged : kExitUsage, report.problems()};
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
  if (run->experiment().fast) {
    context.err << "This run is fast (fused multiply-add): these digits hold "
                   "for this kind of machine only.\n";
  }
  return kExitDone;
}

}  // namespace unnoise
