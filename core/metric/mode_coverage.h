// Which of the places where the data gather the samples reach.

#ifndef UNNOISE_METRIC_MODE_COVERAGE_H_
#define UNNOISE_METRIC_MODE_COVERAGE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/data/dataset.h"

namespace unnoise {

// The mode of each point [n, dim], all in data units: the nearest centre (the
// first of several) if it lies within the radius, else -1. Throws UsageError.
std::vector<int32_t> ModesOf(int dim, std::span<const float> points,
                             const Modes& modes);

// The share of modes that are covered: those with a point at least and with a
// quarter at least of the `expected` number of points. A quarter, since a model
// that has lost a mode scores near 0 there while one that has it does not come
// so low by chance: from 16 expected points on, a quarter lies three standard
// deviations below.
double Coverage(std::span<const double> counts,
                std::span<const double> expected);

}  // namespace unnoise

#endif  // UNNOISE_METRIC_MODE_COVERAGE_H_
