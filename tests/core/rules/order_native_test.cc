// No call may have two ops among its arguments: compilers evaluate arguments in
// different orders, so the nodes of the tape, and with them the bits of a
// gradient's sums, would depend on the compiler.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/core/rules/source_tree.h"

namespace unnoise::rules {
namespace {

// The functions that put nodes on a tape: those that ops.h declares, and the
// tape's own.
std::set<std::string> Ops() {
  std::set<std::string> ops = {"Constant", "constant"};
  for (const SourceFile& file : FilesUnder("core", {".h"})) {
    const std::string code = CodeOf(file.text);
    const std::vector<Identifier> ids = IdentifiersOf(code);
    for (size_t i = 1; i < ids.size(); ++i) {
      if (ids[i].called && ids[i - 1].name == "Tensor" &&
          ids[i].scope.empty() && ids[i - 1].line == ids[i].line) {
        ops.emplace(ids[i].name);
      }
    }
  }
  ops.erase("In");  // what a node was made from: it puts none there
  return ops;
}

bool CallsAnOp(std::string_view code, const std::set<std::string>& ops) {
  for (const Identifier& id : IdentifiersOf(code)) {
    // a.Mul(x, y) is arithmetic on lanes, tape.Constant(...) a node.
    const bool on_lanes = id.member && id.name != "Constant" &&
                          id.name != "Filled" && id.name != "Leaf";
    if (id.called && !on_lanes && ops.count(std::string(id.name)) > 0) {
      return true;
    }
  }
  return false;
}

// Lines on which a call begins that has two ops among its arguments.
std::vector<int> UnorderedCalls(std::string_view code,
                                const std::set<std::string>& ops) {
  std::vector<int> lines;
  int line = 1;
  for (size_t open = 0; open < code.size(); ++open) {
    if (code[open] == '\n') ++line;
    if (code[open] != '(' || open == 0 || !IsWord(code[open - 1])) continue;
    int depth = 1;
    int with_op = 0;
    size_t begin = open + 1;
    for (size_t i = begin; i < code.size() && depth > 0; ++i) {
      const char c = code[i];
      if (c == '(' || c == '{' || c == '[') ++depth;
      if (c == ')' || c == '}' || c == ']') --depth;
      if ((c == ',' && depth == 1) || depth == 0) {
        with_op += CallsAnOp(code.substr(begin, i - begin), ops);
        begin = i + 1;
      }
    }
    if (with_op > 1) lines.push_back(line);
  }
  return lines;
}

TEST(Order, OpsAreDeclaredWhereTheRuleLooksForThem) {
  const std::set<std::string> ops = Ops();
  for (const char* op : {"Add", "Mul", "Product", "Silu", "DenoisingLoss"}) {
    EXPECT_EQ(ops.count(op), 1u) << op;
  }
}

TEST(Order, NoCallHasTwoOpsAmongItsArguments) {
  const std::set<std::string> ops = Ops();
  for (const SourceFile& file : FilesUnder("core", {".cc", ".h"})) {
    for (const int line : UnorderedCalls(CodeOf(file.text), ops)) {
      ADD_FAILURE() << file.path << ':' << line
                    << ": name one of the two ops first";
    }
  }
}

TEST(Order, BreachesAreFound) {
  const std::set<std::string> ops = {"Add", "Mul"};
  EXPECT_EQ(UnorderedCalls("y = F(Add(a, b),\n Mul(c, d));", ops).size(), 1u);
  EXPECT_EQ(UnorderedCalls("x = 1;\ny = Add(Mul(a, b), Add(c, d));", ops),
            std::vector<int>{2});
  EXPECT_TRUE(UnorderedCalls("y = Add(Mul(Add(a, b), c), d);", ops).empty());
  // Braces are evaluated from left to right.
  EXPECT_TRUE(UnorderedCalls("y = F({Add(a, b), Mul(c, d)}, e);", ops).empty());
}

}  // namespace
}  // namespace unnoise::rules
