// One process: its particles, and its law on the same clock, made piece by
// piece and then looked at.

#ifndef UNNOISE_WASM_PROCESS_SESSION_H_
#define UNNOISE_WASM_PROCESS_SESSION_H_

#include <emscripten/val.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/process/law.h"
#include "core/process/process.h"
#include "core/sampling/recorder.h"

namespace unnoise {

// The calls of web/src/engine/processes.d.ts, interface ProcessSession.
class ProcessSession {
 public:
  emscripten::val Open(const std::string& name, const emscripten::val& words,
                       int n, double seed);
  emscripten::val Move(int steps);
  emscripten::val StartLaw(int cells, const emscripten::val& window);
  emscripten::val MoveLaw(int steps);
  emscripten::val Particles();
  emscripten::val LawSoFar();

 private:
  // The law at a moment that particles were kept at.
  struct Kept {
    std::vector<float> density, closed, current;
    std::vector<double> moments, quantiles;
  };

  const Process& process() const { return *choice_->process; }
  std::vector<double> Times() const;
  void KeepLaw();

  std::unique_ptr<ProcessChoice> choice_;
  int64_t n_ = 0;
  std::optional<Motion> motion_;
  std::optional<Recorder> recorder_;
  std::vector<Cells> axes_;  // of the law
  std::optional<Law> law_;
  std::vector<Kept> kept_;
};

}  // namespace unnoise

#endif  // UNNOISE_WASM_PROCESS_SESSION_H_
