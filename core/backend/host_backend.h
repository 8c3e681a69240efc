// A backend whose tensors lie in ordinary memory: what the CPU backends share.

#ifndef UNNOISE_BACKEND_HOST_BACKEND_H_
#define UNNOISE_BACKEND_HOST_BACKEND_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

#include "core/backend/backend.h"

namespace unnoise {

class HostBackend : public Backend {
 public:
  void* Allocate(int64_t bytes) const final {
    // In WebAssembly size_t has 32 bits, and must not cut a larger number.
    if (bytes > PTRDIFF_MAX) throw std::bad_alloc();
    return ::operator new (static_cast<size_t>(std::max<int64_t>(bytes, 1)),
                           std::align_val_t{kAlignment});
  }
  void Free(void* memory) const final {
    ::operator delete (memory, std::align_val_t{kAlignment});
  }
  void Upload(const void* from, int64_t bytes, void* to) const final {
    CopyBytes(from, bytes, to);
  }
  void Download(const void* from, int64_t bytes, void* to) const final {
    CopyBytes(from, bytes, to);
  }

 private:
  // An empty tensor may have no address, which memcpy does not allow.
  static void CopyBytes(const void* from, int64_t bytes, void* to) {
    if (bytes > 0) std::memcpy(to, from, static_cast<size_t>(bytes));
  }
};

}  // namespace unnoise

#endif  // UNNOISE_BACKEND_HOST_BACKEND_H_
