// See subject.h.

#include "core/cli/subject.h"

#include <utility>
#include <vector>

#include "core/cli/command.h"
#include "core/cli/experiment_input.h"
#include "core/cli/progress.h"
#include "core/cli/run_directory.h"

namespace unnoise {

std::string Subject::Named() const {
  if (truth || !run->trainable()) return "the exact law";
  return "step " + WithCommas(run->step());
}

namespace {

// Whether it names a family that needs no training.
bool NeedsNoRun(const std::string& name) {
  for (const Row<Family>& row : Rows<Family>()) {
    if (row.name == name) return row.make()->training() == nullptr;
  }
  return false;
}

}  // namespace

void FailSamples(const Subject& subject, Outcome outcome) {
  const Advice advice = AdviceOn(outcome);
  const bool learned = subject.run->trainable() && !subject.truth;
  throw Failure{
      kExitDiverged,
      {{std::string(advice.field),
        "samples of " + subject.Named() + ' ' + std::string(advice.matter) +
            "; " + std::string(advice.repair) +
            (advice.field == "sampler.step" ? ""
             : learned ? ", or train longer or with a lower rate.peak"
                       : ", or another path") +
            ". Nothing was written."}}};
}

std::string ResultPathOf(FileSystem& files, const std::string& name,
                         std::string_view file) {
  return NeedsNoRun(name) ? std::string(file) : ResultPath(files, name, file);
}

Subject OpenSubject(FileSystem& files, const std::string& name,
                    std::span<const std::string> words, bool truth,
                    const Backend& backend) {
  if (NeedsNoRun(name)) {
    std::vector<std::string> all = {"family=" + name};
    all.insert(all.end(), words.begin(), words.end());
    Experiment experiment = ReadWords(files, all, std::nullopt);
    return {std::make_unique<Run>(experiment, backend), experiment, truth};
  }
  CheckSamplerWords(words);
  std::unique_ptr<Run> run = OpenRun(files, name, backend);
  Experiment asked = WithWords(run->experiment(), words);
  return {std::move(run), std::move(asked), truth};
}

}  // namespace unnoise
