// The kernels of group normalisation of the SIMD backend, for every target.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/backend/group_norm_simd.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "core/backend/group_norm.h"
#include "core/base/exact_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using NormLanes = Lanes<hn::ScalableTag<float>>;
using NormVector = hn::Vec<hn::ScalableTag<float>>;

// `count` neighbours, at most a vector: whole ones, or as many in a vector that
// ends with zeros.
struct WholeVector {
  HWY_INLINE NormVector Load(const float* from) const {
    return hn::LoadU(hn::ScalableTag<float>(), from);
  }
  HWY_INLINE void Store(NormVector v, float* to) const {
    hn::StoreU(v, hn::ScalableTag<float>(), to);
  }
};
struct PartVector {
  int64_t count;
  HWY_INLINE NormVector Load(const float* from) const {
    const hn::ScalableTag<float> d;
    HWY_ALIGN float lanes[hn::MaxLanes(d)] = {};
    std::copy_n(from, count, lanes);
    return hn::Load(d, lanes);
  }
  HWY_INLINE void Store(NormVector v, float* to) const {
    const hn::ScalableTag<float> d;
    HWY_ALIGN float lanes[hn::MaxLanes(d)];
    hn::Store(v, d, lanes);
    std::copy_n(lanes, count, to);
  }
};

// Calls body(c, part) for the vectors that `channels` are cut into.
template <class F>
HWY_INLINE void ForVectors(int64_t channels, const F& body) {
  const int64_t lanes =
      static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>()));
  int64_t c = 0;
  for (; c + lanes <= channels; c += lanes) body(c, WholeVector());
  if (c < channels) body(c, PartVector{channels - c});
}

// Calls body(at, c, part) for every place in turn: where its vectors lie.
template <class F>
HWY_INLINE void ForPlaces(const NormGrid& g, const F& body) {
  for (int64_t at = 0; at < g.places * g.channels; at += g.channels) {
    ForVectors(g.channels,
               [&](int64_t c, auto part) HWY_ATTR { body(at + c, c, part); });
  }
}

// What each group's channels [channels] sum to, times `factor` and plus `add`,
// to each of them.
inline void SumGroups(const NormGrid& g, float factor, float add,
                      float* channels) {
  const int64_t depth = g.channels / g.groups;
  for (int64_t c = 0; c < g.channels; c += depth) {
    float sum = 0;
    for (int64_t i = c; i < c + depth; ++i) sum += channels[i];
    const float scaled = factor * sum;
    std::fill_n(channels + c, depth, scaled + add);
  }
}

inline float CountFactor(const NormGrid& g) {
  return static_cast<float>(
      1.0 / static_cast<double>(g.places * (g.channels / g.groups)));
}

// One sample: x, y [places, channels]; mean and rate [channels].
void SimdNormForward(const NormGrid& g, const float* x, const float* scale,
                     const float* shift, float* mean, float* rate, float* y) {
  const NormLanes a;
  const float factor = CountFactor(g);
  std::fill_n(mean, g.channels, 0.0f);
  std::fill_n(rate, g.channels, 0.0f);
  ForPlaces(g, [&](int64_t at, int64_t c, auto part) HWY_ATTR {
    part.Store(a.Add(part.Load(mean + c), part.Load(x + at)), mean + c);
  });
  SumGroups(g, factor, 0, mean);
  ForPlaces(g, [&](int64_t at, int64_t c, auto part) HWY_ATTR {
    const auto centred = a.Sub(part.Load(x + at), part.Load(mean + c));
    part.Store(a.Add(part.Load(rate + c), a.Mul(centred, centred)), rate + c);
  });
  SumGroups(g, factor, static_cast<float>(g.epsilon), rate);
  for (int64_t c = 0; c < g.channels; ++c) rate[c] = 1 / std::sqrt(rate[c]);
  ForPlaces(g, [&](int64_t at, int64_t c, auto part) HWY_ATTR {
    const auto unit = a.Mul(a.Sub(part.Load(x + at), part.Load(mean + c)),
                            part.Load(rate + c));
    const auto z =
        a.Add(a.Mul(unit, part.Load(scale + c)), part.Load(shift + c));
    part.Store(g.silu ? a.Mul(z, a.Sigmoid(z)) : z, y + at);
  });
}

