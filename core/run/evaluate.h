// A run held against its data by the metrics of the table.

#ifndef UNNOISE_RUN_EVALUATE_H_
#define UNNOISE_RUN_EVALUATE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/problem.h"
#include "core/metric/metric.h"
#include "core/run/run.h"

namespace unnoise {

// What one metric of the table says, or why it says nothing.
struct Evaluated {
  const MetricInfo* metric;
  MetricReport report;
  std::string_view why_not;  // empty if there is a report
};

struct Evaluation {
  // What samples are held against: "fresh" draws of a law; the "held_out"
  // points of a user's own set; or a random "subset" of a set of which none
  // are held out.
  std::string_view reference;
  std::vector<Evaluated> metrics;
};

// n samples of a denoiser in the run's units by any sampler,
// against n points of data, standardised. For a user's own points n is at most
// the number of held-out (and of training) points, or half of them all where
// none are held out. Real data against real data are two fresh sets; held-out
// and training points (the standard error covers the choice of the latter alone
// where all held-out points are taken); or two disjoint random subsets. A
// problem at "n" where it is out of [2, 1,000,000], at "data" for too few
// points, at "" if the samples are not finite.
Result<Evaluation> Evaluate(const Run& run, const Sampler& sampler,
                            Denoiser& denoiser, int64_t n,
                            std::span<const MetricInfo* const> metrics);
// By all metrics, with the run's own sampler and denoiser.
Result<Evaluation> Evaluate(Run& run, int64_t n);

// {metric: {"value", "stderr", "data_data", "data_data_stderr", "repeats", "n",
// "reference", "more": {name: number}}} without the metrics that do not apply;
// "more" where there is more.
Json ToJson(const Evaluation& evaluation);

}  // namespace unnoise

#endif  // UNNOISE_RUN_EVALUATE_H_
