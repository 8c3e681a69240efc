// What the process laboratory can ask of core, in a module of its own: the
// list of processes, and sessions. As thin as facade.cc, with the same rules.
// The other side of this contract is web/src/engine/processes.d.ts.

#include <emscripten/bind.h>

#include "core/base/config.h"
#include "core/base/version.h"
#include "core/process/process.h"
#include "wasm/js.h"
#include "wasm/process_session.h"

namespace unnoise {
namespace {

val Describe() {
  return Guard([] {
    Json description;
    description["version"] = UNNOISE_VERSION;
    description["fields"] = SchemaOf(ProcessChoice());
    Json::Array groups;
    for (const ProcessGroup& group : ProcessGroups()) {
      Json::Array names;
      for (const Row<Process>& row : group.rows) names.push_back(row.name);
      groups.push_back(
          Json::Object{{"title", group.title}, {"names", std::move(names)}});
    }
    description["groups"] = Json(std::move(groups));
    return ToJs(description);
  });
}

}  // namespace
}  // namespace unnoise

EMSCRIPTEN_BINDINGS(unnoise_processes) {
  using namespace unnoise;
  emscripten::function("describe", &Describe);
  emscripten::class_<ProcessSession>("ProcessSession")
      .constructor<>()
      .function("open", &ProcessSession::Open)
      .function("move", &ProcessSession::Move)
      .function("startLaw", &ProcessSession::StartLaw)
      .function("moveLaw", &ProcessSession::MoveLaw)
      .function("particles", &ProcessSession::Particles)
      .function("law", &ProcessSession::LawSoFar);
}
