// A run as named tensors and back. The container is safetensors.cc.

#include "core/run/checkpoint.h"

#include <cmath>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/data/npy.h"
#include "core/data/points.h"
#include "core/run/experiment.h"
#include "core/run/parameter_tensors.h"
#include "core/run/safetensors.h"

namespace unnoise {
namespace {

constexpr std::string_view kFormatName = "unnoise ";
constexpr int kFormat = 2;
constexpr int kFormatOfHashes = 1;
constexpr size_t kMaxStepDigits = 15;  // below 2^53
constexpr char kExperimentKey[] = "experiment";
constexpr char kMetricsKey[] = "metrics";
constexpr char kPointsTensor[] = "data.points";
constexpr char kLabelsTensor[] = "data.labels";
// Of a run file: enough for any curve, small beside the weights.
constexpr size_t kMaxMetricsLines = 4000;

// What of a run a checkpoint holds.
std::vector<FlatArray> ArraysOf(Run& run) {
  std::vector<FlatArray> arrays = {{"", run.weights()},
                                   {"ema.", run.average()}};
  for (const StateArray& state : run.OptimizerState()) {
    arrays.push_back({"optim." + state.name + ".", state.values});
  }
  return arrays;
}

// Digits only, so that each number has one form.
bool ParseStep(std::string_view text, int64_t& step) {
  if (text.empty() || text.size() > kMaxStepDigits) return false;
  step = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    step = 10 * step + (c - '0');
  }
  return true;
}

std::string_view ValueOf(const Metadata& metadata, std::string_view key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::string_view() : found->second;
}

// A container that is a checkpoint of a format that we read, and its step.
struct Opened {
  SafetensorsFile file;
  int64_t format;
  int64_t step;

