// What the module computes on: one thread, or in its threaded build several.

#ifndef UNNOISE_WASM_MACHINE_H_
#define UNNOISE_WASM_MACHINE_H_

#include "core/backend/backend.h"

namespace unnoise {

// The backend of all sessions. Its threads start at the first call and live as
// long as the module.
const Backend& ModuleBackend();

// Bytes that a training may take of the module's memory, which is 2 GiB at most
// (with threads 1 GiB): the rest is for samples, points and their copies.
int64_t ModuleMemory();

}  // namespace unnoise

#endif  // UNNOISE_WASM_MACHINE_H_
