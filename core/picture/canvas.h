// What views draw on. Two kinds implement it: pixels (raster.h) and SVG
// (svg.h). Coordinates are the same for both: x to the right, y downwards, in
// units of about one pixel of a common screen.

#ifndef UNNOISE_PICTURE_CANVAS_H_
#define UNNOISE_PICTURE_CANVAS_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/picture/theme.h"

namespace unnoise {

struct Place {
  double x;
  double y;
};

struct Box {
  double left;
  double top;
  double width;
  double height;

  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

// A colour that covers wholly (1) or in part.
struct Ink {
  Colour colour;
  double alpha = 1;
};

// Pixels, row by row from the top; rgb [height, width, 3].
struct Image {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;

  Colour At(int x, int y) const {
    const uint8_t* at = &rgb[3 * (static_cast<size_t>(y) * width + x)];
    return {at[0], at[1], at[2]};
  }
  void Set(int x, int y, Colour colour) {
    uint8_t* at = &rgb[3 * (static_cast<size_t>(y) * width + x)];
    at[0] = colour.r;
    at[1] = colour.g;
    at[2] = colour.b;
  }
};

// Where in a text its place lies.
enum class Anchor { kStart, kMiddle, kEnd };

class Canvas {
 public:
  virtual ~Canvas() = default;

  // Pixels in a unit, for those who make images.
  virtual double detail() const = 0;

  // From now on only what falls into the box is drawn, until Unclip.
  virtual void Clip(const Box& box) = 0;
  virtual void Unclip() = 0;

  // A box with its sides on whole pixels, at least one each way.
  virtual void Fill(const Box& box, Ink ink) = 0;
  // Marks about their centres; where they overlap they cover one another.
  virtual void Squares(std::span<const Place> centres, double size,
                       Ink ink) = 0;
  virtual void Discs(std::span<const Place> centres, double radius,
                     Ink ink) = 0;
  // One line through the places, with round joints.
  virtual void Line(std::span<const Place> places, double width, Ink ink) = 0;
  // Lines from every even place to the next; overlaps count once.
  virtual void Segments(std::span<const Place> places, double width,
                        Ink ink) = 0;
  // UTF-8 in a letter height of `size` * 0.72; `at` is on the baseline.
  virtual void Text(Place at, Anchor anchor, double size, std::string_view text,
                    Ink ink) = 0;
  // An image stretched over the box (its sides on whole pixels).
  virtual void Picture(const Box& box, const Image& image) = 0;
};

}  // namespace unnoise

#endif  // UNNOISE_PICTURE_CANVAS_H_
