// The marks of data and samples (plot.h), as large and as strong as the page's.

#include <algorithm>
#include <cmath>

#include "core/picture/plot.h"

namespace unnoise {
namespace {

constexpr double kDataSize = 3;
constexpr double kDataAlpha = 0.55;
constexpr double kSampleRadius = 2.4;
constexpr double kSampleAlpha = 0.9;
// Samples out of view are specks this large, this far within the edge.
constexpr double kFarSize = 1.5;
constexpr double kFarAlpha = 0.45;
constexpr double kEdge = 3;
// Marks have these sizes in plots of at least this side.
constexpr double kFullSide = 340;
constexpr double kLeastScale = 0.6;
constexpr double kTrailAlpha = 0.5;
// The golden ratio's fractions are spread evenly, however many there are.
constexpr double kGolden = 0.6180339887498949;

// Parts of the box's height, from the top.
struct Lane {
  double top;
  double height;
};
constexpr Lane kDataLane = {0.64, 0.14};
constexpr Lane kSampleLane = {0.82, 0.14};
constexpr double kHistogramBase = 0.58;
constexpr double kHistogramHeight = 0.5;
constexpr int kBins = 64;

// Shares of the values in equal bins over the box's width.
std::vector<double> SharesOf(const Cloud& cloud, const Scales& scales) {
  std::vector<double> shares(kBins);
  const Box& box = scales.box();
  for (const float value : cloud.values) {
    const double bin = (scales.x(value) - box.left) / box.width * kBins;
    if (bin >= 0 && bin < kBins) {
      shares[static_cast<size_t>(bin)] +=
          1 / static_cast<double>(cloud.values.size());
    }
  }
  return shares;
}

// Smaller in small plots, where they would hide one another.
double MarkScale(const Scales& scales) {
  const double side = std::min(scales.box().width, scales.box().height);
  return std::clamp(side / kFullSide, kLeastScale, 1.0);
}

struct Histogram {
  std::vector<double> tops;  // y on the canvas, for each bin
  double base;
};

// Both histograms share the height of the data's.
Histogram HistogramOf(const Cloud& cloud, const Cloud& data,
                      const Scales& scales) {
  const Box& box = scales.box();
  const std::vector<double> of_data = SharesOf(data, scales);
  const double tallest =
      1.25 * *std::max_element(of_data.begin(), of_data.end());
  Histogram histogram{{}, box.top + kHistogramBase * box.height};
  for (const double share : SharesOf(cloud, scales)) {
    const double part = tallest > 0 ? std::min(1.0, share / tallest) : 0;
    histogram.tops.push_back(histogram.base -
                             kHistogramHeight * box.height * part);
  }
  return histogram;
}

}  // namespace

std::vector<Spot> SpotsOf(const Cloud& cloud, Strip strip,
                          const Scales& scales) {
  const Box& box = scales.box();
  const Lane lane = strip == Strip::kData ? kDataLane : kSampleLane;
  const Place middle = {box.left + box.width / 2, box.top + box.height / 2};
  std::vector<Spot> spots;
  spots.reserve(cloud.count());
  for (size_t i = 0; i < cloud.count(); ++i) {
    Place place{};
    if (cloud.dim == 1) {
      const double turns = static_cast<double>(i) * kGolden;
      place = {
          scales.x(cloud.values[i]),
          box.top + box.height *
                        (lane.top + lane.height * (turns - std::floor(turns)))};
    } else {
      place = {scales.x(cloud.values[2 * i]),
               scales.y(cloud.values[2 * i + 1])};
    }
    const double outside =
        std::max(std::fabs(place.x - middle.x) / (box.width / 2 - kEdge),
                 std::fabs(place.y - middle.y) / (box.height / 2 - kEdge));
    const double part = 1 / std::max(1.0, outside);
    spots.push_back({{middle.x + part * (place.x - middle.x),
                      middle.y + part * (place.y - middle.y)},
                     outside <= 1});
  }
  return spots;
}

void DrawData(Canvas& canvas, const Theme& theme, const Scales& scales,
              const Cloud& data) {
  if (data.dim == 1 && data.count() > 0) {
    const Box& box = scales.box();
    const Histogram histogram = HistogramOf(data, data, scales);
    for (size_t bin = 0; bin < histogram.tops.size(); ++bin) {
      const double tall = histogram.base - histogram.tops[bin];
      if (!(tall > 0)) continue;
      canvas.Fill({box.left + box.width * static_cast<double>(bin) / kBins,
                   histogram.tops[bin], box.width / kBins, tall},
                  {theme.data, 0.3});
    }
  }
  std::vector<Place> places;
  for (const Spot& spot : SpotsOf(data, Strip::kData, scales)) {
    if (spot.inside) places.push_back(spot.place);
  }
  canvas.Squares(places, kDataSize * MarkScale(scales),
                 {theme.data, kDataAlpha});
}

void DrawSamples(Canvas& canvas, const Theme& theme, const Scales& scales,
                 const Cloud& data, const Cloud& samples) {
  if (samples.dim == 1 && samples.count() > 0) {
    const Box& box = scales.box();
    const Histogram histogram = HistogramOf(samples, data, scales);
    std::vector<Place> outline;
    for (size_t bin = 0; bin < histogram.tops.size(); ++bin) {
      for (const size_t side : {bin, bin + 1}) {
        outline.push_back(
            {box.left + box.width * static_cast<double>(side) / kBins,
             histogram.tops[bin]});
      }
    }
    canvas.Line(outline, 1.5, {theme.samples});
  }
  std::vector<Place> near, far;
  for (const Spot& spot : SpotsOf(samples, Strip::kSamples, scales)) {
    (spot.inside ? near : far).push_back(spot.place);
  }
  canvas.Squares(far, kFarSize, {theme.samples, kFarAlpha});
  canvas.Discs(near, kSampleRadius * MarkScale(scales),
               {theme.samples, kSampleAlpha});
}

void DrawTrails(Canvas& canvas, const Theme& theme, const Scales& scales,
                const Cloud& samples, std::span<const Cloud> past) {
  std::vector<Spot> newer = SpotsOf(samples, Strip::kSamples, scales);
  for (size_t age = 0; age < past.size(); ++age) {
    const std::vector<Spot> older = SpotsOf(past[age], Strip::kSamples, scales);
    std::vector<Place> tails;
    for (size_t i = 0; i < older.size(); ++i) {
      // Nothing of interest happens along the edge.
      if (!newer[i].inside || !older[i].inside) continue;
      tails.push_back(newer[i].place);
      tails.push_back(older[i].place);
    }
    const double rest =
        1 - static_cast<double>(age) / static_cast<double>(past.size());
    canvas.Segments(tails, 1,
                    {theme.samples, kTrailAlpha * rest * std::sqrt(rest)});
    newer = older;
  }
}

}  // namespace unnoise
