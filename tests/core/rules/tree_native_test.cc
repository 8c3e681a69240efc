// The tree: lists match their folders, every folder explains itself, files
// stay short and finished.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/family/family.h"
#include "tests/core/rules/source_tree.h"

namespace unnoise::rules {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Folders of the root that belong to the project: not hidden, not built.
std::vector<std::string> TopFolders() {
  const std::string ignored = "\n" + ReadFile(Root() / ".gitignore");
  std::vector<std::string> folders;
  for (const auto& entry : std::filesystem::directory_iterator(Root())) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_directory() || name[0] == '.') continue;
    if (ignored.find("\n/" + name + "/\n") != ignored.npos) continue;
    folders.push_back(name);
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

TEST(Tree, HasItsTopFoldersAndNoOthers) {
  EXPECT_EQ(TopFolders(),
            (std::vector<std::string>{"core", "e2e", "tests", "wasm", "web"}));
}

TEST(Tree, HasAtItsRootOnlyFilesThatToolsOrReadersLookForThere) {
  const std::string ignored = "\n" + ReadFile(Root() / ".gitignore");
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(Root())) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() || name[0] == '.') continue;
    if (ignored.find("\n/" + name + "\n") != ignored.npos) continue;
    files.push_back(name);
  }
  std::sort(files.begin(), files.end());
  EXPECT_EQ(files,
            (std::vector<std::string>{
                "CHANGELOG.md", "CMakeLists.txt", "CMakePresets.json",
                "CONTRIBUTING.md", "LICENSE", "README.md", "package-lock.json",
                "package.json", "tsconfig.json"}));
}

TEST(Tree, EveryFolderHasAReadme) {
  std::vector<std::string> folders = TopFolders();
  folders.push_back(".ci");
  for (const auto& entry :
       std::filesystem::directory_iterator(Root() / "core")) {
    // Decisions are documents themselves.
    if (entry.is_directory() && entry.path().filename() != "decisions") {
      folders.push_back("core/" + entry.path().filename().string());
    }
  }
  for (const std::string& folder : folders) {
    EXPECT_TRUE(std::filesystem::exists(Root() / folder / "README.md"))
        << folder;
  }
}

// A family is a class in core/family that implements Family.
bool HoldsAFamily(const std::string& text) {
  const std::string code = CodeOf(text);
  for (const Identifier& id : IdentifiersOf(code)) {
    if (id.name != "Family") continue;
    // "struct DdpmFamily final : Family {" or ": public Family".
    size_t before = static_cast<size_t>(id.name.data() - code.data());
    std::string head = code.substr(code.rfind('\n', before) + 1,
                                   before - code.rfind('\n', before) - 1);
    if (head.find("struct ") == head.npos && head.find("class ") == head.npos) {
      continue;
    }
    if (head.find(':') != head.npos) return true;
  }
  return false;
}

TEST(Tree, EveryFamilyFileIsListed) {
  std::set<std::string> files, rows;
  for (const SourceFile& file : FilesUnder("core/family", {".cc"})) {
    if (!HoldsAFamily(file.text)) continue;
    files.insert(std::filesystem::path(file.path).stem().string());
  }
  for (const auto& row : Rows<Family>()) rows.emplace(row.name);
  EXPECT_EQ(files, rows) << "a family's file is named as its row in "
                            "core/family/families.cc";
  EXPECT_TRUE(HoldsAFamily("struct A final : Family {"));
  EXPECT_TRUE(HoldsAFamily("class A : public Family {"));
  EXPECT_FALSE(HoldsAFamily("class Family : public Described {"));
  EXPECT_FALSE(HoldsAFamily("std::span<const Row<Family>> Rows<Family>();"));
}

TEST(Tree, FilesStayReadable) {
  constexpr auto kMaxLines = 500;
  for (const char* folder : {"core", "wasm", "tests"}) {
    for (const SourceFile& file : FilesUnder(folder, {".h", ".cc"})) {
      EXPECT_LE(std::count(file.text.begin(), file.text.end(), '\n'), kMaxLines)
          << file.path;
    }
  }
}

TEST(Tree, NothingIsLeftUnfinished) {
  // Written apart, so that this file passes itself.
  const std::string words[] = {
      "TO"
      "DO",
      "FIX"
      "ME",
      "HA"
      "CK:"};
  for (const char* folder : {".ci", "core", "e2e", "tests", "wasm", "web"}) {
    for (const SourceFile& file :
         FilesUnder(folder, {".h", ".cc", ".ts", ".mjs", ".cjs", ".css",
                             ".html", ".md", ".txt", ".json"})) {
      for (const std::string& word : words) {
        EXPECT_EQ(file.text.find(word), file.text.npos)
            << file.path << " holds " << word;
      }
    }
  }
}

}  // namespace
}  // namespace unnoise::rules
