// A run as named tensors and back. The container is safetensors.cc.

#include "core/run/checkpoint.h"

#include <cstring>
#include <utility>
#include <vector>

#include "core/run/safetensors.h"

namespace unnoise {
namespace {

constexpr std::string_view kFormatName = "unnoise ";
constexpr int kFormat = 1;
constexpr size_t kMaxStepDigits = 15;  // below 2^53

// One tensor of a checkpoint and where it lives in the run.
struct Slot {
  std::string name;
  Shape shape;
  std::span<float> values;
};

std::vector<Slot> SlotsOf(Run& run) {
  const ParameterList& parameters = run.model().parameters();
  std::vector<Slot> slots;
  const auto add = [&](const std::string& prefix, std::span<float> values) {
    Check(static_cast<int64_t>(values.size()) == parameters.size(),
          "state of a run has one number for each weight");
    for (const Parameter& entry : parameters.entries()) {
      slots.push_back(
          {prefix + entry.name, entry.shape,
           values.subspan(static_cast<size_t>(entry.offset),
                          static_cast<size_t>(entry.shape.size()))});
    }
  };
  add("", run.weights());
  add("ema.", run.average());
  for (const StateArray& state : run.OptimizerState()) {
    add("optim." + state.name + ".", state.values);
  }
  return slots;
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
  int64_t step;
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
  if (version != kFormat) {
    return Problem{std::string(where),
                   "this checkpoint has format " + std::to_string(version) +
                       ", and this program reads format " +
                       std::to_string(kFormat) +
                       "; use a version of unnoise that reads it."};
  }
  int64_t step = 0;
  if (!ParseStep(ValueOf(file->metadata, "step"), step)) {
    return Problem{std::string(where),
                   "the checkpoint does not say its step; take another copy, "
                   "or train anew."};
  }
  return Opened{std::move(*file), step};
}

}  // namespace

std::string SaveCheckpoint(Run& run) {
  std::vector<NamedTensor> tensors;
  for (Slot& slot : SlotsOf(run)) {
    tensors.push_back({std::move(slot.name), slot.shape, slot.values});
  }
  return WriteSafetensors(
      tensors, {{"format", std::string(kFormatName) + std::to_string(kFormat)},
                {"step", std::to_string(run.step())},
                {"experiment", HashOf(run.experiment())}});
}

Problems LoadCheckpoint(std::string_view bytes, std::string_view where,
                        Run& run) {
  const Result<Opened> opened = Open(bytes, where);
  if (!opened.ok()) return opened.problems();
  const SafetensorsFile& file = opened->file;
  if (ValueOf(file.metadata, "experiment") != HashOf(run.experiment())) {
    return {{std::string(where),
             "this checkpoint belongs to another experiment; put back the "
             "experiment.json that it was trained with."}};
  }

  // Everything is checked before anything is written.
  Problems problems;
  const std::vector<Slot> slots = SlotsOf(run);
  std::vector<std::string_view> sources;
  for (const Slot& slot : slots) {
    const auto found = file.tensors.find(slot.name);
    if (found == file.tensors.end()) {
      problems.push_back(
          {std::string(where), "the tensor " + slot.name +
                                   " is missing; take another copy, or "
                                   "train anew."});
    } else if (found->second.shape != slot.shape) {
      problems.push_back(
          {std::string(where),
           "the tensor " + slot.name + " has shape " +
               found->second.shape.ToText() + " where " + slot.shape.ToText() +
               " is expected; take another copy, or train anew."});
    } else {
      sources.push_back(found->second.bytes);
    }
  }
  if (problems.empty() && file.tensors.size() != slots.size()) {
    problems.push_back({std::string(where),
                        "there are tensors that this experiment does not "
                        "have; take another copy, or train anew."});
  }
  if (!problems.empty()) return problems;

  for (size_t i = 0; i < slots.size(); ++i) {
    if (sources[i].empty()) continue;
    std::memcpy(slots[i].values.data(), sources[i].data(), sources[i].size());
  }
  run.SetStep(opened->step);
  return {};
}

Result<int64_t> StepOfCheckpoint(std::string_view bytes,
                                 std::string_view where) {
  const Result<Opened> opened = Open(bytes, where);
  if (!opened.ok()) return opened.problems();
  return opened->step;
}

}  // namespace unnoise
