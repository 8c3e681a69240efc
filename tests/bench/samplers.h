// What samplers cost beside the model that they ask, for the benchmark.

#ifndef UNNOISE_TESTS_BENCH_SAMPLERS_H_
#define UNNOISE_TESTS_BENCH_SAMPLERS_H_

#include <memory>
#include <string>
#include <vector>

#include "core/sampling/denoiser.h"
#include "core/sampling/sampler.h"

namespace unnoise {

class SamplerCase {
 public:
  // A sampler with its default fields, on the cosine path in the plane.
  explicit SamplerCase(std::string name);

  // Takes particles from noise to data on a denoiser that does nothing, on one
  // thread; returns how many points it was asked for.
  double Run();
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  Choice<Path> path_{"cosine"};
  Choice<Sampler> sampler_;
  std::unique_ptr<Denoiser> idle_;
};

// Every sampler that needs no density.
std::vector<std::unique_ptr<SamplerCase>> SamplerCases();

// Transitions by ddpm of particles on the exact denoiser of eight normal laws
// of the plane with covariances of their own (worlds.h), on one thread; returns
// how many.
double RunExactDdpm();

}  // namespace unnoise

#endif  // UNNOISE_TESTS_BENCH_SAMPLERS_H_
