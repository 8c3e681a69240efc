// See sampler.h.

#include "core/sampling/sampler.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxSteps = 10000;

}  // namespace

void FreshNoise::Normal(std::span<float> out) const {
  if (drawn != nullptr) *drawn = true;
  FillNormal(key, first * static_cast<uint64_t>(dim), out);
}

Advice AdviceOn(Outcome outcome) {
  switch (outcome) {
    case Outcome::kGood:
      break;
    case Outcome::kStepTooSmall:
      return {"sampler", "need smaller steps than numbers can tell apart",
              "take more sampler.steps or another sampler"};
    case Outcome::kTooManySteps:
      return {"sampler", "need more steps than sampler.max_steps allows",
              "take more sampler.steps or another sampler"};
    case Outcome::kUnstable:
      return {"sampler.step",
              "are thrown ever farther away by steps of this length",
              "take a shorter one (below twice the variance of the narrowest "
              "part of the law, in squares of the unit), a sampler.t with more "
              "noise, or sampler=mala, which leaves what goes too far"};
    case Outcome::kStuck:
      return {"sampler.step",
              "stay where they started, since less than 1 % of what was "
              "proposed to them was accepted",
              "take a shorter step, or a sampler.t with more noise"};
  }
  return {"sampler", "are not finite",
          "take more sampler.steps or another sampler"};
}

void Sampler::VisitSteps(Visitor& visitor) {
  VisitStepCount(visitor);
  visitor.Kind({"grid", "Which times the steps go by."}, grid_);
}

void Sampler::VisitStepCount(Visitor& visitor) {
  visitor.Int({"steps",
               "Number of transitions from noise to data. More are slower "
               "and, up to a point, better."},
              {1, static_cast<double>(kMaxSteps), Scale::kLog}, steps);
}

}  // namespace unnoise
