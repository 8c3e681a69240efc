#include "core/process/kernel.h"

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"

namespace unnoise {
namespace {

// The index of the edge at or below x, kept within the cells.
size_t EdgeBelow(const Cells& cells, double x) {
  const double place = std::floor((x - cells.low) / cells.width());
  const double last = static_cast<double>(cells.count - 1);
  return static_cast<size_t>(std::clamp(place, 0.0, last));
}

// Adds `scale` times the law to `mass`.
void AddNormal(const Cells& cells, const Normal& law, double scale,
               std::span<double> mass) {
  const double std = std::sqrt(law.variance);
  // Beyond nine deviations lies less than the last bit of 1.
  const size_t begin = EdgeBelow(cells, law.mean - 9 * std);
  const size_t end = EdgeBelow(cells, law.mean + 9 * std);
  double before = 0;  // distribution function at the cell's left edge
  for (size_t i = begin; i < end; ++i) {
    constexpr double kRootHalf = 0.70710678118654752440;
    const double z = (cells.edge(i + 1) - law.mean) / std;
    const double after = 0.5 * (1 + exact::Erf(kRootHalf * z));
    mass[i] += scale * (after - before);
    before = after;
  }
  mass[end] += scale * (1 - before);
}

// Adds `scale` times the even law between a and b.
void AddEven(const Cells& cells, double a, double b, double scale,
             std::span<double> mass) {
  const double low = std::min(a, b), high = std::max(a, b);
  const size_t begin = EdgeBelow(cells, low), end = EdgeBelow(cells, high);
  double before = 0;
  for (size_t i = begin; i < end; ++i) {
    const double after =
        std::clamp((cells.edge(i + 1) - low) / (high - low), 0.0, 1.0);
    mass[i] += scale * (after - before);
    before = after;
  }
  mass[end] += scale * (1 - before);
}

}  // namespace

std::vector<double> NormalMass(const Cells& cells, const Normal& law) {
  std::vector<double> mass(cells.count, 0);
  AddNormal(cells, law, 1, mass);
  return mass;
}

std::vector<double> MovedMass(const Process& process, double t, double dt,
                              const Cells& cells,
                              std::span<const double> mass) {
  Check(mass.size() == cells.count, "there is a number for each cell");
  std::vector<double> moved(cells.count, 0);
  for (size_t i = 0; i < cells.count; ++i) {
    if (mass[i] == 0) continue;
    const std::optional<Normal> law = process.KernelAt(t, dt, cells.center(i));
    Check(law.has_value(), "the process has no normal law of one transition");
    if (law->variance > 0) {
      AddNormal(cells, *law, mass[i], moved);
    } else {
      // Without noise whole cells move, lest the grid be seen in their law.
      AddEven(cells, process.KernelAt(t, dt, cells.edge(i))->mean,
              process.KernelAt(t, dt, cells.edge(i + 1))->mean, mass[i], moved);
    }
  }
  return moved;
}

double TotalVariation(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::fabs(a[i] - b[i]);
  return 0.5 * sum;
}

Normal MomentsOf(const Cells& cells, std::span<const double> mass) {
  double total = 0, mean = 0, variance = 0;
  for (size_t i = 0; i < cells.count; ++i) {
    total += mass[i];
    mean += mass[i] * cells.center(i);
  }
  mean /= total;
  for (size_t i = 0; i < cells.count; ++i) {
    const double offset = cells.center(i) - mean;
    variance += mass[i] * offset * offset;
  }
  return {mean, variance / total};
}

}  // namespace unnoise
