#include "core/cli/run_directory.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/cli/command.h"
#include "core/cli/experiment_input.h"
#include "core/data/npy.h"
#include "core/run/checkpoint.h"

namespace unnoise {
namespace {

constexpr char kModelFile[] = "model.safetensors";
constexpr char kMomentsFile[] = "data.json";
constexpr std::string_view kOwnFiles[] = {
    kExperimentFile, kModelFile, kMetricsFile, kMomentsFile, kPointsFile};
constexpr std::string_view kAsideSuffix = ".old";
constexpr int64_t kMaxModelBytes = int64_t{4} << 30;
constexpr int64_t kMaxMetricsBytes = int64_t{1} << 30;
constexpr int kMaxSuffix = 10000;

using Names = std::vector<std::string>;

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

bool IsOwn(std::string_view name) {
  if (name.ends_with(kPartialSuffix)) {
    name.remove_suffix(kPartialSuffix.size());
  }
  return std::find(std::begin(kOwnFiles), std::end(kOwnFiles), name) !=
         std::end(kOwnFiles);
}

// Removes a run's own files and, if nothing else is in it, the folder; tells
// whether it is gone.
bool RemoveRun(FileSystem& files, const std::string& folder) {
  Names names;
  if (files.List(folder, names) == 0) {
    for (const std::string& name : names) {
      if (IsOwn(name)) files.Remove(JoinPath(folder, name));
    }
  }
  return files.Remove(folder) == 0;
}

// Removes what a run that was killed while it was made has left. Its experiment
// is written first; a folder without one is somebody else's.
void RemoveSite(FileSystem& files, const std::string& folder) {
  Names names;
  if (files.List(folder, names) != 0) return;
  const bool ours = names.empty() || Holds(names, kExperimentFile) ||
                    Holds(names, kExperimentFile + std::string(kPartialSuffix));
  if (ours) RemoveRun(files, folder);
}

// Refuses a place that a new run may not take; tells whether an earlier run
// stands there.
bool CheckPlace(FileSystem& files, const std::string& directory, bool force) {
  const std::string name = directory.substr(directory.rfind('/') + 1);
  if (name.empty() || name == "." || name == "..") {
    throw Failure{kExitUsage,
                  {{"--out", "\"" + directory +
                                 "\" has no name of its own; give "
                                 "a new folder, such as "
                                 "runs/first."}}};
  }
  switch (StatusOf(files, directory).kind) {
    case FileKind::kNone:
      return false;
    case FileKind::kFolder:
      break;
    default:
      throw Failure{kExitUsage,
                    {{directory,
                      "a file stands there; give "
                      "another --out."}}};
  }
  const Names names = NamesIn(files, directory);
  if (names.empty()) return false;
  if (!IsRun(names)) {
    throw Failure{kExitUsage,
                  {{directory,
                    "this folder holds other files and "
                    "no run; give another --out."}}};
  }
  if (!force) {
    throw Failure{kExitUsage,
                  {{directory,
                    "there is a run already; go on with it (unnoise train "
                    "--resume " +
                        directory +
                        "), give another --out, or replace it "
                        "with --force."}}};
  }
  return true;
}

// The folder in which a new run is built, with its first checkpoint; removed
// again unless it gets its place.
class BuildingSite {
 public:
  BuildingSite(FileSystem& files, std::string path)
      : files_(files), path_(std::move(path)) {}
  BuildingSite(const BuildingSite&) = delete;
  BuildingSite& operator=(const BuildingSite&) = delete;
  ~BuildingSite() {
    if (!path_.empty()) RemoveRun(files_, path_);
  }

  const std::string& path() const { return path_; }
  void MoveTo(const std::string& place) {
    if (const int error = files_.Rename(path_, place)) {
      throw Failure{kExitFile, {FileProblem(place, error)}};
    }
    path_.clear();
  }

