// The table of metrics.

#include "core/base/find_named.h"
#include "core/metric/rows.h"

namespace unnoise {

std::span<const MetricInfo> Metrics() {
  static const MetricInfo kMetrics[] = {
      SlicedWassersteinRow(), EnergyDistanceRow(), MmdRow(),
      W2ExactRow(),           W2SinkhornRow(),     ModeCoverageRow(),
      NearestTrainingRow(),
  };
  return kMetrics;
}

Result<std::vector<const MetricInfo*>> FindMetrics(
    std::span<const std::string> names) {
  return FindNamed(Metrics(), names, "metrics", "metric");
}

std::string_view WhyNot(const MetricInfo& metric, const MetricInput& input) {
  switch (metric.needs) {
    case Needs::kModes:
      if (input.modes.centers.empty()) {
        return "these data have no modes that are known.";
      }
      break;
    case Needs::kTraining:
      if (input.training.empty()) {
        return "these data are drawn afresh all the time, there is no training "
               "set to copy.";
      }
      break;
    case Needs::kNothing:
      break;
  }
  return "";
}

}  // namespace unnoise
