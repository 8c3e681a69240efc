// A run as bytes: a safetensors file, whole or not at all.
//
// Tensors, float32, by module path: `network....` weights as PyTorch lays them
// out, `ema.network....` the running mean, `optim.adam.m.network....` optimizer
// state. __metadata__ holds, as strings: format ("unnoise 2"), step, experiment
// (its canonical text). In format 1 experiment was the hash of that text.
//
// The model.safetensors of a run directory is such a file, with the user's
// points and the metrics beside it. A run file is a whole run and has these
// within: the tensors `data.points` [count, dim] and, for points that have
// them, `data.labels` [count], and in __metadata__ metrics.

#ifndef UNNOISE_RUN_CHECKPOINT_H_
#define UNNOISE_RUN_CHECKPOINT_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/data/points.h"
#include "core/run/metrics.h"
#include "core/run/run.h"

namespace unnoise {

std::string SaveCheckpoint(Run& run);

// The same as a run file.
std::string SaveRunFile(Run& run, std::span<const MetricsLine> metrics);

// Puts the state into a fresh run of the same experiment; `where` names the
// file in problems. Either everything is loaded or (on problems: truncated,
// foreign, another experiment, missing or misshapen tensors, newer format)
// nothing. Experiments are compared as they are read now, so that fields which
// came later do not part a checkpoint from its experiment; for the hash of
// format 1 that takes the text from which the experiment was read (`stored`).
Problems LoadCheckpoint(std::string_view bytes, std::string_view where,
                        Run& run, std::string_view stored = {});

// The user's points as a run keeps them: data.npy and labels.npy ("" if there
// are none), whose names in problems are the other two. They are taken as they
// are, never made anew, and the experiment's digest says that they are whole.
Result<std::shared_ptr<const PointSet>> ReadKeptPoints(
    std::string_view points, std::string_view points_name,
    std::string_view labels, std::string_view labels_name);

// A run from the bytes of its files, with what they say of the training so far.
struct OpenedRun {
  std::unique_ptr<Run> run;
  std::vector<MetricsLine> metrics;
};

// The files of a run, as far as there are any: all that a run file needs is
// itself. `model_name` names the model's file in problems; the others have the
// names that they have in a run directory.
struct RunFiles {
  std::string_view model = {};
  std::string_view model_name = {};
  std::string_view experiment = {};  // experiment.json
  std::string_view points = {};      // data.npy
  std::string_view labels = {};      // labels.npy
  std::string_view metrics = {};     // metrics.jsonl
};
Result<OpenedRun> OpenRunFiles(const RunFiles& files, const Backend& backend);

}  // namespace unnoise

#endif  // UNNOISE_RUN_CHECKPOINT_H_
