// What somebody may have meant by a mistyped name.

#ifndef UNNOISE_BASE_NEAREST_H_
#define UNNOISE_BASE_NEAREST_H_

#include <span>
#include <string>
#include <string_view>

namespace unnoise {

// The repair for a name that is none of `known`: "did you mean width?" for the
// nearest one if at most two edits lie between, else "choose from ..., ....".
std::string Suggestion(std::string_view name,
                       std::span<const std::string_view> known);

}  // namespace unnoise

#endif  // UNNOISE_BASE_NEAREST_H_
