// Problems: what is wrong with something a user gave us, where, and how to
// repair it. Misuse of the library by its own code is an exception (check.h);
// bad input is a value.

#ifndef UNNOISE_BASE_PROBLEM_H_
#define UNNOISE_BASE_PROBLEM_H_

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace unnoise {

// One finding. `path` is the place as its author wrote it ("network.width",
// "points.csv:12", "model.safetensors"); `message` is a sentence that names
// what was found and the repair.
struct Problem {
  std::string path;
  std::string message;

  bool operator==(const Problem&) const = default;
};

using Problems = std::vector<Problem>;

// "path: message", one problem a line, without a final newline; control
// characters as "?".
std::string ToText(const Problems& problems);

// A value or the problems that kept it from being made (never both, never
// neither).
template <class T>
class Result {
 public:
  Result(T value) : state_(std::move(value)) {}                      // NOLINT
  Result(Problems problems) : state_(std::move(problems)) {}         // NOLINT
  Result(Problem problem) : state_(Problems{std::move(problem)}) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Undefined unless ok().
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  // Undefined if ok().
  const Problems& problems() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Problems> state_;
};

}  // namespace unnoise

#endif  // UNNOISE_BASE_PROBLEM_H_
