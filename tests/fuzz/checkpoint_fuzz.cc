// A model.safetensors that somebody hands to a run: it is loaded whole, or
// refused and nothing has changed. The same as weights to start from.

#include "core/run/checkpoint.h"
#include "core/run/safetensors.h"
#include "core/run/tensor_numbers.h"
#include "core/run/weights.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace unnoise;

Run& TinyRun() {
  static const auto run = [] {
    const std::vector<std::string> words = {"network.width=1",
                                            "network.depth=1", "batch=1"};
    auto experiment = ReadExperiment("", "", words, nullptr);
    fuzz::Require(experiment.ok(), "the tiny experiment is valid");
    return std::make_unique<Run>(std::move(*experiment), SimdBackend());
  }();
  return *run;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = fuzz::TextOf(data, size);
  const auto file = ReadSafetensors(bytes, "model.safetensors");
  if (!file) fuzz::RequireSentences(file.problems());

  Run& run = TinyRun();
  if (file) {
    for (const auto& [name, entry] : file->tensors) {
      const auto numbers = NumbersOf<double>(entry, name, "model.safetensors");
      if (!numbers) fuzz::RequireSentences(numbers.problems());
    }
    const auto weights = WeightsIn(*file, {}, run.model().parameters(),
                                   {"model.safetensors", "map.json"});
    if (!weights) fuzz::RequireSentences(weights.problems());
  }
  run.SetStep(0);
  const std::string before = SaveCheckpoint(run);
  const Problems problems = LoadCheckpoint(bytes, "model.safetensors", run);
  if (problems.empty()) {
    fuzz::Require(file.ok(), "what is loaded is a container");
    const std::string after = SaveCheckpoint(run);
    const Problems again = LoadCheckpoint(after, "again", run);
    fuzz::Require(again.empty(), "what was loaded can be saved");
    fuzz::Require(SaveCheckpoint(run) == after, "saving is stable");
    fuzz::Require(LoadCheckpoint(before, "before", run).empty(),
                  "the earlier state comes back");
  } else {
    fuzz::RequireSentences(problems);
    fuzz::Require(SaveCheckpoint(run) == before,
                  "a refused checkpoint changes nothing");
  }
  return 0;
}
