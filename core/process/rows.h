// The rows of each file of processes, in the order in which they are shown:
// BrownianProcesses are in brownian_processes.cc, and so on. Only for
// core/process.

#ifndef UNNOISE_PROCESS_ROWS_H_
#define UNNOISE_PROCESS_ROWS_H_

#include <span>

#include "core/process/process.h"

namespace unnoise {

std::span<const Row<Process>> BrownianProcesses();
std::span<const Row<Process>> LinearProcesses();
std::span<const Row<Process>> PotentialProcesses();
std::span<const Row<Process>> ScalarProcesses();
std::span<const Row<Process>> ChainProcesses();
std::span<const Row<Process>> SamplingProcesses();
std::span<const Row<Process>> JumpProcesses();
std::span<const Row<Process>> PictureProcesses();

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_ROWS_H_
