// A run on disk. model.safetensors is the commit point: it is replaced whole,
// and everything else is written before it or can be cut back to it, so that a
// run killed at any moment can be loaded as it was at its last save.
//
//   experiment.json    the experiment in canonical form, for people
//   model.safetensors  weights, their running mean, optimizer state, step
//   metrics.jsonl      now and then step, loss, rate, grad_norm and seconds;
//                      see core/run/metrics.h
//   data.json          mean and std per axis in data units, and the model's
//                      own units: model = (data - shift) / scale
//   data.npy           the user's own points as they were used, [count, dim]
//   lock               while a training writes here

#ifndef UNNOISE_CLI_RUN_DIRECTORY_H_
#define UNNOISE_CLI_RUN_DIRECTORY_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "core/cli/files.h"
#include "core/cli/run_place.h"
#include "core/run/checkpoint.h"
#include "core/run/metrics.h"
#include "core/run/run.h"

namespace unnoise {

// Of a file of weights, a model among them.
inline constexpr int64_t kMaxModelBytes = int64_t{4} << 30;

// The run in a directory, as last saved, or in a run file, on `backend`, which
// outlives it. Throws Failure.
std::unique_ptr<Run> OpenRun(FileSystem& files, const std::string& path,
                             const Backend& backend = SimdBackend());

// The run in a run file, such as the page's download. Throws Failure.
OpenedRun OpenRunFile(FileSystem& files, const std::string& path,
                      const Backend& backend = SimdBackend());

// Where a result of that name is written unless another place is given: in the
// directory of a run, or beside a run file. Throws Failure.
std::string ResultPath(FileSystem& files, const std::string& run,
                       std::string_view name);

// Whether this is the path of one of the files above in the directory of a run:
// no place for results. Throws Failure.
bool BelongsToRun(FileSystem& files, const std::string& path);

// Keeps a run in its directory.
class RunWriter {
 public:
  // Commits a run, fresh or from a run file with its metrics, to a new
  // directory, which appears whole; see BuildingSite for what may stand there.
  static RunWriter Create(FileSystem& files, const std::string& directory,
                          bool force, Run& run,
                          std::span<const MetricsLine> metrics = {});
  // The same, in the first of NAME, NAME-2, NAME-3, ... that is free.
  static RunWriter CreateNamed(FileSystem& files, const std::string& name,
                               Run& run,
                               std::span<const MetricsLine> metrics = {});
  // To go on with the run in a directory: lock it, open it with OpenRun, then
  // Resume, which cuts metrics.jsonl back to its step.
  static FolderLock LockForResume(FileSystem& files,
                                  const std::string& directory);
  static RunWriter Resume(FileSystem& files, const std::string& directory,
                          Run& run, FolderLock lock);

  const std::string& directory() const { return directory_; }
  // Where files of an earlier run are kept that were not its own, else "".
  const std::string& kept() const { return kept_; }
  // Whether no other training can write there: some disks have no locks.
  bool locked() const { return lock_.state() == FolderLock::State::kHeld; }
  // Training time of all sittings up to the last line of the metrics.
  double seconds() const { return seconds_; }

  // Notes a line of metrics if this step is one to be noted.
  void Record(const Progress& progress, double seconds);
  // Metrics, then the checkpoint. Throws Failure.
  void Save();

 private:
  RunWriter(FileSystem& files, const std::string& directory, Run& run,
            FolderLock lock)
      : files_(&files),
        directory_(TrimSlashes(directory)),
        run_(&run),
        saved_step_(run.step()),
        lock_(std::move(lock)) {}

  void CutMetrics();

  FileSystem* files_;
  std::string directory_;
  std::string kept_;
  Run* run_;
  std::string lines_;  // not yet written
  double seconds_ = 0;
  int64_t saved_step_;
  FolderLock lock_;
};

}  // namespace unnoise

#endif  // UNNOISE_CLI_RUN_DIRECTORY_H_
