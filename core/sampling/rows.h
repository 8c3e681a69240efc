// The rows of each file of samplers, in the order in which they are shown; only
// for samplers.cc, which makes one table of them.

#ifndef UNNOISE_SAMPLING_ROWS_H_
#define UNNOISE_SAMPLING_ROWS_H_

#include <span>

#include "core/sampling/sampler.h"

namespace unnoise {

std::span<const Row<Sampler>> ChainSamplers();        // chain.cc
std::span<const Row<Sampler>> SdeSamplers();          // reverse_sde.cc
std::span<const Row<Sampler>> OdeSamplers();          // ode.cc
std::span<const Row<Sampler>> AdaptiveSamplers();     // dormand_prince.cc
std::span<const Row<Sampler>> ExponentialSamplers();  // exponential.cc
std::span<const Row<Sampler>> EdmSamplers();          // edm.cc
std::span<const Row<Sampler>> CorrectedSamplers();    // corrector.cc
std::span<const Row<Sampler>> LangevinSamplers();     // langevin.cc
std::span<const Row<Sampler>> MetropolisSamplers();   // metropolis.cc

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_ROWS_H_
