// What the verbs encode, likelihood and interpolate share: which sampler
// follows the flow, which points it takes, and what is said where it stops.

#ifndef UNNOISE_CLI_FLOW_INPUT_H_
#define UNNOISE_CLI_FLOW_INPUT_H_

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/cli/command.h"
#include "core/cli/files.h"
#include "core/cli/subject.h"
#include "core/sampling/flow.h"

namespace unnoise {

// Points that travel together: memory stays small, bits stay the same.
inline constexpr int64_t kFlowChunk = 4096;

// The sampler that is asked for, or, where the words name none and the
// experiment's own does not follow the flow, dopri5. Throws Failure: one is
// named that does not.
Choice<Sampler> FlowSamplerOf(const Subject& subject,
                              std::span<const std::string> words);

struct FlowPoints {
  std::vector<float> values;  // [count, dim], data units
  std::string name;           // "fresh points", "points of a.npy"
};

// Those of the file, or, without one, up to n of the data set's own: held-out
// ones, else all of a user's set, else fresh draws of the seed. Throws Failure:
// a file of another dimension, n or a seed beside a file.
FlowPoints ReadFlowPoints(FileSystem& files, const Subject& subject,
                          const std::optional<std::string>& in,
                          std::optional<int64_t> n, int64_t seed);

// Takes a flow to its end; false where Ctrl-C came first. `first` is the place
// of its first point among all. Throws Failure, kExitDiverged, where it cannot.
bool Finish(Flow& flow, const Subject& subject, int64_t first);

// Says why points that went to the noise and back may end `worst` away from
// where they began, if that is much beside the data.
void ExplainRoundTrip(const Subject& subject, double worst, std::ostream& err);

// Says that a path is no place for a result. Throws Failure.
void CheckFlowPlace(FileSystem& files, const std::string& out,
                    const char* example);

}  // namespace unnoise

#endif  // UNNOISE_CLI_FLOW_INPUT_H_
