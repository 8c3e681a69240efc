// What the views share: point clouds, the window they are seen through, the
// frame around a plot with title and legend, axes, and the marks of data and
// samples as the page has them.

#ifndef UNNOISE_PICTURE_PLOT_H_
#define UNNOISE_PICTURE_PLOT_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/picture/canvas.h"
#include "core/picture/numbers.h"

namespace unnoise {

// Points as pictures show them: values [count, dim] in data units, finite, dim
// 1 or 2.
struct Cloud {
  int dim = 2;
  std::vector<float> values;

  size_t count() const { return values.size() / static_cast<size_t>(dim); }
};

// The first two coordinates of points [count, dim] (the only one, if dim is 1).
Cloud FirstAxes(std::span<const float> points, int dim);

// Part of the plane, in data units: a middle, and how far it reaches at least.
// Both axes have one scale, unless one is so much longer that the other would
// vanish.
struct Window {
  double x = 0, y = 0;
  double reach_x = 1, reach_y = 1;
};

// Room around the data: `room` times the longer side to every side of the
// middle. 0.72 holds nearly all of a noise of the data's spread.
Window WindowOf(const Cloud& data, double room);

// Data units to a box of the canvas, y upwards.
class Scales {
 public:
  Scales(const Window& window, const Box& box);
  const Box& box() const { return box_; }
  double x(double value) const {
    return box_.left + box_.width / 2 + zoom_x_ * (value - window_.x);
  }
  double y(double value) const {
    return box_.top + box_.height / 2 - zoom_y_ * (value - window_.y);
  }
  // What lies at an edge of the box, in data units.
  double low_x() const { return window_.x - box_.width / 2 / zoom_x_; }
  double high_x() const { return window_.x + box_.width / 2 / zoom_x_; }
  double low_y() const { return window_.y - box_.height / 2 / zoom_y_; }
  double high_y() const { return window_.y + box_.height / 2 / zoom_y_; }

 private:
  Window window_;
  Box box_;
  double zoom_x_, zoom_y_;
};

// What stands above a picture.
struct Heading {
  std::string title;  // "Two moons"
  std::string note;   // "DDPM, step 6,000; 1,000 samples by DDIM ..."
};

enum class Mark { kSquare, kDisc, kLine };
struct LegendEntry {
  Mark mark;
  Colour colour;
  std::string_view text;
};

inline constexpr double kPadding = 16;
inline constexpr double kTextSize = 12;
inline constexpr double kTickSize = 11;

// Draws heading and legend at the top of a canvas of this size in units;
// returns what is left below, within the padding.
Box DrawHeading(Canvas& canvas, const Theme& theme, double width, double height,
                const Heading& heading, std::span<const LegendEntry> legend);

// The part of a box that remains for a plot beside the labels of its axes.
Box InsideLabels(const Box& box, bool labels_at_left);

// The plot's ground: surface and a thin line around it.
void DrawGround(Canvas& canvas, const Theme& theme, const Box& box);

struct AxisTick {
  double at;  // on the canvas
  std::string label;
};
// Grid lines, and labels (unless off) below and at the left of the box.
void DrawGridX(Canvas& canvas, const Theme& theme, const Box& box,
               std::span<const AxisTick> ticks, bool labels);
void DrawGridY(Canvas& canvas, const Theme& theme, const Box& box,
               std::span<const AxisTick> ticks, bool labels);
// The same for both axes of a cloud's plot; only one if dim is 1.
void DrawGrid(Canvas& canvas, const Theme& theme, const Scales& scales, int dim,
              bool labels);

// Where the points of a cloud are drawn; points of one coordinate lie in a
// strip, spread over its height. A place outside the box is moved straight
// towards the middle, up to the edge.
enum class Strip { kData, kSamples };
struct Spot {
  Place place;
  bool inside;
};
std::vector<Spot> SpotsOf(const Cloud& cloud, Strip strip,
                          const Scales& scales);

// Data as squares, samples as discs (beyond the box specks at its edge); with
// one coordinate histograms above them.
void DrawData(Canvas& canvas, const Theme& theme, const Scales& scales,
              const Cloud& data);
void DrawSamples(Canvas& canvas, const Theme& theme, const Scales& scales,
                 const Cloud& data, const Cloud& samples);

// Tails from where samples are to where they were; `past` newest first.
void DrawTrails(Canvas& canvas, const Theme& theme, const Scales& scales,
                const Cloud& samples, std::span<const Cloud> past);

}  // namespace unnoise

#endif  // UNNOISE_PICTURE_PLOT_H_
