// The rows of each file of processes, in the order in which they are shown.
// Only for core/process.

#ifndef UNNOISE_PROCESS_ROWS_H_
#define UNNOISE_PROCESS_ROWS_H_

#include <span>

#include "core/process/process.h"

namespace unnoise {

std::span<const Row<Process>> BrownianProcesses();  // brownian_processes.cc
std::span<const Row<Process>> LinearProcesses();    // linear_processes.cc

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_ROWS_H_