// One sample; parts [4, channels]. With u the normalised x and dz what reaches
// it through the activation: d shift = sum dz, d scale = sum dz u, and dx =
// rate (dz scale - mean of that over the group - u mean of dz scale u).
void SimdNormBackward(const NormGrid& g, const float* x, const float* scale,
                      const float* shift, const float* mean, const float* rate,
                      const float* dy, float* parts, float* dx) {
  const NormLanes a;
  float* shift_part = parts;
  float* scale_part = parts + g.channels;
  float* flat = parts + 2 * g.channels;
  float* along = parts + 3 * g.channels;
  std::fill_n(parts, 2 * g.channels, 0.0f);
  const auto one = a.Set(1);
  ForPlaces(g, [&](int64_t at, int64_t c, auto part) HWY_ATTR {
    const auto unit = a.Mul(a.Sub(part.Load(x + at), part.Load(mean + c)),
                            part.Load(rate + c));
    auto dz = part.Load(dy + at);
    if (g.silu) {
      const auto z =
          a.Add(a.Mul(unit, part.Load(scale + c)), part.Load(shift + c));
      const auto s = a.Sigmoid(z);
      const auto slope = a.Add(s, a.Mul(a.Mul(z, s), a.Sub(one, s)));
      dz = a.Mul(dz, slope);
    }
    part.Store(dz, dx + at);
    part.Store(a.Add(part.Load(shift_part + c), dz), shift_part + c);
    part.Store(a.Add(part.Load(scale_part + c), a.Mul(dz, unit)),
               scale_part + c);
  });
  for (int64_t c = 0; c < g.channels; ++c) {
    flat[c] = shift_part[c] * scale[c];
    along[c] = scale_part[c] * scale[c];
  }
  SumGroups(g, CountFactor(g), 0, flat);
  SumGroups(g, CountFactor(g), 0, along);
  ForPlaces(g, [&](int64_t at, int64_t c, auto part) HWY_ATTR {
    const auto r = part.Load(rate + c);
    const auto unit = a.Mul(a.Sub(part.Load(x + at), part.Load(mean + c)), r);
    const auto straight = a.Mul(part.Load(dx + at), part.Load(scale + c));
    const auto shared =
        a.Add(part.Load(flat + c), a.Mul(unit, part.Load(along + c)));
    part.Store(a.Mul(r, a.Sub(straight, shared)), dx + at);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace unnoise {
namespace {

HWY_EXPORT(SimdNormForward);
HWY_EXPORT(SimdNormBackward);

const float* In(const void* x) { return static_cast<const float*>(x); }
float* Out(void* y) { return static_cast<float*>(y); }

class SimdGroupNorm final : public GroupNormKernels {
 public:
  void Forward(const Backend& backend, const NormGrid& grid, const void* x,
               const void* scale, const void* shift, void* stats,
               void* y) const override {
    const int64_t size = grid.places * grid.channels;
    ForSamples(backend, grid, [&](int64_t i) {
      float* mean = Out(stats) + 2 * i * grid.channels;
      HWY_DYNAMIC_DISPATCH(SimdNormForward)
      (grid, In(x) + i * size, In(scale), In(shift), mean, mean + grid.channels,
       Out(y) + i * size);
    });
  }
  void Backward(const Backend& backend, const NormGrid& grid, const void* x,
                const void* scale, const void* shift, const void* stats,
                const void* dy, void* parts, void* dx) const override {
    const int64_t size = grid.places * grid.channels;
    ForSamples(backend, grid, [&](int64_t i) {
      const float* mean = In(stats) + 2 * i * grid.channels;
      HWY_DYNAMIC_DISPATCH(SimdNormBackward)
      (grid, In(x) + i * size, In(scale), In(shift), mean, mean + grid.channels,
       In(dy) + i * size, Out(parts) + 4 * i * grid.channels,
       Out(dx) + i * size);
    });
  }

 private:
  // Threads divide the samples, a few thousand elements at least at a time.
  template <class F>
  static void ForSamples(const Backend& backend, const NormGrid& grid,
                         const F& body) {
    constexpr int64_t kGrain = 4096;
    Pool& pool = backend.pool();
    const int64_t parts = std::clamp<int64_t>(
        grid.size() / kGrain, 1,
        std::max<int64_t>(
            std::min(grid.samples,
                     int64_t{Pool::kPartsPerThread} * pool.threads()),
            1));
    pool.Run(parts, [&](int64_t part) {
      const int64_t end = grid.samples * (part + 1) / parts;
      for (int64_t i = grid.samples * part / parts; i < end; ++i) body(i);
    });
  }
};

}  // namespace

const GroupNormKernels& SimdGroupNormKernels() {
  static const SimdGroupNorm kernels;
  return kernels;
}

}  // namespace unnoise

#endif  // HWY_ONCE
