// What the solver laboratory can ask of core, in a module of its own: the
// description of what can be sampled, words made whole, and sessions. As thin
// as facade.cc, with the same rules. The other side of this contract is
// web/src/engine/solvers.d.ts.

#include <emscripten/bind.h>

#include "core/base/config.h"
#include "core/base/version.h"
#include "wasm/js.h"
#include "wasm/solver_session.h"

namespace unnoise {
namespace {

val Describe() {
  return Guard([] {
    Json description;
    description["version"] = UNNOISE_VERSION;
    description["experiment"] = SchemaOf(ExactSampling());
    return ToJs(description);
  });
}

val Resolve(const std::string& text, const val& words) {
  return Guard([&] {
    const auto law = ReadExactSampling(text, WordsOf(words));
    if (!law) return ProblemsToJs(law.problems());
    Json result;
    Json values = ToJson(**law);
    result["experiment"] = Write(values);
    result["values"] = std::move(values);
    Json::Array overrides;
    for (const std::string& word : OverridesOf(**law, ExactSampling())) {
      overrides.push_back(Json(word));
    }
    result["overrides"] = Json(std::move(overrides));
    return ToJs(result);
  });
}

}  // namespace
}  // namespace unnoise

EMSCRIPTEN_BINDINGS(unnoise_solvers) {
  using namespace unnoise;
  emscripten::function("describe", &Describe);
  emscripten::function("resolve", &Resolve);
  emscripten::class_<SolverSession>("SolverSession")
      .constructor<>()
      .function("open", &SolverSession::Open)
      .function("data", &SolverSession::Data)
      .function("startSampling", &SolverSession::StartSampling)
      .function("step", &SolverSession::Step)
      .function("particles", &SolverSession::Particles)
      .function("startErrors", &SolverSession::StartErrors)
      .function("errors", &SolverSession::Errors)
      .function("errorsText", &SolverSession::ErrorsText);
}
