#include "tests/bench/samplers.h"

#include <utility>

#include "core/sampling/sampling.h"
#include "tests/bench/worlds.h"

namespace unnoise {
namespace {

constexpr int64_t kParticles = 2000;
constexpr int64_t kSteps = 10;

// Leaves what is in the arrays.
class Idle final : public Denoiser {
 public:
  int dim() const override { return 2; }
  void PredictAt(std::span<const double>, std::span<const float>,
                 Prediction) override {}
  Density* density() override { return nullptr; }
  JacobianTrace* jacobian_trace() override { return nullptr; }
};

}  // namespace

SamplerCase::SamplerCase(std::string name)
    : name_(std::move(name)), sampler_(name_), idle_(std::make_unique<Idle>()) {
  sampler_->steps = kSteps;
}

double SamplerCase::Run() {
  Sampling sampling(*sampler_, *path_, *idle_, Key{1, 2}, 0, kParticles);
  while (sampling.Step()) {
  }
  return sampling.evaluations() * static_cast<double>(kParticles);
}

std::vector<std::unique_ptr<SamplerCase>> SamplerCases() {
  std::vector<std::unique_ptr<SamplerCase>> cases;
  for (const Row<Sampler>& row : Rows<Sampler>()) {
    if (row.make()->needs_density()) continue;
    cases.push_back(std::make_unique<SamplerCase>(std::string(row.name)));
  }
  return cases;
}

double RunExactDdpm() {
  const Choice<Path> path("cosine");
  const Choice<Sampler> ddpm("ddpm");
  const std::unique_ptr<Denoiser> exact = EightNormals(*path);
  Sampling sampling(*ddpm, *path, UniformGrid(*path, kSteps), *exact, Key{1, 2},
                    0, kParticles);
  while (sampling.Step()) {
  }
  return static_cast<double>(kSteps * kParticles);
}

}  // namespace unnoise
