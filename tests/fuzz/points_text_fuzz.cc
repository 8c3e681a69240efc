// A CSV or TSV file of somebody's points.

#include "core/data/points.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace unnoise;
  const auto points = PointsFromCsv(fuzz::TextOf(data, size), "points.csv");
  if (!points) {
    fuzz::RequireSentences(points.problems());
    return 0;
  }
  fuzz::RequirePoints(*points);
  const auto back = Unpack(Pack(*points));
  fuzz::Require(back.ok() && *back == *points, "points survive a link");
  return 0;
}
