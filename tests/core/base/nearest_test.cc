// What is suggested for a mistyped name.

#include "core/base/nearest.h"

#include <gtest/gtest.h>

namespace unnoise {
namespace {

constexpr std::string_view kNames[] = {"width", "depth", "x"};

TEST(NearestTest, SuggestsTheNearestWithinTwoEdits) {
  EXPECT_EQ(Suggestion("widht", kNames), "did you mean width?");
  EXPECT_EQ(Suggestion("dept", kNames), "did you mean depth?");
}

TEST(NearestTest, ListsAllWhenNoneIsNear) {
  EXPECT_EQ(Suggestion("colour", kNames), "choose from width, depth, x.");
  EXPECT_EQ(Suggestion("y", kNames), "choose from width, depth, x.");
  EXPECT_EQ(Suggestion(std::string(1000, 'w'), kNames),
            "choose from width, depth, x.");
  EXPECT_EQ(Suggestion("a", {}), "there are none here; leave it out.");
}

}  // namespace
}  // namespace unnoise
