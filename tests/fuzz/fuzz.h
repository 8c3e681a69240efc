// What the fuzz targets share: bytes as text, and a claim that must hold for
// whatever was read.

#ifndef UNNOISE_TESTS_FUZZ_FUZZ_H_
#define UNNOISE_TESTS_FUZZ_FUZZ_H_

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/data/points.h"

namespace unnoise::fuzz {

inline std::string_view TextOf(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Lines of text, at most `limit`; the rest of the text stays in `rest`.
inline std::vector<std::string> LinesOf(std::string_view text, size_t limit,
                                        std::string_view& rest) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < limit) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (end == 0) break;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  rest = text.starts_with('\n') ? text.substr(1) : text;
  return lines;
}

// Ends the program, which the fuzzer reports, if a claim does not hold.
inline void Require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", claim);
  std::abort();
}

// A refusal has a place or a message, never neither, and no raw control bytes
// when it is shown.
inline void RequireSentences(const Problems& problems) {
  Require(!problems.empty(), "a refusal says why");
  for (const Problem& problem : problems) {
    Require(!problem.message.empty(), "every problem has a message");
  }
  for (const char c : ToText(problems)) {
    Require(c == '\n' || static_cast<unsigned char>(c) >= 32,
            "shown problems have no control bytes");
  }
}

// Points that were accepted are whole, finite and within the limits.
inline void RequirePoints(const PointSet& points) {
  Require(points.dim >= 1 && points.dim <= kMaxPointDim, "dim is in range");
  Require(points.count() >= 2 && points.count() <= kMaxPoints,
          "count is in range");
  Require(
      points.values.size() == static_cast<size_t>(points.dim * points.count()),
      "points are whole");
  for (const float value : points.values) {
    Require(std::isfinite(value), "points are finite");
  }
}

}  // namespace unnoise::fuzz

#endif  // UNNOISE_TESTS_FUZZ_FUZZ_H_
