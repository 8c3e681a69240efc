// See sampler.h.

#include "core/sampling/sampler.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxSteps = 10000;

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

}  // namespace unnoise
