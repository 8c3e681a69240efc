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
