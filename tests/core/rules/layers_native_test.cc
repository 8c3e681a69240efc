// A file includes only from its own or a lower row of the layers.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/core/rules/source_tree.h"

namespace unnoise::rules {
namespace {

// Lowest first.
const std::vector<std::vector<std::string>> kRows = {
    {"base"},
    {"tensor", "backend"},
    {"autodiff"},
    {"nn", "optim"},
    {"path", "data", "metric", "divergence", "objective"},
    {"sampling", "process"},
    {"family"},
    {"run"},
    {"picture"},
    {"cli"},
};

// The folder of a path below core, "" if it is elsewhere.
std::string LayerOf(const std::string& path) {
  if (path.substr(0, 5) != "core/") return "";
  const size_t end = path.find('/', 5);
  return end == path.npos ? "" : path.substr(5, end - 5);
}

// -1 if it is in no row.
int RowOf(const std::string& layer) {
  for (size_t row = 0; row < kRows.size(); ++row) {
    for (const std::string& name : kRows[row]) {
      if (name == layer) return static_cast<int>(row);
    }
  }
  return -1;
}

// What is wrong with the includes of a file.
std::vector<std::string> WrongIncludes(const SourceFile& file) {
  std::vector<std::string> wrong;
  const auto complain = [&](const Include& include, const char* what) {
    wrong.push_back(file.path + " line " + std::to_string(include.line) + ": " +
                    include.file + " " + what);
  };
  const std::string layer = LayerOf(file.path);
  const bool facade = file.path.substr(0, 5) == "wasm/";
  for (const Include& include : IncludesOf(file.text)) {
    if (!include.quoted) continue;
    const std::string other = LayerOf(include.file);
    const bool native = other == "cli" || other == "picture";
    if (facade && (native || other.empty())) {
      if (include.file.substr(0, 5) != "wasm/") {
        complain(include, "is not of the core that both builds have");
      }
    } else if (RowOf(other) < 0) {
      complain(include, "is in no layer; paths start at the root");
    } else if (!facade && RowOf(other) > RowOf(layer)) {
      complain(include, "is in a higher layer");
    }
  }
  return wrong;
}

TEST(Layers, IncludesPointDownwards) {
  for (const char* folder : {"core", "wasm"}) {
    const auto files = FilesUnder(folder, {".h", ".cc"});
    EXPECT_FALSE(files.empty());
    for (const SourceFile& file : files) {
      for (const std::string& wrong : WrongIncludes(file)) {
        ADD_FAILURE() << wrong;
      }
    }
  }
}

TEST(Layers, EveryFolderHasARow) {
  for (const SourceFile& file : FilesUnder("core", {".h", ".cc"})) {
    EXPECT_GE(RowOf(LayerOf(file.path)), 0) << file.path;
  }
  for (const auto& row : kRows) {
    for (const std::string& layer : row) {
      EXPECT_TRUE(std::filesystem::is_directory(Root() / "core" / layer))
          << layer;
    }
  }
}

// Libraries that only one place knows.
TEST(Layers, ForeignLibrariesStayWhereTheyBelong) {
  for (const SourceFile& file : FilesUnder("core", {".h", ".cc"})) {
    for (const Include& include : IncludesOf(file.text)) {
      if (include.file.substr(0, 9) == "nlohmann/") {
        EXPECT_EQ(file.path, "core/base/json.cc");
      }
      if (include.file.substr(0, 4) == "CLI/") {
        EXPECT_EQ(LayerOf(file.path), "cli") << file.path;
      }
      if (include.file.substr(0, 4) == "stb/") {
        EXPECT_TRUE(file.path == "core/picture/png.cc" ||
                    file.path == "core/data/inflate.cc")
            << file.path;
      }
      if (include.file == "gif_lib.h") {
        EXPECT_EQ(file.path, "core/picture/gif.cc");
      }
      if (include.file == "iostream" || include.file == "cstdio") {
        EXPECT_EQ(LayerOf(file.path), "cli") << file.path << " may not print";
      }
    }
  }
}

TEST(Layers, WrongIncludesAreFound) {
  const auto count = [](const char* path, const char* text) {
    return WrongIncludes({path, text}).size();
  };
  EXPECT_EQ(count("core/base/a.h", "#include \"core/base/key.h\"\n"), 0u);
  EXPECT_EQ(count("core/base/a.h", "#include \"core/nn/mlp.h\"\n"), 1u);
  EXPECT_EQ(count("core/nn/a.h", "  #  include \"core/path/path.h\"\n"), 1u);
  EXPECT_EQ(count("core/nn/a.h", "// #include \"core/path/path.h\"\n"), 0u);
  EXPECT_EQ(count("core/path/a.h", "#include \"core/nn/mlp.h\"\n"), 0u);
  EXPECT_EQ(count("core/run/a.h", "#include \"wasm/facade.h\"\n"), 1u);
  EXPECT_EQ(count("core/run/a.h", "#include \"run.h\"\n"), 1u);
  EXPECT_EQ(count("wasm/a.cc", "#include \"core/run/run.h\"\n"), 0u);
  EXPECT_EQ(count("wasm/a.cc", "#include \"core/cli/cli.h\"\n"), 1u);
  EXPECT_EQ(count("wasm/a.cc", "#include \"core/picture/gif.h\"\n"), 1u);
  EXPECT_EQ(count("wasm/a.cc", "#include \"tests/a.h\"\n"), 1u);
}

}  // namespace
}  // namespace unnoise::rules
