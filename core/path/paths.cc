// The schedules in closed form: one final class and one row each, and the list
// of all rows. A new one needs nothing else. Those that a user gives by numbers
// are in tables.cc; what is derived from any of them is in path.cc.

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/exact_math.h"
#include "core/path/path.h"
#include "core/path/tables.h"

namespace unnoise {
namespace {

constexpr double kHalfPi = 1.57079632679489661923;

// A rate that rises linearly: beta(t) = beta_min + (beta_max - beta_min) t is
// the speed at which the data fade, Total(t) its integral from 0.
struct LinearRate {
  void Visit(Visitor& v) {
    v.Real({"beta_min",
            "How fast noise comes in at the data end. Small values spend more "
            "of the path close to the data.",
            "Song et al. 2021, eq. 33"},
           {0.001, 10, Scale::kLog}, beta_min);
    v.Real({"beta_max",
            "How fast noise comes in at the noise end. Too small, and some of "
            "the data is still there at t = 1.",
            "Song et al. 2021, eq. 33"},
           {0.1, 100, Scale::kLog}, beta_max);
  }

  double At(double t) const { return beta_min + (beta_max - beta_min) * t; }
  double Total(double t) const {
    return (beta_min + 0.5 * (beta_max - beta_min) * t) * t;
  }

  double beta_min = 0.1;
  double beta_max = 20;
};

// Variance preserving with a linear rate; the limit of Ho, Jain and Abbeel's
// chain and the VP SDE of Song et al. 2021.
class LinearBeta final : public Path {
 public:
  void Visit(Visitor& v) override {
    rate_.Visit(v);
    VisitInterval(v);
  }
  double PriorStd() const override { return 1; }
  Coefficients At(double t) const override {
    return PreservingAt(rate_.Total(t), rate_.At(t));
  }

 private:
  LinearRate rate_;
};

// The same drift with less diffusion: sigma is the square of what it is there.
class SubVp final : public Path {
 public:
  void Visit(Visitor& v) override {
    rate_.Visit(v);
    VisitInterval(v);
  }
  double PriorStd() const override { return 1; }
  Coefficients At(double t) const override {
    const double total = rate_.Total(t), beta = rate_.At(t);
    const double alpha = exact::Exp(-0.5 * total);
    return {alpha, -exact::Expm1(-total), -0.5 * beta * alpha,
            beta * alpha * alpha};
  }

 private:
  LinearRate rate_;
};

// The chain xi = sqrt(keep) x(i-1) + sqrt(1 - keep) eps of `transitions` steps,
// and between its points t = i / transitions what Ornstein and Uhlenbeck's
// process of the same law does.
class ConstantAlpha final : public Path {
 public:
  void Visit(Visitor& v) override {
    v.Real({"keep",
            "Alpha of the texts: the part of the variance that each "
            "transition keeps; the rest is fresh noise.",
            "Chan 2024, eq. 36"},
           {0.8, 0.9999}, keep_);
    v.Int({"transitions",
           "Length T of the chain; transition i ends at t = i / T. A sampler "
           "with T steps makes each once.",
           "Chan 2024, eq. 36"},
          {1, 4000, Scale::kLog}, transitions_);
    VisitInterval(v);
  }
  double PriorStd() const override { return 1; }
  Coefficients At(double t) const override {
    const double rate = Total();
    return PreservingAt(rate * t, rate);
  }

 protected:
  void Validate(Problems& problems) const override {
    Path::Validate(problems);
    if (Total() > kLargestTotal) {
      problems.push_back(
          {"transitions", "found " + std::to_string(transitions_) +
                              ", after which no number can hold what is left "
                              "of the data; give fewer or raise keep."});
    }
  }

 private:
  double Total() const {
    return -exact::Log(keep_) * static_cast<double>(transitions_);
  }

  double keep_ = 0.97;
  int64_t transitions_ = 400;
};

// Variance preserving along a quarter of a cosine. With u(t) = (t + s) / (1 +
// s) * pi / 2 it is alpha = cos u(t) / cos u(0); all differences of angles are
// formed before the sine, so nothing cancels at either end.
class Cosine final : public Path {
 public:
  Cosine() { t_max = 0.99935; }  // alpha there is 1.013e-3

