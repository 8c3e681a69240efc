// One experiment being trained, and at most one set of particles under way:
// what the page's worker holds.

#ifndef UNNOISE_WASM_SESSION_H_
#define UNNOISE_WASM_SESSION_H_

#include <emscripten/val.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/problem.h"
#include "core/run/metrics.h"
#include "core/run/run.h"
#include "core/sampling/field.h"
#include "core/sampling/sampling.h"
#include "wasm/js.h"

namespace unnoise {

// The calls of web/src/engine/core.d.ts, interface Session.
class Session {
 public:
  emscripten::val Open(const std::string& text, const std::string& block);
  emscripten::val OpenRun(const std::string& name, const std::string& model,
                          const std::string& experiment,
                          const std::string& points, const std::string& labels,
                          const std::string& metrics);
  emscripten::val SaveRun();
  emscripten::val Advance(int steps);
  emscripten::val Fingerprint();
  emscripten::val Data(int n, double seed);
  emscripten::val StartSampling(int n, double seed,
                                const emscripten::val& words, bool truth);
  emscripten::val StartNoising(int n, double seed,
                               const emscripten::val& words);
  emscripten::val Step();
  emscripten::val Particles();
  emscripten::val StartField(double t, const emscripten::val& window, int nx,
                             int ny);
  emscripten::val FieldRows(int rows);
  emscripten::val ProbeAt(const emscripten::val& x, double t,
                          const emscripten::val& words);

 private:
  template <class F>
  emscripten::val WithRun(const F& f) {
    return Guard([&] {
      if (!run_) return ProblemsToJs({{"", "No experiment is open."}});
      return emscripten::val(f());
    });
  }

  void Forget();
  // What open and openRun tell.
  Json OpenedJson() const;
  // What is wrong with a time, if anything.
  void CheckTime(double t, Problems& problems) const;
  std::optional<emscripten::val> DrawData(int n, double seed,
                                          std::vector<float>& points);
  // The experiment's sampler with words such as "sampler.steps=100" laid over.
  Result<Choice<Sampler>> SamplerWith(const emscripten::val& words) const;
  emscripten::val Started(const std::vector<GridPoint>& grid, int n) const;

  std::unique_ptr<Run> run_;
  std::vector<MetricsLine> metrics_;
  double seconds_ = 0;                  // of training, over all sittings
  std::vector<float> average_;          // the weights of the sampling under way
  std::unique_ptr<Denoiser> denoiser_;  // on average_
  std::unique_ptr<Denoiser> truth_;     // of the data
  std::optional<Choice<Sampler>> sampler_;  // of the particles under way
  std::optional<Sampling> sampling_;
  std::optional<Noising> noising_;
  std::vector<float> particles_;
  std::vector<float> field_average_;  // the weights of the field under way
  std::unique_ptr<Denoiser> field_denoiser_;  // on field_average_
  std::optional<ArrowField> field_;
  std::unique_ptr<Denoiser> probe_denoiser_;  // on the weights as they are
};

}  // namespace unnoise

#endif  // UNNOISE_WASM_SESSION_H_
