// Exact denoisers, one law of each kind of formula, for the benchmark.

#ifndef UNNOISE_TESTS_BENCH_WORLDS_H_
#define UNNOISE_TESTS_BENCH_WORLDS_H_

#include <memory>
#include <string>
#include <vector>

#include "core/path/path.h"
#include "core/sampling/denoiser.h"

namespace unnoise {

// Of eight normal laws of the plane with covariances of their own. The path
// outlives it.
std::unique_ptr<Denoiser> EightNormals(const Path& path);

class WorldCase {
 public:
  // A data set with its default fields, or the eight normal laws.
  explicit WorldCase(std::string name);

  // Denoises points of the law at a middle level of noise on one thread;
  // returns how many.
  double Run();
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  Choice<Path> path_{"cosine"};
  std::unique_ptr<Denoiser> denoiser_;
  std::vector<float> xt_, data_, noise_;
};

std::vector<std::unique_ptr<WorldCase>> WorldCases();

}  // namespace unnoise

#endif  // UNNOISE_TESTS_BENCH_WORLDS_H_
