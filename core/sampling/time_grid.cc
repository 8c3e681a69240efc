// The ways to space times: one final class and one row each.

#include "core/sampling/time_grid.h"

#include <string>

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
    MakeRow<TimeGrid, Given>("given", "Your own", "Times given one by one."),
};

}  // namespace

template <>
std::span<const Row<TimeGrid>> Rows<TimeGrid>() {
  return kRows;
}

}  // namespace unnoise
