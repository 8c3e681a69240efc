// The table of all data sets, from the files that define them.

#include <vector>

#include "core/data/dataset.h"
#include "core/data/plane.h"
#include "core/data/points.h"

namespace unnoise {
namespace {

constexpr Row<Dataset> kOwnPoints[] = {
    MakeRow<Dataset, Points>("points", "Your points",
                             "Points from a file of your own, drawn with "
                             "replacement."),
};

}  // namespace

template <>
std::span<const Row<Dataset>> Rows<Dataset>() {
  static const std::vector<Row<Dataset>> rows = [] {
    std::vector<Row<Dataset>> all;
    for (const std::span<const Row<Dataset>> some :
         {PlaneSets(), BoxSets(), SpiralSets(), DrawnSets(), GaussianSets(),
          std::span<const Row<Dataset>>(kOwnPoints)}) {
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }();
  return rows;
}

}  // namespace unnoise
