// Which SIMD target runs, and forcing one. In wasm there is only one.

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <vector>

#include "core/backend/backend.h"

namespace unnoise {

#ifdef __EMSCRIPTEN__

int SimdTargetCount() { return 1; }
std::string_view SimdTargetName(int) { return hwy::TargetName(HWY_TARGET); }
bool ForceSimdTarget(std::string_view name) {
  return name.empty() || name == SimdTargetName(0);
}
std::string_view SimdTargetInUse() { return SimdTargetName(0); }

#else

namespace {

// Targets that are compiled in and that this machine has, best first.
const std::vector<int64_t>& Targets() {
  static const std::vector<int64_t> targets = [] {
    std::vector<int64_t> found;
    // Lower bits are better targets.
    for (int64_t rest = hwy::SupportedTargets() & HWY_TARGETS; rest != 0;
         rest &= rest - 1) {
      found.push_back(rest & -rest);
    }
    return found;
  }();
  return targets;
}

int64_t forced = 0;  // 0: the best

}  // namespace

int SimdTargetCount() { return static_cast<int>(Targets().size()); }

std::string_view SimdTargetName(int index) {
  return hwy::TargetName(Targets()[index]);
}

bool ForceSimdTarget(std::string_view name) {
  for (int64_t target : Targets()) {
    if (name.empty() || name == hwy::TargetName(target)) {
      forced = name.empty() ? 0 : target;
      hwy::SetSupportedTargetsForTest(forced);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
      return true;
    }
  }
  return false;
}

std::string_view SimdTargetInUse() {
  return hwy::TargetName(forced != 0 ? forced : Targets()[0]);
}

#endif

}  // namespace unnoise
