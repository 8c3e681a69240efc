// How numbers are told: rows of text under each other, lists in one word, JSON.

#ifndef UNNOISE_CLI_TABLE_H_
#define UNNOISE_CLI_TABLE_H_

#include <iosfwd>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace unnoise {

// "a,b" -> {"a", "b"}, without spaces.
std::vector<std::string> SplitAtCommas(const std::string& text);

// "0.41 +- 0.02".
std::string Between(double value, double error);

// What a number is in JSON, which has none that is not finite.
Json NumberOrNull(double value);

// The cells of a row; the last column is not padded.
using TableRow = std::vector<std::string>;

// The rows, the first of them the titles, and under each its note unless that
// is empty; as many notes as rows.
void PrintAligned(const std::vector<TableRow>& rows,
                  const std::vector<std::string>& notes, std::ostream& out);

}  // namespace unnoise

#endif  // UNNOISE_CLI_TABLE_H_
