// Whole laws on the line, moved by the law of one transition: what a process
// does to all particles at once, without drawing any. The equation in time is
// fokker_planck.h's business; this is exact for the scheme, whatever its step.

#ifndef UNNOISE_PROCESS_KERNEL_H_
#define UNNOISE_PROCESS_KERNEL_H_

#include <cstddef>
#include <span>
#include <vector>

#include "core/process/process.h"

namespace unnoise {

// `count` equal cells from low to high.
struct Cells {
  double low, high;
  size_t count;

  double width() const { return (high - low) / static_cast<double>(count); }
  double edge(size_t i) const { return low + width() * static_cast<double>(i); }
  double center(size_t i) const {
    return low + width() * (static_cast<double>(i) + 0.5);
  }
};

// Probability of each cell under N(mean, variance); what lies outside counts to
// the cells at the ends. variance 0 is a point.
std::vector<double> NormalMass(const Cells& cells, const Normal& law);

// The law after one transition of the scheme from t, from the probability of
// each cell, all of which is taken to stand in its centre (spread evenly over
// it where there is no noise): Chapman and Kolmogorov's equation as a sum.
// Throws UsageError if the process has no kernel.
std::vector<double> MovedMass(const Process& process, double t, double dt,
                              const Cells& cells, std::span<const double> mass);

// Half of the sum of absolute differences.
double TotalVariation(std::span<const double> a, std::span<const double> b);

// Mean and variance of a law on cells, each standing in its centre.
Normal MomentsOf(const Cells& cells, std::span<const double> mass);

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_KERNEL_H_
