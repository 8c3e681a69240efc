// The metric w2_sinkhorn: Sinkhorn's divergence of squared distances. Its
// standard error covers the choice of the points.

#include "core/metric/rows.h"
#include "core/metric/sinkhorn.h"

namespace unnoise {
namespace {

constexpr size_t kMaxPoints = 2000;
constexpr int kPairs = 2;  // each takes as long as the value itself

MetricReport EvaluateSinkhornW2(const MetricInput& input) {
  const auto samples = FirstSamples(input, kMaxPoints);
  const std::vector<float> data = DataLike(input, samples);
  const SinkhornDistance found = SinkhornW2(input.dim, {samples}, {data});
  const Estimate data_data =
      DataAgainstData(input, samples.size(), kPairs,
                      [&](std::span<const float> a, std::span<const float> b) {
                        return SinkhornW2(input.dim, {a}, {b}).w2.value;
                      });
  return {.value = found.w2.value,
          .std_error = found.w2.std_error,
          .data_data = data_data.value,
          .data_data_std_error = data_data.std_error,
          .n = static_cast<int64_t>(samples.size()) / input.dim,
          .repeats = kPairs,
          .more = {{"epsilon", found.epsilon},
                   {"marginal_error", found.marginal_error}}};
}

}  // namespace

MetricInfo W2SinkhornRow() {
  return {"w2_sinkhorn", "Sinkhorn's Wasserstein-2",
          "The same for twice as many points, smoothed: mass may be spread a "
          "little, and what that costs is taken off again. Chance weighs less "
          "than in the exact distance, and so do details finer than the root "
          "of epsilon. From the first 2,000 points of each set.",
          Needs::kNothing, EvaluateSinkhornW2};
}

}  // namespace unnoise
