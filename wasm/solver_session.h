// One known law being sampled: particles on the way of one sampler at a time,
// and several samplers held against the exact flow.

#ifndef UNNOISE_WASM_SOLVER_SESSION_H_
#define UNNOISE_WASM_SOLVER_SESSION_H_

#include <emscripten/val.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/problem.h"
#include "core/sampling/convergence.h"
#include "core/sampling/exact_sampling.h"
#include "core/sampling/sampling.h"
#include "wasm/js.h"

namespace unnoise {

// What is sampled, of JSON text ("" = all defaults) and words laid over it.
Result<std::unique_ptr<ExactSampling>> ReadExactSampling(
    const std::string& text, const std::vector<std::string>& words);

// The calls of web/src/engine/solvers.d.ts, interface SolverSession.
class SolverSession {
 public:
  emscripten::val Open(const std::string& text);
  emscripten::val Data(int n, double seed);
  emscripten::val StartSampling(int n, double seed,
                                const emscripten::val& words);
  emscripten::val Step();
  emscripten::val Particles();
  emscripten::val StartErrors(int n, double seed,
                              const emscripten::val& samplers,
                              const emscripten::val& steps);
  emscripten::val Errors(int pieces);
  emscripten::val ErrorsText();

 private:
  template <class F>
  emscripten::val WithLaw(const F& f) {
    return Guard([&] {
      if (!law_) return ProblemsToJs({{"", "No law is open."}});
      return emscripten::val(f());
    });
  }
  Result<Choice<Sampler>> SamplerWith(const emscripten::val& words) const;

  std::string text_;
  std::unique_ptr<ExactSampling> law_;
  std::unique_ptr<Denoiser> denoiser_;
  Affine units_;
  std::optional<Choice<Sampler>> sampler_;  // of the particles under way
  std::optional<Sampling> sampling_;
  std::vector<std::string> solvers_;  // names of those compared
  std::vector<size_t> kept_;          // their places among those asked for
  size_t asked_ = 0;
  std::optional<Convergence> errors_;
};

}  // namespace unnoise

#endif  // UNNOISE_WASM_SOLVER_SESSION_H_
