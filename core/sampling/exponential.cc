// Exponential integrators of the probability flow. In terms of rho = sigma /
// alpha or lambda = -log(rho) the linear part is solved exactly, and only how
// the predictions change is approximated. All are DDIM, alpha_s data + sigma_s
// noise, plus differences of predictions: in this form nothing cancels where
// alpha is small, and a step from alpha = 0 or to sigma = 0, where lambda is
// infinite, is DDIM itself.

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"
#include "core/path/measures.h"
#include "core/sampling/rows.h"
#include "core/sampling/stages.h"

namespace unnoise {
namespace {

// Neither 0, as between equal times, nor infinite.
bool IsStep(double h) { return std::isfinite(h) && h != 0; }

// A time within a step, `h` after its start in lambda.
struct Inner {
  double t;
  Coefficients at;
  double h;
};

// The step from grid point `from` to from - 1.
struct Step {
  const Journey& journey;
  double t, end;
  const Coefficients& s;
  double start;  // lambda at t
  double h;      // how far it is in lambda

  Step(const Journey& way, int64_t from)
      : journey(way),
        t(way.grid[from]),
        end(way.grid[from - 1]),
        s(way.at[from - 1]),
        start(HalfLogSnr(way.at[from])),
        h(HalfLogSnr(s) - start) {}

  // Some `part` of the step, in lambda.
  Inner At(double part) const {
    const double inner = TimeOfHalfLogSnr(journey.path, std::min(t, end),
                                          std::max(t, end), start + part * h);
    const Coefficients at = journey.path.At(inner);
    return {inner, at, HalfLogSnr(at) - start};
  }
};

// Adds `weight` of the noise in slots[1] less that in slots[0].
void Differ(Stage& stage, std::array<int, 2> slots, double weight) {
  stage.noise[slots[0]] -= weight;
  stage.noise[slots[1]] += weight;
}

// A step of second order, with a second question halfway.
void AddMidpoint(const Step& step, std::array<int, 2> slots, Stages& stages) {
  const Inner half = step.At(0.5);
  AddDdim(step.t, slots[0], half.at, slots[0], stages);
  Differ(AddDdim(half.t, slots[1], step.s, slots[0], stages), slots,
         -step.s.sigma * exact::Expm1(step.h) * step.h / (2 * half.h));
}

// Singlestep: further questions within the step. Orders 2 and 3 ask at thirds
// or halves of it in lambda.
// Source: Lu et al. 2022, algorithms 1, 4 and 5 with r1 = 1/2; 1/3 and 2/3.
class DpmSolver final : public StagedSampler {
 public:
  void Visit(Visitor& v) override {
    VisitSteps(v);
    v.Int({"order",
           "How often each step asks the model; with 1 it is ddim. Order p: "
           "twice the steps, 2^p times less error, once steps are small.",
           "Lu et al. 2022, algorithms 1, 4, 5"},
          {1, 3}, order_);
  }

  void Plan(const Journey& journey, int64_t from,
            Stages& stages) const override {
    const Step step(journey, from);
    if (order_ == 1 || !IsStep(step.h)) {
      AddDdim(step.t, 0, step.s, 0, stages);
    } else if (order_ == 2) {
      AddMidpoint(step, {0, 1}, stages);
    } else {
      const Inner one = step.At(1. / 3), two = step.At(2. / 3);
      AddDdim(step.t, 0, one.at, 0, stages);
      Differ(
          AddDdim(one.t, 1, two.at, 0, stages), {0, 1},
          -two.at.sigma * (two.h / one.h) * (exact::Expm1(two.h) / two.h - 1));
      Differ(AddDdim(two.t, 2, step.s, 0, stages), {0, 2},
             -step.s.sigma * (step.h / two.h) *
                 (exact::Expm1(step.h) / step.h - 1));
    }
  }

