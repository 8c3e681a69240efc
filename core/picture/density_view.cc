// The view of densities: points are counted in a fine grid and smoothed by a
// Gaussian of fixed width, the same for data and samples.

#include <algorithm>
#include <cmath>
#include <span>

#include "core/base/exact_math.h"
#include "core/picture/views.h"

namespace unnoise {
namespace {

constexpr double kRoom = 0.58;
constexpr double kPanelGap = 20;
constexpr double kPanelTitle = 22;
constexpr double kRampWidth = 12;
constexpr double kRampRoom = 64;  // with the gap and its labels
// The Gaussian's standard deviation, as a part of the window's reach: wide
// enough to hide single points, narrow enough for the arms of a spiral.
constexpr double kSmoothing = 0.03;
constexpr double kKernelReach = 4;  // beyond lies less than 1e-4 of it
constexpr double kTopRoom = 1.08;   // above a curve

// exp(-x^2 / 2 width^2) at x = 0, 1, ..., summing to 1 over both sides.
std::vector<double> Kernel(double width) {
  const int reach = static_cast<int>(std::ceil(kKernelReach * width));
  std::vector<double> kernel;
  double sum = 0;
  for (int i = 0; i <= reach; ++i) {
    kernel.push_back(exact::Exp(-0.5 * i * i / (width * width)));
    sum += (i == 0 ? 1 : 2) * kernel.back();
  }
  for (double& value : kernel) value /= sum;
  return kernel;
}

// `count` lines of `length` values, `stride` apart, each smoothed by itself.
void Smooth(std::vector<double>& values, int count, int line_stride, int length,
            int stride, std::span<const double> kernel) {
  std::vector<double> line(static_cast<size_t>(length));
  const int reach = static_cast<int>(kernel.size()) - 1;
  for (int i = 0; i < count; ++i) {
    double* start = &values[static_cast<size_t>(i) * line_stride];
    for (int j = 0; j < length; ++j) {
      line[static_cast<size_t>(j)] = start[static_cast<size_t>(j) * stride];
    }
    for (int j = 0; j < length; ++j) {
      double sum = 0;
      const int first = std::max(0, j - reach);
      const int last = std::min(length - 1, j + reach);
      for (int k = first; k <= last; ++k) {
        sum += kernel[static_cast<size_t>(k < j ? j - k : k - j)] *
               line[static_cast<size_t>(k)];
      }
      start[static_cast<size_t>(j) * stride] = sum;
    }
  }
}

// A density per unit of area (of length, if dim is 1) in cells over a box.
struct Field {
  int columns = 0;
  int rows = 0;
  std::vector<double> values;  // [rows, columns], from the top
  double Highest() const {
    return *std::max_element(values.begin(), values.end());
  }
};

Field FieldOf(const Cloud& cloud, const Scales& scales, const Window& window,
              int columns, int rows) {
  Field field{columns, rows,
              std::vector<double>(static_cast<size_t>(columns) * rows)};
  const Box& box = scales.box();
  const double cell_x = (scales.high_x() - scales.low_x()) / columns;
  const double cell_y =
      cloud.dim == 1 ? 1 : (scales.high_y() - scales.low_y()) / rows;
  const double share =
      1 / (static_cast<double>(cloud.count()) * cell_x * cell_y);
  for (size_t i = 0; i < cloud.count(); ++i) {
    const size_t at = i * static_cast<size_t>(cloud.dim);
    const double x = (scales.x(cloud.values[at]) - box.left) / box.width;
    const double y =
        cloud.dim == 1
            ? 0
            : (scales.y(cloud.values[at + 1]) - box.top) / box.height;
    // Each point is shared by the cells whose middles surround it.
    const double column = x * columns - 0.5;
    const double row = cloud.dim == 1 ? 0 : y * rows - 0.5;
    if (!(column > -1 && column < columns && row > -1 && row < rows)) continue;
    const double left = std::floor(column), top = std::floor(row);
    for (const int dx : {0, 1}) {
      for (const int dy : {0, 1}) {
        const int to_x = static_cast<int>(left) + dx;
        const int to_y = static_cast<int>(top) + dy;
        if (to_x < 0 || to_x >= columns || to_y < 0 || to_y >= rows) continue;
        const double wide = dx == 0 ? 1 - (column - left) : column - left;
        const double tall = dy == 0 ? 1 - (row - top) : row - top;
        field.values[static_cast<size_t>(to_y) * columns + to_x] +=
            share * wide * tall;
      }
    }
  }
  const double width_x = kSmoothing * window.reach_x / cell_x;
  Smooth(field.values, rows, columns, columns, 1, Kernel(width_x));
  if (cloud.dim > 1) {
    const double width_y = kSmoothing * window.reach_y / cell_y;
    Smooth(field.values, columns, 1, rows, columns, Kernel(width_y));
  }
  return field;
}

Image ImageOf(const Field& field, double highest) {
  Image image{field.columns, field.rows,
              std::vector<uint8_t>(3 * field.values.size())};
  for (int y = 0; y < field.rows; ++y) {
    for (int x = 0; x < field.columns; ++x) {
      image.Set(x, y,
                SequentialColour(
                    field.values[static_cast<size_t>(y) * field.columns + x] /
                    highest));
    }
  }
  return image;
}

int Cells(double length, double detail) {
  return std::max(1, static_cast<int>(std::floor(length * detail + 0.5)));
}

// What the colours mean, beside the maps.
void DrawRamp(Canvas& canvas, const Theme& theme, const Box& box,
              double highest) {
  Image ramp{1, 256, std::vector<uint8_t>(3 * 256)};
  for (int y = 0; y < 256; ++y) ramp.Set(0, y, SequentialColour(1 - y / 255.0));
  canvas.Picture(box, ramp);
  for (const Tick& tick : Ticks(0, highest, 4)) {
    const double y = box.bottom() - tick.value / highest * box.height;
    canvas.Text({box.right() + 7, y + 4}, Anchor::kStart, kTickSize, tick.label,
                {theme.label});
  }
}

void DrawMaps(Canvas& canvas, const Sheet& sheet, const Box& area,
              const Cloud& data, const Cloud& samples) {
  const Theme& theme = sheet.theme;
  const Window window = WindowOf(data, kRoom);
  const double wide = std::max(
      1.0, (InsideLabels(area, true).width - kPanelGap - kRampRoom) / 2);
  const Cloud* clouds[] = {&data, &samples};
  const char* titles[] = {"Data", "Samples"};
  std::vector<Field> fields;
  std::vector<Scales> scales;
  for (int i = 0; i < 2; ++i) {
    Box box = InsideLabels(area, true);
    box = {box.left + i * (wide + kPanelGap), box.top + kPanelTitle, wide,
           std::max(1.0, box.height - kPanelTitle)};
    scales.emplace_back(window, box);
    fields.push_back(FieldOf(*clouds[i], scales.back(), window,
                             Cells(box.width, canvas.detail()),
                             Cells(box.height, canvas.detail())));
  }
  // One scale for both; samples that all lie outside leave only the data's.
  const double highest = std::max(fields[0].Highest(), fields[1].Highest());
  for (int i = 0; i < 2; ++i) {
    const Box& box = scales[static_cast<size_t>(i)].box();
    canvas.Text({box.left, box.top - 8}, Anchor::kStart, kTextSize, titles[i],
                {theme.muted});
    DrawGround(canvas, theme, box);
    // The second map has the first one's labels at its left.
    DrawGrid(canvas, theme, scales[static_cast<size_t>(i)], 2 - i, true);
    canvas.Picture(box, ImageOf(fields[static_cast<size_t>(i)], highest));
  }
  const Box& last = scales.back().box();
  DrawRamp(canvas, theme,
           {last.right() + kPanelGap, last.top, kRampWidth, last.height},
           highest);
}

void DrawCurves(Canvas& canvas, const Sheet& sheet, const Box& area,
                const Cloud& data, const Cloud& samples) {
  const Theme& theme = sheet.theme;
  const Box box = InsideLabels(area, true);
  const Window window = WindowOf(data, kRoom);
  const Scales scales(window, box);
  const int columns = Cells(box.width, canvas.detail());
  const Field of_data = FieldOf(data, scales, window, columns, 1);
  const Field of_samples = FieldOf(samples, scales, window, columns, 1);
  const double highest =
      kTopRoom * std::max(of_data.Highest(), of_samples.Highest());
  DrawGround(canvas, theme, box);
  DrawGrid(canvas, theme, scales, 1, true);
  std::vector<AxisTick> ticks;
  for (const Tick& tick : Ticks(0, highest, box.height / 76)) {
    ticks.push_back(
        {box.bottom() - tick.value / highest * box.height, tick.label});
  }
  DrawGridY(canvas, theme, box, ticks, true);

  const auto curve = [&](const Field& field) {
    std::vector<Place> places;
    for (int x = 0; x < columns; ++x) {
      places.push_back({box.left + box.width * (x + 0.5) / columns,
                        box.bottom() - field.values[static_cast<size_t>(x)] /
                                           highest * box.height});
    }
    return places;
  };
  const std::vector<Place> outline = curve(of_data);
  canvas.Clip(box);
  for (const Place& top : outline) {
    const double wide = box.width / columns;
    const double tall = box.bottom() - top.y;
    if (tall * canvas.detail() < 0.5) continue;
    canvas.Fill({top.x - wide / 2, top.y, wide, tall}, {theme.data, 0.3});
  }
  canvas.Line(outline, 1.5, {theme.data});
  canvas.Line(curve(of_samples), 1.5, {theme.samples});
  canvas.Unclip();
}

}  // namespace

void DrawDensity(Canvas& canvas, const Sheet& sheet, const Cloud& data,
                 const Cloud& samples) {
  const LegendEntry legend[] = {{Mark::kLine, sheet.theme.data, "Data"},
                                {Mark::kLine, sheet.theme.samples, "Samples"}};
  const bool curves = data.dim == 1;
  const Box area =
      DrawHeading(canvas, sheet.theme, sheet.width, sheet.height, sheet.heading,
                  curves ? std::span<const LegendEntry>(legend)
                         : std::span<const LegendEntry>());
  (curves ? DrawCurves : DrawMaps)(canvas, sheet, area, data, samples);
}

}  // namespace unnoise
