#include "core/base/hash.h"
#include "core/run/run.h"
#include "core/sampling/sampling.h"

namespace unnoise {
namespace {

constexpr uint32_t kFingerprintFormat = 1;
constexpr int64_t kFingerprintSamples = 64;

}  // namespace

std::string FingerprintOf(Run& run) {
  Fnv1a64 hash;
  hash.Uint32(kFingerprintFormat);
  hash.Uint64(static_cast<uint64_t>(run.step()));
  for (float weight : run.weights()) hash.Float(weight);
  for (float weight : run.average()) hash.Float(weight);

  const Family& family = *run.experiment().family;
  const Choice<Sampler> sampler = family.FingerprintSampler();
  const Key root = KeyFromSeed(static_cast<uint64_t>(run.experiment().seed));
  const std::unique_ptr<Denoiser> denoiser = run.MakeDenoiser();
  Sampling sampling(*sampler, family.path(), *denoiser,
                    Fold(root, "fingerprint"), 0, kFingerprintSamples);
  while (sampling.Step()) {
  }
  for (float value : sampling.particles()) hash.Float(value);
  return hash.Hex();
}

}  // namespace unnoise
