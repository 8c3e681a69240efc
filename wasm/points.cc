#include "wasm/points.h"

#include <bitset>
#include <utility>

#include "wasm/js.h"

namespace unnoise {

Result<std::shared_ptr<const PointSet>> PointsOf(const std::string& block) {
  if (block.empty()) return std::shared_ptr<const PointSet>();
  Result<PointSet> points = Unpack(block);
  if (!points) return points.problems();
  return std::shared_ptr<const PointSet>(
      std::make_shared<PointSet>(std::move(*points)));
}

namespace {

double ClassesIn(const PointSet& points) {
  std::bitset<256> seen;
  for (const uint8_t label : points.labels) seen.set(label);
  return static_cast<double>(seen.count());
}

val Packed(const Result<PointSet>& points) {
  if (!points) return ProblemsToJs(points.problems());
  val result = val::object();
  result.set("block", BytesToJs(Pack(*points)));
  result.set("count", static_cast<double>(points->count()));
  result.set("dim", points->dim);
  result.set("digest", DigestOf(*points));
  result.set("classes", ClassesIn(*points));
  return result;
}

}  // namespace

val ParsePoints(const std::string& bytes, const std::string& name) {
  return Guard([&] { return Packed(PointsFromBytes(bytes, name)); });
}

val PackPoints(const val& values, const val& labels, int dim) {
  return Guard([&] {
    PointSet points;
    points.dim = dim;
    points.values = emscripten::convertJSArrayToNumberVector<float>(values);
    points.labels = emscripten::convertJSArrayToNumberVector<uint8_t>(labels);
    return Packed(MakePoints(std::move(points), "points"));
  });
}

val UnpackPoints(const std::string& block) {
  return Guard([&] {
    const Result<PointSet> points = Unpack(block);
    if (!points) return ProblemsToJs(points.problems());
    val result = val::object();
    result.set("values", FloatsToJs(points->values));
    result.set("labels", CopyOut("Uint8Array", points->labels.data(),
                                 points->labels.size()));
    result.set("count", static_cast<double>(points->count()));
    result.set("dim", points->dim);
    return result;
  });
}

}  // namespace unnoise
