#include "core/cli/experiment_input.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/cli/command.h"
#include "core/run/checkpoint.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxExperimentBytes = int64_t{4} << 20;
// Text of the largest set, at about 17 characters a number.
constexpr int64_t kMaxTextBytes = int64_t{1} << 30;
// Arrays of the largest set, in double precision, with labels.
constexpr int64_t kMaxArrayBytes =
    8 * kMaxPoints * (kMaxPointDim + 1) + (int64_t{1} << 20);
constexpr std::string_view kArraySuffixes[] = {".npy", ".npz"};
constexpr std::string_view kTextSuffixes[] = {".csv", ".tsv", ".txt"};
constexpr std::string_view kDataKey = "data=";
constexpr std::string_view kFileKey = "data.file=";
constexpr std::string_view kSeedKey = "seed=";

using SharedPoints = std::shared_ptr<const PointSet>;

bool IsExperimentFile(std::string_view word) {
  return word.ends_with(".json") && word.find('=') == word.npos;
}

bool EndsWithAny(std::string_view path,
                 std::span<const std::string_view> suffixes) {
  return std::any_of(suffixes.begin(), suffixes.end(),
                     [&](auto suffix) { return path.ends_with(suffix); });
}

// Whether the value of data= names a file rather than a kind.
bool NamesFile(FileSystem& files, const std::string& value) {
  for (const Row<Dataset>& row : Rows<Dataset>()) {
    if (row.name == value) return false;
  }
  if (value.empty() || value.front() == '{') return false;  // JSON
  if (EndsWithAny(value, kTextSuffixes) || EndsWithAny(value, kArraySuffixes) ||
      value.find('/') != value.npos) {
    return true;
  }
  FileStatus status;
  return files.Status(value, status) == 0 && status.kind == FileKind::kFile;
}

SharedPoints ReadUsersFile(FileSystem& files, const std::string& path) {
  return std::make_shared<const PointSet>(
      ReadPointsFile(files, path, Rounding::kToCodes));
}
// The points that a run keeps in its folder.
SharedPoints ReadKept(FileSystem& files, const std::string& folder) {
  const std::string path = JoinPath(folder, kPointsFile);
  const std::string labels_path = JoinPath(folder, kLabelsFile);
  const bool labelled = StatusOf(files, labels_path).kind == FileKind::kFile;
  const Result<SharedPoints> points = ReadKeptPoints(
      ReadFile(files, path, kMaxArrayBytes), path,
      labelled ? ReadFile(files, labels_path, kMaxArrayBytes) : "",
      labels_path);
  if (!points.ok()) throw Failure{kExitFile, points.problems()};
  return *points;
}

// The file of the words data=points data.file=FILE, "" if they are not there.
std::string NamedFile(std::span<const std::string> words) {
  bool points = false;
  std::string file;
  for (const std::string& word : words) {
    if (word.starts_with(kDataKey)) {
      points = word.substr(kDataKey.size()) == "points";
    } else if (word.starts_with(kFileKey)) {
      file = word.substr(kFileKey.size());
    }
  }
  return points ? file : std::string();
}

Experiment Checked(Result<Experiment> experiment, ExitCode exit_code) {
  if (!experiment.ok()) throw Failure{exit_code, experiment.problems()};
  return std::move(*experiment);
}

// The text of an experiment, which is never empty: no text would mean all
// defaults.
std::string ReadText(FileSystem& files, const std::string& path,
                     ExitCode exit_code) {
  std::string text = ReadFile(files, path, kMaxExperimentBytes);
  if (text.empty()) {
    throw Failure{exit_code,
                  {{path, "the file is empty; put an experiment into it."}}};
  }
  return text;
}

// What is wrong with a stored experiment, with the file that it is in.
Experiment CheckedStored(Result<Experiment> experiment,
                         const std::string& path) {
  if (experiment.ok()) return std::move(*experiment);
  Problems problems = experiment.problems();
  for (Problem& problem : problems) {
    if (problem.path != path) problem.path = path + ": " + problem.path;
  }
  throw Failure{kExitFile, std::move(problems)};
}

bool LacksPoints(const Experiment& experiment) {
  return experiment.points() && !experiment.points()->points();
}