  std::string_view experiment() const {
    return ValueOf(file.metadata, kExperimentKey);
  }
};

Result<Opened> Open(std::string_view bytes, std::string_view where) {
  Result<SafetensorsFile> file = ReadSafetensors(bytes, where);
  if (!file.ok()) return file.problems();
  std::string_view format = ValueOf(file->metadata, "format");
  int64_t version = 0;
  if (!format.starts_with(kFormatName) ||
      !ParseStep(format.substr(kFormatName.size()), version)) {
    return Problem{std::string(where),
                   "this safetensors file was not written by unnoise; give "
                   "the folder of a run."};
  }
  if (version < kFormatOfHashes || version > kFormat) {
    return Problem{std::string(where), "this checkpoint has format " +
                                           std::to_string(version) +
                                           ", and this program reads up to " +
                                           std::to_string(kFormat) +
                                           "; use a newer version of unnoise."};
  }
  int64_t step = 0;
  if (!ParseStep(ValueOf(file->metadata, "step"), step)) {
    return Problem{std::string(where),
                   "the checkpoint does not say its step; take another copy, "
                   "or train anew."};
  }
  return Opened{std::move(*file), version, step};
}

// Problems of the experiment in a file, at that file.
Problems Within(std::string_view where, Problems problems) {
  for (Problem& problem : problems) {
    if (problem.path == where) continue;
    problem.path = problem.path.empty()
                       ? std::string(where)
                       : std::string(where) + ": " + problem.path;
  }
  return problems;
}

// The hash that a checkpoint of format 1 holds: of canonical JSON, whatever
// fields it has.
std::string HashOfText(std::string_view text) {
  const Result<Json> json = ParseJson(text, "");
  if (!json.ok()) return "";
  Fnv1a64 hash;
  hash.Text(Write(*json));
  return hash.Hex();
}

Problems CheckExperiment(const Opened& opened, std::string_view where,
                         const Experiment& experiment,
                         std::string_view stored) {
  const std::string canonical = WriteExperiment(experiment);
  bool same = false;
  if (opened.format == kFormatOfHashes) {
    same = opened.experiment() ==
           HashOfText(stored.empty() ? std::string_view(canonical) : stored);
  } else if (!opened.experiment().empty()) {  // no text would mean all defaults
    const Result<Experiment> own =
        ReadExperiment(opened.experiment(), where, {}, nullptr);
    if (!own.ok()) return Within(where, own.problems());
    same = WriteExperiment(*own) == canonical;
  }
  if (same) return {};
  return {{std::string(where),
           "this checkpoint belongs to another experiment; put back the "
           "experiment.json that it was trained with."}};
}

std::string Save(Run& run, std::vector<NamedTensor> tensors,
                 Metadata metadata) {
  std::vector<std::vector<float>> copies;
  for (NamedTensor& tensor :
       TensorsOf(run.model().parameters(), ArraysOf(run), copies)) {
    tensors.push_back(std::move(tensor));
  }
  metadata["format"] = std::string(kFormatName) + std::to_string(kFormat);
  metadata["step"] = std::to_string(run.step());
  metadata[kExperimentKey] = WriteExperiment(run.experiment());
  return WriteSafetensors(tensors, metadata);
}

using SharedPoints = std::shared_ptr<const PointSet>;

// Points of these values and labels, which are float32 as stored.
Result<SharedPoints> PointsOf(std::vector<float> values, int64_t dim,
                              std::span<const float> labels,
                              std::string_view where) {
  const auto problem = [&](const char* what) {
    return Problem{std::string(where), what};
  };
  if (dim < 1 || dim > kMaxPointDim || values.empty()) {
    return problem(
        "this is no array [points, coordinates]; take the file that unnoise "
        "wrote.");
  }
  for (const float value : values) {
    if (value - value == 0) continue;
    return problem(
        "a number in it is not finite; take the file that unnoise wrote.");
  }
  PointSet points{static_cast<int>(dim), std::move(values)};
  for (const float label : labels) {
    if (label >= 0 && label <= 255 && label == std::floor(label)) {
      points.labels.push_back(static_cast<uint8_t>(label));
    }
  }
  const size_t count = static_cast<size_t>(points.count());
  if (!labels.empty() && points.labels.size() != count) {
    return problem(
        "the labels are not one number from 0 to 255 for each point; take the "
        "file that unnoise wrote.");
  }
  return SharedPoints(std::make_shared<const PointSet>(std::move(points)));
}

// The numbers of a tensor, none if there is no such tensor.
std::vector<float> ValuesIn(const SafetensorsFile& file,
                            std::string_view name) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end() || found->second.bytes.empty() ||
      found->second.type != NumberType::kF32) {
    return {};
  }
  std::vector<float> values(static_cast<size_t>(found->second.shape.size()));
  std::memcpy(values.data(), found->second.bytes.data(),
              found->second.bytes.size());
  return values;
}

// The points in the file itself, or else in those beside it, or else null.
Result<SharedPoints> PointsIn(const Opened& opened, const RunFiles& files) {
  const auto found = opened.file.tensors.find(kPointsTensor);
  if (found != opened.file.tensors.end()) {
    const Shape& shape = found->second.shape;
    return PointsOf(ValuesIn(opened.file, kPointsTensor),
                    shape.rank() == 2 ? shape[1] : 0,
                    ValuesIn(opened.file, kLabelsTensor), files.model_name);
  }
  if (files.points.empty()) return SharedPoints();
  return ReadKeptPoints(files.points, "data.npy", files.labels, "labels.npy");
}

}  // namespace

std::string SaveCheckpoint(Run& run) { return Save(run, {}, {}); }

std::string SaveRunFile(Run& run, std::span<const MetricsLine> metrics) {
  std::vector<NamedTensor> tensors;
  std::vector<float> labels;
  if (const Points* points = run.experiment().points()) {
    const PointSet& set = *points->points();
    tensors.push_back({kPointsTensor, {set.count(), set.dim}, set.values});
    labels.assign(set.labels.begin(), set.labels.end());
    if (!labels.empty()) {
      tensors.push_back({kLabelsTensor, {set.count()}, labels});
    }
  }
  return Save(
      run, std::move(tensors),
      {{kMetricsKey,
        MetricsHeader() + WriteMetrics(Thinned(metrics, kMaxMetricsLines))}});
}

