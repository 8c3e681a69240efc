// Building sites and locks.

#include "core/cli/run_place.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>
#include <vector>

#include "core/cli/command.h"
#include "core/cli/experiment_input.h"

namespace unnoise {
namespace {

constexpr std::string_view kRunFiles[] = {
    kExperimentFile, kModelFile,  kMetricsFile, kMomentsFile,
    kPointsFile,     kLabelsFile, kLockFile};
constexpr int kMaxAttempts = 10;

using Names = std::vector<std::string>;

[[noreturn]] void Fail(ExitCode exit_code, const std::string& path,
                       std::string message) {
  throw Failure{exit_code, {{path, std::move(message)}}};
}

Names NamesIn(FileSystem& files, const std::string& folder) {
  Names names;
  if (const int error = files.List(folder, names)) {
    throw Failure{kExitFile, {FileProblem(folder, error)}};
  }
  return names;
}

bool Holds(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsRun(const Names& names) {
  return Holds(names, kExperimentFile) && Holds(names, kModelFile);
}

void RemoveRunFiles(FileSystem& files, const std::string& folder,
                    std::string_view but) {
  Names names;
  if (files.List(folder, names) != 0) return;
  for (const std::string& name : names) {
    if (name != but && IsRunFile(name)) files.Remove(JoinPath(folder, name));
  }
}

// Removes a run's own files and, if nothing else is in it, the folder; tells
// whether it is gone.
bool RemoveRun(FileSystem& files, const std::string& folder) {
  RemoveRunFiles(files, folder, "");
  return files.Remove(folder) == 0;
}

// Refuses a place that a new run may not take; tells whether an earlier run
// stands there.
bool CheckPlace(FileSystem& files, const std::string& directory, bool force) {
  const std::string name = directory.substr(directory.rfind('/') + 1);
  if (name.empty() || name == "." || name == "..") {
    Fail(kExitUsage, "--out",
         "\"" + directory +
             "\" has no name of its own; give a new folder, such as "
             "runs/first.");
  }
  switch (StatusOf(files, directory).kind) {
    case FileKind::kNone:
      return false;
    case FileKind::kFolder:
      break;
    default:
      Fail(kExitUsage, directory, "a file stands there; give another --out.");
  }
  const Names names = NamesIn(files, directory);
  if (names.empty()) return false;
  if (!IsRun(names)) {
    Fail(kExitUsage, directory,
         "this folder holds other files and no run; give another --out.");
  }
  if (!force) {
    Fail(kExitUsage, directory,
         "there is a run already; go on with it (unnoise train --resume " +
             directory + "), give another --out, or replace it with --force.");
  }
  return true;
}

// The place itself, where a link stands for it.
std::string PlaceOf(FileSystem& files, const std::string& directory) {
  if (StatusOf(files, directory).kind == FileKind::kNone) return directory;
  std::string place;
  if (const int error = files.Resolve(directory, place)) {
    throw Failure{kExitFile, {FileProblem(directory, error)}};
  }
  return place;
}

[[noreturn]] void RefuseTaken(const std::string& directory) {
  Fail(kExitFile, directory,
       "another training is writing there; wait until it has ended, or give "
       "another --out.");
}

std::string SiteOf(const std::string& place) {
  return place + std::string(kPartialSuffix);
}

}  // namespace

bool IsRunFile(std::string_view name) {
  if (name.ends_with(kPartialSuffix)) {
    name.remove_suffix(kPartialSuffix.size());
  }
  return std::find(std::begin(kRunFiles), std::end(kRunFiles), name) !=
         std::end(kRunFiles);
}

bool HoldsRun(FileSystem& files, const std::string& folder) {
  return IsRun(NamesIn(files, folder));
}

FolderLock LockRun(FileSystem& files, const std::string& directory) {
  FolderLock lock(files, TrimSlashes(directory));
  if (lock.state() == FolderLock::State::kTaken) RefuseTaken(directory);
  return lock;
}

bool IsBeingBuilt(FileSystem& files, const std::string& directory) {
  const std::string site = SiteOf(directory);
  if (StatusOf(files, site).kind != FileKind::kFolder) return false;
  return FolderLock(files, site).state() == FolderLock::State::kTaken;
}

BuildingSite::BuildingSite(FileSystem& files, const std::string& directory,
                           bool force)
    : files_(files) {
  const bool replaces = CheckPlace(files, directory, force);
  place_ = PlaceOf(files, directory);
  if (replaces) earlier_.emplace(LockRun(files, directory));
  MakeFolders(files, FolderOf(place_));
  path_ = SiteOf(place_);
  Prepare();
}

// The lock decides whose the site is: a site without one was left by a training
// that was killed.
void BuildingSite::Prepare() {
  for (int attempt = 1;; ++attempt) {
    const int error = files_.MakeFolder(path_);
    if (error != 0 && error != EEXIST) {
      throw Failure{kExitFile, {FileProblem(path_, error)}};
    }
    try {
      lock_.emplace(files_, path_);
      break;
    } catch (const Failure&) {
      files_.Remove(path_);  // unless it is somebody else's
      // Its earlier holder may have removed or moved it in between.
      const bool gone = StatusOf(files_, path_).kind == FileKind::kNone;
      if (error != EEXIST || !gone || attempt == kMaxAttempts) throw;
    }
  }
  if (lock_->state() == FolderLock::State::kTaken) RefuseTaken(place_);

  // A run's experiment is written first; a folder without one is somebody
  // else's.
  const Names found = NamesIn(files_, path_);
  if (Holds(found, kExperimentFile) ||
      Holds(found, kExperimentFile + std::string(kPartialSuffix))) {
    RemoveRunFiles(files_, path_, kLockFile);
  }
  for (const std::string& name : NamesIn(files_, path_)) {
    if (name != kLockFile) {
      throw Failure{kExitFile, {FileProblem(path_, EEXIST)}};
    }
  }
}

BuildingSite::~BuildingSite() {
  if (!path_.empty()) RemoveRun(files_, path_);
}

std::string BuildingSite::TakePlace() {
  std::string aside = place_ + std::string(kAsideSuffix);
  const auto rename = [&](const std::string& from, const std::string& to) {
    if (const int error = files_.Rename(from, to)) {
      throw Failure{kExitFile, {FileProblem(place_, error)}};
    }
  };
  if (!earlier_) {
    rename(path_, place_);
  } else {
    for (int i = 2; StatusOf(files_, aside).kind != FileKind::kNone; ++i) {
      aside = place_ + std::string(kAsideSuffix) + "-" + std::to_string(i);
    }
    if (files_.Exchange(path_, place_) == 0) {
      if (files_.Rename(path_, aside) != 0) aside = path_;
    } else {
      rename(place_, aside);
      try {
        rename(path_, place_);
      } catch (const Failure&) {
        files_.Rename(aside, place_);
        throw;
      }
    }
  }
  path_.clear();
  lock_->MovedTo(place_);
  files_.Sync(FolderOf(place_));
  return earlier_ && !RemoveRun(files_, aside) ? aside : "";
}

}  // namespace unnoise