  void Visit(Visitor& v) override {
    v.Real({"s",
            "A small offset that keeps the first bit of noise from being too "
            "faint to learn from.",
            "Nichol and Dhariwal 2021, eq. 17"},
           {1e-4, 0.1, Scale::kLog}, s_);
    VisitInterval(v);
  }
  double PriorStd() const override { return 1; }
  Coefficients At(double t) const override {
    const double speed = kHalfPi / (1 + s_);  // du/dt
    const double cos_start = exact::Cos(s_ * speed);
    const double alpha = exact::Sin((1 - t) * speed) / cos_start;
    // cos^2 a - cos^2 b = sin(b - a) sin(b + a)
    const double sigma =
        std::sqrt(exact::Sin(t * speed) * exact::Sin((t + 2 * s_) * speed)) /
        cos_start;
    const double d_alpha = -speed * exact::Sin((t + s_) * speed) / cos_start;
    return {alpha, sigma, d_alpha, -alpha * d_alpha / sigma};
  }
  void LevelsAt(std::span<const double> t, std::span<double> alpha,
                std::span<double> sigma) const override {
    const double speed = kHalfPi / (1 + s_);
    const double cos_start = exact::Cos(s_ * speed);
    constexpr size_t kBlock = 32;
    for (size_t first = 0; first < t.size(); first += kBlock) {
      const size_t count = std::min(kBlock, t.size() - first);
      double sines[3 * kBlock];
      for (size_t i = 0; i < count; ++i) {
        sines[3 * i] = (1 - t[first + i]) * speed;
        sines[3 * i + 1] = t[first + i] * speed;
        sines[3 * i + 2] = (t[first + i] + 2 * s_) * speed;
      }
      exact::Sin(std::span(sines).first(3 * count));
      for (size_t i = 0; i < count; ++i) {
        alpha[first + i] = sines[3 * i] / cos_start;
        sigma[first + i] =
            std::sqrt(sines[3 * i + 1] * sines[3 * i + 2]) / cos_start;
      }
    }
  }

 private:
  double s_ = 0.008;
};

// A quarter of the circle alpha^2 + sigma^2 = 1 at constant speed.
class Arc final : public Path {
 public:
  Arc() { t_max = 0.99936; }  // alpha there is 1.005e-3

  void Visit(Visitor& v) override { VisitInterval(v); }
  double PriorStd() const override { return 1; }
  Coefficients At(double t) const override {
    const double alpha = exact::Sin((1 - t) * kHalfPi);
    const double sigma = exact::Sin(t * kHalfPi);
    return {alpha, sigma, -kHalfPi * sigma, kHalfPi * alpha};
  }
};

// Variance preserving: alpha^2 is the part of a logistic curve S between
// S(start / tau) and S(end / tau), turned upside down. With E(x) = 1 - e^-x,
// S(b) - S(a) = S(b) S(-a) E(b - a), so nothing cancels at either end.
class Sigmoid final : public Path {
 public:
  Sigmoid() { t_max = 0.99999; }  // alpha there is 1.73e-3

  void Visit(Visitor& v) override {
    v.Real({"start",
            "Where on the logistic curve the path begins. Lower spends more of "
            "it close to the data.",
            "Chen 2023, algorithm 1"},
           {-10, 0}, start_);
    v.Real({"end",
            "Where on the logistic curve it ends. Higher spends more of it in "
            "the noise.",
            "Chen 2023, algorithm 1"},
           {0.5, 10}, end_);
    v.Real({"tau", "Temperature: start and end are divided by it.",
            "Chen 2023, algorithm 1"},
           {0.2, 3, Scale::kLog}, tau_);
    VisitInterval(v);
  }
  double PriorStd() const override { return 1; }
  Coefficients At(double t) const override {
    const double low = start_ / tau_, high = end_ / tau_;
    const double speed = high - low;
    const double u = low + t * speed;
    const auto share = [](double x) { return -exact::Expm1(-x); };
    const double whole = share(speed);
    const double alpha = std::sqrt(exact::Sigmoid(-u) * share((1 - t) * speed) /
                                   (exact::Sigmoid(-low) * whole));
    const double sigma = std::sqrt(exact::Sigmoid(u) * share(t * speed) /
                                   (exact::Sigmoid(high) * whole));
    const double d_power =  // of alpha^2
        -speed * exact::Sigmoid(u) * exact::Sigmoid(-u) /
        (exact::Sigmoid(high) * exact::Sigmoid(-low) * whole);
    return {alpha, sigma, 0.5 * d_power / alpha, -0.5 * d_power / sigma};
  }

 private:
  double start_ = -3;
  double end_ = 3;
  double tau_ = 1;
};

// The straight line from a data point to a noise point.
class Straight final : public Path {
 public:
  Straight() { t_max = 0.999; }  // alpha there is 1e-3

