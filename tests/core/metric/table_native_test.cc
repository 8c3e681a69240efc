// The table of metrics holds every metric that the folder has.

#include <gtest/gtest.h>

#include "core/metric/metric.h"
#include "tests/core/rules/source_tree.h"

namespace unnoise {
namespace {

TEST(MetricTable, IsWhole) {
  size_t rows = 0;
  for (const auto& file : rules::FilesUnder("core/metric", {".cc"})) {
    for (size_t at = 0;
         (at = file.text.find("Row() {\n", at)) != std::string::npos; ++at) {
      ++rows;
    }
  }
  EXPECT_EQ(rows, Metrics().size());
}

}  // namespace
}  // namespace unnoise
