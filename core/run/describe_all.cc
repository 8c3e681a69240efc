#include "core/run/describe_all.h"

#include <utility>

#include "core/base/config.h"
#include "core/base/version.h"
#include "core/run/experiment.h"

namespace unnoise {

Json DescribeAll(std::span<const MetricInfo> metrics) {
  Json::Array list;
  for (const MetricInfo& metric : metrics) {
    list.push_back(Json::Object{
        {"name", metric.name}, {"title", metric.title}, {"help", metric.help}});
  }
  return Json::Object{{"version", UNNOISE_VERSION},
                      {"experiment", SchemaOf(Experiment())},
                      {"metrics", std::move(list)}};
}

}  // namespace unnoise
