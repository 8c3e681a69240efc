// See raster.h. How far a shape covers a pixel is its overlap with it (boxes)
// or follows from the distance to its edge (discs, lines).

#include "core/picture/raster.h"

#include <algorithm>
#include <cmath>

#include "core/picture/glyphs.h"

namespace unnoise {
namespace {

int Round(double value) { return static_cast<int>(std::floor(value + 0.5)); }

// Places far outside must not overflow an int.
int Bounded(double value, int low, int high) {
  if (!(value > low)) return low;
  return value < high ? static_cast<int>(value) : high;
}

uint8_t BlendChannel(uint8_t under, uint8_t over, int part) {
  return static_cast<uint8_t>((under * (255 - part) + over * part + 127) / 255);
}

}  // namespace

Raster::Raster(int width, int height, double detail, Colour background)
    : detail_(detail),
      image_{width, height,
             std::vector<uint8_t>(3 * static_cast<size_t>(width) * height)},
      mask_(static_cast<size_t>(width) * height) {
  Unclip();
  marked_ = {width, height, 0, 0};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) image_.Set(x, y, background);
  }
}

void Raster::Clip(const Box& box) {
  Unclip();
  clip_ = Whole(box);
}

void Raster::Unclip() { clip_ = {0, 0, image_.width, image_.height}; }

Raster::Pixels Raster::Within(double left, double top, double right,
                              double bottom) const {
  return {Bounded(std::floor(left), clip_.left, clip_.right),
          Bounded(std::floor(top), clip_.top, clip_.bottom),
          Bounded(std::ceil(right), clip_.left, clip_.right),
          Bounded(std::ceil(bottom), clip_.top, clip_.bottom)};
}

Raster::Pixels Raster::Whole(const Box& box) const {
  const int left = Round(detail_ * box.left);
  const int top = Round(detail_ * box.top);
  const int right = std::max(left + 1, Round(detail_ * box.right()));
  const int bottom = std::max(top + 1, Round(detail_ * box.bottom()));
  return {std::clamp(left, clip_.left, clip_.right),
          std::clamp(top, clip_.top, clip_.bottom),
          std::clamp(right, clip_.left, clip_.right),
          std::clamp(bottom, clip_.top, clip_.bottom)};
}

void Raster::Blend(int x, int y, double coverage, Ink ink) {
  const int part = Round(255 * std::min(coverage, 1.0) * ink.alpha);
  if (part <= 0) return;
  const Colour under = image_.At(x, y);
  image_.Set(x, y,
             {BlendChannel(under.r, ink.colour.r, part),
              BlendChannel(under.g, ink.colour.g, part),
              BlendChannel(under.b, ink.colour.b, part)});
}

void Raster::Fill(const Box& box, Ink ink) {
  const Pixels pixels = Whole(box);
  for (int y = pixels.top; y < pixels.bottom; ++y) {
    for (int x = pixels.left; x < pixels.right; ++x) Blend(x, y, 1, ink);
  }
}

void Raster::Squares(std::span<const Place> centres, double size, Ink ink) {
  const double half = detail_ * size / 2;
  for (const Place& centre : centres) {
    const double left = detail_ * centre.x - half;
    const double top = detail_ * centre.y - half;
    const double right = left + 2 * half;
    const double bottom = top + 2 * half;
    const Pixels pixels = Within(left, top, right, bottom);
    for (int y = pixels.top; y < pixels.bottom; ++y) {
      const double tall =
          std::min<double>(y + 1, bottom) - std::max<double>(y, top);
      for (int x = pixels.left; x < pixels.right; ++x) {
        const double wide =
            std::min<double>(x + 1, right) - std::max<double>(x, left);
        if (wide > 0 && tall > 0) Blend(x, y, wide * tall, ink);
      }
    }
  }
}

void Raster::Discs(std::span<const Place> centres, double radius, Ink ink) {
  const double edge = detail_ * radius + 0.5;
  for (const Place& centre : centres) {
    const double cx = detail_ * centre.x;
    const double cy = detail_ * centre.y;
    const Pixels pixels = Within(cx - edge, cy - edge, cx + edge, cy + edge);
    for (int y = pixels.top; y < pixels.bottom; ++y) {
      for (int x = pixels.left; x < pixels.right; ++x) {
        const double dx = x + 0.5 - cx;
        const double dy = y + 0.5 - cy;
        const double inside = edge - std::sqrt(dx * dx + dy * dy);
        if (inside > 0) Blend(x, y, inside, ink);
      }
    }
  }
}

