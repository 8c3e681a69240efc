#include "core/cli/interrupt.h"

#include <unistd.h>

#include <csignal>

#include "core/cli/command.h"

namespace unnoise {
namespace {

constexpr int kHandled[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};

volatile std::sig_atomic_t interrupted = 0;

void OnSignal(int) {
  if (interrupted) _exit(kExitInterrupted);
  interrupted = 1;
}

}  // namespace

InterruptScope::InterruptScope() {
  interrupted = 0;
  for (int i = 0; i < kSignals; ++i) {
    earlier_[i] =
        std::signal(kHandled[i], kHandled[i] == SIGPIPE ? SIG_IGN : OnSignal);
    // What our parent had ignored (nohup) stays so.
    if (earlier_[i] == SIG_IGN) std::signal(kHandled[i], SIG_IGN);
  }
}

InterruptScope::~InterruptScope() {
  for (int i = 0; i < kSignals; ++i) std::signal(kHandled[i], earlier_[i]);
}

bool Interrupted() { return interrupted != 0; }

}  // namespace unnoise
