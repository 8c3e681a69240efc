// The view of the loss over steps.

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"
#include "core/picture/views.h"

namespace unnoise {
namespace {

// The running mean reaches so many entries to either side, if there are.
constexpr size_t kSmoothing = 20;
constexpr size_t kEntriesForSpan = 16;
constexpr double kFaint = 0.4;
constexpr double kTopRoom = 1.05;
// A few entries far above the rest would press all others to the ground.
constexpr double kMostOverMean = 2;
constexpr double kLeastTickDistance = 64;

std::vector<double> RunningMean(const std::vector<double>& values) {
  const size_t span = std::min(kSmoothing, values.size() / kEntriesForSpan);
  std::vector<double> means;
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t first = i - std::min(span, i);
    const size_t last = std::min(i + span, values.size() - 1);
    double sum = 0;
    for (size_t j = first; j <= last; ++j) sum += values[j];
    means.push_back(sum / static_cast<double>(last - first + 1));
  }
  return means;
}

LossCurve AboveZero(const LossCurve& curve) {
  LossCurve above;
  for (size_t i = 0; i < curve.losses.size(); ++i) {
    if (!(curve.losses[i] > 0)) continue;
    above.steps.push_back(curve.steps[i]);
    above.losses.push_back(curve.losses[i]);
  }
  return above;
}

}  // namespace

void DrawLoss(Canvas& canvas, const Sheet& sheet, const LossCurve& all,
              bool logarithmic) {
  const Theme& theme = sheet.theme;
  const LegendEntry legend[] = {
      {Mark::kLine, Mix(theme.paper, theme.data, kFaint), "Loss of a batch"},
      {Mark::kLine, theme.data, "Running mean"}};
  const Box area = DrawHeading(canvas, theme, sheet.width, sheet.height,
                               sheet.heading, legend);
  const Box box = InsideLabels(area, true);
  const LossCurve curve = logarithmic ? AboveZero(all) : all;
  const std::vector<double> means = RunningMean(curve.losses);

  const double end = std::max(1.0, curve.steps.back());
  const auto [least, most] =
      std::minmax_element(curve.losses.begin(), curve.losses.end());
  const double highest_mean = *std::max_element(means.begin(), means.end());
  const double lowest = logarithmic ? *least / kTopRoom : std::min(0.0, *least);
  double highest =
      kTopRoom *
      (logarithmic ? *most : std::min(*most, kMostOverMean * highest_mean));
  if (!(highest > lowest)) highest = lowest + 1;
  const auto x = [&](double step) { return box.left + step / end * box.width; };
  const auto y = [&](double loss) {
    const double part =
        logarithmic ? exact::Log(loss / lowest) / exact::Log(highest / lowest)
                    : (loss - lowest) / (highest - lowest);
    return box.bottom() - part * box.height;
  };

  DrawGround(canvas, theme, box);
  std::vector<AxisTick> steps, losses;
  for (const Tick& tick : Ticks(0, end, box.width / 90)) {
    steps.push_back({x(tick.value), tick.label});
  }
  const double count = box.height / kLeastTickDistance;
  std::vector<Tick> ticks = Ticks(lowest, highest, count);
  // Over less than a factor of 5 or so, even numbers say more than powers.
  if (logarithmic && LogTicks(lowest, highest).size() > 2) {
    ticks = LogTicks(lowest, highest);
  }
  for (const Tick& tick : ticks) {
    losses.push_back({y(tick.value), tick.label});
  }
  DrawGridX(canvas, theme, box, steps, true);
  DrawGridY(canvas, theme, box, losses, true);

  const Ink label = {theme.label};
  canvas.Text({box.left + 8, box.top + 18}, Anchor::kStart, kTickSize, "loss",
              label);
  canvas.Text({box.right() - 8, box.bottom() - 8}, Anchor::kEnd, kTickSize,
              "step", label);

  const auto line = [&](const std::vector<double>& values) {
    std::vector<Place> places;
    for (size_t i = 0; i < values.size(); ++i) {
      places.push_back({x(curve.steps[i]), y(values[i])});
    }
    if (places.size() == 1) places.push_back(places[0]);  // a dot
    return places;
  };
  canvas.Clip(box);
  canvas.Line(line(curve.losses), 1, {theme.data, kFaint});
  canvas.Line(line(means), 2, {theme.data});
  canvas.Unclip();
}

}  // namespace unnoise
