// The ways to space times: one final class and one row each.

#include "core/sampling/time_grid.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/exact_math.h"
#include "core/path/measures.h"

namespace unnoise {
namespace {

class Uniform final : public TimeGrid {
 public:
  void Visit(Visitor&) override {}
  std::vector<double> Times(const Path& path, int64_t steps) const override {
    return UniformGrid(path, steps);
  }
};

class Quadratic final : public TimeGrid {
 public:
  void Visit(Visitor&) override {}
  std::vector<double> Times(const Path& path, int64_t steps) const override {
    std::vector<double> times = UniformGrid(path, steps);
    const double span = path.t_max - path.t_min;
    for (int64_t i = 1; i < steps; ++i) {
      const double part = static_cast<double>(i) / static_cast<double>(steps);
      times[i] = path.t_min + span * (part * part);
    }
    return times;
  }
};

// Even in a function of lambda, the half log SNR, that rises with it.
template <class Of, class Inverse>
std::vector<double> EvenIn(const Path& path, int64_t steps, Of of,
                           Inverse inverse) {
  // Where an end has no signal or no noise the others are spaced up to here.
  constexpr double kMost = 9.2103403719761827;  // log(1e4)
  const auto end = [&](double t) {
    const double lambda = HalfLogSnr(path.At(t));
    return of(std::isfinite(lambda) ? lambda
                                    : std::clamp(lambda, -kMost, kMost));
  };
  std::vector<double> times(static_cast<size_t>(steps) + 1, path.t_min);
  times[steps] = path.t_max;
  const double first = end(path.t_min), last = end(path.t_max);
  for (int64_t i = 1; i < steps; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(steps);
    times[i] = TimeOfHalfLogSnr(path, inverse(first + (last - first) * part));
  }
  return times;
}

class LogSnr final : public TimeGrid {
 public:
  void Visit(Visitor&) override {}
  std::vector<double> Times(const Path& path, int64_t steps) const override {
    const auto same = [](double lambda) { return lambda; };
    return EvenIn(path, steps, same, same);
  }
};

// Even in (sigma / alpha)^(1 / rho) = exp(-lambda / rho).
class Karras final : public TimeGrid {
 public:
  void Visit(Visitor& v) override {
    v.Real({"rho",
            "The larger, the shorter the steps near the data; without bound "
            "it would be log_snr.",
            "Karras et al. 2022, eq. 5"},
           {1, 100, Scale::kLog}, rho_);
  }
  std::vector<double> Times(const Path& path, int64_t steps) const override {
    const auto of = [&](double lambda) { return -exact::Exp(-lambda / rho_); };
    const auto inverse = [&](double value) {
      return -rho_ * exact::Log(-value);
    };
    return EvenIn(path, steps, of, inverse);
  }

 private:
  double rho_ = 7;
};

class Given final : public TimeGrid {
 public:
  void Visit(Visitor& v) override {
    v.Numbers({"times",
               "The times, from data (0) to noise (1), each above the one "
               "before. Their number decides how many steps are made."},
              {0, 1}, 1, times_);
  }
  void Validate(Problems& problems) const override {
    const std::vector<double>& times = times_.numbers;
    if (times.size() < 2) {
      problems.push_back({"times", "give at least two times."});
    }
    for (size_t i = 1; i < times.size(); ++i) {
      if (times[i - 1] < times[i]) continue;
      problems.push_back({"times[" + std::to_string(i) + "]",
                          "this is not above the time before; give times that "
                          "ascend."});
      return;
    }
  }
  std::vector<double> Times(const Path&, int64_t) const override {
    return times_.numbers;
  }

 private:
  NumberArray times_{{0.001, 0.1, 0.25, 0.5, 0.75, 0.999}, {}};
};

constexpr Row<TimeGrid> kRows[] = {
    MakeRow<TimeGrid, Uniform>("uniform", "Even in t", "All gaps are equal."),
    MakeRow<TimeGrid, Quadratic>(
        "quadratic", "Quadratic",
        "Short gaps near the data, where the most is decided, long ones near "
        "the noise. Song, Meng, Ermon 2021, appendix D.2."),
    MakeRow<TimeGrid, LogSnr>(
        "log_snr", "Even in log SNR",
        "The signal-to-noise ratio changes by the same factor in every step, "
        "which suits exponential integrators. Lu et al. 2022."),
    MakeRow<TimeGrid, Karras>(
        "karras", "Karras",
        "Even in a power of sigma / alpha: between even steps of the noise and "
        "even steps of its logarithm. Karras et al. 2022."),
    MakeRow<TimeGrid, Given>("given", "Your own", "Times given one by one."),
};

}  // namespace

template <>
std::span<const Row<TimeGrid>> Rows<TimeGrid>() {
  return kRows;
}

}  // namespace unnoise
