// The command line in process: words in, texts and an exit code out.

#ifndef UNNOISE_TESTS_CORE_CLI_CLI_FIXTURE_H_
#define UNNOISE_TESTS_CORE_CLI_CLI_FIXTURE_H_

#include <sstream>
#include <string>
#include <vector>

#include "core/cli/cli.h"
#include "core/cli/run_directory.h"
#include "tests/core/cli/faulty_files.h"

namespace unnoise {

// A model so small that a step takes no time.
inline const std::vector<std::string> kTiny = {"network.width=2",
                                               "network.depth=1", "batch=2"};

struct Cli {
  FaultyFiles files;
  std::string out;
  std::string err;
  bool terminal = false;
  // Each look at the clock takes this long.
  double tick = 0;
  double clock = 0;
  int64_t memory = INT64_MAX;
  std::function<void()> on_tick;

  int Run(const std::vector<std::string>& words) {
    std::ostringstream out_stream, err_stream;
    Context context{.files = files,
                    .out = out_stream,
                    .err = err_stream,
                    .err_is_terminal = terminal,
                    .seconds =
                        [this] {
                          if (on_tick) on_tick();
                          return clock += tick;
                        },
                    .memory = memory};
    const int exit_code = RunCli(words, context);
    out = out_stream.str();
    err = err_stream.str();
    return exit_code;
  }
  // Trains the tiny model.
  int Train(std::vector<std::string> words) {
    words.insert(words.begin(), "train");
    words.insert(words.end(), kTiny.begin(), kTiny.end());
    return Run(words);
  }
  bool ErrHas(std::string_view text) const {
    return err.find(text) != err.npos;
  }
};

// The step of the run in a directory, -1 if it cannot be loaded.
inline int64_t StepIn(const std::string& directory) {
  try {
    return OpenRun(PosixFiles(), directory)->step();
  } catch (const Failure&) {
    return -1;
  }
}

inline std::string FingerprintIn(const std::string& directory) {
  return FingerprintOf(*OpenRun(PosixFiles(), directory));
}

inline std::string TextOf(const std::string& path) {
  return ReadFile(PosixFiles(), path, int64_t{1} << 20);
}

}  // namespace unnoise

#endif  // UNNOISE_TESTS_CORE_CLI_CLI_FIXTURE_H_
