#include "core/run/run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/check.h"
#include "core/run/weights.h"
#include "core/sampling/world_denoiser.h"

namespace unnoise {
namespace {

// Far above any gradient that trains, far below what would overflow the
// squares that an optimizer keeps.
constexpr double kMaxGradientNorm = 1e15;

Key RootKey(const Experiment& experiment) {
  return KeyFromSeed(static_cast<uint64_t>(experiment.seed));
}

}  // namespace

Run::Run(Experiment experiment, const Backend& backend)
    : experiment_(std::make_unique<Experiment>(std::move(experiment))),
      fused_(experiment_->fast ? backend.Fused() : nullptr),
      backend_(fused_ ? *fused_ : backend),
      has_weights_(experiment_->weights.empty()),
      tape_(backend_, DType::kF32) {
  const Points* points = experiment_->points();
  Check(points == nullptr || points->points() != nullptr,
        "the experiment's points are not attached");
  standardiser_ = experiment_->family->Units(*experiment_->data);
  model_ = experiment_->family->Open(*experiment_->data);
  const ParameterList& parameters = model_->parameters();
  const size_t size = static_cast<size_t>(parameters.size());
  weights_.resize(size);
  update_.resize(size);
  leaves_.resize(parameters.entries().size());
  gradients_.resize(leaves_.size());
  parameters.Initialise(Fold(RootKey(*experiment_), "init"), weights_);
  average_ = weights_;
  if (const TrainingConfig* training = experiment_->family->training()) {
    transforms_ = training->optimizer->Chain(parameters.size());
  }
}

int64_t Run::StepBytes() const {
  if (model_->objective() == nullptr) return 0;
  Tape tape(ShapesOnlyBackend(), DType::kF32);
  const ParameterList& parameters = model_->parameters();
  std::vector<Tensor> leaves(leaves_.size()), gradients(leaves_.size());
  parameters.Bind(tape, ShapesOnlyBackend().Allocate(0), true, leaves);
  Tensor loss = model_->objective()->Loss(tape, leaves);
  GradAndSpend(loss, leaves, gradients);
  return tape.arena().peak();
}

int64_t Run::TrainingBytes() const {
  int64_t numbers =
      std::ssize(weights_) + std::ssize(average_) + std::ssize(update_);
  for (const auto& transform : transforms_) {
    std::vector<StateArray> state;
    transform->AppendState(state);
    for (const StateArray& array : state) numbers += std::ssize(array.values);
  }
  return StepBytes() + numbers * static_cast<int64_t>(sizeof(float));
}

std::optional<Problem> MemoryProblem(const Run& run, int64_t available) {
  const int64_t needed = run.TrainingBytes();
  if (needed <= available) return std::nullopt;
  // In whole MB, up; MB are what people's machines are sold in.
  const auto megabytes = [](int64_t bytes) {
    return std::to_string((bytes + 999999) / 1000000) + " MB";
  };
  return Problem{"batch",
                 "training this takes " + megabytes(needed) +
                     " of memory, and there are " + megabytes(available) +
                     " here. Make batch, network.width or network.depth "
                     "smaller."};
}

void Run::StartFrom(std::span<const float> weights) {
  Check(progress_.step == 0 && weights.size() == weights_.size(),
        "a run starts from one number a weight");
  std::copy(weights.begin(), weights.end(), weights_.begin());
  average_ = weights_;
  experiment_->weights = HashOfWeights(weights);
  has_weights_ = true;
}

const Progress& Run::Advance(int64_t steps) {
  Check(steps == 0 || trainable(), "there is nothing to train");
  Check(has_weights_, "the weights that the experiment names are missing");
  if (peak_bytes() == 0 && steps > 0) tape_.Reserve(StepBytes());
  try {
    for (int64_t i = 0; i < steps && !progress_.diverged; ++i) Step();
  } catch (const NotANumber& error) {
    trapped_ = error.what();
    progress_.diverged = true;
  }
  return progress_;
}

void Run::Step() {
  const TrainingConfig& training = *experiment_->family->training();
  const ParameterList& parameters = model_->parameters();
  Objective& objective = *model_->objective();
  Pool& pool = backend_.pool();
  const int64_t step = progress_.step;
  objective.DrawBatch(
      Fold(Fold(RootKey(*experiment_), "train"), static_cast<uint64_t>(step)),
      pool);
  tape_.Clear();
  parameters.Bind(tape_, weights_.data(), true, leaves_);
  Tensor loss = objective.Loss(tape_, leaves_);
  GradAndSpend(loss, leaves_, gradients_);
  float loss_value;
  tape_.Read(loss, &loss_value);
  pool.Run(std::ssize(gradients_), [&](int64_t i) {
    tape_.Read(gradients_[i], update_.data() + parameters.entries()[i].offset);
  });

  progress_.loss = loss_value;
  progress_.grad_norm = Norm(update_);
  progress_.rate = training.rate.At(step);
  if (!std::isfinite(progress_.loss) ||
      !(progress_.grad_norm <= kMaxGradientNorm)) {
    progress_.diverged = true;
    return;
  }
  for (const auto& transform : transforms_) {
    transform->Apply(step, weights_, update_, pool);
  }
  Descend(static_cast<float>(progress_.rate), update_, weights_, pool);
  training.ema.Update(step, weights_, average_, pool);
  ++progress_.step;
}

std::unique_ptr<Denoiser> Run::MakeDenoiser() {
  return model_->MakeDenoiser(backend_, average_);
}

std::unique_ptr<Denoiser> Run::MakeTruth() const {
  return MakeWorldDenoiser(experiment_->data->MakeWorld(standardiser_),
                           experiment_->family->path(), backend_.pool());
}

std::vector<StateArray> Run::OptimizerState() {
  std::vector<StateArray> state;
  for (const auto& transform : transforms_) transform->AppendState(state);
  return state;
}

void Run::SetStep(int64_t step) {
  Check(step >= 0, "a step count is not negative");
  progress_ = {.step = step};
  has_weights_ = true;
}

}  // namespace unnoise
