// The probability-flow ODE dx/dt = d_alpha data + d_sigma noise, in steps of
// the grid by a Runge-Kutta method, which is a table of numbers. The one that
// chooses its own steps is in dormand_prince.cc.

#include <cmath>

#include "core/sampling/rows.h"
#include "core/sampling/stages.h"

namespace unnoise {
namespace {

// Row i is how far in t stage i is asked for, and how the slopes of stages
// before make its point; the last row makes the step of all slopes.
// Source: Butcher 2016, section 23.
struct Tableau {
  int stages;
  double at[4];
  double weights[4][4];
};
constexpr Tableau kTableaus[] = {
    {1, {0}, {{1}}},
    {2, {0, 1}, {{1}, {0.5, 0.5}}},
    {2, {0, 0.5}, {{0.5}, {0, 1}}},
    {4,
     {0, 0.5, 0.5, 1},
     {{0.5}, {0, 0.5}, {0, 0, 1}, {1. / 6, 1. / 3, 1. / 3, 1. / 6}}},
};
constexpr std::string_view kMethods[] = {"euler", "heun", "midpoint", "rk4"};

class Ode final : public StagedSampler {
 public:
  Ode() { follows_flow_ = true; }

  void Visit(Visitor& v) override {
    VisitSteps(v);
    v.Option({"method",
              "How a step follows the slope: euler asks the model once and has "
              "order 1, heun and midpoint twice for order 2, rk4 four times "
              "for order 4. Order p: twice the steps, 2^p times less error.",
              "Butcher 2016, section 23"},
             kMethods, method_);
  }

  void Plan(const Journey& journey, int64_t from,
            Stages& stages) const override {
    const Tableau& tableau = kTableaus[method_];
    const double start = journey.grid[from], end = journey.grid[from - 1];
    const double step = end - start;
    Coefficients at[4];
    for (int i = 0; i < tableau.stages; ++i) {
      const double part = tableau.at[i];
      const double t = part == 1 ? end : start + part * step;
      at[i] = journey.path.At(t);
      // Where a slope is infinite there is a step that needs none.
      if (!std::isfinite(at[i].d_alpha + at[i].d_sigma)) {
        stages = {};
        AddUpdate(start, MeanSlopeUpdate(at[0], journey.at[from - 1]), stages);
        return;
      }
      Stage& stage = stages.Add();
      stage.t = t;
      stage.slot = i;
      stage.state = 1;
      for (int j = 0; j <= i; ++j) {
        const double weight = step * tableau.weights[i][j];
        stage.data[j] = weight * at[j].d_alpha;
        stage.noise[j] = weight * at[j].d_sigma;
      }
    }
  }

 private:
  int method_ = 1;
};

constexpr Row<Sampler> kRows[] = {
    MakeRow<Sampler, Ode>(
        "ode", "Probability flow",
        "Follows the flow that carries noise into data without any chance, by "
        "a Runge-Kutta method. Song et al. 2021, section 4.3."),
};

}  // namespace

std::span<const Row<Sampler>> OdeSamplers() { return kRows; }

}  // namespace unnoise
