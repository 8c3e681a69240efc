// The rows of the table of metrics, each defined in the file of its name. Not
// for callers: they go by the table (metric.h).

#ifndef UNNOISE_METRIC_ROWS_H_
#define UNNOISE_METRIC_ROWS_H_

#include "core/metric/metric.h"

namespace unnoise {

MetricInfo SlicedWassersteinRow();
MetricInfo EnergyDistanceRow();
MetricInfo MmdRow();
MetricInfo W2ExactRow();
MetricInfo W2SinkhornRow();
MetricInfo ModeCoverageRow();
MetricInfo NearestTrainingRow();

}  // namespace unnoise

#endif  // UNNOISE_METRIC_ROWS_H_
