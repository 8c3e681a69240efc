#include "core/cli/experiment_input.h"

#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/cli/command.h"
#include "core/data/npy.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxExperimentBytes = int64_t{4} << 20;
constexpr int64_t kMaxPointsBytes = int64_t{1} << 30;
constexpr std::string_view kDataKey = "data=";
constexpr std::string_view kSeedKey = "seed=";

using SharedPoints = std::shared_ptr<const PointSet>;

bool IsExperimentFile(std::string_view word) {
  return word.ends_with(".json") && word.find('=') == word.npos;
}

// Whether the value of data= names a file rather than a kind.
bool NamesFile(FileSystem& files, const std::string& value) {
  for (const Row<Dataset>& row : Rows<Dataset>()) {
    if (row.name == value) return false;
  }
  if (value.empty() || value.front() == '{') return false;  // JSON
  if (value.ends_with(".csv") || value.find('/') != value.npos) return true;
  FileStatus status;
  return files.Status(value, status) == 0 && status.kind == FileKind::kFile;
}

SharedPoints ReadCsv(FileSystem& files, const std::string& path) {
  Result<PointSet> points =
      PointsFromCsv(ReadFile(files, path, kMaxPointsBytes), path);
  if (!points.ok()) throw Failure{kExitUsage, points.problems()};
  return std::make_shared<const PointSet>(std::move(*points));
}

SharedPoints ReadPointsNpy(FileSystem& files, const std::string& path) {
  Result<NpyArray> array =
      ReadNpy(ReadFile(files, path, kMaxPointsBytes), path);
  if (!array.ok()) throw Failure{kExitFile, array.problems()};
  if (array->shape.size() != 2 || array->shape[1] < 1 ||
      array->shape[1] > kMaxPointDim) {
    throw Failure{kExitFile,
                  {{path,
                    "this is no array [points, coordinates]; put back "
                    "the file that unnoise wrote."}}};
  }
  for (const float value : array->values) {
    if (value - value != 0) {
      throw Failure{kExitFile,
                    {{path,
                      "a number in it is not finite; put back the file that "
                      "unnoise wrote."}}};
    }
  }
  return std::make_shared<const PointSet>(
      PointSet{static_cast<int>(array->shape[1]), std::move(array->values)});
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
      points = ReadCsv(files, value);
      settings.push_back(PointsWord(value));
    } else {
      settings.push_back(word);
    }
  }
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
  if (seed) settings.push_back(std::string(kSeedKey) + std::to_string(*seed));

  const std::string text =
      file ? ReadText(files, *file, kExitUsage) : std::string();
  const std::string where = file.value_or(kExperimentFile);
  Experiment experiment =
      Checked(ReadExperiment(text, where, settings, points), kExitUsage);
  if (!LacksPoints(experiment)) return experiment;

  const std::string beside =
      file ? JoinPath(FolderOf(*file), kPointsFile) : std::string();
  if (file && StatusOf(files, beside).kind == FileKind::kFile) {
    points = ReadPointsNpy(files, beside);
  } else if (!experiment.points()->file().empty()) {
    points = ReadCsv(files, experiment.points()->file());
  } else {
    throw Failure{kExitUsage,
                  {{"data",
                    "the points of this experiment are "
                    "missing; give data=FILE.csv."}}};
  }
  return Checked(ReadExperiment(text, where, settings, points), kExitUsage);
}

Experiment ReadStored(FileSystem& files, const std::string& directory,
                      std::span<const std::string> words) {
  const std::string path = JoinPath(directory, kExperimentFile);
  const std::string text = ReadText(files, path, kExitFile);
  // Without the words first: what is wrong then is wrong with the file.
  const Experiment stored =
      CheckedStored(ReadExperiment(text, path, {}, nullptr), path);
  const SharedPoints points =
      LacksPoints(stored)
          ? ReadPointsNpy(files, JoinPath(directory, kPointsFile))
          : nullptr;
  Experiment whole =
      CheckedStored(ReadExperiment(text, path, {}, points), path);
  if (words.empty()) return whole;
  return Checked(ReadExperiment(text, path, words, points), kExitUsage);
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
