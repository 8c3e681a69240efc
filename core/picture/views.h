// The pictures of a run, drawn on any canvas. Each view fills the whole canvas,
// heading included. What they show is given: nothing here samples or reads.

#ifndef UNNOISE_PICTURE_VIEWS_H_
#define UNNOISE_PICTURE_VIEWS_H_

#include <span>
#include <vector>

#include "core/picture/plot.h"
#include "core/sampling/sampling.h"

namespace unnoise {

// A canvas' size in units, and what is the same in all views.
struct Sheet {
  double width;
  double height;
  const Theme& theme;
  Heading heading;
};

// Data and samples as points.
void DrawScatter(Canvas& canvas, const Sheet& sheet, const Cloud& data,
                 const Cloud& samples);

// How dense data and samples lie: two heat maps side by side with one scale
// (dim 2), or two curves (dim 1). Both are smoothed by a Gaussian.
void DrawDensity(Canvas& canvas, const Sheet& sheet, const Cloud& data,
                 const Cloud& samples);

// Loss over steps: every entry faintly, their running mean on top.
struct LossCurve {
  std::vector<double> steps;  // ascending
  std::vector<double> losses;
};
// On a logarithmic scale entries that are not above 0 are left out; at least
// one must remain.
void DrawLoss(Canvas& canvas, const Sheet& sheet, const LossCurve& curve,
              bool logarithmic);

// Particles on their way, in the order of the animation.
struct Way {
  std::vector<GridPoint> grid;  // where each state is on the path
  std::vector<Cloud> states;
};
// All states side by side, in as many rows as makes them largest.
void DrawStrip(Canvas& canvas, const Sheet& sheet, const Cloud& data,
               const Way& way);
// One state with its tail, t and how far it has come.
void DrawMoment(Canvas& canvas, const Sheet& sheet, const Cloud& data,
                const Way& way, size_t moment);

// The window of animations and strips: room for noise too.
Window WayWindow(const Cloud& data);

}  // namespace unnoise

#endif  // UNNOISE_PICTURE_VIEWS_H_
