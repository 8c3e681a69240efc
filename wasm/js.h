// From core's values to JavaScript's, and failures as values: {problems:
// [{path, message}]}. Arrays are copied out in the same turn, since views into
// the heap die when it grows.

#ifndef UNNOISE_WASM_JS_H_
#define UNNOISE_WASM_JS_H_

#include <emscripten/val.h>

#include <cmath>
#include <exception>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/problem.h"

namespace unnoise {

using emscripten::val;

inline val ToJs(const Json& json) {
  return val::global("JSON").call<val>("parse", Write(json));
}

inline val ProblemsToJs(const Problems& problems) {
  Json::Array list;
  for (const Problem& problem : problems) {
    Json entry;
    entry["path"] = problem.path;
    entry["message"] = problem.message;
    list.push_back(std::move(entry));
  }
  Json result;
  result["problems"] = Json(std::move(list));
  return ToJs(result);
}

// Runs f; an exception becomes a problem.
template <class F>
val Guard(const F& f) {
  try {
    return f();
  } catch (const std::bad_alloc&) {
    return ProblemsToJs({{"",
                          "The page ran out of memory. Choose a smaller "
                          "network, batch or number of points."}});
  } catch (const std::exception& error) {
    return ProblemsToJs({{"", error.what()}});
  }
}

template <class T>
val CopyOut(const char* type, const T* values, size_t count) {
  return val::global(type).new_(
      val(emscripten::typed_memory_view(count, values)));
}
inline val FloatsToJs(std::span<const float> values) {
  return CopyOut("Float32Array", values.data(), values.size());
}
inline val BytesToJs(const std::string& bytes) {
  return CopyOut("Uint8Array",
                 reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
}

inline val DoublesToJs(std::span<const double> values) {
  return CopyOut("Float64Array", values.data(), values.size());
}

// What is wrong with asking for so many points from a seed, if anything.
inline std::optional<val> CheckDraw(int n, double seed) {
  constexpr int kMaxParticles = 100000;
  constexpr double kMaxSeed = 9007199254740991.0;  // 2^53 - 1
  Problems problems;
  if (n < 1 || n > kMaxParticles) {
    problems.push_back(
        {"n", "Ask for 1 to " + std::to_string(kMaxParticles) + " points."});
  }
  if (!(seed >= 0 && seed <= kMaxSeed && seed == std::floor(seed))) {
    problems.push_back(
        {"seed", "Give a whole number from 0 to 9007199254740991."});
  }
  if (problems.empty()) return std::nullopt;
  return ProblemsToJs(problems);
}

inline std::vector<std::string> WordsOf(const val& words) {
  return emscripten::vecFromJSArray<std::string>(words);
}

}  // namespace unnoise

#endif  // UNNOISE_WASM_JS_H_
