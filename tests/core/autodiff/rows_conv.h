// Rows of the conformance table: core/autodiff/conv.h.

#ifndef UNNOISE_TESTS_CORE_AUTODIFF_ROWS_CONV_H_
#define UNNOISE_TESTS_CORE_AUTODIFF_ROWS_CONV_H_

#include "tests/core/autodiff/op_rows.h"

namespace unnoise::op_rows {

inline constexpr ConvOptions kPlainWindows{};
inline constexpr ConvOptions kSameWindows{.padding = {1, 1}};
inline constexpr ConvOptions kStridedWindows{
    .stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}};
inline constexpr ConvOptions kGroupedWindows{
    .stride = {1, 2}, .padding = {2, 1}, .dilation = {2, 1}, .groups = 2};

// An image and a weight that fit any of the above. The last has more channels
// than a vector has lanes, and more windows than a tile has rows.
inline std::vector<Shapes> ImagesAndWeights(int64_t groups) {
  std::vector<Shapes> all;
  for (const Shapes& s : {Shapes{Shape{2, 4, 3, 2}, Shape{2, 3, 2, 2}},
                          Shapes{Shape{1, 5, 5, 2}, Shape{4, 2, 3, 2}},
                          Shapes{Shape{1, 1, 1, 4}, Shape{2, 1, 1, 4}},
                          Shapes{Shape{0, 4, 3, 2}, Shape{2, 3, 2, 2}},
                          Shapes{Shape{1, 4, 4, 2}, Shape{0, 2, 2, 2}},
                          Shapes{Shape{2, 7, 9, 34}, Shape{6, 3, 3, 34}},
                          Shapes{Shape{3, 10, 7, 70}, Shape{34, 3, 3, 70}}}) {
    const Shape w = s[1];
    all.push_back({s[0], Shape{w[0], w[1], w[2], w[3] / groups}});
  }
  return all;
}

// What a convolution makes of each of them, with the image.
template <const ConvOptions& kOptions>
std::vector<Shapes> ImagesAndResults() {
  std::vector<Shapes> all;
  for (const Shapes& s : ImagesAndWeights(kOptions.groups)) {
    const Extent2 out = WindowsOn({s[0][1], s[0][2]}, {3, 2}, kOptions);
    all.push_back({s[0], Shape{s[0][0], out.height, out.width, s[1][0]}});
  }
  return all;
}

// A sum over a window, or over windows: as many products and sums.
inline double TapRoundings(const Shapes& s) {
  return 3.0 + static_cast<double>(s[1][1] * s[1][2] * s[1][3]);
}
// Over the filters, then over what windows say of a pixel.
inline double TransposeRoundings(const Shapes& s) {
  return 3.0 + static_cast<double>(s[1][0] + s[1][1] * s[1][2]);
}
inline double PlaceRoundings(const Shapes& s) {
  return 3.0 + static_cast<double>(s[1][0] * s[1][1] * s[1][2]);
}

template <const ConvOptions& kOptions>
std::vector<OpRow> ConvRowsFor(const std::string& what) {
  const auto named = [&](const char* op) { return op + what; };
  const auto weights = ImagesAndWeights(kOptions.groups);
  std::vector<Shapes> images, with_bias, results, transposed;
  for (const Shapes& s : weights) {
    images.push_back({s[0]});
    with_bias.push_back({s[0], s[1], Shape{s[1][0]}});
    const Extent2 out =
        WindowsOn({s[0][1], s[0][2]}, {s[1][1], s[1][2]}, kOptions);
    // The image in third place says which size is meant.
    transposed.push_back(
        {Shape{s[0][0], out.height, out.width, s[1][0]}, s[1], s[0]});
  }
  const auto row = [&](const char* op, Build build, std::vector<Shapes> inputs,
                       double (*roundings)(const Shapes&)) {
    return PlainRow(op, build, std::move(inputs), roundings);
  };
  std::vector<OpRow> rows{
      row(
          "Unfold",
          [](X x) {
            return Unfold(x[0], {3, 2}, kOptions);
          },
          images, Exact),
      row(
          "Fold",
          [](X x) {
            Tensor windows = Unfold(x[0], {3, 2}, kOptions);
            return Fold(windows, x[0].shape(), {3, 2}, kOptions);
          },
          images, [](const Shapes&) { return 7.0; }),
      row(
          "Conv2d", [](X x) { return Conv2d(x[0], x[1], x[2], kOptions); },
          with_bias, TapRoundings),
      row(
          "Conv2dComposed",
          [](X x) { return Conv2dComposed(x[0], x[1], kOptions); }, weights,
          TapRoundings),
      row(
          "Conv2dTranspose",
          [](X x) {
            const Shape image = x[2].shape();
            Tensor y =
                Conv2dTranspose(x[0], x[1], {image[1], image[2]}, kOptions);
            return Add(y, x[2]);
          },
          transposed, TransposeRoundings),
      row(
          "Conv2dTransposeComposed",
          [](X x) {
            const Shape image = x[2].shape();
            Tensor y = Conv2dTransposeComposed(x[0], x[1], {image[1], image[2]},
                                               kOptions);
            return Add(y, x[2]);
          },
          transposed, TransposeRoundings),
      row(
          "Conv2dWeight",
          [](X x) {
            return Conv2dWeight(x[0], x[1], {3, 2}, kOptions);
          },
          ImagesAndResults<kOptions>(), PlaceRoundings),
      row(
          "Conv2dWeightComposed",
          [](X x) {
            return Conv2dWeightComposed(x[0], x[1], {3, 2}, kOptions);
          },
          ImagesAndResults<kOptions>(), PlaceRoundings),
  };
  for (OpRow& r : rows) r.name = named(r.name.c_str());
  return rows;
}

inline std::vector<OpRow> ConvRows() {
  std::vector<OpRow> all;
  for (const auto& rows :
       {ConvRowsFor<kPlainWindows>(""), ConvRowsFor<kSameWindows>("/same"),
        ConvRowsFor<kStridedWindows>("/strided"),
        ConvRowsFor<kGroupedWindows>("/groups")}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace unnoise::op_rows

#endif  // UNNOISE_TESTS_CORE_AUTODIFF_ROWS_CONV_H_
