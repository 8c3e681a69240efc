// The options of a command as they were typed, and how large their numbers may
// be. What they become is command.h's business.

#ifndef UNNOISE_CLI_TYPED_H_
#define UNNOISE_CLI_TYPED_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace unnoise {

inline constexpr int64_t kMaxSeed = (int64_t{1} << 53) - 1;
inline constexpr int64_t kMaxSteps = 1000000000000;
inline constexpr int64_t kMaxSaveEvery = 1000000;  // seconds
inline constexpr int64_t kMaxSamples = 1000000000;
inline constexpr int64_t kMaxEvalSamples = 1000000;
inline constexpr int64_t kMaxWayPoints = 1000000;
inline constexpr int64_t kMaxProbes = 10000;
// Of pictures: what can be told apart, and held in memory.
inline constexpr int64_t kMaxShownSamples = 1000000;
inline constexpr int64_t kMaxFrames = 600;
inline constexpr int64_t kMaxFps = 50;  // viewers slow down faster GIFs
inline constexpr int64_t kMinPixels = 160;
inline constexpr int64_t kMaxPixels = 4096;

struct Typed {
  std::vector<std::string> words;
  std::optional<std::string> out, resume, steps, seed, n, trajectory, metrics,
      threads, save_every, t, grid, window, to, view, theme, frames, fps, width,
      height, dtype, weights, map, in, from, way, divergence, probes, density,
      cells, samplers, error;
  bool fast = false;
  bool trap_nan = false;
  bool truth = false;
  bool log = false;
  bool force = false;
  bool quiet = false;
  bool json = false;
  bool round_trip = false;
};

struct Context;

// Does what the verb is asked for and returns its exit code. Throws Failure.
int PerformVerb(const std::string& verb, const Typed& typed, Context& context);

}  // namespace unnoise

#endif  // UNNOISE_CLI_TYPED_H_
