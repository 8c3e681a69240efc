// Processes that jump at random moments, drawn one after another (Gillespie
// 1977) whatever the grid is; a row each.

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/exact_math.h"
#include "core/process/matrix.h"
#include "core/process/rows.h"

namespace unnoise {
namespace {

// Expected jumps of a particle; more would only keep the student waiting.
constexpr double kMaxJumps = 1e6;

// Until the next jump, at a rate in all.
double Wait(double uniform, double rate) { return -exact::Log(uniform) / rate; }

// The draws of a particle's jumps, two each.
struct JumpStream {
  JumpStream(const Leap& leap, uint64_t particle)
      : key(Fold(Fold(leap.key, "jumps"), leap.first + particle)) {}
  double When(uint64_t jump) const { return UniformAt(key, 2 * jump); }
  double Where(uint64_t jump) const { return UniformAt(key, 2 * jump + 1); }
  Key key;
};

void ValidateRate(double rate, double t_max, Problems& problems) {
  if (rate * t_max <= kMaxJumps) return;
  problems.push_back({"t_max",
                      "a particle would jump more than a million times; give a "
                      "shorter t_max or lower rates."});
}

// Hops between states 0, 1, ...: what has a rate from each to each.
class Hopping : public Process {
 public:
  int dim() const final { return 1; }
  std::string_view axis(int) const final { return "state"; }
  // After the state: when the next jump is due, and how many there were.
  int state_size() const final { return 3; }
  int channels() const final { return 0; }
  size_t states() const final { return Count(); }

  void Start(Key key, uint64_t first, std::span<double> x) const final {
    const Key waiting = Fold(key, "wait");
    const std::vector<double> rates = Rates();
    const size_t n = Count();
    for (size_t i = 0; i < x.size(); i += 3) {
      x[i] = static_cast<double>(state_);
      x[i + 1] = NextAfter(0, UniformAt(waiting, first + i / 3),
                           RateFrom(rates, n, static_cast<size_t>(state_)));
      x[i + 2] = 0;
    }
  }
  void Step(const Leap& leap, std::span<double> x) const final {
    const std::vector<double> rates = Rates();
    const size_t n = Count();
    const double end = leap.t + leap.dt;
    for (size_t i = 0; i < x.size(); i += 3) {
      if (x[i + 1] > end) continue;
      const JumpStream stream(leap, i / 3);
      while (x[i + 1] <= end) {
        const uint64_t jump = static_cast<uint64_t>(x[i + 2]);
        const size_t from = static_cast<size_t>(x[i]);
        double left = stream.Where(jump) * RateFrom(rates, n, from);
        size_t to = 0, last = from;
        for (; to < n; ++to) {
          const double rate = rates[from * n + to];
          if (rate == 0) continue;
          last = to;
          if (left < rate) break;
          left -= rate;
        }
        // Rounding may leave a bit after the last one.
        if (to == n) to = last;
        x[i] = static_cast<double>(to);
        x[i + 1] =
            NextAfter(x[i + 1], stream.When(jump), RateFrom(rates, n, to));
        x[i + 2] += 1;
      }
    }
  }

  std::optional<StateMoments> MomentsAt(double t) const final {
    const std::vector<double> p = Occupation(t);
    double mean = 0, variance = 0;
    for (size_t i = 0; i < p.size(); ++i) mean += p[i] * static_cast<double>(i);
    for (size_t i = 0; i < p.size(); ++i) {
      const double offset = static_cast<double>(i) - mean;
      variance += p[i] * offset * offset;
    }
    return StateMoments{{mean}, {variance}};
  }
  // Of states, these are probabilities.
  std::optional<double> DensityAt(double t,
                                  std::span<const double> x) const final {
    return In(Occupation(t), x[0]);
  }
  std::optional<double> StationaryAt(std::span<const double> x) const final {
    double fastest = 0;
    for (const double rate : Rates()) fastest = std::max(fastest, rate);
    if (fastest == 0) return In(Occupation(0), x[0]);
    return In(Occupation(1e6 / fastest), x[0]);
  }

 protected:
  virtual size_t Count() const = 0;
  // Row-major [count, count]: from row to column, 0 on the diagonal.
  virtual std::vector<double> Rates() const = 0;

  void VisitState(Visitor& v, double most) {
    v.Int({"state", "Where all particles start; states count from 0."},
          {0, most}, state_);
  }
  void ValidateRates(Problems& problems) const {
    const std::vector<double> rates = Rates();
    double fastest = 0;
    for (size_t i = 0; i < Count(); ++i) {
      fastest = std::max(fastest, RateFrom(rates, Count(), i));
    }
    ValidateRate(fastest, t_max, problems);
  }
  int64_t state() const { return state_; }

 private:
  static double RateFrom(const std::vector<double>& rates, size_t n,
                         size_t from) {
    double sum = 0;
    for (size_t to = 0; to < n; ++to) sum += rates[from * n + to];
    return sum;
  }
  // Where nothing leads away, never; a double that is beyond any t_max.
  static double NextAfter(double t, double uniform, double rate) {
    return rate > 0 ? t + Wait(uniform, rate) : 1e300;
  }
  static double In(const std::vector<double>& p, double x) {
    const double state = std::floor(x);
    if (state != x || x < 0 || x >= static_cast<double>(p.size())) return 0;
    return p[static_cast<size_t>(x)];
  }

