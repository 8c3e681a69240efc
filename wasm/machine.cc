#include "wasm/machine.h"

#include "core/base/pool.h"

namespace unnoise {

#ifdef __EMSCRIPTEN_PTHREADS__

const Backend& ModuleBackend() {
  // Never destroyed: a page that closes does not wait for threads.
  static const Backend& backend =
      *MakeSimdBackend(*new Pool(DefaultThreads())).release();
  return backend;
}
int64_t ModuleMemory() { return 700'000'000; }

#else

const Backend& ModuleBackend() { return SimdBackend(); }
int64_t ModuleMemory() { return 1'500'000'000; }

#endif

}  // namespace unnoise