 private:
  int64_t order_ = 2;
};

// Whether the point `from` was left earlier in the journey.
bool Visited(const Journey& journey, int64_t from) {
  return from < std::ssize(journey.at);
}

// Second order from one question a step: the predicted data are taken to go on
// as they changed in the step before. Source: Lu et al. 2022b, algorithm 2.
class DpmSolverPlusPlus final : public StagedSampler {
 public:
  void Visit(Visitor& v) override { VisitSteps(v); }

  void Plan(const Journey& journey, int64_t from,
            Stages& stages) const override {
    const Coefficients& s = journey.at[from - 1];
    const int slot = static_cast<int>(from % 2);
    Stage& stage = AddDdim(journey.grid[from], slot, s, slot, stages);
    if (!Visited(journey, from + 1)) return;
    const double start = HalfLogSnr(journey.at[from]);
    const double h = HalfLogSnr(s) - start;
    const double before = start - HalfLogSnr(journey.at[from + 1]);
    if (!IsStep(h) || !IsStep(before)) return;
    const double weight = -s.alpha * exact::Expm1(-h) * h / (2 * before);
    stage.data[slot] += weight;
    stage.data[1 - slot] -= weight;
  }
};

// Adams-Bashforth in rho: d(x / alpha) / d rho = noise, with the noise of the
// latest steps continued as a polynomial in rho. For order 3 the first step
// must have order 2: it is DPM-Solver's.
// Source: Zhang, Chen 2023, section 4 and appendix: the rho-AB-DEIS variant.
class Deis final : public StagedSampler {
 public:
  void Visit(Visitor& v) override {
    VisitSteps(v);
    v.Int({"order",
           "How many of the latest predictions are continued, as a polynomial "
           "in sigma / alpha; with 1 it is ddim. Each step asks once, with "
           "order 3 the first one twice.",
           "Zhang and Chen 2023, rho-AB"},
          {1, 3}, order_);
  }

  void Plan(const Journey& journey, int64_t from,
            Stages& stages) const override {
    const auto slot = [](int64_t i) { return static_cast<int>(i % 3); };
    const auto rho = [&](int64_t i) {
      return journey.at[i].sigma / journey.at[i].alpha;
    };
    const Step step(journey, from);
    const int now = slot(from);
    double nodes[2] = {};  // earlier points, from the present one
    int known = 0;
    while (known + 1 < order_ && Visited(journey, from + known + 1)) {
      nodes[known] = rho(from + known + 1) - rho(from);
      if (!IsStep(nodes[known])) break;
      ++known;
    }
    if (order_ == 3 && known == 0 && IsStep(step.h)) {
      AddMidpoint(step, {now, 3}, stages);
      return;
    }
    Stage& stage = AddDdim(step.t, now, step.s, now, stages);
    const double z = rho(from - 1) - rho(from);
    for (int i = 0; i < known; ++i) {
      // The integral from 0 to z of Lagrange's polynomial of node i, which is 0
      // at 0 and at the other node.
      const double a = nodes[i], b = nodes[1 - i];
      const double integral = known == 1
                                  ? z * z / (2 * a)
                                  : z * z * (z / 3 - b / 2) / (a * (a - b));
      Differ(stage, {now, slot(from + i + 1)}, step.s.alpha * integral);
    }
  }

 private:
  int64_t order_ = 3;
};

constexpr Row<Sampler> kRows[] = {
    MakeRow<Sampler, DpmSolver>(
        "dpm_solver", "DPM-Solver",
        "Knows how signal and noise trade places and asks the model only how "
        "its prediction of the noise changes, within each step. Ten to twenty "
        "questions may do. Lu et al. 2022."),
    MakeRow<Sampler, DpmSolverPlusPlus>(
        "dpm_solver_pp_2m", "DPM-Solver++ (2M)",
        "The same for the predicted data, from what the step before was told: "
        "second order for one question a step. Lu et al. 2022."),
    MakeRow<Sampler, Deis>(
        "deis", "DEIS",
        "Continues the latest predictions of the noise as a polynomial in "
        "sigma / alpha. Zhang and Chen 2023 (rho-AB)."),
};

}  // namespace

std::span<const Row<Sampler>> ExponentialSamplers() { return kRows; }

}  // namespace unnoise
