// The table of all samplers, from the files that define them.

#include <vector>

#include "core/sampling/rows.h"

namespace unnoise {

template <>
std::span<const Row<Sampler>> Rows<Sampler>() {
  static const std::vector<Row<Sampler>> rows = [] {
    std::vector<Row<Sampler>> all;
    for (const std::span<const Row<Sampler>> some :
         {ChainSamplers(), SdeSamplers(), OdeSamplers(), AdaptiveSamplers(),
          ExponentialSamplers(), EdmSamplers(), CorrectedSamplers(),
          LangevinSamplers(), MetropolisSamplers()}) {
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }();
  return rows;
}

}  // namespace unnoise
