#include "core/base/problem.h"

#include <gtest/gtest.h>

namespace unnoise {
namespace {

TEST(Problem, TextHasOneLineEach) {
  EXPECT_EQ(ToText({{"seed", "give one."}, {"", "no place."}}),
            "seed: give one.\nno place.");
}

TEST(Problem, ControlCharactersReachNoTerminal) {
  EXPECT_EQ(ToText({{"a\x1b[2J", "b\nc\x7f"}}), "a?[2J: b?c?");
}

}  // namespace
}  // namespace unnoise
