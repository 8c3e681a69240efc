// A canvas that writes SVG 1.1: shapes as elements, texts as texts.

#ifndef UNNOISE_PICTURE_SVG_H_
#define UNNOISE_PICTURE_SVG_H_

#include <string>
#include <string_view>

#include "core/picture/canvas.h"

namespace unnoise {

// Text for XML and HTML, in elements and attributes: & < > " ' as entities,
// what XML cannot hold (control characters, broken UTF-8) as U+FFFD.
std::string Escaped(std::string_view text);

class Svg final : public Canvas {
 public:
  // `width` by `height` pixels, each a `detail`th of a unit wide. `title` and
  // `description` say in words what is drawn.
  Svg(int width, int height, double detail, Colour background,
      std::string_view title, std::string_view description);

  // The whole document; call once, at the end.
  std::string Finish();

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
  // A box with whole sides, as attributes.
  std::string Snapped(const Box& box) const;
  void Path(std::string_view commands, double width, Ink ink);

  double detail_;
  std::string text_;
  int clips_ = 0;
};

}  // namespace unnoise

#endif  // UNNOISE_PICTURE_SVG_H_
