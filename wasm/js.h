// From core's values to JavaScript's, and failures as values: {problems:
// [{path, message}]}. Arrays are copied out in the same turn, since views into
// the heap die when it grows.

#ifndef UNNOISE_WASM_JS_H_
#define UNNOISE_WASM_JS_H_

#include <emscripten/val.h>

#include <exception>
#include <new>
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

inline std::vector<std::string> WordsOf(const val& words) {
  return emscripten::vecFromJSArray<std::string>(words);
}

}  // namespace unnoise

#endif  // UNNOISE_WASM_JS_H_
