#include "core/base/problem.h"

namespace unnoise {
namespace {

// What a user gave may hold bytes that command a terminal: shown as '?'.
std::string Printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

}  // namespace

std::string ToText(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    if (!problem.path.empty()) text += Printable(problem.path) + ": ";
    text += Printable(problem.message);
  }
  return text;
}

}  // namespace unnoise
