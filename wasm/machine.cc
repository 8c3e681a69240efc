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

#else

const Backend& ModuleBackend() { return SimdBackend(); }

#endif

}  // namespace unnoise