Problems LoadCheckpoint(std::string_view bytes, std::string_view where,
                        Run& run, std::string_view stored) {
  const Result<Opened> opened = Open(bytes, where);
  if (!opened.ok()) return opened.problems();
  const SafetensorsFile& file = opened->file;
  Problems problems = CheckExperiment(*opened, where, run.experiment(), stored);
  if (!problems.empty()) return problems;

  const ParameterList& parameters = run.model().parameters();
  const std::vector<FlatArray> arrays = ArraysOf(run);
  const size_t expected = arrays.size() * parameters.entries().size() +
                          file.tensors.count(kPointsTensor) +
                          file.tensors.count(kLabelsTensor);
  // What is missing is told first.
  problems = CheckTensors(file, where, parameters, arrays);
  if (problems.empty() && file.tensors.size() != expected) {
    problems.push_back({std::string(where),
                        "there are tensors that this experiment does not "
                        "have; take another copy, or train anew."});
  }
  if (!problems.empty()) return problems;
  FillFrom(file, parameters, arrays);
  run.SetStep(opened->step);
  return {};
}

Result<SharedPoints> ReadKeptPoints(std::string_view points,
                                    std::string_view points_name,
                                    std::string_view labels,
                                    std::string_view labels_name) {
  Result<NpyArray> array = ReadNpy(points, points_name);
  if (!array.ok()) return array.problems();
  NpyArray classes;
  if (!labels.empty()) {
    Result<NpyArray> read = ReadNpy(labels, labels_name);
    if (!read.ok()) return read.problems();
    classes = std::move(*read);
  }
  return PointsOf(std::move(array->values),
                  array->shape.size() == 2 ? array->shape[1] : 0,
                  classes.values, points_name);
}

Result<OpenedRun> OpenRunFiles(const RunFiles& files, const Backend& backend) {
  const std::string_view where = files.model_name;
  const Result<Opened> opened = Open(files.model, where);
  if (!opened.ok()) return opened.problems();
  const bool has_text =
      opened->format != kFormatOfHashes && !opened->experiment().empty();
  if (files.experiment.empty() && !has_text) {
    return Problem{std::string(where),
                   "this checkpoint does not hold its experiment; give the "
                   "experiment.json beside it too."};
  }
  const bool beside = !files.experiment.empty();
  const std::string_view text =
      beside ? files.experiment : opened->experiment();
  const std::string_view place = beside ? "experiment.json" : where;

  const Result<SharedPoints> points = PointsIn(*opened, files);
  if (!points.ok()) return points.problems();
  const Result<Experiment> alone = ReadExperiment(text, place, {}, nullptr);
  if (!alone.ok()) return Within(place, alone.problems());
  const bool needs_points = alone->points() != nullptr;
  if (needs_points && *points == nullptr) {
    return Problem{std::string(where),
                   "its experiment is about points of a file that is not in "
                   "it; give the data.npy beside it too."};
  }
  // Points that the experiment does not ask for are somebody else's.
  Result<Experiment> experiment =
      ReadExperiment(text, place, {}, needs_points ? *points : nullptr);
  if (!experiment.ok()) return Within(place, experiment.problems());
  auto run = std::make_unique<Run>(std::move(*experiment), backend);
  const Problems problems =
      LoadCheckpoint(files.model, where, *run, files.experiment);
  if (!problems.empty()) return problems;

  const std::string_view own = ValueOf(opened->file.metadata, kMetricsKey);
  const Result<MetricsLines> metrics =
      files.metrics.empty()
          ? ReadMetrics(own, where, run->step())
          : ReadMetrics(files.metrics, "metrics.jsonl", run->step());
  if (!metrics.ok()) return metrics.problems();
  return OpenedRun{std::move(run), metrics->lines};
}

}  // namespace unnoise
