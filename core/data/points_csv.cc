// Points from the text of a CSV file, strictly: a number that is not understood
// is named by line and column, never guessed.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <utility>

#include "core/data/points.h"

namespace unnoise {
namespace {

constexpr size_t kMaxProblems = 10;
constexpr size_t kMaxNumberBytes = 63;
constexpr size_t kMaxShownBytes = 24;
constexpr double kMaxLabel = 255;

// What a header calls a column of classes, in lower case. "y" does so unless
// there is an "x", whose partner it is then.
constexpr std::string_view kLabelNames[] = {
    "label",   "labels",   "class", "classes", "target",
    "cluster", "category", "group", "species", "y"};

bool IsSpace(char c) { return c == ' ' || c == '\t'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the next line off the text: up to LF, CR LF or CR.
std::string_view NextLine(std::string_view& text) {
  const size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  if (text.starts_with("\r\n")) {
    text.remove_prefix(2);
  } else if (!text.empty()) {
    text.remove_prefix(1);
  }
  return line;
}

// What separates the cells of a file whose first line this is. A semicolon goes
// first: where it separates, commas may be decimal.
char SeparatorOf(std::string_view line) {
  std::string bare;  // what is not in quotes
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (!quoted) bare += c;
  }
  for (const char separator : {';', '\t', ','}) {
    if (bare.find(separator) != bare.npos) return separator;
  }
  return ' ';
}

// Takes the next cell off the line, without quotes and the spaces around it.
// `last` tells whether the line ended with it.
std::string_view NextCell(std::string_view& line, char separator, bool& last) {
  size_t end = 0;
  bool quoted = false;
  for (; end < line.size(); ++end) {
    if (line[end] == '"') quoted = !quoted;
    if (!quoted &&
        (line[end] == separator || (separator == ' ' && IsSpace(line[end])))) {
      break;
    }
  }
  std::string_view cell = Trim(line.substr(0, end));
  last = end == line.size();
  line.remove_prefix(last ? end : end + 1);
  if (separator == ' ') {  // a run of spaces separates once
    line = Trim(line);
    last = line.empty();
  }
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') {
    cell = Trim(cell.substr(1, cell.size() - 2));
  }
  return cell;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsNotFinite(std::string_view cell) {
  if (cell.size() > 9) return false;
  if (!cell.empty() && (cell.front() == '-' || cell.front() == '+')) {
    cell.remove_prefix(1);
  }
  const std::string word = Lower(cell);
  return word == "nan" || word == "inf" || word == "infinity" || word == "na";
}

// Whether a cell was meant as a number, right or wrong.
bool LooksNumeric(std::string_view cell) {
  if (IsNotFinite(cell)) return true;
  while (!cell.empty() && std::strchr("+-.,", cell.front()) != nullptr &&
         cell.front() != '\0') {
    cell.remove_prefix(1);
  }
  return !cell.empty() && IsDigit(cell.front());
}

// The value of a decimal number that is the whole cell.
bool ParseNumber(std::string_view cell, double& value) {
  if (cell.empty() || cell.size() > kMaxNumberBytes) return false;
  // strtod also takes hexadecimal, names and leading spaces.
  if (cell.find_first_not_of("0123456789+-.eE") != cell.npos) return false;
  char buffer[kMaxNumberBytes + 1];
  *std::copy(cell.begin(), cell.end(), buffer) = '\0';
  char* end = nullptr;
  value = std::strtod(buffer, &end);
  return end == buffer + cell.size();
}

std::string Shown(std::string_view cell) {
  if (cell.empty()) return "nothing";
  std::string text;
  for (const char c : cell.substr(0, kMaxShownBytes)) {
    text += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
  }
  // Not cut within a UTF-8 sequence.
  while (cell.size() > kMaxShownBytes && !text.empty() &&
         (text.back() & 0x80)) {
    text.pop_back();
  }
  return '"' + text + (cell.size() > kMaxShownBytes ? "...\"" : "\"");
}

std::string Repair(std::string_view cell) {
  if (IsNotFinite(cell)) {
    return "give a finite number, or remove the line.";
  }
  std::string with_point(cell);
  std::replace(with_point.begin(), with_point.end(), ',', '.');
  double value;
  if (with_point != cell && ParseNumber(with_point, value)) {
    return "write decimals with a point: " + with_point + ".";
  }
  return "give a number.";
}

class Reader {
 public:
  Reader(std::string_view where, Rounding rounding)
      : where_(where), rounding_(rounding) {}

  Result<PointSet> Read(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
      return Problem{where_, "this is UTF-16 text; save it as UTF-8."};
    }
    while (!text.empty() && problems_.size() < kMaxProblems) {
      const std::string_view line = Trim(NextLine(text));
      ++line_;
      if (!line.empty() && line.front() != '#') ReadLine(line);
      if (points_.count() > kMaxPoints) {
        return Problem{where_, "there are more than " +
                                   std::to_string(kMaxPoints) +
                                   " points; keep that many."};
      }
    }
    if (!problems_.empty()) return std::move(problems_);
    if (points_.count() < 2) {
      return Problem{
          where_, "found " +
                      (points_.dim == 0 ? std::string("no numbers")
                                        : std::string("one point only")) +
                      "; give at least 2 points, one a line, such as 0.5,1.2."};
    }
    return MakePoints(std::move(points_), where_, rounding_);
  }