// A word that sets data to the points of a file, whatever it was before.
std::string PointsWord(const std::string& path) {
  return std::string(kDataKey) +
         Write(Json::Object{{"kind", "points"}, {"file", path}});
}

}  // namespace

PointSet ReadPointsFile(FileSystem& files, const std::string& path,
                        Rounding rounding) {
  const int64_t limit =
      EndsWithAny(path, kArraySuffixes) ? kMaxArrayBytes : kMaxTextBytes;
  const FileStatus status = StatusOf(files, path);
  if (status.kind == FileKind::kFile && status.size > limit) {
    throw Failure{kExitFile,
                  {{path, "the file is larger than any set of " +
                              std::to_string(kMaxPoints) + " points with " +
                              std::to_string(kMaxPointDim) +
                              " coordinates; keep at most as many."}}};
  }
  Result<PointSet> points =
      PointsFromBytes(ReadFile(files, path, limit), path, rounding);
  if (!points.ok()) throw Failure{kExitUsage, points.problems()};
  return std::move(*points);
}

Experiment ReadWords(FileSystem& files, std::span<const std::string> words,
                     std::optional<int64_t> seed) {
  std::optional<std::string> file;
  std::vector<std::string> settings;
  SharedPoints points;
  Problems problems;
  for (const std::string& word : words) {
    if (IsExperimentFile(word)) {
      if (file) {
        problems.push_back(
            {word, "there is a second experiment, " + *file + "; give one."});
      }
      file = word;
      continue;
    }
    if (seed && word.starts_with(kSeedKey)) {
      problems.push_back({word, "--seed is given too; keep one of them."});
    }
    const std::string value = word.starts_with(kDataKey)
                                  ? word.substr(kDataKey.size())
                                  : std::string();
    if (!value.empty() && NamesFile(files, value)) {
      points = ReadUsersFile(files, value);
      settings.push_back(PointsWord(value));
    } else {
      settings.push_back(word);
    }
  }
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
  if (seed) settings.push_back(std::string(kSeedKey) + std::to_string(*seed));

  if (const std::string named = NamedFile(settings); !named.empty()) {
    points = ReadUsersFile(files, named);
  }

  const std::string text =
      file ? ReadText(files, *file, kExitUsage) : std::string();
  const std::string where = file.value_or(kExperimentFile);
  Experiment experiment =
      Checked(ReadExperiment(text, where, settings, points), kExitUsage);
  if (!LacksPoints(experiment)) return experiment;

  const std::string beside =
      file ? JoinPath(FolderOf(*file), kPointsFile) : std::string();
  if (file && StatusOf(files, beside).kind == FileKind::kFile) {
    points = ReadKept(files, FolderOf(*file));
  } else if (!experiment.points()->file().empty()) {
    points = ReadUsersFile(files, experiment.points()->file());
  } else {
    throw Failure{kExitUsage,
                  {{"data",
                    "the points of this experiment are "
                    "missing; give data=FILE.csv or another file of points."}}};
  }
  return Checked(ReadExperiment(text, where, settings, points), kExitUsage);
}

Experiment ReadStored(FileSystem& files, const std::string& directory) {
  const std::string path = JoinPath(directory, kExperimentFile);
  const std::string text = ReadText(files, path, kExitFile);
  const Experiment stored =
      CheckedStored(ReadExperiment(text, path, {}, nullptr), path);
  const SharedPoints points =
      LacksPoints(stored) ? ReadKept(files, directory) : nullptr;
  return CheckedStored(ReadExperiment(text, path, {}, points), path);
}

Experiment WithWords(const Experiment& experiment,
                     std::span<const std::string> words) {
  return Checked(
      ReadExperiment(WriteExperiment(experiment), "", words, nullptr),
      kExitUsage);
}

void CheckSamplerWords(std::span<const std::string> words) {
  Problems problems;
  for (const std::string& word : words) {
    if (word.starts_with("sampler=") || word.starts_with("sampler.")) continue;
    problems.push_back({word,
                        "here only the sampler can be set; write for "
                        "example sampler.steps=100."});
  }
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
}

std::string StemOf(std::string_view path) {
  std::string_view name = path.substr(path.find_last_of("/\\") + 1);
  name = name.substr(0, name.rfind('.'));
  std::string stem;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '_' || c == '-';
    stem += plain ? c : '_';
  }
  return stem;
}

}  // namespace unnoise
