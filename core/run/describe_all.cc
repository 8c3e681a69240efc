#include "core/run/describe_all.h"

#include <utility>

#include "core/base/config.h"
#include "core/base/version.h"
#include "core/metric/metric.h"
#include "core/run/experiment.h"

namespace unnoise {

Json DescribeAll() {
  Json::Array metrics;
  for (const MetricInfo& metric : Metrics()) {
    metrics.push_back(Json::Object{
        {"name", metric.name}, {"title", metric.title}, {"help", metric.help}});
  }
  return Json::Object{{"version", UNNOISE_VERSION},
                      {"experiment", SchemaOf(Experiment())},
                      {"metrics", std::move(metrics)}};
}

}  // namespace unnoise