  void Visit(Visitor& v) override { VisitInterval(v); }
  double PriorStd() const override { return 1; }
  Coefficients At(double t) const override { return {1 - t, t, -1, 1}; }
};

// What the two paths have that leave the data in place and drown them.
struct NoiseLevels {
  void Visit(Visitor& v, const char* source) {
    v.Real({"sigma_min",
            "Noise at t = 0, small against the finest detail of the data.",
            source},
           {1e-4, 0.5, Scale::kLog}, low);
    v.Real(
        {"sigma_max",
         "Noise at t = 1, large against the distances between data.", source},
        {1, 1000, Scale::kLog}, high);
  }
  double low, high;
};

// Variance exploding: alpha = 1, sigma grows by the same factor in equal times.
class Exploding final : public Path {
 public:
  void Visit(Visitor& v) override {
    levels_.Visit(v, "Song et al. 2021, eq. 30");
    VisitInterval(v);
  }
  double PriorStd() const override { return At(t_max).sigma; }
  Coefficients At(double t) const override {
    const double speed = exact::Log(levels_.high / levels_.low);
    const double sigma = levels_.low * exact::Exp(t * speed);
    return {1, sigma, 0, speed * sigma};
  }

 private:
  NoiseLevels levels_{0.01, 50};
};

// alpha = 1, sigma^(1/rho) is linear in t.
class Edm final : public Path {
 public:
  void Visit(Visitor& v) override {
    levels_.Visit(v, "Karras et al. 2022, table 1");
    v.Real({"rho",
            "How much of the path is spent at little noise: 1 none more, 7 "
            "most of it.",
            "Karras et al. 2022, eq. 5"},
           {1, 20, Scale::kLog}, rho_);
    VisitInterval(v);
  }
  double PriorStd() const override { return At(t_max).sigma; }
  Coefficients At(double t) const override {
    const double low = exact::Exp(exact::Log(levels_.low) / rho_);
    const double high = exact::Exp(exact::Log(levels_.high) / rho_);
    const double root = low + t * (high - low);
    const double sigma = exact::Exp(rho_ * exact::Log(root));
    return {1, sigma, 0, rho_ * sigma * (high - low) / root};
  }

 private:
  NoiseLevels levels_{0.002, 80};
  double rho_ = 7;
};

constexpr Row<Path> kRows[] = {
    MakeRow<Path, LinearBeta>(
        "linear_beta", "Linear beta (VP SDE)",
        "Noise comes in slowly at first, then faster and faster; data and "
        "noise together keep their variance. Ho, Jain, Abbeel 2020; Song et "
        "al. 2021."),
    MakeRow<Path, Cosine>(
        "cosine", "Cosine",
        "Data and noise trade places like cosine and sine, which spends more "
        "of the path at middling noise. Nichol and Dhariwal 2021."),
    MakeRow<Path, Straight>(
        "straight", "Straight line",
        "Every point walks to its noise at constant speed; the variance dips "
        "halfway. Liu, Gong, Liu 2023."),
    MakeRow<Path, ConstantAlpha>(
        "constant_alpha", "Constant alpha",
        "A chain whose every transition does the same. Chan 2024."),
    MakeRow<Path, Sigmoid>(
        "sigmoid", "Sigmoid",
        "The data's variance falls along an S, gently at both ends. Chen "
        "2023."),
    MakeRow<Path, Arc>(
        "arc", "Arc (VP)",
        "A quarter of a circle at constant speed; the variance is kept. "
        "Salimans and Ho 2022."),
    MakeRow<Path, SubVp>(
        "sub_vp", "Sub-VP SDE",
        "The data fade as with linear beta, with less noise on the way. Song "
        "et al. 2021."),
    MakeRow<Path, Exploding>(
        "ve", "Variance exploding (VE SDE)",
        "The data stay, and noise grows geometrically until it drowns them. "
        "Song et al. 2021."),
    MakeRow<Path, Edm>(
        "edm", "EDM",
        "The data stay; most of the path is at little noise. Karras et al. "
        "2022."),
    MakeRow<Path, BetaTable>(
        "beta_table", "Table of betas",
        "A chain of your own: the variance that each transition replaces. Ho, "
        "Jain, Abbeel 2020."),
    MakeRow<Path, TablePath>(
        "table", "Table",
        "A path of your own, through the alphas and sigmas that you give."),
};

}  // namespace

template <>
std::span<const Row<Path>> Rows<Path>() {
  return kRows;
}

}  // namespace unnoise
