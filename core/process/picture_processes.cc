// Pictures of the mathematics that the other rows rest on, as motions: a series
// that becomes its function, a uniform number that becomes a sample. A row
// each.

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/exact_math.h"
#include "core/process/matrix.h"
#include "core/process/mixture.h"
#include "core/process/rows.h"
#include "core/process/start.h"

namespace unnoise {
namespace {

// The partial sums of Taylor's series of a function, one order a step.
class TaylorSeries final : public Process {
 public:
  TaylorSeries() { steps = orders_; }

  int dim() const override { return 2; }
  std::string_view axis(int i) const override { return i == 0 ? "x" : "sum"; }
  // Then the distance from the centre, as the series counts it, to the power of
  // the order, and divided by the factorial for the entire functions.
  int state_size() const override { return 3; }
  int channels() const override { return 0; }

  void Visit(Visitor& v) override {
    static constexpr std::string_view kOptions[] = {"exp", "sin", "cos", "log",
                                                    "inverse"};
    v.Int({"orders", "Up to which power; one is added a step."}, {1, 60},
          orders_);
    v.Option({"function",
              "exp, sin and cos are met everywhere in the end; log(1 + x) and "
              "inverse, 1 / (1 - x), only as near to the centre as their "
              "singularity is."},
             kOptions, function_);
    v.Real({"about", "The centre; 0 makes it Maclaurin's series."}, {-10, 10},
           about_);
    v.Real({"width", "How far from the centre points are shown."}, {1e-3, 20},
           width_);
    steps = orders_;
    t_max = static_cast<double>(steps);
  }
  void Validate(Problems& problems) const override {
    if ((function_ == kLog && about_ <= -1) ||
        (function_ == kInverse && about_ == 1)) {
      problems.push_back({"about",
                          "the function has no value there; give another "
                          "centre."});
    }
  }

  // Points that fill the interval evenly however many there are: multiples of
  // the golden section.
  void Start(Key, uint64_t first, std::span<double> x) const override {
    for (size_t i = 0; i < x.size(); i += 3) {
      const double turn =
          static_cast<double>(first + i / 3) * 0.61803398874989484820;
      x[i] = about_ + width_ * (2 * (turn - std::floor(turn)) - 1);
      x[i + 1] = CoefficientOf(0);
      x[i + 2] = 1;
    }
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const int64_t order = leap.number + 1;
    const double coefficient = CoefficientOf(order);
    const bool entire = function_ != kLog && function_ != kInverse;
    const double unit = function_ == kLog       ? 1 + about_
                        : function_ == kInverse ? 1 - about_
                                                : 1;
    for (size_t i = 0; i < x.size(); i += 3) {
      x[i + 2] *= (x[i] - about_) / unit;
      if (entire) x[i + 2] /= static_cast<double>(order);
      x[i + 1] += coefficient * x[i + 2];
    }
  }

 private:
  enum Function { kExp, kSin, kCos, kLog, kInverse };

  // Of the power that the state holds.
  double CoefficientOf(int64_t order) const {
    const double n = static_cast<double>(order);
    switch (function_) {
      case kExp:
        return exact::Exp(about_);
      case kSin:
      case kCos: {
        // Derivatives go round: sin, cos, -sin, -cos.
        const int64_t turn = (order + (function_ == kCos ? 1 : 0)) % 4;
        const double value =
            turn % 2 == 0 ? exact::Sin(about_) : exact::Cos(about_);
        return turn < 2 ? value : -value;
      }
      case kLog:
        if (order == 0) return exact::Log1p(about_);
        return (order % 2 == 1 ? 1 : -1) / n;
      default:
        return 1 / (1 - about_);
    }
  }

  int64_t orders_ = 12;
  int function_ = kExp;
  double about_ = 0;
  double width_ = 4;
};

class MatrixSeries final : public Process {
 public:
  MatrixSeries() { t_max = 6; }

  int dim() const override { return 2; }
  std::string_view axis(int i) const override { return i == 0 ? "x" : "y"; }
  int state_size() const override { return 4; }  // and where it started
  int channels() const override { return 0; }

