// See probe.h.

#include "core/sampling/probe.h"

#include <algorithm>
#include <iterator>

#include "core/base/check.h"

namespace unnoise {
namespace {

// One particle on its way down a grid, without fresh noise.
class Way {
 public:
  Way(const Sampler& sampler, const Path& path, std::span<const double> grid,
      Denoiser& denoiser)
      : fresh_{.key = {}, .dim = denoiser.dim(), .muted = true},
        from_(std::ssize(grid) - 1) {
    for (const double t : grid) at_.push_back(path.At(t));
    stepper_ = sampler.Start({path, grid, at_, denoiser, 1});
  }

  // False if the transition could not be made.
  bool Take(std::span<float> x) {
    return stepper_->Step(from_--, x, fresh_) == Outcome::kGood;
  }

 private:
  FreshNoise fresh_;
  int64_t from_;
  std::vector<Coefficients> at_;
  std::unique_ptr<Stepper> stepper_;
};

}  // namespace

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

  probe.next.assign(x.begin(), x.end());
  probe.next_t = t;
  probe.times = {t};
  probe.way.assign(x.begin(), x.end());
  // The grid points still ahead are 0 ... ahead - 1.
  const int64_t ahead =
      std::lower_bound(grid.begin(), grid.end(), t) - grid.begin();
  if (ahead == 0) return probe;
  std::vector<double> left(grid.begin(), grid.begin() + ahead);
  left.push_back(t);
  Way step(sampler, path, left, denoiser);
  step.Take(probe.next);
  probe.next_t = grid[ahead - 1];

  const int64_t stride = (ahead + most - 1) / most;
  std::vector<double> visited;
  for (int64_t i = ahead; i > 0; i = std::max<int64_t>(0, i - stride)) {
    visited.push_back(left[i]);
  }
  visited.push_back(left[0]);
  std::reverse(visited.begin(), visited.end());
  Way way(sampler, path, visited, denoiser);
  std::vector<float> state(x.begin(), x.end());
  for (size_t i = visited.size() - 1; i > 0; --i) {
    if (!way.Take(state)) break;
    probe.times.push_back(visited[i - 1]);
    probe.way.insert(probe.way.end(), state.begin(), state.end());
  }
  return probe;
}

}  // namespace unnoise
