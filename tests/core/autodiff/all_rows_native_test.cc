// The conformance table has a row for every function that an op header
// declares.

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

#include "tests/core/autodiff/all_rows.h"
#include "tests/core/rules/source_tree.h"

namespace unnoise {
namespace {

// The functions that return a Tensor, by name.
std::set<std::string> DeclaredIn(const std::string& text) {
  static const std::regex declaration("(^|\\n)Tensor (\\w+)\\(");
  std::set<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), declaration), end;
       it != end; ++it) {
    names.insert((*it)[2]);
  }
  return names;
}

TEST(Conformance, TableHasEveryOp) {
  std::set<std::string> declared, rows;
  std::string ops;
  const auto files = rules::FilesUnder("core/autodiff", {".h"});
  for (const auto& file : files) {
    if (file.path == "core/autodiff/ops.h") ops = file.text;
  }
  for (const auto& file : files) {
    if (ops.find("\"" + file.path + "\"") != ops.npos) {
      declared.merge(DeclaredIn(file.text));
    }
  }
  for (const OpRow& row : OpRows()) {
    rows.insert(row.name.substr(0, row.name.find('/')));
  }
  // No derivative passes, which a complex step would see: tape_test.cc.
  // Constants have tests of their own: random_test.cc.
  for (const char* constant :
       {"StopGradient", "OneHot", "RandomNormal", "RandomUniform",
        "RandomBernoulli", "RandomRademacher", "RandomCategorical"}) {
    rows.insert(constant);
  }
  EXPECT_EQ(declared, rows);
  EXPECT_EQ(DeclaredIn("x\nTensor A(int);\n  Tensor B();\nint C();"),
            std::set<std::string>{"A"});
}

}  // namespace
}  // namespace unnoise