 private:
  void ReadLine(std::string_view line) {
    const bool first = separator_ == '\0';
    if (first) {
      separator_ = SeparatorOf(line);
      if (IsHeader(line)) return FindLabels(line);
    }
    int column = 0, coordinates = 0;
    const size_t labels = points_.labels.size();
    for (bool last = false; !last;) {
      const std::string_view cell = NextCell(line, separator_, last);
      if (last && cell.empty() && column > 0) break;
      ++column;
      if (column == label_column_) {
        if (!ReadLabel(cell)) return;
        continue;
      }
      ++coordinates;
      if (coordinates > kMaxPointDim) {
        return Add("there are more than " + std::to_string(kMaxPointDim) +
                   " columns; keep that many.");
      }
      double value = 0;
      if (!ParseNumber(cell, value)) {
        return Add("column " + std::to_string(column) + " holds " +
                   Shown(cell) + "; " + Repair(cell));
      }
      const float rounded = static_cast<float>(value) + 0.0f;  // -0 becomes 0
      if (!std::isfinite(rounded)) {
        return Add("column " + std::to_string(column) + " holds " +
                   Shown(cell) +
                   ", beyond what single precision can hold; give a number "
                   "within 3e38.");
      }
      points_.values.push_back(rounded);
    }
    if (label_column_ > 0 && points_.labels.size() == labels) {
      return Add("there is no label in column " +
                 std::to_string(label_column_) + "; give one in every line.");
    }
    if (points_.dim == 0) {
      points_.dim = coordinates;
      dim_line_ = line_;
    } else if (coordinates != points_.dim) {
      Add("found " + std::to_string(coordinates) + " numbers where line " +
          std::to_string(dim_line_) + " has " + std::to_string(points_.dim) +
          "; give as many in every line.");
    }
  }

  bool IsHeader(std::string_view line) const {
    for (bool last = false; !last;) {
      if (LooksNumeric(NextCell(line, separator_, last))) return false;
    }
    return true;
  }

  void FindLabels(std::string_view header) {
    std::vector<int> found;
    bool has_x = false;
    int column = 0, y = 0;
    for (bool last = false; !last;) {
      const std::string name = Lower(NextCell(header, separator_, last));
      ++column;
      has_x |= name == "x";
      if (std::find(std::begin(kLabelNames), std::end(kLabelNames), name) !=
          std::end(kLabelNames)) {
        found.push_back(column);
        if (name == "y") y = column;
      }
    }
    if (y > 0 && (has_x || found.size() > 1)) {
      found.erase(std::find(found.begin(), found.end(), y));
    }
    if (found.size() > 1) {
      return Add("columns " + std::to_string(found[0]) + " and " +
                 std::to_string(found[1]) +
                 " both name labels; rename one of them.");
    }
    if (!found.empty() && column > 1) label_column_ = found[0];
  }

  // The first label tells whether they are numbers or names.
  bool ReadLabel(std::string_view cell) {
    if (cell.empty()) return true;  // missed at the end of the line
    const bool first = points_.labels.empty();
    if (first) named_ = !LooksNumeric(cell);
    if (named_) {
      const auto [entry, added] = classes_.try_emplace(
          std::string(cell), static_cast<uint8_t>(classes_.size()));
      if (classes_.size() > kMaxLabel + 1) {
        Add(Shown(cell) + " is the 257th class; there may be 256.");
        return false;
      }
      points_.labels.push_back(entry->second);
      return true;
    }
    double value = 0;
    if (!ParseNumber(cell, value) || !(value >= 0 && value <= kMaxLabel) ||
        value != std::floor(value)) {
      Add("the label in column " + std::to_string(label_column_) + " is " +
          Shown(cell) + "; give a whole number from 0 to 255, " +
          (first ? "or a name in every line." : "as in the lines before."));
      return false;
    }
    points_.labels.push_back(static_cast<uint8_t>(value));
    return true;
  }

  void Add(std::string message) {
    problems_.push_back(
        {where_ + ':' + std::to_string(line_), std::move(message)});
  }

  std::string where_;
  Rounding rounding_;
  int64_t line_ = 0;
  char separator_ = '\0';
  int64_t dim_line_ = 0;
  int label_column_ = 0;  // from 1; 0 where there is none
  bool named_ = false;    // labels are names
  std::map<std::string, uint8_t> classes_;
  PointSet points_;
  Problems problems_;
};

}  // namespace

Result<PointSet> PointsFromCsv(std::string_view text, std::string_view where,
                               Rounding rounding) {
  return Reader(where, rounding).Read(text);
}

}  // namespace unnoise
