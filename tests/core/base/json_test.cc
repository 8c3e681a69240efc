// The canonical form of JSON and what the parser refuses.

#include "core/base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/check.h"

namespace unnoise {
namespace {

std::string Canonical(std::string_view text) {
  Result<Json> json = ParseJson(text, "x.json");
  return json.ok() ? Write(*json) : ToText(json.problems());
}

TEST(JsonTest, SortsKeysAndDropsSpaces) {
  EXPECT_EQ(Canonical(R"( { "b" : [ 1 , true , null ] , "a" : { } } )"),
            R"({"a":{},"b":[1,true,null]})");
}

TEST(JsonTest, WritesNumbersInOneForm) {
  EXPECT_EQ(Canonical("[1.0,1e0,10e-1]"), "[1,1,1]");
  EXPECT_EQ(Canonical("[-0.0,-0,0]"), "[0,0,0]");
  EXPECT_EQ(Canonical("[0.10,1e-7,0.1e1,1e300]"), "[0.1,1e-07,1,1e+300]");
  EXPECT_EQ(Canonical("[9007199254740991,-9007199254740992]"),
            "[9007199254740991,-9007199254740992]");
}

TEST(JsonTest, NumbersReadBackToTheSameBits) {
  // Across the exponents, with mantissas that no short decimal hits.
  double value = 1.2345678901234567e-300;
  for (int i = 0; i < 600; ++i, value *= 10.000000001) {
    for (const double v : {value, -value, std::nextafter(value, 0)}) {
      Result<Json> back = ParseJson(Write(Json(v)), "");
      ASSERT_TRUE(back.ok());
      EXPECT_EQ(*back->AsNumber(), v);
    }
  }
  for (const double v : {std::numeric_limits<double>::denorm_min(),
                         std::numeric_limits<double>::min(),
                         std::numeric_limits<double>::max()}) {
    EXPECT_EQ(*ParseJson(Write(Json(v)), "")->AsNumber(), v);
  }
}

TEST(JsonTest, NeverWritesNaNOrInfinity) {
  EXPECT_THROW(Write(Json(std::nan(""))), UsageError);
  EXPECT_THROW(Write(Json(HUGE_VAL)), UsageError);
}

TEST(JsonTest, StringsKeepTheirCharacters) {
  EXPECT_EQ(Canonical("\"a\\u00e9\\n\\\"\""), "\"a\u00e9\\n\\\"\"");
  EXPECT_EQ(Write(Json("\xff")), "\"\uFFFD\"");
}

TEST(JsonTest, RefusesDuplicateKeys) {
  EXPECT_EQ(Canonical(R"({"a":1,"b":{"a":2,"a":3}})"),
            "x.json: the key \"a\" stands twice; keep one of them.");
  EXPECT_EQ(Canonical(R"({"a":1,"b":{"a":2}})"), R"({"a":1,"b":{"a":2}})");
}

TEST(JsonTest, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\":}", "NaN", "1 2", "'a'",
                           "{\"a\":1}x", "\"\xff\"", "\"open", "01", "+1"}) {
    EXPECT_FALSE(ParseJson(text, "x").ok()) << text;
  }
  EXPECT_EQ(Canonical("1e999"),
            "x.json: the number 1e999 is too large; give one below 1e308 in "
            "size.");
  // Messages stay short and hold no control characters.
  const std::string key = '"' + std::string(1000, 'k') + "\\u001b\":1";
  const std::string twice = Canonical('{' + key + ',' + key + '}');
  EXPECT_LT(twice.size(), 200u);
  EXPECT_EQ(Canonical("{\"\\u001b\":1,\"\\u001b\":1}"),
            "x.json: the key \"\\u001b\" stands twice; keep one of them.");
}

TEST(JsonTest, BoundsDepth) {
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  EXPECT_TRUE(ParseJson(deep, "x").ok());
  EXPECT_FALSE(ParseJson('[' + deep + ']', "x").ok());
  EXPECT_FALSE(ParseJson(std::string(1000000, '['), "x").ok());
}

TEST(JsonTest, PrettyTextIsTheSameValue) {
  const Json json = *ParseJson(R"({"b":[1,2],"a":{"c":{}}})", "");
  EXPECT_EQ(WritePretty(json),
            "{\n  \"a\": {\n    \"c\": {}\n  },\n  \"b\": [1, 2]\n}\n");
  EXPECT_EQ(*ParseJson(WritePretty(json), ""), json);
}

TEST(JsonTest, MembersAreFoundAndMade) {
  Json json;
  json["a"]["b"] = 3;
  EXPECT_EQ(Write(json), R"({"a":{"b":3}})");
  EXPECT_EQ(json.Find("x"), nullptr);
  EXPECT_EQ(Json(1).Find("x"), nullptr);
  EXPECT_THROW(json["a"]["b"]["c"], UsageError);
}

}  // namespace
}  // namespace unnoise
