// The law of a process as a file beside its paths: the density on cells at the
// times that the paths were kept at, and what it comes to in a few lines.

#ifndef UNNOISE_CLI_PROCESS_DENSITY_H_
#define UNNOISE_CLI_PROCESS_DENSITY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/cli/array_file.h"
#include "core/cli/command.h"
#include "core/process/law.h"

namespace unnoise {

class ProcessDensity {
 public:
  // Opens the files; `times` moments will be kept. Throws Failure: the process
  // has no law that could be moved, or a bad place, window or number of cells.
  ProcessDensity(const ProcessChoice& choice, const ProcessOptions& options,
                 int64_t times, Context& context);

  // Lays cells around `paths` [positions.size(), n, dim], unless a window was
  // given, and moves the law over them; false if it was interrupted. Throws
  // Failure: too much work.
  bool Move(std::span<const float> paths, std::span<const int64_t> positions);

  // Prints mass, mean and variance at some times, beside the closed form.
  void Report() const;
  void Commit();

 private:
  // The law at a moment.
  struct Row {
    double t, mass;
    std::vector<Normal> moments;
  };

  std::string Description() const;

  const ProcessChoice& choice_;
  const ProcessOptions& options_;
  Context& context_;
  size_t cells_;
  std::vector<Cells> window_;  // as asked for, or empty
  std::optional<ArrayFile> file_;
  std::optional<AtomicFile> description_;
  LawWay way_ = LawWay::kClosedForm;
  std::vector<Cells> axes_;
  std::vector<Row> rows_;
};

}  // namespace unnoise

#endif  // UNNOISE_CLI_PROCESS_DENSITY_H_
