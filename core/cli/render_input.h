// What `unnoise render` shows of a run: its data, samples, their ways, the loss
// curve, and what to say about them. Draws no picture.

#ifndef UNNOISE_CLI_RENDER_INPUT_H_
#define UNNOISE_CLI_RENDER_INPUT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/cli/command.h"
#include "core/cli/experiment_input.h"
#include "core/cli/subject.h"
#include "core/picture/views.h"
#include "core/run/run.h"

namespace unnoise {

// What is shown, and the seed of its draws, which use the same keys as those of
// `unnoise sample` and the page.
struct Shown {
  const Subject& subject;
  int64_t seed;

  Run& run() const { return *subject.run; }
  const Choice<Sampler>& sampler() const {
    return subject.asked.family->sampler();
  }
};

// The data: a user's own points if there are no more than `n`, else n draws.
Cloud ShownData(const Shown& shown, int64_t n);

// n samples. Throws Failure if they are not finite, or after Ctrl-C.
Cloud ShownSamples(const Shown& shown, int64_t n, bool quiet, Context& context);

// At most `frames` moments of n particles on their way, both ends among them.
// Throws Failure as above, and if there is too much to keep.
Way WayToData(const Shown& shown, int64_t n, int64_t frames);
Way WayToNoise(const Shown& shown, int64_t n, int64_t frames);

// Every line of the run's metrics up to its last save. Throws Failure.
LossCurve ReadLoss(FileSystem& files, const std::string& directory,
                   int64_t last_step);

// "Two moons", or the name of the user's file.
std::string DataTitle(const Experiment& experiment);
// "DDIM, 50 steps, seed 0".
std::string SamplerNote(const Shown& shown);

// Name and value of what there is to know about the run.
std::vector<std::pair<std::string, std::string>> FactsOf(const Shown& shown);

// A command line for a POSIX shell.
std::string ShellLine(const std::vector<std::string>& words);
// The one that trains this run again.
std::string TrainCommand(const Run& run);

}  // namespace unnoise

#endif  // UNNOISE_CLI_RENDER_INPUT_H_
