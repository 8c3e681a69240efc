// A canvas of pixels with smooth edges. The same calls give the same pixels on
// every machine.

#ifndef UNNOISE_PICTURE_RASTER_H_
#define UNNOISE_PICTURE_RASTER_H_

#include <string_view>
#include <vector>

#include "core/picture/canvas.h"

namespace unnoise {

class Raster final : public Canvas {
 public:
  // `width` by `height` pixels, each a `detail`th of a unit wide.
  Raster(int width, int height, double detail, Colour background);

  const Image& image() const { return image_; }
  // Starts again from this image, of the same size.
  void Reset(const Image& image) { image_ = image; }

  double detail() const override { return detail_; }
  void Clip(const Box& box) override;
  void Unclip() override;
  void Fill(const Box& box, Ink ink) override;
  void Squares(std::span<const Place> centres, double size, Ink ink) override;
  void Discs(std::span<const Place> centres, double radius, Ink ink) override;
  void Line(std::span<const Place> places, double width, Ink ink) override;
  void Segments(std::span<const Place> places, double width, Ink ink) override;
  void Text(Place at, Anchor anchor, double size, std::string_view text,
            Ink ink) override;
  void Picture(const Box& box, const Image& image) override;

 private:
  // Pixels left <= x < right, top <= y < bottom.
  struct Pixels {
    int left, top, right, bottom;
  };
  // The pixels that a box of places touches, within the clip.
  Pixels Within(double left, double top, double right, double bottom) const;
  // The pixels of a box with whole sides, within the clip.
  Pixels Whole(const Box& box) const;
  void Blend(int x, int y, double coverage, Ink ink);
  // Notes in mask_ how far a thick line covers each pixel, if it is more than
  // other lines do.
  void MarkSegment(Place from, Place to, double width);
  void BlendMask(Ink ink);

  double detail_;
  Image image_;
  Pixels clip_;
  std::vector<uint8_t> mask_;  // [height, width], zero between calls
  Pixels marked_;
};

}  // namespace unnoise

#endif  // UNNOISE_PICTURE_RASTER_H_
