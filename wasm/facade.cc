// What the page can ask of core: describe, resolve, points, and sessions. Thin:
// every decision is core's, and the command line makes the same calls. No
// exception leaves: failures are values {problems: [{path, message}]}. The
// other side of this contract is web/src/engine/core.d.ts.

#include <emscripten/bind.h>

#include <string>
#include <utility>

#include "core/base/config.h"
#include "core/run/describe_all.h"
#include "core/run/experiment.h"
#include "wasm/js.h"
#include "wasm/machine.h"
#include "wasm/points.h"
#include "wasm/session.h"

namespace unnoise {
namespace {

val Describe() {
  return Guard([] {
    Json description = DescribeAll({});  // the page measures nothing
    description["threads"] = ModuleBackend().pool().threads();
    return ToJs(description);
  });
}

val Resolve(const std::string& text, const val& words,
            const std::string& block) {
  return Guard([&] {
    auto points = PointsOf(block);
    if (!points) return ProblemsToJs(points.problems());
    const Result<Experiment> experiment =
        ReadExperiment(text, "experiment", WordsOf(words), std::move(*points));
    if (!experiment) return ProblemsToJs(experiment.problems());
    Json result;
    result["experiment"] = WriteExperiment(*experiment);
    result["values"] = ToJson(*experiment);
    Json::Array overrides;
    for (const std::string& word : OverridesOf(*experiment, Experiment())) {
      overrides.push_back(Json(word));
    }
    result["overrides"] = Json(std::move(overrides));
    result["hash"] = HashOf(*experiment);
    const TrainingConfig* training = experiment->family->training();
    result["horizon"] = training ? training->rate.horizon : 0;
    return ToJs(result);
  });
}

}  // namespace
}  // namespace unnoise

EMSCRIPTEN_BINDINGS(unnoise) {
  using namespace unnoise;
  emscripten::function("describe", &Describe);
  emscripten::function("resolve", &Resolve);
  emscripten::function("parsePoints", &ParsePoints);
  emscripten::function("packPoints", &PackPoints);
  emscripten::function("unpackPoints", &UnpackPoints);
  emscripten::class_<Session>("Session")
      .constructor<>()
      .function("open", &Session::Open)
      .function("openRun", &Session::OpenRun)
      .function("saveRun", &Session::SaveRun)
      .function("advance", &Session::Advance)
      .function("fingerprint", &Session::Fingerprint)
      .function("data", &Session::Data)
      .function("startSampling", &Session::StartSampling)
      .function("startNoising", &Session::StartNoising)
      .function("step", &Session::Step)
      .function("particles", &Session::Particles)
      .function("startField", &Session::StartField)
      .function("fieldRows", &Session::FieldRows)
      .function("probe", &Session::ProbeAt);
}