  void Visit(Visitor& v) override {
    VisitTime(v);
    v.Numbers({"matrix", "A of x' = A x, as two rows."}, {-1e3, 1e3}, 2,
              matrix_);
    v.Int({"terms",
           "How many terms of 1 + A t + (A t)^2 / 2 + ... are kept. They hold "
           "for a while, the longer the more there are."},
          {1, 100}, terms_);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    start_.Validate(2, 2, problems);
    for (const NumberArray& row : matrix_.elements) {
      if (row.numbers.size() == 2 && matrix_.elements.size() == 2) continue;
      problems.push_back({"matrix",
                          "give two rows of two numbers, such as "
                          "[[0,-1],[1,0]]."});
      return;
    }
    if (matrix_.elements.empty()) {
      problems.push_back({"matrix", "give two rows of two numbers."});
    }
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    start_.Draw(key, first, 4, x);
    for (size_t i = 0; i < x.size(); i += 4) std::copy_n(&x[i], 2, &x[i + 2]);
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const Matrix sum =
        ExpSeries(Numbers(), leap.t + leap.dt, static_cast<int>(terms_), 2);
    for (size_t i = 0; i < x.size(); i += 4) {
      x[i] = sum[0] * x[i + 2] + sum[1] * x[i + 3];
      x[i + 1] = sum[2] * x[i + 2] + sum[3] * x[i + 3];
    }
  }
  std::optional<StateMoments> MomentsAt(double t) const override {
    StateMoments moments = start_.moments();
    Transport(FlowOf({2, Numbers(), {0, 0}, Matrix(4, 0)}, t), 2, moments.mean,
              moments.covariance);
    return moments;
  }

 private:
  Matrix Numbers() const {
    Matrix all = matrix_.elements[0].numbers;
    all.insert(all.end(), matrix_.elements[1].numbers.begin(),
               matrix_.elements[1].numbers.end());
    return all;
  }

  NumberArray matrix_{{}, {{{0, -1}, {}}, {{1, 0}, {}}}};
  int64_t terms_ = 8;
  NormalStart start_{{1, 0}};
};

// A uniform number on the axis of u goes right to the curve of the distribution
// function, then down to its x.
class InverseCdf final : public Process {
 public:
  int dim() const override { return 2; }
  std::string_view axis(int i) const override { return i == 0 ? "x" : "u"; }
  int state_size() const override { return 4; }  // and where the curve is
  int channels() const override { return 0; }

  void Visit(Visitor& v) override {
    VisitSteps(v);
    law_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    law_.Validate(1, problems);
    if (steps % 2 != 0) {
      problems.push_back({"steps",
                          "half of the steps go right and half go down; give "
                          "an even number."});
    }
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    const double left = Left();
    for (size_t i = 0; i < x.size(); i += 4) {
      const double u = UniformAt(key, first + i / 4);
      x[i] = left;
      x[i + 1] = x[i + 3] = u;
      x[i + 2] = law_.Quantile(u);
    }
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const int64_t half = steps / 2, now = leap.number + 1;
    const double right =
        static_cast<double>(std::min(now, half)) / static_cast<double>(half);
    const double down = static_cast<double>(std::max(now - half, int64_t{0})) /
                        static_cast<double>(half);
    const double left = Left();
    for (size_t i = 0; i < x.size(); i += 4) {
      x[i] = now >= half ? x[i + 2] : left + right * (x[i + 2] - left);
      x[i + 1] = (1 - down) * x[i + 3];
    }
  }

 private:
  double Left() const { return law_.Quantile(1e-6); }

  RoundMixture law_{{0.3, 0.7}, {{-2}, {2}}, {0.2, 1}};
};

constexpr Row<Process> kRows[] = {
    MakeRow<Process, TaylorSeries>(
        "taylor_series", "Taylor's series",
        "Power after power is added, and a polynomial becomes its function, "
        "as far as the series reaches."),
    MakeRow<Process, MatrixSeries>(
        "matrix_series", "Series of a matrix exponential",
        "A linear flow by the first terms of its series: right at first, "
        "then off for good."),
    MakeRow<Process, InverseCdf>(
        "inverse_cdf", "Sampling by the inverse",
        "Uniform numbers go to the curve of a distribution function and drop: "
        "where it is steep, many arrive."),
};

}  // namespace

std::span<const Row<Process>> PictureProcesses() { return kRows; }

}  // namespace unnoise
