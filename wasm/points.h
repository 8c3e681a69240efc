// A user's own points on their way between the page and core.

#ifndef UNNOISE_WASM_POINTS_H_
#define UNNOISE_WASM_POINTS_H_

#include <emscripten/val.h>

#include <memory>
#include <string>

#include "core/base/problem.h"
#include "core/data/points.h"

namespace unnoise {

// The points of a block, or null for an empty one.
Result<std::shared_ptr<const PointSet>> PointsOf(const std::string& block);

// What web/src/engine/core.d.ts calls parsePoints, packPoints, unpackPoints.
emscripten::val ParsePoints(const std::string& bytes, const std::string& name);
emscripten::val PackPoints(const emscripten::val& values,
                           const emscripten::val& labels, int dim);
emscripten::val UnpackPoints(const std::string& block);

}  // namespace unnoise

#endif  // UNNOISE_WASM_POINTS_H_
