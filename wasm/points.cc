#include "wasm/points.h"

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

val ParsePoints(const std::string& csv, const std::string& name) {
  return Guard([&] {
    const Result<PointSet> points = PointsFromCsv(csv, name);
    if (!points) return ProblemsToJs(points.problems());
    val result = val::object();
    result.set("block", BytesToJs(Pack(*points)));
    result.set("count", static_cast<double>(points->count()));
    result.set("dim", points->dim);
    result.set("digest", DigestOf(*points));
    return result;
  });
}

val UnpackPoints(const std::string& block) {
  return Guard([&] {
    const Result<PointSet> points = Unpack(block);
    if (!points) return ProblemsToJs(points.problems());
    val result = val::object();
    result.set("values", FloatsToJs(points->values));
    result.set("count", static_cast<double>(points->count()));
    result.set("dim", points->dim);
    return result;
  });
}

}  // namespace unnoise
