// Whole numbers as they are typed after an option.

#ifndef UNNOISE_CLI_WHOLE_NUMBER_H_
#define UNNOISE_CLI_WHOLE_NUMBER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/problem.h"

namespace unnoise {

// The number that `text` is, given after the option `name`; adds a problem if
// it is none from `min` to `max`, min >= 0.
std::optional<int64_t> WholeNumber(const char* name, const std::string& text,
                                   int64_t min, int64_t max,
                                   Problems& problems);

}  // namespace unnoise

#endif  // UNNOISE_CLI_WHOLE_NUMBER_H_
