// Ctrl-C as a question that long work asks between two steps. The handler only
// sets a flag; a second signal ends the program at once.

#ifndef UNNOISE_CLI_INTERRUPT_H_
#define UNNOISE_CLI_INTERRUPT_H_

#include <array>

namespace unnoise {

// While one lives, SIGINT, SIGTERM and SIGHUP set the flag, and a closed pipe
// behind standard output or error is no reason to die. One at a time.
class InterruptScope {
 public:
  InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
  ~InterruptScope();

 private:
  static constexpr int kSignals = 4;
  std::array<void (*)(int), kSignals> earlier_;
};

// Whether a signal came since the scope began.
bool Interrupted();

}  // namespace unnoise

#endif  // UNNOISE_CLI_INTERRUPT_H_
