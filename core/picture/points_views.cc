// The views that show points as points: scatter, strip, moments of an
// animation.

#include <algorithm>
#include <cmath>

#include "core/picture/views.h"

namespace unnoise {
namespace {

constexpr double kScatterRoom = 0.58;
constexpr double kWayRoom = 0.72;
constexpr size_t kTrail = 9;  // states of the past, as the page shows
constexpr double kPanelGap = 12;
constexpr double kPanelTitle = 22;

std::vector<LegendEntry> Legend(const Theme& theme) {
  return {{Mark::kSquare, theme.data, "Data"},
          {Mark::kDisc, theme.samples, "Samples"}};
}

// Particles of data on their way to noise are no samples of the model.
std::vector<LegendEntry> WayLegend(const Theme& theme, const Way& way) {
  const bool noising = way.grid.front().t < way.grid.back().t;
  return {{Mark::kSquare, theme.data, "Data"},
          {Mark::kDisc, theme.samples, noising ? "Noised data" : "Samples"}};
}

void DrawPoints(Canvas& canvas, const Theme& theme, const Scales& scales,
                const Cloud& data, const Cloud& samples,
                std::span<const Cloud> past) {
  canvas.Clip(scales.box());
  DrawData(canvas, theme, scales, data);
  if (!past.empty()) DrawTrails(canvas, theme, scales, samples, past);
  DrawSamples(canvas, theme, scales, data, samples);
  canvas.Unclip();
}

std::string TimeText(const GridPoint& point) {
  return "t " + Fixed(point.t, 3);
}

// Columns that make the panels largest.
int BestColumns(const Box& area, int panels) {
  int best = 1;
  double largest = 0;
  for (int columns = 1; columns <= panels; ++columns) {
    const int rows = (panels + columns - 1) / columns;
    const double side =
        std::min((area.width + kPanelGap) / columns - kPanelGap,
                 (area.height + kPanelGap) / rows - kPanelGap - kPanelTitle);
    if (side > largest) {
      largest = side;
      best = columns;
    }
  }
  return best;
}

}  // namespace

Window WayWindow(const Cloud& data) { return WindowOf(data, kWayRoom); }

void DrawScatter(Canvas& canvas, const Sheet& sheet, const Cloud& data,
                 const Cloud& samples) {
  const Theme& theme = sheet.theme;
  const Box area = DrawHeading(canvas, theme, sheet.width, sheet.height,
                               sheet.heading, Legend(theme));
  const Box box = InsideLabels(area, data.dim > 1);
  const Scales scales(WindowOf(data, kScatterRoom), box);
  DrawGround(canvas, theme, box);
  DrawGrid(canvas, theme, scales, data.dim, true);
  DrawPoints(canvas, theme, scales, data, samples, {});
}

void DrawStrip(Canvas& canvas, const Sheet& sheet, const Cloud& data,
               const Way& way) {
  const Theme& theme = sheet.theme;
  const Box area = DrawHeading(canvas, theme, sheet.width, sheet.height,
                               sheet.heading, WayLegend(theme, way));
  const int count = static_cast<int>(way.states.size());
  const int columns = BestColumns(area, count);
  const int rows = (count + columns - 1) / columns;
  const double wide = (area.width + kPanelGap) / columns;
  const double tall = (area.height + kPanelGap) / rows;
  for (int i = 0; i < count; ++i) {
    const auto moment = static_cast<size_t>(i);
    const Box panel = {area.left + wide * (i % columns),
                       area.top + tall * (i / columns) + kPanelTitle,
                       wide - kPanelGap, tall - kPanelGap - kPanelTitle};
    const Scales scales(WayWindow(data), panel);
    canvas.Text({panel.left, panel.top - 8}, Anchor::kStart, kTextSize,
                TimeText(way.grid[moment]), {theme.muted});
    DrawGround(canvas, theme, panel);
    DrawGrid(canvas, theme, scales, data.dim, false);
    DrawPoints(canvas, theme, scales, data, way.states[moment], {});
  }
}

void DrawMoment(Canvas& canvas, const Sheet& sheet, const Cloud& data,
                const Way& way, size_t moment) {
  const Theme& theme = sheet.theme;
  const Box area = DrawHeading(canvas, theme, sheet.width, sheet.height,
                               sheet.heading, WayLegend(theme, way));
  const Box box = InsideLabels(area, data.dim > 1);
  const Scales scales(WayWindow(data), box);
  DrawGround(canvas, theme, box);
  DrawGrid(canvas, theme, scales, data.dim, true);

  std::vector<Cloud> past;
  for (size_t age = 1; age <= std::min(kTrail, moment); ++age) {
    past.push_back(way.states[moment - age]);
  }
  DrawPoints(canvas, theme, scales, data, way.states[moment], past);

  const GridPoint& point = way.grid[moment];
  canvas.Text({box.left + 10, box.top + 20}, Anchor::kStart, kTextSize,
              TimeText(point) + "   \u03b1 " + Fixed(point.alpha, 3) +
                  "   \u03c3 " + Fixed(point.sigma, 3),
              {theme.muted});
  const double part = static_cast<double>(moment) /
                      std::max<double>(1, way.states.size() - 1.0);
  canvas.Fill({box.left, box.bottom() - 3, box.width * part, 3},
              {theme.samples});
}

}  // namespace unnoise
