// The kernels of convolutions of the SIMD backend: for every target, divided
// among threads. Not here: the kernels themselves (conv-inl.h).

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/backend/conv_simd.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "core/backend/conv-inl.h"

HWY_BEFORE_NAMESPACE();
namespace unnoise {
namespace HWY_NAMESPACE {

void SimdUnfold(const WindowGrid& grid, int64_t group, int64_t place,
                int64_t count, const float* x, float* rows) {
  UnfoldTile(grid, group, place, count, 0, grid.taps(), x, rows, grid.taps());
}
void SimdFold(const WindowGrid& grid, int64_t group, int64_t place,
              int64_t count, const float* rows, float* x) {
  FoldTile(grid, group, place, count, 0, grid.taps(), rows, grid.taps(), x);
}
void SimdConvPlaces(bool fused, const WindowGrid& grid, int64_t begin,
                    int64_t end, const float* x, const float* weight,
                    const float* bias, int64_t out, float* y) {
  return fused ? ConvPlaces<Fused>(grid, begin, end, x, weight, bias, out, y)
               : ConvPlaces<Rounded>(grid, begin, end, x, weight, bias, out, y);
}
void SimdTransposeImages(bool fused, const WindowGrid& grid, int64_t begin,
                         int64_t end, const float* y, const float* weight,
                         int64_t out, float* x) {
  return fused ? TransposeImages<Fused>(grid, begin, end, y, weight, out, x)
               : TransposeImages<Rounded>(grid, begin, end, y, weight, out, x);
}
void SimdWeightColumns(bool fused, const WindowGrid& grid, int64_t group,
                       int64_t first, int64_t last, const float* x,
                       const float* y, int64_t out, float* weight) {
  return fused
             ? WeightColumns<Fused>(grid, group, first, last, x, y, out, weight)
             : WeightColumns<Rounded>(grid, group, first, last, x, y, out,
                                      weight);
}

}  // namespace HWY_NAMESPACE
}  // namespace unnoise
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <algorithm>

#include "core/backend/conv_tiles.h"
#include "core/backend/partition.h"

namespace unnoise {
namespace {

HWY_EXPORT(SimdUnfold);
HWY_EXPORT(SimdFold);
HWY_EXPORT(SimdConvPlaces);
HWY_EXPORT(SimdTransposeImages);
HWY_EXPORT(SimdWeightColumns);

const float* In(const void* x) { return static_cast<const float*>(x); }
float* Out(void* y) { return static_cast<float*>(y); }

bool IsFused(const Backend& backend) {
  return backend.kernels() == KernelSet::kSimdFused;
}

// How many of something are worth handing to another thread, where each is
// that many products, or moves of as much.
int64_t Grain(int64_t products) {
  return std::max<int64_t>(kPartProducts / std::max<int64_t>(products, 1), 1);
}

class SimdConv final : public ConvKernels {
 public:
  void Unfold(const Backend& backend, DType, const WindowGrid& grid,
              const void* x, void* columns) const override {
    const int64_t places = grid.places(), taps = grid.taps();
    for (int64_t group = 0; group < grid.groups; ++group) {
      float* rows = Out(columns) + group * places * taps;
      backend.pool().ForRanges(
          places, Grain(8 * taps), [&](int64_t begin, int64_t end) {
            HWY_DYNAMIC_DISPATCH(SimdUnfold)
            (grid, group, begin, end - begin, In(x), rows + begin * taps);
          });
    }
  }
  void Fold(const Backend& backend, DType, const WindowGrid& grid,
            const void* columns, void* x) const override {
    const int64_t places = grid.out_y * grid.out_x, taps = grid.taps();
    const int64_t size = grid.height * grid.width * grid.channels;
    ForImages(backend, grid, 8 * taps, [&](int64_t begin, int64_t end) {
      std::fill_n(Out(x) + begin * size, (end - begin) * size, 0.0f);
      for (int64_t group = 0; group < grid.groups; ++group) {
        const int64_t row = group * grid.places() + begin * places;
        HWY_DYNAMIC_DISPATCH(SimdFold)
        (grid, group, begin * places, (end - begin) * places,
         In(columns) + row * taps, Out(x));
      }
    });
  }

  bool Fuses(DType dtype) const override { return dtype == DType::kF32; }
  void Conv2d(const Backend& backend, const WindowGrid& grid, const void* x,
              const void* weight, const void* bias, int64_t out, void* scratch,
              void* y) const override {
    // The product reads the weight by rows.
    const int64_t taps = grid.taps();
    backend.Copy(DType::kF32, {taps, out}, weight, {1, taps}, scratch,
                 {out, 1});
    backend.pool().ForRanges(
        grid.places(), Grain(taps * out / std::max<int64_t>(grid.groups, 1)),
        [&](int64_t begin, int64_t end) {
          HWY_DYNAMIC_DISPATCH(SimdConvPlaces)
          (IsFused(backend), grid, begin, end, In(x), In(scratch), In(bias),
           out, Out(y));
        });
  }
  void Transpose(const Backend& backend, const WindowGrid& grid, const void* y,
                 const void* weight, int64_t out, void* x) const override {
    ForImages(backend, grid, grid.taps() * out / grid.groups,
              [&](int64_t begin, int64_t end) {
                HWY_DYNAMIC_DISPATCH(SimdTransposeImages)
                (IsFused(backend), grid, begin, end, In(y), In(weight), out,
                 Out(x));
              });
  }
  void Weight(const Backend& backend, const WindowGrid& grid, const void* x,
              const void* y, int64_t out, void* weight) const override {
    Pool& pool = backend.pool();
    const int64_t taps = grid.taps();
    // Equal blocks, at least one a thread if there is enough of them.
    int64_t blocks = (taps + kSumTaps - 1) / kSumTaps;
    if (taps >= kPartCols * pool.threads()) {
      blocks = std::max<int64_t>(blocks, pool.threads());
    }
    blocks = std::max<int64_t>(blocks, 1);
    const int64_t width =
        ((taps + blocks - 1) / blocks + kPartCols - 1) / kPartCols * kPartCols;
    blocks = (taps + width - 1) / std::max<int64_t>(width, 1);
    pool.Run(grid.groups * blocks, [&](int64_t part) {
      const int64_t first = part % blocks * width;
      HWY_DYNAMIC_DISPATCH(SimdWeightColumns)
      (IsFused(backend), grid, part / blocks, first,
       std::min(first + width, taps), In(x), In(y), out, Out(weight));
    });
  }

 private:
  // Calls body(begin, end) on ranges of images; each of their windows costs as
  // much as that many products.
  template <class F>
  static void ForImages(const Backend& backend, const WindowGrid& grid,
                        int64_t products, const F& body) {
    Pool& pool = backend.pool();
    const int64_t windows = std::max<int64_t>(grid.out_y * grid.out_x, 1);
    const int64_t most =
        std::min(grid.images / Grain(windows * products),
                 int64_t{Pool::kPartsPerThread} * pool.threads());
    const int64_t parts = pool.threads() == 1 ? 1 : std::max<int64_t>(most, 1);
    pool.Run(parts, [&](int64_t part) {
      body(grid.images * part / parts, grid.images * (part + 1) / parts);
    });
  }
};

}  // namespace

const ConvKernels& SimdConvKernels() {
  static const SimdConv kernels;
  return kernels;
}

}  // namespace unnoise

#endif  // HWY_ONCE
