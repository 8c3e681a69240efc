// Rows of a table by their names.

#ifndef UNNOISE_BASE_FIND_NAMED_H_
#define UNNOISE_BASE_FIND_NAMED_H_

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/nearest.h"
#include "core/base/problem.h"

namespace unnoise {

// The rows of these names in the order of the table, all for no names. For a
// name that none has a problem at `path`: there is no `noun` of that name.
template <class R>
Result<std::vector<const R*>> FindNamed(std::span<const R> rows,
                                        std::span<const std::string> names,
                                        const std::string& path,
                                        const std::string& noun) {
  std::vector<std::string_view> known;
  std::vector<const R*> found;
  for (const R& row : rows) {
    known.push_back(row.name);
    if (names.empty() ||
        std::find(names.begin(), names.end(), row.name) != names.end()) {
      found.push_back(&row);
    }
  }
  Problems problems;
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      problems.push_back({path, "there is no " + noun + " \"" + name + "\"; " +
                                    Suggestion(name, known)});
    }
  }
  if (!problems.empty()) return problems;
  return found;
}

}  // namespace unnoise

#endif  // UNNOISE_BASE_FIND_NAMED_H_
