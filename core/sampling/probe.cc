// See probe.h.

#include "core/sampling/probe.h"

#include <algorithm>
#include <iterator>

#include "core/base/check.h"

namespace unnoise {

Probe ProbeAt(const Sampler& sampler, const Path& path,
              std::span<const double> grid, Denoiser& denoiser, double t,
              std::span<const float> x, int64_t most) {
  Check(grid.size() >= 2 && most >= 1, "a way has a grid and a step");
  Check(std::ssize(x) == denoiser.dim(), "a probe is one point of the model");
  Probe probe;
  probe.data.resize(x.size());
  probe.noise.resize(x.size());
  const Prediction predicted{probe.data, probe.noise};
  denoiser.Predict(t, x, predicted);

  // The grid points still ahead are 0 ... ahead - 1.
  const int64_t ahead =
      std::lower_bound(grid.begin(), grid.end(), t) - grid.begin();
  probe.next.assign(x.begin(), x.end());
  probe.next_t = t;
  probe.times = {t};
  probe.way.assign(x.begin(), x.end());
  if (ahead == 0) return probe;
  const auto update = [&](double from, double to) {
    return sampler.Between(path.At(from), path.At(to));
  };
  probe.next_t = grid[ahead - 1];
  TakeStep(update(t, probe.next_t), predicted, probe.next);

  const int64_t stride = (ahead + most - 1) / most;
  std::vector<float> state(x.begin(), x.end());
  std::vector<float> data(probe.data), noise(probe.noise);
  double now = t;
  for (int64_t left = ahead; left > 0;) {
    left = std::max<int64_t>(0, left - stride);
    if (now != t) denoiser.Predict(now, state, {data, noise});
    TakeStep(update(now, grid[left]), {data, noise}, state);
    now = grid[left];
    probe.times.push_back(now);
    probe.way.insert(probe.way.end(), state.begin(), state.end());
  }
  return probe;
}

}  // namespace unnoise
