// The times that samplers visit: where each kind puts them, on every path.

#include "core/sampling/time_grid.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/config.h"
#include "core/path/measures.h"

namespace unnoise {
namespace {

TEST(TimeGridTest, QuadraticGapsGrowEvenly) {
  const Choice<TimeGrid> grid("quadratic");
  const Choice<Path> path("cosine");
  const std::vector<double> times = grid->Times(*path, 10);
  ASSERT_EQ(times.size(), 11u);
  EXPECT_EQ(times.front(), path->t_min);
  EXPECT_EQ(times.back(), path->t_max);
  // Gaps are as 1, 3, 5, ..., 19, which sum to 100.
  for (int i = 0; i < 10; ++i) {
    EXPECT_NEAR(times[i + 1] - times[i],
                (path->t_max - path->t_min) * (2 * i + 1) / 100, 1e-15);
  }
}

TEST(TimeGridTest, LogSnrGapsAreEvenInHalfLogSnr) {
  const Choice<TimeGrid> grid("log_snr");
  for (const Row<Path>& row : Rows<Path>()) {
    const Choice<Path> path(row.name);
    const std::vector<double> times = grid->Times(*path, 8);
    ASSERT_EQ(times.size(), 9u) << row.name;
    const double last = HalfLogSnr(path->At(times.back()));
    const double gap = (HalfLogSnr(path->At(times.front())) - last) / 8;
    // Where an end is infinite the grid begins next to it.
    if (!std::isfinite(gap)) continue;
    for (int i = 0; i < 8; ++i) {
      EXPECT_NEAR(
          HalfLogSnr(path->At(times[i])) - HalfLogSnr(path->At(times[i + 1])),
          gap, 1e-6 * gap)
          << row.name << i;
    }
  }
}

TEST(TimeGridTest, KarrasGapsAreEvenInTheRootOfTheNoise) {
  const Choice<TimeGrid> grid("karras");
  const Choice<Path> path("ve");
  const std::vector<double> times = grid->Times(*path, 6);
  const auto root = [&](double t) {
    return std::pow(path->At(t).sigma, 1.0 / 7);  // rho is 7 by default
  };
  const double gap = (root(times.back()) - root(times.front())) / 6;
  for (int i = 0; i < 6; ++i) {
    EXPECT_NEAR(root(times[i + 1]) - root(times[i]), gap, 1e-9) << i;
  }
}

TEST(TimeGridTest, GivenTimesAreTakenAsTheyAre) {
  const Choice<Path> path("straight");
  Choice<TimeGrid> grid("given");
  ASSERT_EQ(ToText(FromJson(*ParseJson(R"({"times":[0,0.25,1]})", ""), *grid)),
            "");
  EXPECT_EQ(grid->Times(*path, 50), (std::vector<double>{0, 0.25, 1}));
  for (const char* bad : {R"({"times":[0.5]})", R"({"times":[0.5,0.4]})",
                          R"({"times":[0.1,0.1]})", R"({"times":[0.1,1.5]})"}) {
    EXPECT_NE(ToText(FromJson(*ParseJson(bad, ""), *grid)), "") << bad;
  }
}

}  // namespace
}  // namespace unnoise