 private:
  FileSystem& files_;
  std::string path_;
};

Json Numbers(const std::vector<double>& numbers) {
  return Json::Array(numbers.begin(), numbers.end());
}

// Everything but metrics and checkpoint.
void WriteFixedFiles(FileSystem& files, const std::string& folder,
                     const Run& run) {
  const Experiment& experiment = run.experiment();
  const Result<Json> json = ParseJson(WriteExperiment(experiment), "");
  WriteAtomically(files, JoinPath(folder, kExperimentFile), WritePretty(*json));

  const Moments moments = experiment.data->ExactMoments();
  std::vector<double> deviation;
  for (const double variance : moments.variance) {
    deviation.push_back(std::sqrt(variance));
  }
  const Affine& affine = run.standardiser();
  WriteAtomically(files, JoinPath(folder, kMomentsFile),
                  WritePretty(Json::Object{{"mean", Numbers(moments.mean)},
                                           {"std", Numbers(deviation)},
                                           {"shift", Numbers(affine.shift)},
                                           {"scale", Numbers(affine.scale)}}));

  const Points* points = experiment.points();
  if (points == nullptr) return;
  const PointSet& set = *points->points();
  const int64_t shape[] = {set.count(), set.dim};
  std::string bytes = NpyHeader(shape);
  bytes.append(reinterpret_cast<const char*>(set.values.data()),
               set.values.size() * sizeof(float));
  WriteAtomically(files, JoinPath(folder, kPointsFile), bytes);
}

// Step and seconds of a line of metrics.
bool ReadMetrics(std::string_view line, double& step, double& seconds) {
  const Result<Json> json = ParseJson(line, "");
  if (!json.ok()) return false;
  const Json* named_step = json->Find("step");
  const Json* named_seconds = json->Find("seconds");
  if (!named_step || !named_step->AsNumber()) return false;
  if (!named_seconds || !named_seconds->AsNumber()) return false;
  step = *named_step->AsNumber();
  seconds = *named_seconds->AsNumber();
  return true;
}

// Densely at first, where much happens, and the same whenever a run is cut: by
// step, never by time.
bool IsNoted(int64_t step) {
  return step <= 100 || (step <= 1000 && step % 10 == 0) || step % 100 == 0;
}

}  // namespace

std::unique_ptr<Run> OpenRun(FileSystem& files, const std::string& directory) {
  const FileKind kind = StatusOf(files, directory).kind;
  if (kind == FileKind::kNone) {
    const std::string aside =
        TrimSlashes(directory) + std::string(kAsideSuffix);
    const bool interrupted = StatusOf(files, aside).kind == FileKind::kFolder;
    throw Failure{
        kExitFile,
        {{directory, interrupted
                         ? "there is no such folder, but the run that stood "
                           "there is in " +
                               aside + "; rename that."
                         : "there is no such folder; name the directory of a "
                           "run, such as runs/first."}}};
  }
  if (kind != FileKind::kFolder || !IsRun(NamesIn(files, directory))) {
    throw Failure{kExitFile,
                  {{directory,
                    "there is no run; name the "
                    "directory that unnoise train wrote "
                    "to."}}};
  }
  auto run = std::make_unique<Run>(ReadStored(files, directory), SimdBackend());
  const std::string model = JoinPath(directory, kModelFile);
  Problems problems =
      LoadCheckpoint(ReadFile(files, model, kMaxModelBytes), model, *run);
  if (!problems.empty()) throw Failure{kExitFile, std::move(problems)};
  return run;
}

bool BelongsToRun(FileSystem& files, const std::string& path) {
  const std::string folder = FolderOf(path);
  return IsOwn(path.substr(path.rfind('/') + 1)) &&
         StatusOf(files, folder).kind == FileKind::kFolder &&
         IsRun(NamesIn(files, folder));
}

RunWriter RunWriter::Create(FileSystem& files, const std::string& directory,
                            bool force, Run& run) {
  RunWriter writer(files, TrimSlashes(directory), run);
  const std::string& place = writer.directory_;
  const bool replaces = CheckPlace(files, place, force);
  MakeFolders(files, FolderOf(place));

  std::string site_path = place + std::string(kPartialSuffix);
  RemoveSite(files, site_path);
  if (const int error = files.MakeFolder(site_path)) {
    throw Failure{kExitFile, {FileProblem(site_path, error)}};
  }
  BuildingSite site(files, std::move(site_path));
  WriteFixedFiles(files, site.path(), run);
  WriteAtomically(files, JoinPath(site.path(), kMetricsFile), "");
  WriteAtomically(files, JoinPath(site.path(), kModelFile),
                  SaveCheckpoint(run));
  writer.saved_step_ = run.step();

  std::string aside;
  if (replaces) {
    aside = place + std::string(kAsideSuffix);
    for (int i = 2; StatusOf(files, aside).kind != FileKind::kNone; ++i) {
      aside = place + std::string(kAsideSuffix) + "-" + std::to_string(i);
    }
    if (const int error = files.Rename(place, aside)) {
      throw Failure{kExitFile, {FileProblem(place, error)}};
    }
  }
  try {
    site.MoveTo(place);
  } catch (const Failure&) {
    if (replaces) files.Rename(aside, place);
    throw;
  }
  files.Sync(FolderOf(place));
  if (replaces && !RemoveRun(files, aside)) writer.kept_ = aside;
  return writer;
}

RunWriter RunWriter::CreateNamed(FileSystem& files, const std::string& name,
                                 Run& run) {
  std::string directory = name;
  for (int i = 2; StatusOf(files, directory).kind != FileKind::kNone; ++i) {
    if (i > kMaxSuffix) {
      throw Failure{kExitUsage,
                    {{name,
                      "there are too many runs of that name; "
                      "give --out."}}};
    }
    directory = name + "-" + std::to_string(i);
  }
  return Create(files, directory, false, run);
}

RunWriter RunWriter::Resume(FileSystem& files, const std::string& directory,
                            Run& run) {
  RunWriter writer(files, TrimSlashes(directory), run);
  writer.saved_step_ = run.step();
  writer.CutMetrics();
  return writer;
}

void RunWriter::CutMetrics() {
  const std::string path = JoinPath(directory_, kMetricsFile);
  if (StatusOf(*files_, path).kind == FileKind::kNone) return;
  const std::string text = ReadFile(*files_, path, kMaxMetricsBytes);
  size_t kept = 0;
  for (size_t end; (end = text.find('\n', kept)) != text.npos; kept = end + 1) {
    double step = 0;
    double seconds = 0;
    const std::string_view line =
        std::string_view(text).substr(kept, end - kept);
    if (!ReadMetrics(line, step, seconds)) break;
    if (step > static_cast<double>(run_->step())) break;
    seconds_ = seconds;
  }
  if (kept == text.size()) return;
  if (const int error = files_->Truncate(path, static_cast<int64_t>(kept))) {
    throw Failure{kExitFile, {FileProblem(path, error)}};
  }
}

void RunWriter::Record(const Progress& progress, double seconds) {
  if (!IsNoted(progress.step)) return;
  lines_ += Write(Json::Object{{"step", progress.step},
                               {"loss", progress.loss},
                               {"rate", progress.rate},
                               {"grad_norm", progress.grad_norm},
                               {"seconds", seconds}}) +
            '\n';
}

void RunWriter::Save() {
  if (run_->step() == saved_step_) return;
  const std::string metrics = JoinPath(directory_, kMetricsFile);
  AppendToFile(*files_, metrics, lines_);
  lines_.clear();
  if (const int error = files_->Sync(metrics)) {
    throw Failure{kExitFile, {FileProblem(metrics, error)}};
  }
  WriteAtomically(*files_, JoinPath(directory_, kModelFile),
                  SaveCheckpoint(*run_));
  saved_step_ = run_->step();
}

}  // namespace unnoise
