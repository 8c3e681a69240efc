// What the verbs that look at a model work on: a trained run, or the exact
// denoiser of a law, which needs no run.

#ifndef UNNOISE_CLI_SUBJECT_H_
#define UNNOISE_CLI_SUBJECT_H_

#include <memory>
#include <span>
#include <string>

#include "core/cli/files.h"
#include "core/run/experiment.h"
#include "core/run/run.h"
#include "core/sampling/sampler.h"

namespace unnoise {

struct Subject {
  std::unique_ptr<Run> run;
  Experiment asked;  // the run's, with words such as the sampler's laid over
  bool truth;        // the exact denoiser in the place of the trained one

  std::unique_ptr<Denoiser> MakeDenoiser() const {
    return truth ? run->MakeTruth() : run->MakeDenoiser();
  }
  // "step 2,000", or "the exact law".
  std::string Named() const;
};

// `name` is the directory of a run or a run file, and `words` are the sampler's
// fields; or it is the name of a family that needs no training, and they are an
// experiment. `backend` outlives it. Throws Failure.
Subject OpenSubject(FileSystem& files, const std::string& name,
                    std::span<const std::string> words, bool truth,
                    const Backend& backend);

// Says what keeps its samples from being drawn (kGood: they are not finite),
// and the repair. Throws Failure, kExitDiverged.
[[noreturn]] void FailSamples(const Subject& subject, Outcome outcome);

// Where a result of that file name goes unless another place is given: to the
// run, or, where there is none, here.
std::string ResultPathOf(FileSystem& files, const std::string& name,
                         std::string_view file);

}  // namespace unnoise

#endif  // UNNOISE_CLI_SUBJECT_H_
