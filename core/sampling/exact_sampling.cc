// See exact_sampling.h.

#include "core/sampling/exact_sampling.h"

#include "core/sampling/world_denoiser.h"

namespace unnoise {

void CheckNoise(const Path& path, Problems& problems) {
  if (path.At(path.t_min).sigma > 0) return;
  problems.push_back({"path.t_min",
                      "there is no noise at this time, where a denoiser has "
                      "nothing to say; raise it."});
}

Affine NoUnits(const Dataset& data) {
  const size_t dim = static_cast<size_t>(data.dim());
  return {std::vector<double>(dim, 0), std::vector<double>(dim, 1)};
}

void ExactSampling::Visit(Visitor& visitor) {
  visitor.Kind({"data", "The law, whose exact denoiser takes noise to data."},
               data);
  visitor.Kind(kPathField, path);
  visitor.Kind(kSamplerField, sampler);
}

void ExactSampling::Validate(Problems& problems) const {
  CheckNoise(*path, problems);
  if (data.kind() != "points") return;
  problems.push_back({"data",
                      "points of a file are no law that is known here; choose "
                      "another one."});
}

std::unique_ptr<Denoiser> ExactSampling::MakeDenoiser(Pool& pool) const {
  return MakeWorldDenoiser(data->MakeWorld(NoUnits(*data)), *path, pool);
}

}  // namespace unnoise
