#include "core/cli/table.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "core/cli/progress.h"

namespace unnoise {

std::vector<std::string> SplitAtCommas(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else if (c != ' ') {
      parts.back() += c;
    }
  }
  return parts;
}

std::string Between(double value, double error) {
  return Brief(value) + " +- " + Brief(error);
}

Json NumberOrNull(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

void PrintAligned(const std::vector<TableRow>& rows,
                  const std::vector<std::string>& notes, std::ostream& out) {
  std::vector<size_t> widths(rows[0].size());
  for (const TableRow& row : rows) {
    for (size_t k = 0; k < row.size(); ++k) {
      widths[k] = std::max(widths[k], row[k].size());
    }
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t k = 0; k < rows[i].size(); ++k) {
      out << rows[i][k];
      if (k + 1 < rows[i].size()) {
        out << std::string(widths[k] + 2 - rows[i][k].size(), ' ');
      }
    }
    out << '\n';
    if (!notes[i].empty()) out << notes[i] << '\n';
  }
}

}  // namespace unnoise