  // Solves the master equation dp/dt = G p.
  std::vector<double> Occupation(double t) const {
    const size_t n = Count();
    const std::vector<double> rates = Rates();
    Matrix generator(n * n, 0);
    for (size_t from = 0; from < n; ++from) {
      for (size_t to = 0; to < n; ++to) {
        generator[to * n + from] += rates[from * n + to];
        generator[from * n + from] -= rates[from * n + to];
      }
    }
    const LinearFlow flow =
        FlowOf({n, generator, std::vector<double>(n, 0), Matrix(n * n, 0)}, t);
    std::vector<double> p(n);
    for (size_t i = 0; i < n; ++i) {
      p[i] = flow.factor[i * n + static_cast<size_t>(state_)];
    }
    return p;
  }

  int64_t state_ = 0;
};

class TwoStates final : public Hopping {
 public:
  TwoStates() { t_max = 5; }
  void Visit(Visitor& v) override {
    constexpr Range kRates = {0, 1e4};
    VisitTime(v);
    v.Real({"up", "Rate of jumps from 0 to 1.", "Risken 1989, section 1.1"},
           kRates, up_);
    v.Real({"down", "Rate of jumps from 1 to 0."}, kRates, down_);
    VisitState(v, 1);
  }
  void Validate(Problems& problems) const override { ValidateRates(problems); }

 private:
  size_t Count() const override { return 2; }
  std::vector<double> Rates() const override { return {0, up_, down_, 0}; }

  double up_ = 1;
  double down_ = 0.5;
};

class MasterEquation final : public Hopping {
 public:
  MasterEquation() { t_max = 5; }
  void Visit(Visitor& v) override {
    VisitTime(v);
    v.Numbers({"rates",
               "Row i holds the rates from state i to each other; its own "
               "place is 0. Up to 16 states."},
              {0, 1e4}, 2, rates_);
    VisitState(v, 15);
  }
  void Validate(Problems& problems) const override {
    const size_t n = rates_.elements.size();
    bool square = n >= 1 && n <= 16;
    for (size_t i = 0; i < n && square; ++i) {
      square = rates_.elements[i].numbers.size() == n &&
               rates_.elements[i].numbers[i] == 0;
    }
    if (!square) {
      problems.push_back({"rates",
                          "give a square table of 1 to 16 rows with zeros on "
                          "its diagonal, such as [[0,1],[2,0]]."});
      return;
    }
    if (static_cast<size_t>(state()) >= n) {
      problems.push_back({"state", "there are states 0 to " +
                                       std::to_string(n - 1) +
                                       "; give one of these."});
      return;
    }
    ValidateRates(problems);
  }

 private:
  size_t Count() const override { return rates_.elements.size(); }
  std::vector<double> Rates() const override {
    std::vector<double> rates;
    for (const NumberArray& row : rates_.elements) {
      rates.insert(rates.end(), row.numbers.begin(), row.numbers.end());
    }
    return rates;
  }

  NumberArray rates_{{},
                     {{{0, 2, 0}, {}}, {{0.5, 0, 1}, {}}, {{0.2, 0.4, 0}, {}}}};
};

// A jump process and the diffusion of the same mean and variance, side by side.
class JumpAndDiffusion final : public Process {
 public:
  JumpAndDiffusion() { t_max = 5; }

  int dim() const override { return 2; }
  std::string_view axis(int i) const override {
    return i == 0 ? "jumps" : "diffusion";
  }
  // After the two: when the next jump is due, and how many there were.
  int state_size() const override { return 4; }
  int channels() const override { return 1; }

  void Visit(Visitor& v) override {
    VisitTime(v);
    v.Real({"rate", "Jumps in unit time.", "Risken 1989, section 4.5"},
           {1e-6, 1e4, Scale::kLog}, rate_);
    v.Real({"size", "Of each jump."}, {-1e3, 1e3}, size_);
  }
  void Validate(Problems& problems) const override {
    ValidateRate(rate_, t_max, problems);
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    const Key waiting = Fold(key, "wait");
    for (size_t i = 0; i < x.size(); i += 4) {
      x[i] = x[i + 1] = x[i + 3] = 0;
      x[i + 2] = Wait(UniformAt(waiting, first + i / 4), rate_);
    }
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const double end = leap.t + leap.dt;
    const double noise = size_ * std::sqrt(rate_);
    for (size_t i = 0; i < x.size(); i += 4) {
      x[i + 1] += rate_ * size_ * leap.dt + noise * leap.Increment(i / 4);
      if (x[i + 2] > end) continue;
      const JumpStream stream(leap, i / 4);
      for (; x[i + 2] <= end; x[i + 3] += 1) {
        x[i + 2] += Wait(stream.When(static_cast<uint64_t>(x[i + 3])), rate_);
      }
      x[i] = size_ * x[i + 3];
    }
  }

  std::optional<StateMoments> MomentsAt(double t) const override {
    const double mean = rate_ * size_ * t, variance = mean * size_;
    return StateMoments{{mean, mean}, {variance, 0, 0, variance}};
  }

 private:
  double rate_ = 4;
  double size_ = 0.5;
};

constexpr Row<Process> kRows[] = {
    MakeRow<Process, JumpAndDiffusion>(
        "jump_and_diffusion", "Jumps beside a diffusion",
        "Two processes of the same mean and variance at all times. One jumps, "
        "one is continuous: the moments beyond the second tell them apart."),
    MakeRow<Process, TwoStates>(
        "two_states", "Two states",
        "Particles hop between two boxes; how many are in each follows the "
        "master equation."),
    MakeRow<Process, MasterEquation>(
        "master_equation", "Master equation",
        "The same between any number of boxes, with a rate from each to each."),
};

}  // namespace

std::span<const Row<Process>> JumpProcesses() { return kRows; }

}  // namespace unnoise
