// The place of a run: which files in a folder are a run's own, that no two
// trainings write there, and how a new run appears in one go. What is in the
// files is run_directory.h's business.

#ifndef UNNOISE_CLI_RUN_PLACE_H_
#define UNNOISE_CLI_RUN_PLACE_H_

#include <optional>
#include <string>
#include <string_view>

#include "core/cli/files.h"

namespace unnoise {

inline constexpr char kModelFile[] = "model.safetensors";
inline constexpr char kMetricsFile[] = "metrics.jsonl";
inline constexpr char kMomentsFile[] = "data.json";
inline constexpr std::string_view kAsideSuffix = ".old";

// Whether a run writes files of that name.
bool IsRunFile(std::string_view name);

// Whether a run stands in the folder. Throws Failure if it cannot be read.
bool HoldsRun(FileSystem& files, const std::string& folder);

// The lock of a training on the directory of a run. Throws Failure if another
// training has it.
FolderLock LockRun(FileSystem& files, const std::string& directory);

// The folder in which a new run is built, DIRECTORY.partial, locked; removed
// again unless it gets its place.
class BuildingSite {
 public:
  // Refuses a place where something stands, unless it is an empty folder, or a
  // run and `force`, and none that a training writes to. A link stands for the
  // folder that it names. Throws Failure.
  BuildingSite(FileSystem& files, const std::string& directory, bool force);
  BuildingSite(const BuildingSite&) = delete;
  BuildingSite& operator=(const BuildingSite&) = delete;
  ~BuildingSite();

  const std::string& path() const { return path_; }

  // The site becomes the directory, in place of an earlier run. Where the
  // system cannot exchange two folders, that run stands aside (DIRECTORY.old)
  // for a moment. Returns where files are kept that were not its own, else "".
  std::string TakePlace();
  // The lock on the directory, which outlives the site.
  FolderLock TakeLock() { return std::move(*lock_); }

 private:
  void Prepare();

  FileSystem& files_;
  std::string place_;
  std::string path_;
  std::optional<FolderLock> earlier_;  // on the run that is replaced
  std::optional<FolderLock> lock_;
};

// Whether another training is being started in that directory.
bool IsBeingBuilt(FileSystem& files, const std::string& directory);

}  // namespace unnoise

#endif  // UNNOISE_CLI_RUN_PLACE_H_