void Raster::MarkSegment(Place from, Place to, double width) {
  const double wide = detail_ * width;
  const double edge = wide / 2 + 0.5;
  const double most = std::min(wide, 1.0);  // a hair covers no pixel wholly
  const double ax = detail_ * from.x, ay = detail_ * from.y;
  const double bx = detail_ * to.x, by = detail_ * to.y;
  const double length = (bx - ax) * (bx - ax) + (by - ay) * (by - ay);
  const Pixels pixels =
      Within(std::min(ax, bx) - edge, std::min(ay, by) - edge,
             std::max(ax, bx) + edge, std::max(ay, by) + edge);
  for (int y = pixels.top; y < pixels.bottom; ++y) {
    for (int x = pixels.left; x < pixels.right; ++x) {
      const double px = x + 0.5 - ax;
      const double py = y + 0.5 - ay;
      double part = 0;
      if (length > 0) {
        part = (px * (bx - ax) + py * (by - ay)) / length;
        part = std::clamp(part, 0.0, 1.0);
      }
      const double dx = px - part * (bx - ax);
      const double dy = py - part * (by - ay);
      const double inside = edge - std::sqrt(dx * dx + dy * dy);
      if (!(inside > 0)) continue;
      uint8_t& mark = mask_[static_cast<size_t>(y) * image_.width + x];
      mark = std::max(
          mark, static_cast<uint8_t>(Round(255 * std::min(inside, most))));
    }
  }
  marked_.left = std::min(marked_.left, pixels.left);
  marked_.top = std::min(marked_.top, pixels.top);
  marked_.right = std::max(marked_.right, pixels.right);
  marked_.bottom = std::max(marked_.bottom, pixels.bottom);
}

void Raster::BlendMask(Ink ink) {
  for (int y = marked_.top; y < marked_.bottom; ++y) {
    for (int x = marked_.left; x < marked_.right; ++x) {
      uint8_t& mark = mask_[static_cast<size_t>(y) * image_.width + x];
      if (mark != 0) Blend(x, y, mark / 255.0, ink);
      mark = 0;
    }
  }
  marked_ = {image_.width, image_.height, 0, 0};
}

void Raster::Line(std::span<const Place> places, double width, Ink ink) {
  for (size_t i = 1; i < places.size(); ++i) {
    MarkSegment(places[i - 1], places[i], width);
  }
  BlendMask(ink);
}

void Raster::Segments(std::span<const Place> places, double width, Ink ink) {
  for (size_t i = 1; i < places.size(); i += 2) {
    MarkSegment(places[i - 1], places[i], width);
  }
  BlendMask(ink);
}

void Raster::Text(Place at, Anchor anchor, double size, std::string_view text,
                  Ink ink) {
  const double width = TextWidth(text, size);
  if (anchor == Anchor::kMiddle) at.x -= width / 2;
  if (anchor == Anchor::kEnd) at.x -= width;
  // Letters stand on a row of pixels: sharper, and even from line to line.
  at.y = std::floor(detail_ * at.y + 0.5) / detail_;
  Segments(TextStrokes(text, at, size), StrokeWidth(size), ink);
}

void Raster::Picture(const Box& box, const Image& image) {
  const Pixels pixels = Whole(box);
  const double left = std::floor(detail_ * box.left + 0.5);
  const double top = std::floor(detail_ * box.top + 0.5);
  const double wide = detail_ * box.width;
  const double tall = detail_ * box.height;
  for (int y = pixels.top; y < pixels.bottom; ++y) {
    const int from_y =
        Bounded((y + 0.5 - top) / tall * image.height, 0, image.height - 1);
    for (int x = pixels.left; x < pixels.right; ++x) {
      const int from_x =
          Bounded((x + 0.5 - left) / wide * image.width, 0, image.width - 1);
      image_.Set(x, y, image.At(from_x, from_y));
    }
  }
}

}  // namespace unnoise
