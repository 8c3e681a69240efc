// Everything that can be configured and measured, as one JSON value: what
// `unnoise describe --json` prints and the page builds its controls from.

#ifndef UNNOISE_RUN_DESCRIBE_ALL_H_
#define UNNOISE_RUN_DESCRIBE_ALL_H_

#include <span>

#include "core/base/json.h"
#include "core/metric/metric.h"

namespace unnoise {

// {"version", "experiment": the schema of an experiment (config.h, SchemaOf),
// "metrics": [{"name", "title", "help"}] of those given}. A face that measures
// nothing names none, and holds none of their code.
Json DescribeAll(std::span<const MetricInfo> metrics);

}  // namespace unnoise

#endif  // UNNOISE_RUN_DESCRIBE_ALL_H_
