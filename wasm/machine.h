// What the module computes on: one thread, or in its threaded build several.

#ifndef UNNOISE_WASM_MACHINE_H_
#define UNNOISE_WASM_MACHINE_H_

#include "core/backend/backend.h"

namespace unnoise {

// The backend of all sessions. Its threads start at the first call and live as
// long as the module.
const Backend& ModuleBackend();

}  // namespace unnoise

#endif  // UNNOISE_WASM_MACHINE_H_
