// A run held against its data: every metric of the table, as JSON.

#ifndef UNNOISE_RUN_EVALUATE_H_
#define UNNOISE_RUN_EVALUATE_H_

#include <cstdint>

#include "core/base/json.h"
#include "core/base/problem.h"
#include "core/run/run.h"

namespace unnoise {

// {"sliced_wasserstein": {"value", "stderr", "data_data", "data_data_stderr",
// "n"}}: n samples of the running mean of the weights by the experiment's
// sampler, against n fresh points of the data law, standardised. For a user's
// own N points both are disjoint random subsets and n is at most N / 2. A
// problem where n is out of [2, 1,000,000] or the samples are not finite.
Result<Json> Evaluate(Run& run, int64_t n);

}  // namespace unnoise

#endif  // UNNOISE_RUN_EVALUATE_H_
