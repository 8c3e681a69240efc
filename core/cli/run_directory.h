// A run on disk. model.safetensors is the commit point: it is replaced whole,
// and everything else is written before it or can be cut back to it, so that a
// run killed at any moment can be loaded as it was at its last save.
//
//   experiment.json    the experiment in canonical form, for people
//   model.safetensors  weights, their running mean, optimizer state, step
//   metrics.jsonl      now and then step, loss, rate, grad_norm and seconds
//   data.json          mean and std per axis in data units, and the model's
//                      own units: model = (data - shift) / scale
//   data.npy           the user's own points as they were used, [count, dim]

#ifndef UNNOISE_CLI_RUN_DIRECTORY_H_
#define UNNOISE_CLI_RUN_DIRECTORY_H_

#include <cstdint>
#include <memory>
#include <string>

#include "core/cli/files.h"
#include "core/run/run.h"

namespace unnoise {

inline constexpr char kMetricsFile[] = "metrics.jsonl";

// The run in a directory, as last saved. Throws Failure.
std::unique_ptr<Run> OpenRun(FileSystem& files, const std::string& directory);

// Whether this is the path of one of the files above in the directory of a run:
// no place for results. Throws Failure.
bool BelongsToRun(FileSystem& files, const std::string& path);

// Keeps a run in its directory.
class RunWriter {
 public:
  // Commits a fresh run to a new directory. It is made under another name
  // (DIRECTORY.partial) and appears whole. What stands there already is refused
  // unless it is an empty folder, or a run and `force`; then the earlier run
  // stands aside (DIRECTORY.old) until the new one has its place.
  static RunWriter Create(FileSystem& files, const std::string& directory,
                          bool force, Run& run);
  // The same, in the first of NAME, NAME-2, NAME-3, ... that is free.
  static RunWriter CreateNamed(FileSystem& files, const std::string& name,
                               Run& run);
  // Goes on with a run that OpenRun gave: cuts metrics.jsonl back to its step.
  static RunWriter Resume(FileSystem& files, const std::string& directory,
                          Run& run);

  const std::string& directory() const { return directory_; }
  // Where files of an earlier run are kept that were not its own, else "".
  const std::string& kept() const { return kept_; }
  // Training time of all sittings up to the last line of the metrics.
  double seconds() const { return seconds_; }

  // Notes a line of metrics if this step is one to be noted.
  void Record(const Progress& progress, double seconds);
  // Metrics, then the checkpoint. Throws Failure.
  void Save();

 private:
  RunWriter(FileSystem& files, std::string directory, Run& run)
      : files_(&files), directory_(std::move(directory)), run_(&run) {}

  void CutMetrics();

  FileSystem* files_;
  std::string directory_;
  std::string kept_;
  Run* run_;
  std::string lines_;  // not yet written
  double seconds_ = 0;
  int64_t saved_step_ = -1;
};

}  // namespace unnoise

#endif  // UNNOISE_CLI_RUN_DIRECTORY_H_
