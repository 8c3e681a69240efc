#include "core/cli/whole_number.h"

namespace unnoise {

std::optional<int64_t> WholeNumber(const char* name, const std::string& text,
                                   int64_t min, int64_t max,
                                   Problems& problems) {
  int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || text.size() > 18) {
      value = -1;
      break;
    }
    value = 10 * value + (c - '0');
  }
  if (text.empty() || value < min || value > max) {
    problems.push_back(
        {name, "found \"" + text + "\"; give a whole number from " +
                   std::to_string(min) + " to " + std::to_string(max) + "."});
  }
  return value;
}

}  // namespace unnoise
