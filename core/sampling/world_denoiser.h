// An exact world as a denoiser: what a network would learn if it could learn
// everything. Samplers cannot tell the two apart.

#ifndef UNNOISE_SAMPLING_WORLD_DENOISER_H_
#define UNNOISE_SAMPLING_WORLD_DENOISER_H_

#include <memory>

#include "core/base/pool.h"
#include "core/data/world.h"
#include "core/path/path.h"
#include "core/sampling/denoiser.h"

namespace unnoise {

// E[x0 | xt] and E[eps | xt] of the world, in double precision, rounded once.
// Where sigma is 0 the noise is -sigma score = 0 and the data are xt / alpha.
// `path` and `pool` outlive it.
std::unique_ptr<Denoiser> MakeWorldDenoiser(std::unique_ptr<World> world,
                                            const Path& path, Pool& pool);

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_WORLD_DENOISER_H_
