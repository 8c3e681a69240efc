// What samplers have in common, and the stepper of those that are nothing but
// weights.

#include <cmath>

#include "core/sampling/sampler.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxSteps = 10000;

class UpdateStepper final : public Stepper {
 public:
  UpdateStepper(const OneStepSampler& sampler, const Journey& journey)
      : journey_(journey) {
    for (size_t i = 0; i + 1 < journey.at.size(); ++i) {
      updates_.push_back(sampler.Between(journey.at[i + 1], journey.at[i]));
    }
    const size_t size = static_cast<size_t>(journey.count) *
                        static_cast<size_t>(journey.denoiser.dim());
    for (auto* buffer : {&data_, &noise_, &fresh_}) buffer->resize(size);
  }

  Outcome Step(int64_t from, std::span<float> x,
               const FreshNoise& fresh) override {
    journey_.denoiser.Predict(journey_.grid[from], x, {data_, noise_});
    // Weights are rounded to float once; sums go from left to right.
    const Update& update = updates_[from - 1];
    const float xt_weight = static_cast<float>(update.xt_weight);
    const float data_weight = static_cast<float>(update.data_weight);
    const float noise_weight = static_cast<float>(update.noise_weight);
    for (size_t i = 0; i < x.size(); ++i) {
      x[i] =
          xt_weight * x[i] + data_weight * data_[i] + noise_weight * noise_[i];
    }
    const float deviation = static_cast<float>(update.deviation);
    if (deviation > 0 && !fresh.muted) {
      fresh.Normal(0, fresh_);
      for (size_t i = 0; i < x.size(); ++i) x[i] += deviation * fresh_[i];
    }
    return Outcome::kGood;
  }

 private:
  Journey journey_;
  std::vector<Update> updates_;              // [steps], from point i + 1 to i
  std::vector<float> data_, noise_, fresh_;  // each [count, dim]
};

}  // namespace

void FreshNoise::Normal(uint64_t set, std::span<float> out) const {
  FillNormal(set == 0 ? key : Fold(key, set),
             first * static_cast<uint64_t>(dim), out);
}

void FreshNoise::Uniform(uint64_t set, std::span<float> out) const {
  FillUniform(Fold(Fold(key, "uniform"), set), first, out);
}

void Sampler::VisitSteps(Visitor& visitor) {
  visitor.Int({"steps",
               "Number of transitions from noise to data. More are slower "
               "and, up to a point, better."},
              {1, static_cast<double>(kMaxSteps), Scale::kLog}, steps);
  visitor.Kind({"grid", "Which times the steps go by."}, grid_);
}

std::unique_ptr<Stepper> OneStepSampler::Start(const Journey& journey) const {
  return std::make_unique<UpdateStepper>(*this, journey);
}

}  // namespace unnoise
