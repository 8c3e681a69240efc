// See plot.h: windows, headings, grounds and axes. Marks are in marks.cc.

#include "core/picture/plot.h"

#include <algorithm>
#include <cmath>

#include "core/picture/glyphs.h"

namespace unnoise {
namespace {

constexpr double kTitleSize = 16;
constexpr double kTickGap = 7;
constexpr double kLeastTickDistance = 76;
constexpr double kLeftLabels = 46;
constexpr double kBottomLabels = 20;
// Axes whose spreads differ by more have a scale each.
constexpr double kLongestShape = 6;

std::vector<AxisTick> PlacesOf(const std::vector<Tick>& ticks, auto place) {
  std::vector<AxisTick> placed;
  for (const Tick& tick : ticks) {
    placed.push_back({place(tick.value), tick.label});
  }
  return placed;
}

}  // namespace

Cloud FirstAxes(std::span<const float> points, int dim) {
  Cloud cloud{std::min(dim, 2), {}};
  for (size_t i = 0; i < points.size(); i += static_cast<size_t>(dim)) {
    for (int axis = 0; axis < cloud.dim; ++axis) {
      cloud.values.push_back(points[i + static_cast<size_t>(axis)]);
    }
  }
  return cloud;
}

Window WindowOf(const Cloud& data, double room) {
  double low[2] = {0, 0}, high[2] = {0, 0};
  for (size_t i = 0; i < data.values.size(); ++i) {
    const size_t axis = i % static_cast<size_t>(data.dim);
    const double value = data.values[i];
    const bool first = i < static_cast<size_t>(data.dim);
    low[axis] = first ? value : std::min(low[axis], value);
    high[axis] = first ? value : std::max(high[axis], value);
  }
  const double wide = high[0] - low[0], tall = high[1] - low[1];
  const double longer = std::max(wide, tall);
  const bool two_scales =
      std::min(wide, tall) > 0 && longer > kLongestShape * std::min(wide, tall);
  const double reach_x = room * (two_scales ? wide : longer);
  const double reach_y = room * (two_scales ? tall : longer);
  return {(low[0] + high[0]) / 2, (low[1] + high[1]) / 2,
          reach_x > 0 ? reach_x : 1, reach_y > 0 ? reach_y : 1};
}

Scales::Scales(const Window& window, const Box& box)
    : window_(window), box_(box) {
  const double shorter = std::min(box.width, box.height);
  zoom_x_ = shorter / (2 * window.reach_x);
  zoom_y_ = shorter / (2 * window.reach_y);
  if (window.reach_x != window.reach_y) {  // nothing to keep in proportion
    zoom_x_ = box.width / (2 * window.reach_x);
    zoom_y_ = box.height / (2 * window.reach_y);
  }
}

Box DrawHeading(Canvas& canvas, const Theme& theme, double width, double height,
                const Heading& heading, std::span<const LegendEntry> legend) {
  const double right = width - kPadding;
  const double first_line = kPadding + 12;
  const double second_line = first_line + 20;
  double legend_left = right;
  for (size_t i = legend.size(); i-- > 0;) {
    const LegendEntry& entry = legend[i];
    canvas.Text({legend_left, first_line}, Anchor::kEnd, kTextSize, entry.text,
                {theme.ink});
    legend_left -= TextWidth(entry.text, kTextSize) + 14;
    const Place at[] = {{legend_left, first_line - 4.3}};
    const Place line[] = {{at[0].x - 6, at[0].y}, {at[0].x + 4, at[0].y}};
    if (entry.mark == Mark::kSquare) {
      canvas.Squares(at, 8, {entry.colour});
    } else if (entry.mark == Mark::kDisc) {
      canvas.Discs(at, 4.5, {entry.colour});
    } else {
      canvas.Line(line, 2, {entry.colour});
    }
    legend_left -= entry.mark == Mark::kLine ? 24 : 22;
  }
  const double title_room = legend_left - kPadding;
  canvas.Text({kPadding, first_line}, Anchor::kStart, kTitleSize,
              Shortened(heading.title, kTitleSize, title_room), {theme.ink});
  canvas.Text({kPadding, second_line}, Anchor::kStart, kTextSize,
              Shortened(heading.note, kTextSize, right - kPadding),
              {theme.muted});
  const double top = second_line + 14;
  return {kPadding, top, std::max(1.0, width - 2 * kPadding),
          std::max(1.0, height - kPadding - top)};
}

Box InsideLabels(const Box& box, bool labels_at_left) {
  const double left = labels_at_left ? kLeftLabels - kPadding : 0;
  return {box.left + left, box.top, std::max(1.0, box.width - left),
          std::max(1.0, box.height - kBottomLabels)};
}

void DrawGround(Canvas& canvas, const Theme& theme, const Box& box) {
  const double line =
      std::max(1.0, std::floor(canvas.detail())) / canvas.detail();
  canvas.Fill({box.left - line, box.top - line, box.width + 2 * line,
               box.height + 2 * line},
              {theme.line});
  canvas.Fill(box, {theme.surface});
}

void DrawGridX(Canvas& canvas, const Theme& theme, const Box& box,
               std::span<const AxisTick> ticks, bool labels) {
  double free_from = -1e9;
  for (const AxisTick& tick : ticks) {
    canvas.Fill({tick.at - 0.5, box.top, 1, box.height}, {theme.grid});
    const double half = TextWidth(tick.label, kTickSize) / 2;
    if (!labels || tick.at - half < free_from) continue;
    free_from = tick.at + half + kTickGap;
    const double middle = std::min(tick.at, box.right() + kTickGap - half);
    canvas.Text({middle, box.bottom() + 17}, Anchor::kMiddle, kTickSize,
                tick.label, {theme.label});
  }
}

void DrawGridY(Canvas& canvas, const Theme& theme, const Box& box,
               std::span<const AxisTick> ticks, bool labels) {
  for (const AxisTick& tick : ticks) {
    canvas.Fill({box.left, tick.at - 0.5, box.width, 1}, {theme.grid});
    if (!labels) continue;
    canvas.Text({box.left - kTickGap, tick.at + 4}, Anchor::kEnd, kTickSize,
                tick.label, {theme.label});
  }
}

void DrawGrid(Canvas& canvas, const Theme& theme, const Scales& scales, int dim,
              bool labels) {
  const Box& box = scales.box();
  const double count_x = box.width / kLeastTickDistance;
  const double count_y = box.height / kLeastTickDistance;
  DrawGridX(canvas, theme, box,
            PlacesOf(Ticks(scales.low_x(), scales.high_x(), count_x),
                     [&](double value) { return scales.x(value); }),
            labels);
  if (dim == 1) return;
  DrawGridY(canvas, theme, box,
            PlacesOf(Ticks(scales.low_y(), scales.high_y(), count_y),
                     [&](double value) { return scales.y(value); }),
            labels);
}

}  // namespace unnoise
