#include "core/base/nearest.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace unnoise {
namespace {

constexpr size_t kMaxTypo = 2;         // edits between what is typed and meant
constexpr size_t kMaxNameBytes = 256;  // a longer name is no typing mistake

// Levenshtein 1966: insertions, deletions, substitutions.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string Suggestion(std::string_view name,
                       std::span<const std::string_view> known) {
  size_t best = kMaxTypo + 1;
  std::string_view nearest;
  std::string list;
  for (const std::string_view candidate : known) {
    list += (list.empty() ? "" : ", ") + std::string(candidate);
    if (name.size() > kMaxNameBytes) continue;
    const size_t distance = EditDistance(name, candidate);
    if (distance < std::min(best, candidate.size())) {
      best = distance;
      nearest = candidate;
    }
  }
  if (!nearest.empty()) return "did you mean " + std::string(nearest) + "?";
  return known.empty() ? "there are none here; leave it out."
                       : "choose from " + list + ".";
}

}  // namespace unnoise
