// Processes from words and what their particles do, for tests.

#ifndef UNNOISE_TESTS_CORE_PROCESS_MOVES_H_
#define UNNOISE_TESTS_CORE_PROCESS_MOVES_H_

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/process/matrix.h"
#include "core/process/process.h"

namespace unnoise {

inline Problems ProblemsOf(const std::string& name,
                           const std::vector<std::string>& words) {
  const Result<ProcessChoice> read = ReadProcess(name, words);
  return read.ok() ? Problems() : read.problems();
}

// The process that the words ask for.
inline ProcessChoice Make(const std::string& name,
                          const std::vector<std::string>& words = {}) {
  const Result<ProcessChoice> read = ReadProcess(name, words);
  EXPECT_EQ(ToText(ProblemsOf(name, words)), "") << name;
  return read.ok() ? *read : ProcessChoice();
}

// The states shown of each moment, [steps + 1][count * dim].
inline std::vector<std::vector<float>> Moved(const Process& process,
                                             int64_t count, uint64_t seed = 1,
                                             uint64_t first = 0) {
  Motion motion(process, KeyFromSeed(seed), first, count);
  std::vector<std::vector<float>> all;
  do {
    all.emplace_back(motion.particles().begin(), motion.particles().end());
  } while (motion.Step());
  return all;
}

// Mean and covariance of points [count, dim].
inline StateMoments SampleMoments(const std::vector<float>& x, size_t dim) {
  StateMoments m{std::vector<double>(dim, 0),
                 std::vector<double>(dim * dim, 0)};
  const double count = static_cast<double>(x.size() / dim);
  for (size_t i = 0; i < x.size(); ++i) m.mean[i % dim] += x[i] / count;
  for (size_t i = 0; i < x.size(); i += dim) {
    for (size_t a = 0; a < dim; ++a) {
      for (size_t b = 0; b < dim; ++b) {
        m.covariance[a * dim + b] +=
            (x[i + a] - m.mean[a]) * (x[i + b] - m.mean[b]) / count;
      }
    }
  }
  return m;
}

// Sample moments of `count` particles of a normal law are within four standard
// errors of those given: of a mean, sqrt(v / n); of a covariance,
// sqrt((v_a v_b + c^2) / n). Floats add 1e-6 of the size.
inline void ExpectNormalMoments(const std::vector<float>& x,
                                const StateMoments& law,
                                const std::string& where) {
  const size_t dim = law.mean.size();
  const double n = static_cast<double>(x.size() / dim);
  const StateMoments sample = SampleMoments(x, dim);
  for (size_t a = 0; a < dim; ++a) {
    const double va = law.covariance[a * dim + a];
    EXPECT_NEAR(sample.mean[a], law.mean[a],
                4 * std::sqrt(va / n) + 1e-6 * (1 + std::fabs(law.mean[a])))
        << where;
    for (size_t b = 0; b < dim; ++b) {
      const double vb = law.covariance[b * dim + b];
      const double c = law.covariance[a * dim + b];
      EXPECT_NEAR(sample.covariance[a * dim + b], c,
                  4 * std::sqrt((va * vb + c * c) / n) + 1e-6)
          << where;
    }
  }
}

}  // namespace unnoise

#endif  // UNNOISE_TESTS_CORE_PROCESS_MOVES_H_
