#include "core/cli/run_directory.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/cli/command.h"
#include "core/cli/experiment_input.h"
#include "core/data/npy.h"
#include "core/run/checkpoint.h"

namespace unnoise {
namespace {

// What is read of the metrics at first: the lines of some seconds.
constexpr int64_t kMetricsPart = int64_t{1} << 16;
constexpr int kMaxSuffix = 10000;
constexpr int kMomentsFormat = 1;

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
                  WritePretty(Json::Object{{"format", kMomentsFormat},
                                           {"mean", Numbers(moments.mean)},
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
  if (set.labels.empty()) return;
  const int64_t count[] = {set.count()};
  bytes = NpyHeader(count, NpyType::kUint8);
  bytes.append(set.labels.begin(), set.labels.end());
  WriteAtomically(files, JoinPath(folder, kLabelsFile), bytes);
}

void RequireRun(FileSystem& files, const std::string& directory) {
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
  if (kind != FileKind::kFolder || !HoldsRun(files, directory)) {
    throw Failure{kExitFile,
                  {{directory,
                    "there is no run; name the "
                    "directory that unnoise train wrote "
                    "to."}}};
  }
}

}  // namespace

std::unique_ptr<Run> OpenRun(FileSystem& files, const std::string& path,
                             const Backend& backend) {
  if (StatusOf(files, path).kind == FileKind::kFile) {
    return OpenRunFile(files, path, backend).run;
  }
  RequireRun(files, path);
  auto run = std::make_unique<Run>(ReadStored(files, path), backend);
  const std::string model = JoinPath(path, kModelFile);
  Problems problems = LoadCheckpoint(
      ReadFile(files, model, kMaxModelBytes), model, *run,
      ReadFile(files, JoinPath(path, kExperimentFile), kMaxModelBytes));
  if (!problems.empty()) throw Failure{kExitFile, std::move(problems)};
  return run;
}

OpenedRun OpenRunFile(FileSystem& files, const std::string& path,
                      const Backend& backend) {
  const std::string bytes = ReadFile(files, path, kMaxModelBytes);
  Result<OpenedRun> opened =
      OpenRunFiles({.model = bytes, .model_name = path}, backend);
  if (!opened.ok()) throw Failure{kExitFile, opened.problems()};
  return std::move(*opened);
}

std::string ResultPath(FileSystem& files, const std::string& run,
                       std::string_view name) {
  const bool is_file = StatusOf(files, run).kind == FileKind::kFile;
  return JoinPath(is_file ? FolderOf(run) : run, name);
}

bool BelongsToRun(FileSystem& files, const std::string& path) {
  const std::string folder = FolderOf(path);
  return IsRunFile(path.substr(path.rfind('/') + 1)) &&
         StatusOf(files, folder).kind == FileKind::kFolder &&
         HoldsRun(files, folder);
}

RunWriter RunWriter::Create(FileSystem& files, const std::string& directory,
                            bool force, Run& run,
                            std::span<const MetricsLine> metrics) {
  BuildingSite site(files, TrimSlashes(directory), force);
  WriteFixedFiles(files, site.path(), run);
  WriteAtomically(files, JoinPath(site.path(), kMetricsFile),
                  MetricsHeader() + WriteMetrics(metrics));
  WriteAtomically(files, JoinPath(site.path(), kModelFile),
                  SaveCheckpoint(run));
  std::string kept = site.TakePlace();
  RunWriter writer(files, directory, run, site.TakeLock());
  writer.kept_ = std::move(kept);
  if (!metrics.empty()) writer.seconds_ = metrics.back().seconds;
  return writer;
}

RunWriter RunWriter::CreateNamed(FileSystem& files, const std::string& name,
                                 Run& run,
                                 std::span<const MetricsLine> metrics) {
  std::string directory = name;
  for (int i = 2; StatusOf(files, directory).kind != FileKind::kNone ||
                  IsBeingBuilt(files, directory);
       ++i) {
    if (i > kMaxSuffix) {
      throw Failure{kExitUsage,
                    {{name,
                      "there are too many runs of that name; "
                      "give --out."}}};
    }
    directory = name + "-" + std::to_string(i);
  }
  return Create(files, directory, false, run, metrics);
}

FolderLock RunWriter::LockForResume(FileSystem& files,
                                    const std::string& directory) {
  RequireRun(files, directory);
  return LockRun(files, directory);
}

RunWriter RunWriter::Resume(FileSystem& files, const std::string& directory,
                            Run& run, FolderLock lock) {
  RunWriter writer(files, directory, run, std::move(lock));
  writer.CutMetrics();
  return writer;
}

// Only the end is read, and more of it as long as every line there is to be
// cut: these files grow for as long as a run does.
void RunWriter::CutMetrics() {
  const std::string path = JoinPath(directory_, kMetricsFile);
  const FileStatus status = StatusOf(*files_, path);
  if (status.kind == FileKind::kNone) {
    lines_ = MetricsHeader();
    return;
  }
  const auto read = [&](int64_t begin, int64_t size) {
    std::string text;
    if (const int error = files_->ReadPart(path, begin, size, text)) {
      throw Failure{kExitFile, {FileProblem(path, error)}};
    }
    return text;
  };
  const auto lines_of = [&](std::string_view text) {
    Result<MetricsLines> metrics = ReadMetrics(text, path, run_->step());
    if (!metrics.ok()) throw Failure{kExitFile, metrics.problems()};
    return std::move(*metrics);
  };
  lines_of(read(0, std::min(status.size, kMetricsPart)));  // for its format

  int64_t kept = 0;
  for (int64_t size = kMetricsPart;; size *= 2) {
    const int64_t begin = std::max<int64_t>(0, status.size - size);
    const std::string text = read(begin, status.size - begin);
    // The first line may be cut; before the very first nothing is.
    const size_t first = begin == 0 ? 0 : text.find('\n') + 1;
    const MetricsLines found = lines_of(std::string_view(text).substr(first));
    if (found.lines.empty() && begin > 0) continue;
    kept = begin + static_cast<int64_t>(first + found.bytes);
    if (!found.lines.empty()) seconds_ = found.lines.back().seconds;
    break;
  }
  if (kept == status.size) return;
  if (const int error = files_->Truncate(path, kept)) {
    throw Failure{kExitFile, {FileProblem(path, error)}};
  }
}

void RunWriter::Record(const Progress& progress, double seconds) {
  if (!IsNoted(progress.step)) return;
  const MetricsLine line = LineOf(progress, seconds);
  lines_ += WriteMetrics({&line, 1});
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
