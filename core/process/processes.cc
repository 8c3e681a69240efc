// The list of processes; the rows stand in the files that rows.h names.

#include <vector>

#include "core/process/rows.h"

namespace unnoise {

template <>
std::span<const Row<Process>> Rows<Process>() {
  static const std::vector<Row<Process>> rows = [] {
    std::vector<Row<Process>> all;
    for (const auto& part :
         {BrownianProcesses(), LinearProcesses(), PotentialProcesses(),
          ScalarProcesses(), ChainProcesses(), SamplingProcesses(),
          JumpProcesses(), PictureProcesses()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return rows;
}

}  // namespace unnoise
