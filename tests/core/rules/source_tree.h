// The source tree as text, for tests of rules that no compiler checks: files,
// code without its comments and literals, identifiers, includes.

#ifndef UNNOISE_TESTS_CORE_RULES_SOURCE_TREE_H_
#define UNNOISE_TESTS_CORE_RULES_SOURCE_TREE_H_

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace unnoise::rules {

struct SourceFile {
  std::string path;  // from the root: "core/base/key.h"
  std::string text;
};

inline std::filesystem::path Root() { return UNNOISE_SOURCE_DIR; }

// Files under `folder` with one of the extensions, sorted by path.
inline std::vector<SourceFile> FilesUnder(
    const std::string& folder, const std::set<std::string>& extensions) {
  std::vector<SourceFile> files;
  const auto start = Root() / folder;
  if (!std::filesystem::exists(start)) return files;
  for (auto it = std::filesystem::recursive_directory_iterator(start);
       it != std::filesystem::recursive_directory_iterator(); ++it) {
    if (it->is_directory() && it->path().filename() == "node_modules") {
      it.disable_recursion_pending();
    }
    if (!it->is_regular_file()) continue;
    if (extensions.count(it->path().extension().string()) == 0) continue;
    std::ifstream in(it->path(), std::ios::binary);
    files.push_back({it->path().lexically_relative(Root()).generic_string(),
                     std::string(std::istreambuf_iterator<char>(in), {})});
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

inline bool IsWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

// C++ without comments and, unless `keep_literals`, without what stands in
// quotes. Lines stay where they are.
inline std::string CodeOf(std::string_view text, bool keep_literals = false) {
  std::string code;
  size_t i = 0;
  // Skips to `end` (a position), keeping newlines and, if asked, the rest.
  const auto skip_to = [&](size_t end, bool keep) {
    for (; i < std::min(end, text.size()); ++i) {
      if (keep || text[i] == '\n') code += text[i];
    }
  };
  const auto after = [&](std::string_view closing, size_t from) {
    const size_t found = text.find(closing, from);
    return found == text.npos ? text.size() : found + closing.size();
  };
  while (i < text.size()) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (c == '/' && next == '/') {
      skip_to(std::min(text.find('\n', i), text.size()), false);
    } else if (c == '/' && next == '*') {
      skip_to(after("*/", i + 2), false);
      code += ' ';
    } else if (c == '"' && !code.empty() && code.back() == 'R') {
      const size_t open = text.find('(', i);
      const std::string closing =
          ")" + std::string(text.substr(i + 1, open - i - 1)) + "\"";
      skip_to(after(closing, i), keep_literals);
    } else if (c == '"' ||
               (c == '\'' && (code.empty() || !IsWord(code.back())))) {
      size_t end = i + 1;  // an apostrophe after a digit separates digits
      while (end < text.size() && text[end] != c) {
        end += text[end] == '\\' ? 2 : 1;
      }
      skip_to(end + 1, keep_literals);
      if (!keep_literals) code += ' ';
    } else {
      code += c;
      ++i;
    }
  }
  return code;
}

// An identifier in code: its namespace or class if it is qualified ("std" of
// std::exp), whether it is a member (after . or ->) and called.
struct Identifier {
  std::string_view scope;
  std::string_view name;
  bool member;
  bool called;
  int line;
};

inline std::vector<Identifier> IdentifiersOf(std::string_view code) {
  std::vector<Identifier> found;
  int line = 1;
  for (size_t i = 0; i < code.size();) {
    if (code[i] == '\n') ++line;
    if (!IsWord(code[i])) {
      ++i;
      continue;
    }
    const size_t begin = i;
    while (i < code.size() && IsWord(code[i])) ++i;
    if (std::isdigit(static_cast<unsigned char>(code[begin]))) continue;
    Identifier id{{}, code.substr(begin, i - begin), false, false, line};
    if (begin >= 2 && code.substr(begin - 2, 2) == "::") {
      size_t scope = begin - 2;
      while (scope > 0 && IsWord(code[scope - 1])) --scope;
      id.scope = code.substr(scope, begin - 2 - scope);
    }
    id.member = (begin >= 1 && code[begin - 1] == '.') ||
                (begin >= 2 && code.substr(begin - 2, 2) == "->");
    size_t next = i;
    while (next < code.size() && code[next] == ' ') ++next;
    id.called = next < code.size() && code[next] == '(';
    found.push_back(id);
  }
  return found;
}

struct Include {
  std::string file;
  bool quoted;
  int line;
};

inline std::vector<Include> IncludesOf(std::string_view text) {
  const std::string code = CodeOf(text, true);
  std::vector<Include> found;
  int line = 0;
  for (size_t begin = 0; begin < code.size();) {
    size_t end = std::min(code.find('\n', begin), code.size());
    std::string_view rest = std::string_view(code).substr(begin, end - begin);
    begin = end + 1;
    ++line;
    const auto eat = [&](std::string_view word) {
      while (!rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
      const bool there = rest.substr(0, word.size()) == word;
      if (there) rest.remove_prefix(word.size());
      return there;
    };
    if (!eat("#") || !eat("include")) continue;
    const bool quoted = eat("\"");
    if (!quoted && !eat("<")) continue;
    const size_t close = rest.find(quoted ? '"' : '>');
    found.push_back({std::string(rest.substr(0, close)), quoted, line});
  }
  return found;
}

}  // namespace unnoise::rules

#endif  // UNNOISE_TESTS_CORE_RULES_SOURCE_TREE_H_
