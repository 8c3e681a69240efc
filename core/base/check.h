// Errors of the calling code: thrown, never printed, never an abort. The
// command line and the wasm facade turn every exception into a value at their
// edge. Bad user input is not an exception but a Problem (problem.h).

#ifndef UNNOISE_BASE_CHECK_H_
#define UNNOISE_BASE_CHECK_H_

#include <stdexcept>
#include <string>

namespace unnoise {

// A contract of this library was broken by its caller.
class UsageError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Shapes do not fit; the message names the op, what it expected and got.
class ShapeError : public UsageError {
 public:
  using UsageError::UsageError;
};

// Throws UsageError(message) unless `condition` holds.
inline void Check(bool condition, const char* message) {
  if (!condition) throw UsageError(message);
}

}  // namespace unnoise

#endif  // UNNOISE_BASE_CHECK_H_
