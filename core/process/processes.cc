// The list of processes; the rows stand in the files that rows.h names.

#include <vector>

#include "core/process/rows.h"

namespace unnoise {

std::span<const ProcessGroup> ProcessGroups() {
  static const std::vector<ProcessGroup> groups = {
      {"Brownian motion", BrownianProcesses()},
      {"Linear equations", LinearProcesses()},
      {"Down a landscape", PotentialProcesses()},
      {"On the line", ScalarProcesses()},
      {"Chains, step by step", ChainProcesses()},
      {"Sampling a law", SamplingProcesses()},
      {"Jumps", JumpProcesses()},
      {"Pictures of mathematics", PictureProcesses()}};
  return groups;
}

template <>
std::span<const Row<Process>> Rows<Process>() {
  static const std::vector<Row<Process>> rows = [] {
    std::vector<Row<Process>> all;
    for (const ProcessGroup& group : ProcessGroups()) {
      all.insert(all.end(), group.rows.begin(), group.rows.end());
    }
    return all;
  }();
  return rows;
}

}  // namespace unnoise
