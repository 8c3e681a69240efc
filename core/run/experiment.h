// An experiment is a value: everything that decides the bits of a run. It has
// one JSON form, written by core alone.

#ifndef UNNOISE_RUN_EXPERIMENT_H_
#define UNNOISE_RUN_EXPERIMENT_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/describe.h"
#include "core/base/json.h"
#include "core/base/problem.h"
#include "core/data/dataset.h"
#include "core/data/points.h"
#include "core/family/family.h"

namespace unnoise {

// The version of the JSON form; older ones are read, newer ones refused.
inline constexpr int kExperimentFormat = 1;

class Experiment final : public Described {
 public:
  int64_t seed = 0;
  // Fused multiply-add, where the machine has it: the bits are then its own.
  bool fast = false;
  // Which weights training starts from (HashOfWeights), "" where they are
  // drawn. The weights themselves are a file's; a checkpoint holds its own.
  std::string weights;
  Choice<Family> family;
  Choice<Dataset> data;

  void Visit(Visitor& visitor) override;
  void Validate(Problems& problems) const override;

  // The user's points if data is of that kind, else null.
  Points* points();
  const Points* points() const;
};

// Canonical text, with its "format". "fast" stands in it only if it is true,
// "weights" only if they are given: experiments from before there were such
// fields keep their text and hash.
std::string WriteExperiment(const Experiment& experiment);

// What is wrong with starting this experiment from drawn weights: nothing,
// unless it names others.
Problems NeedsWeights(const Experiment& experiment);

// FNV-1a-64 over the canonical text, 16 hex digits.
std::string HashOf(const Experiment& experiment);

// Makes an experiment from JSON text ("" = all defaults; `where` names it in
// problems) and key=value words laid over it. `points` (or null) is attached
// where data is "points"; then data.count, dim and digest need not be given,
// and must fit if they are. Without points such an experiment is still read
// (it cannot be opened). Returns every problem at once.
Result<Experiment> ReadExperiment(std::string_view text, std::string_view where,
                                  std::span<const std::string> words,
                                  std::shared_ptr<const PointSet> points);

}  // namespace unnoise

#endif  // UNNOISE_RUN_EXPERIMENT_H_
