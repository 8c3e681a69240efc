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
  std::string what = "are not finite";
  if (outcome == Outcome::kStepTooSmall) {
    what = "need smaller steps than numbers can tell apart";
  } else if (outcome == Outcome::kTooManySteps) {
    what = "need more steps than sampler.max_steps allows";
  } else if (outcome == Outcome::kUnstable) {
    throw Failure{
        kExitDiverged,
        {{"sampler.step",
          "steps of this length throw the samples of " + subject.Named() +
              " ever farther away; take a shorter one (below twice the "
              "variance of the narrowest part of the law, in squares of the "
              "unit), a sampler.t with more noise, or sampler=mala, which "
              "leaves what goes too far. Nothing was written."}}};
  }
  const bool learned = subject.run->trainable() && !subject.truth;
  throw Failure{
      kExitDiverged,
      {{"sampler", "samples of " + subject.Named() + " " + what +
                       "; take more sampler.steps, another sampler" +
                       (learned ? ", or train longer or with a lower rate.peak"
                                : " or path") +
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
