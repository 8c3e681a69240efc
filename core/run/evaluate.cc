#include "core/run/evaluate.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/metric/metric.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxSamples = 1000000;

// Two disjoint random subsets of a user's points, by a keyed partial shuffle.
void DrawSubsets(const PointSet& points, const Affine& standardiser, Key key,
                 std::span<float> a, std::span<float> b) {
  std::vector<uint32_t> order(static_cast<size_t>(points.count()));
  std::iota(order.begin(), order.end(), 0u);
  const size_t dim = static_cast<size_t>(points.dim);
  size_t next = 0;
  for (std::span<float> out : {a, b}) {
    for (size_t i = 0; i < out.size(); i += dim, ++next) {
      const uint32_t left = static_cast<uint32_t>(order.size() - next);
      std::swap(order[next], order[next + IndexAt(key, next, left)]);
      std::copy_n(points.values.begin() + order[next] * dim, dim,
                  out.begin() + static_cast<std::ptrdiff_t>(i));
    }
    standardiser.ToModel(out);
  }
}

}  // namespace

Result<Json> Evaluate(Run& run, int64_t n) {
  if (n < 2 || n > kMaxSamples) {
    return Problem{
        "n", "asked for " + std::to_string(n) + " samples; give 2 to 1000000."};
  }
  const Dataset& data = *run.experiment().data;
  const Points* own = run.experiment().points();
  if (own != nullptr) n = std::min(n, own->points()->count() / 2);
  if (n < 2) {
    return Problem{"data",
                   "a set of fewer than 4 points has no two halves to "
                   "compare; give more points."};
  }
  const Key key =
      Fold(KeyFromSeed(static_cast<uint64_t>(run.experiment().seed)), "eval");
  const DataSource source = [&](Key k, std::span<float> a, std::span<float> b) {
    if (own != nullptr) {
      DrawSubsets(*own->points(), run.standardiser(), k, a, b);
      return;
    }
    data.Draw(Fold(k, "a"), 0, a);
    data.Draw(Fold(k, "b"), 0, b);
    run.standardiser().ToModel(a);
    run.standardiser().ToModel(b);
  };

  const Family& family = *run.experiment().family;
  const Sampler& sampler = *family.sampler();
  const std::unique_ptr<Denoiser> denoiser = run.MakeDenoiser();
  Sampling sampling(sampler, family.path(),
                    UniformGrid(family.path(), sampler.steps), *denoiser,
                    Fold(key, "sample"), 0, n);
  while (sampling.Step()) {
  }
  if (!sampling.finite()) {
    return Problem{"",
                   "some samples are not finite; train longer or with a "
                   "lower rate.peak."};
  }
  Json report{Json::Object{}};
  for (const MetricInfo& metric : Metrics()) {
    const MetricReport result = metric.evaluate(run.dim(), sampling.particles(),
                                                source, Fold(key, metric.name));
    Json& entry = report[metric.name];
    entry["value"] = result.value;
    entry["stderr"] = result.std_error;
    entry["data_data"] = result.data_data;
    entry["data_data_stderr"] = result.data_data_std_error;
    entry["n"] = result.n;
  }
  return report;
}

}  // namespace unnoise
