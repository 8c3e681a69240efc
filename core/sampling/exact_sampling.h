// A law, a path and a sampler, which is all that it takes to sample a known
// law: the words of an experiment without a model to train. Models are
// core/family's business.

#ifndef UNNOISE_SAMPLING_EXACT_SAMPLING_H_
#define UNNOISE_SAMPLING_EXACT_SAMPLING_H_

#include <memory>

#include "core/base/describe.h"
#include "core/base/pool.h"
#include "core/data/dataset.h"
#include "core/path/path.h"
#include "core/sampling/denoiser.h"
#include "core/sampling/sampler.h"

namespace unnoise {

// As wherever a path and a sampler are fields.
inline constexpr Field kPathField = {
    "path", "How data turn into noise as t goes from 0 to 1."};
inline constexpr Field kSamplerField = {"sampler",
                                        "How noise is turned back into data."};

// A problem at path.t_min where there is no noise, of which an exact denoiser
// has nothing to say.
void CheckNoise(const Path& path, Problems& problems);

// The units of a law that is taken as it is: the identity.
Affine NoUnits(const Dataset& data);

class ExactSampling final : public Described {
 public:
  Choice<Dataset> data;
  Choice<Path> path{"cosine"};
  Choice<Sampler> sampler{"ddim"};

  void Visit(Visitor& visitor) override;
  // What Visit's fields cannot say; a user's own points are not among the laws.
  void Validate(Problems& problems) const override;

  // `pool` outlives it, and so does this.
  std::unique_ptr<Denoiser> MakeDenoiser(Pool& pool) const;
};

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_EXACT_SAMPLING_H_
