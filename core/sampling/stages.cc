// See stages.h.

#include "core/sampling/stages.h"

#include <algorithm>
#include <cmath>

namespace unnoise {
namespace {

// sum += weight * term; weights are rounded to float once.
void AddTerm(double weight, std::span<const float> term, std::span<float> sum) {
  const float factor = static_cast<float>(weight);
  if (factor == 0) return;
  for (size_t i = 0; i < sum.size(); ++i) sum[i] += factor * term[i];
}

class StagedStepper final : public Stepper {
 public:
  StagedStepper(const StagedSampler& sampler, const Journey& journey)
      : journey_(journey) {
    int slots = 0;
    plans_.resize(journey.grid.size() - 1);
    for (size_t i = 0; i < plans_.size(); ++i) {
      sampler.Plan(journey, static_cast<int64_t>(i) + 1, plans_[i]);
      for (const Stage& s : plans_[i]) slots = std::max(slots, s.slot + 1);
    }
    const size_t size = static_cast<size_t>(journey.count) *
                        static_cast<size_t>(journey.denoiser.dim());
    data_.resize(static_cast<size_t>(slots));
    noise_.resize(static_cast<size_t>(slots));
    for (auto& slot : data_) slot.resize(size);
    for (auto& slot : noise_) slot.resize(size);
    spare_.resize(size);
  }

  Outcome Step(int64_t from, std::span<float> x,
               const FreshNoise& fresh) override {
    const Stages& stages = plans_[from - 1];
    std::span<float> at = x;
    for (const Stage& stage : stages) {
      if (stage.slot >= 0) {
        const size_t slot = static_cast<size_t>(stage.slot);
        journey_.denoiser.Predict(stage.t, at, {data_[slot], noise_[slot]});
      }
      // All that is added, then x, which is rounded once.
      std::fill(spare_.begin(), spare_.end(), 0.0f);
      for (size_t slot = 0; slot < data_.size(); ++slot) {
        AddTerm(stage.data[slot], data_[slot], spare_);
        AddTerm(stage.noise[slot], noise_[slot], spare_);
      }
      at = stage.moves || &stage + 1 == stages.end() ? x : spare_;
      const float state = static_cast<float>(stage.state);
      for (size_t i = 0; i < x.size(); ++i) at[i] = state * x[i] + spare_[i];
      if (stage.deviation > 0 && !fresh.muted) {
        fresh.Normal(spare_);
        AddTerm(stage.deviation, spare_, at);
      }
    }
    return Outcome::kGood;
  }
  std::optional<double> acceptance() const override { return {}; }

 private:
  Journey journey_;
  std::vector<Stages> plans_;                     // [steps], from i + 1 to i
  std::vector<std::vector<float>> data_, noise_;  // [slots][count, dim]
  std::vector<float> spare_;                      // [count, dim]
};

}  // namespace

std::unique_ptr<Stepper> StagedSampler::Start(const Journey& journey) const {
  return std::make_unique<StagedStepper>(*this, journey);
}

void OneStepSampler::Plan(const Journey& journey, int64_t from,
                          Stages& stages) const {
  AddUpdate(journey.grid[from], Between(journey.at[from], journey.at[from - 1]),
            stages);
}

Update DdimUpdate(const Coefficients& t, const Coefficients& s, double eta) {
  const double deviation =
      eta > 0 ? eta * std::sqrt(TransitionBetween(t, s).variance) : 0;
  const double kept =
      std::max(0.0, (s.sigma - deviation) * (s.sigma + deviation));
  return {.xt_weight = 0,
          .data_weight = s.alpha,
          .noise_weight = std::sqrt(kept),
          .deviation = deviation};
}

Update MeanSlopeUpdate(const Coefficients& t, const Coefficients& s) {
  return {.xt_weight = 1,
          .data_weight = s.alpha - t.alpha,
          .noise_weight = s.sigma - t.sigma,
          .deviation = 0};
}

void AddUpdate(double t, const Update& update, Stages& stages) {
  Stage& stage = stages.Add();
  stage.t = t;
  stage.slot = 0;
  stage.state = update.xt_weight;
  stage.data[0] = update.data_weight;
  stage.noise[0] = update.noise_weight;
  stage.deviation = update.deviation;
}

Stage& AddDdim(double t, int slot, const Coefficients& s, int base,
               Stages& stages) {
  Stage& stage = stages.Add();
  stage.t = t;
  stage.slot = slot;
  stage.data[base] = s.alpha;
  stage.noise[base] = s.sigma;
  return stage;
}

}  // namespace unnoise
