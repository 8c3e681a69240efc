// One experiment being trained: weights, their running mean, optimizer state
// and the step they belong to. Work is keyed by step number, never by time:
// Advance(1) a hundred times leaves the bits of Advance(100). Knows no files:
// checkpoint.h turns a run into bytes and back.

#ifndef UNNOISE_RUN_RUN_H_
#define UNNOISE_RUN_RUN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/autodiff/tape.h"
#include "core/backend/backend.h"
#include "core/base/problem.h"
#include "core/family/family.h"
#include "core/run/experiment.h"

namespace unnoise {

// What the last step did. step counts the steps done.
struct Progress {
  int64_t step = 0;
  double loss = 0;       // of the batch, before the update
  double grad_norm = 0;  // before clipping
  double rate = 0;
  // Set when a loss or gradient was not finite (or the gradient's norm over
  // 1e15): the step was not taken, the run keeps its last good state, and
  // further steps do nothing.
  bool diverged = false;
};

class Run {
 public:
  // A fresh run at step 0, with drawn weights; where the experiment names given
  // ones, StartFrom or LoadCheckpoint must follow. Throws UsageError if the
  // experiment's points are missing. `backend` outlives the run; a fast
  // experiment runs on its fused form.
  Run(Experiment experiment, const Backend& backend);

  const Experiment& experiment() const { return *experiment_; }
  const Backend& backend() const { return backend_; }
  const Model& model() const { return *model_; }
  const Affine& standardiser() const { return standardiser_; }
  int dim() const { return experiment_->data->dim(); }

  int64_t step() const { return progress_.step; }
  const Progress& progress() const { return progress_; }

  // Starts anew from these weights, [parameters().size()], and names them in
  // the experiment: step 0, running mean the same, optimizer as it was made.
  // Requires a fresh run.
  void StartFrom(std::span<const float> weights);

  // Whether the family learns anything; Advance throws UsageError if not.
  bool trainable() const { return experiment_->family->training() != nullptr; }

  // Trains up to `steps` steps; stops early only on divergence. After the first
  // few steps nothing is allocated. Throws UsageError if weights that the
  // experiment names were not given.
  const Progress& Advance(int64_t steps);

  // While on, the first operation of a step that makes a NaN ends it as
  // diverged and is named by `trapped`; each step takes several times as long.
  void TrapNan(bool on) { tape_.TrapNan(on); }
  const std::string& trapped() const { return trapped_; }

  // A denoiser on the running mean of the weights as it is at each call.
  std::unique_ptr<Denoiser> MakeDenoiser();
  // The exact denoiser of the data in the model's units: what MakeDenoiser
  // comes near to.
  std::unique_ptr<Denoiser> MakeTruth() const;

  // Flat arrays over parameters(): weights, running mean, optimizer state.
  std::span<float> weights() { return weights_; }
  std::span<const float> weights() const { return weights_; }
  std::span<float> average() { return average_; }
  std::span<const float> average() const { return average_; }
  std::vector<StateArray> OptimizerState();
  // For loading a checkpoint.
  void SetStep(int64_t step);

  // Bytes of the arena of a step, at most so far.
  int64_t peak_bytes() const { return tape_.arena().peak(); }
  // Bytes that training takes: those of a step, which are known from shapes
  // before the first one, and what lasts (weights, their mean, the optimizer's
  // state, a gradient).
  int64_t StepBytes() const;
  int64_t TrainingBytes() const;

 private:
  void Step();

  std::unique_ptr<Experiment> experiment_;  // stays put: the model refers to it
  std::unique_ptr<Backend> fused_;  // null unless the experiment is fast
  const Backend& backend_;
  Affine standardiser_;
  std::unique_ptr<Model> model_;
  std::vector<std::unique_ptr<Transform>> transforms_;
  bool has_weights_;  // those that the experiment says
  std::vector<float> weights_;
  std::vector<float> average_;
  std::vector<float> update_;
  Tape tape_;
  std::vector<Tensor> leaves_;
  std::vector<Tensor> gradients_;
  Progress progress_;
  std::string trapped_;
};

// A problem at `batch` with the repair if training takes more than `available`
// bytes.
std::optional<Problem> MemoryProblem(const Run& run, int64_t available);

// The fingerprint of a run (of a fast one: of this machine's result only):
// FNV-1a-64 over little-endian bytes of the format version (1, 32 bits), the
// step (64 bits), weights, running mean (float32, declared order, every NaN as
// 0x7fc00000), and 64 samples drawn with the running mean, by the family's
// fingerprint sampler, from Fold(seed, "fingerprint"), in model units. 16 hex
// digits.
std::string FingerprintOf(Run& run);

}  // namespace unnoise

#endif  // UNNOISE_RUN_RUN_H_
