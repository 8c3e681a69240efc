// The linear equations with constant coefficients, a row each.

#include <cmath>
#include <string>

#include "core/process/linear.h"
#include "core/process/rows.h"

namespace unnoise {
namespace {

class OrnsteinUhlenbeck final : public LinearProcess {
 public:
  OrnsteinUhlenbeck() : LinearProcess({1}) { t_max = 5; }

  void Visit(Visitor& v) override {
    VisitTime(v);
    v.Real({"rate", "How fast it returns to the mean: as exp(-rate t)."},
           {0, 1e6}, rate_);
    v.Real({"mean", "Where it returns to, in every coordinate."}, {-1e6, 1e6},
           mean_);
    VisitSigma(v, sigma_);
    VisitScheme(v);
  }
  void Validate(Problems& problems) const override {
    ValidateScheme(1, 2, problems);
  }

 private:
  LinearEquation Equation() const override {
    const size_t n = start().dim();
    LinearEquation equation{n, Identity(n), std::vector<double>(n, 0),
                            Identity(n)};
    for (double& value : equation.a) value *= -rate_;
    for (double& value : equation.b) value = rate_ * mean_;
    for (double& value : equation.q) value *= sigma_ * sigma_;
    return equation;
  }

  double rate_ = 1;
  double mean_ = 0;
  double sigma_ = 1;
};

class LinearSystem final : public LinearProcess {
 public:
  LinearSystem() : LinearProcess({2, 1}) { t_max = 4; }

  std::string_view axis(int i) const override { return i == 0 ? "x" : "y"; }

  void Visit(Visitor& v) override {
    VisitTime(v);
    v.Numbers({"matrix",
               "A of dX = A X dt + sigma dW, as rows. With eigenvalues to the "
               "left of 0 everything contracts; unequal ones bend the ways "
               "towards the slow direction, complex ones make spirals."},
              {-1e4, 1e4}, 2, matrix_);
    VisitSigma(v, sigma_);
    VisitScheme(v);
  }
  void Validate(Problems& problems) const override {
    const size_t n = matrix_.elements.size();
    bool square = n == 1 || n == 2;
    for (const NumberArray& row : matrix_.elements) {
      square = square && row.numbers.size() == n;
    }
    if (!square) {
      problems.push_back({"matrix",
                          "give a square matrix of 1 or 2 rows, such as "
                          "[[-1,0],[0,-0.3]]."});
      return;
    }
    ValidateScheme(n, n, problems);
  }

 private:
  LinearEquation Equation() const override {
    const size_t n = matrix_.elements.size();
    LinearEquation equation{n, {}, std::vector<double>(n, 0), Identity(n)};
    for (const NumberArray& row : matrix_.elements) {
      equation.a.insert(equation.a.end(), row.numbers.begin(),
                        row.numbers.end());
    }
    for (double& value : equation.q) value *= sigma_ * sigma_;
    return equation;
  }

  NumberArray matrix_{{}, {{{-2, 0}, {}}, {{0, -0.5}, {}}}};
  double sigma_ = 0;
};

// A ball in a fluid. The friction of its motion is what its kicks come from, so
// the strength of these is no field.
class StokesFriction final : public LinearProcess {
 public:
  StokesFriction() : LinearProcess({0, 2}) { t_max = 8; }

  std::string_view axis(int i) const override {
    return i == 0 ? "position" : "velocity";
  }

  void Visit(Visitor& v) override {
    VisitTime(v);
    v.Real({"mass", "Of the ball."}, {1e-3, 1e3, Scale::kLog}, mass_);
    v.Real({"radius", "Of the ball."}, {0, 1e3}, radius_);
    v.Real({"viscosity",
            "Of the fluid. The force of friction is -6 pi viscosity radius "
            "velocity.",
            "Stokes 1851"},
           {0, 1e3}, viscosity_);
    v.Real({"temperature",
            "Of the fluid, times Boltzmann's constant: the velocity tends to a "
            "normal law of variance temperature / mass. 0 leaves the friction "
            "alone.",
            "Risken 1989, section 1.1"},
           {0, 1e4}, temperature_);
    v.Real({"stiffness", "Of a spring that pulls the ball to 0; 0 for none."},
           {0, 1e4}, stiffness_);
    VisitScheme(v);
  }
  void Validate(Problems& problems) const override {
    ValidateScheme(2, 2, problems);
  }

 private:
  LinearEquation Equation() const override {
    constexpr double kPi = 3.14159265358979323846;
    const double friction = 6 * kPi * viscosity_ * radius_ / mass_;
    return {2,
            {0, 1, -stiffness_ / mass_, -friction},
            {0, 0},
            {0, 0, 0, 2 * friction * temperature_ / mass_}};
  }

  double mass_ = 1;
  double radius_ = 0.1;
  double viscosity_ = 0.5;
  double temperature_ = 1;
  double stiffness_ = 0;
};

class ColouredNoise final : public LinearProcess {
 public:
  ColouredNoise() : LinearProcess({0, 0}) { t_max = 10; }

  std::string_view axis(int i) const override { return i == 0 ? "x" : "noise"; }

  void Visit(Visitor& v) override {
    VisitTime(v);
    v.Real({"rate",
            "How fast the noise forgets: its correlation falls as exp(-rate "
            "t)."},
           {1e-3, 1e6, Scale::kLog}, rate_);
    v.Real({"strength",
            "Of the noise over long times: x spreads like Brownian motion of "
            "variance strength t."},
           {0, 1e4}, strength_);
    v.Real({"pull", "How fast x returns to 0; 0 lets it wander."}, {0, 1e4},
           pull_);
    VisitScheme(v);
  }
  void Validate(Problems& problems) const override {
    ValidateScheme(2, 2, problems);
  }

 private:
  LinearEquation Equation() const override {
    return {2,
            {-pull_, 1, 0, -rate_},
            {0, 0},
            {0, 0, 0, strength_ * rate_ * rate_}};
  }

  double rate_ = 1;
  double strength_ = 1;
  double pull_ = 1;
};

constexpr Row<Process> kRows[] = {
    MakeRow<Process, OrnsteinUhlenbeck>(
        "ornstein_uhlenbeck", "Ornstein and Uhlenbeck's process",
        "A pull back to the mean, and noise: any start is forgotten, and a "
        "normal law remains. What noises data in a diffusion model."),
    MakeRow<Process, LinearSystem>(
        "linear_system", "Linear system",
        "dX = A X dt, with noise if you like: contraction, rotation, spirals, "
        "solved by the exponential of a matrix."),
    MakeRow<Process, StokesFriction>(
        "stokes_friction", "A ball in a fluid",
        "Langevin's equation of 1908: friction slows the ball, kicks of the "
        "molecules keep it moving, and both together give Maxwell's law of "
        "velocities."),
    MakeRow<Process, ColouredNoise>(
        "coloured_noise", "Coloured noise",
        "Noise that remembers for a while drives x. Alone, x is no Markov "
        "process: where it goes depends on where it came from."),
};

}  // namespace

std::span<const Row<Process>> LinearProcesses() { return kRows; }

}  // namespace unnoise
