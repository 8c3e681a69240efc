// Somebody's NPY or NPZ file, as any of the readers takes it.

#include "core/data/points.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace unnoise;
  const auto points = PointsFromBytes(fuzz::TextOf(data, size), "points.npz");
  if (points) {
    fuzz::RequirePoints(*points);
  } else {
    fuzz::RequireSentences(points.problems());
  }
  return 0;
}
