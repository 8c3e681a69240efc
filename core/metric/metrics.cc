// The table of metrics.

#include <algorithm>

#include "core/base/nearest.h"
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
  std::vector<std::string_view> known;
  std::vector<const MetricInfo*> found;
  for (const MetricInfo& metric : Metrics()) {
    known.push_back(metric.name);
    if (names.empty() ||
        std::find(names.begin(), names.end(), metric.name) != names.end()) {
      found.push_back(&metric);
    }
  }
  Problems problems;
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      problems.push_back({"metrics", "there is no metric \"" + name + "\"; " +
                                         Suggestion(name, known)});
    }
  }
  if (!problems.empty()) return problems;
  return found;
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
