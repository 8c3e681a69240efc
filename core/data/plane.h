// What the built-in sets share: uniform numbers of random words, and draws of
// the plane in chunks. Only for the files of core/data that define sets; each
// of these hands its rows to datasets.cc.

#ifndef UNNOISE_DATA_PLANE_H_
#define UNNOISE_DATA_PLANE_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/exact_math.h"
#include "core/data/curve_world.h"
#include "core/data/dataset.h"

namespace unnoise {

inline constexpr double kPi = 3.14159265358979323846;
inline constexpr float kPiFloat = static_cast<float>(kPi);

inline constexpr Range kNoiseRange = {0, 1};
inline constexpr std::string_view kNoiseHelp =
    "How far points stray from the exact shape: the standard deviation of the "
    "normal noise added to each coordinate.";

// Uniform on (0, 1), as in key.h.
inline float Unit(uint32_t bits) {
  return (static_cast<float>(bits >> 9) + 0.5f) * 0x1p-23f;
}

// Uniform in [0, bound), as in key.h.
inline uint32_t Index(uint32_t bits, int64_t bound) {
  return static_cast<uint32_t>(
      (uint64_t{bits} * static_cast<uint64_t>(bound)) >> 32);
}

// Two random words, and as many normal draws as there are coordinates, belong
// to each point. `place(words, normals, x)` makes the point of them. Chunks on
// the stack keep a draw free of allocation.
template <size_t kDim, class Place>
void DrawPoints(Key key, uint64_t first, std::span<float> out, Place place) {
  constexpr size_t kChunk = 128;  // points
  uint32_t words[2 * kChunk];
  float normals[kDim * kChunk];
  const Key word_key = Fold(key, "choice"), normal_key = Fold(key, "noise");
  Check(out.size() % kDim == 0, "the buffer does not hold whole points");
  for (float* x = out.data(); x != out.data() + out.size();) {
    const size_t left = static_cast<size_t>(out.data() + out.size() - x) / kDim;
    const size_t count = std::min(kChunk, left);
    FillBits(word_key, 2 * first, std::span(words, 2 * count));
    FillNormal(normal_key, kDim * first, std::span(normals, kDim * count));
    for (size_t i = 0; i < count; ++i, x += kDim) {
      place(words + 2 * i, normals + kDim * i, x);
    }
    first += count;
  }
}

class PlaneSet : public Dataset {
 public:
  int dim() const final { return 2; }

 protected:
  template <class Place>
  static void DrawInPlane(Key key, uint64_t first, std::span<float> out,
                          Place place) {
    DrawPoints<2>(key, first, out, place);
  }
};

// The curve of the Swiss roll, over a parameter that is uniform on [0, 1].
inline CurvePoint RollPoint(double u) {
  const double turns = 0.75 + 1.5 * u;
  const double angle = 2 * kPi * turns;
  return {.x = turns * exact::Cos(angle), .y = turns * exact::Sin(angle)};
}

// The rows of each file of sets, in the order in which they are shown.
std::span<const Row<Dataset>> PlaneSets();     // plane_sets.cc
std::span<const Row<Dataset>> BoxSets();       // box_sets.cc
std::span<const Row<Dataset>> SpiralSets();    // spirals.cc
std::span<const Row<Dataset>> DrawnSets();     // drawn_curve.cc
std::span<const Row<Dataset>> GaussianSets();  // gaussian_sets.cc

// The corners of the drawn curve, [n, 2], each joined to the next and the last
// to the first; for tests.
std::span<const float> DrawnCurveCorners();

}  // namespace unnoise

#endif  // UNNOISE_DATA_PLANE_H_
