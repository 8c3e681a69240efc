// What is derived from a description, on a small invented one.

#include "core/base/config.h"

#include <gtest/gtest.h>

#include <cmath>

namespace unnoise {
namespace {

class Shape : public Described {};
class Method : public Described {};

}  // namespace

template <>
std::span<const Row<Shape>> Rows<Shape>();
template <>
std::span<const Row<Method>> Rows<Method>();

namespace {

class Disc final : public Shape {
 public:
  void Visit(Visitor& v) override {
    v.Real({"radius", "How far it reaches."}, {0.5, 10}, radius);
  }
  double radius = 1;
};

class Box final : public Shape {
 public:
  void Visit(Visitor& v) override {
    v.Real({"low", "Lower end."}, {-5, 5}, low);
    v.Real({"high", "Upper end."}, {-5, 5}, high);
  }
  void Validate(Problems& problems) const override {
    if (low >= high) problems.push_back({"low", "not below high."});
  }
  double low = -1;
  double high = 1;
};

class Plain final : public Method {
 public:
  void Visit(Visitor& v) override {
    v.Int({"width", "Units."}, {1, 1024, Scale::kLog}, width);
    v.Kind({"shape", "Its form."}, shape);
  }
  int64_t width = 128;
  Choice<Shape> shape;
};

class Fancy final : public Method {
 public:
  void Visit(Visitor& v) override {
    v.Bool({"shiny", "Polished."}, shiny);
    v.Kind({"cover", "What is on top."}, cover);
  }
  bool shiny = true;
  Choice<Shape> cover{"box"};
};

class Inner final : public Described {
 public:
  void Visit(Visitor& v) override {
    static constexpr std::string_view kModes[] = {"slow", "fast"};
    v.Option({"mode", "Pace."}, kModes, mode);
    v.Text({"note", "A word."}, note);
    v.Numbers({"means", "Centres.", "Nobody 1900, eq. 1", "m"}, {-9, 9}, 2,
              means);
  }
  void Validate(Problems& problems) const override {
    if (note == "bad") problems.push_back({"", "the note is bad."});
  }
  int mode = 0;
  std::string note = "plain";
  NumberArray means{{}, {{{-2}, {}}, {{2}, {}}}};
};

class Whole final : public Described {
 public:
  void Visit(Visitor& v) override {
    v.KindInline({"method", "Which one."}, method);
    v.Section({"inner", "The rest."}, inner);
    v.Int({"seed", "The seed."}, {0, 9007199254740991.0}, seed);
  }
  Choice<Method> method;
  Inner inner;
  int64_t seed = 0;
};

Json Parsed(std::string_view text) {
  Result<Json> json = ParseJson(text, "test");
  EXPECT_TRUE(json.ok()) << text;
  return json.ok() ? *json : Json();
}

// Applies words to the defaults; the JSON of what comes out.
std::string After(const std::vector<std::string>& words,
                  std::string_view start = "{}") {
  Json json = Parsed(start);
  EXPECT_EQ(ToText(ApplyOverrides(words, Whole(), json)), "");
  Whole whole;
  EXPECT_EQ(ToText(FromJson(json, whole)), "");
  return Write(ToJson(whole));
}

std::string ProblemsOf(std::string_view text) {
  Whole whole;
  return ToText(FromJson(Parsed(text), whole));
}

constexpr char kDefaults[] =
    R"({"inner":{"means":[[-2],[2]],"mode":"slow","note":"plain"},)"
    R"("method":{"kind":"plain"},"seed":0,)"
    R"("shape":{"kind":"disc","radius":1},"width":128})";

TEST(ConfigTest, WritesEveryFieldWithKindsSpelledOut) {
  EXPECT_EQ(Write(ToJson(Whole())), kDefaults);
}

TEST(ConfigTest, ReadsWhatItWrites) {
  Whole whole;
  EXPECT_EQ(ToText(FromJson(Parsed(kDefaults), whole)), "");
  EXPECT_EQ(Write(ToJson(whole)), kDefaults);
}

TEST(ConfigTest, AbsentKeysKeepTheirValues) {
  Whole whole;
  dynamic_cast<Plain&>(*whole.method).width = 7;
  EXPECT_EQ(ToText(FromJson(Parsed(R"({"seed":3})"), whole)), "");
  EXPECT_EQ(dynamic_cast<Plain&>(*whole.method).width, 7);
  EXPECT_EQ(whole.seed, 3);
}

TEST(ConfigTest, AnotherKindStartsFromItsOwnDefaultsTheSameKindDoesNot) {
  Whole whole;
  auto& shape = dynamic_cast<Plain&>(*whole.method).shape;
  dynamic_cast<Disc&>(*shape).radius = 3;
  EXPECT_TRUE(FromJson(Parsed(R"({"shape":{"kind":"disc"}})"), whole).empty());
  EXPECT_EQ(dynamic_cast<Disc&>(*shape).radius, 3);
  EXPECT_TRUE(FromJson(Parsed(R"({"shape":{"kind":"box"}})"), whole).empty());
  EXPECT_EQ(dynamic_cast<Box&>(*shape).low, -1);
}

TEST(ConfigTest, NegativeZeroIsReadAsZero) {
  Whole whole;
  EXPECT_EQ(
      ToText(FromJson(Parsed(R"({"shape":{"kind":"box","low":-0.0}})"), whole)),
      "");
  const auto& plain = dynamic_cast<const Plain&>(*whole.method);
  EXPECT_FALSE(std::signbit(dynamic_cast<const Box&>(*plain.shape).low));
}

TEST(ConfigTest, FindsEveryProblemAtOnce) {
  EXPECT_EQ(ProblemsOf(R"({"widht":3,"shape":{"kind":"disc","radius":0.25},)"
                       R"("inner":{"mode":"idle","note":5,"means":[[1],[10]]},)"
                       R"("seed":1.5})"),
            "shape.radius: found 0.25; give a number from 0.5 to 10.\n"
            "inner.mode: found \"idle\"; give one of slow, fast.\n"
            "inner.note: found 5; give text of at most 256 bytes in one line.\n"
            "inner.means[1][0]: found 10; give a number from -9 to 9.\n"
            "seed: found 1.5; give a whole number from 0 to 9007199254740991.\n"
            "widht: there is no such field; did you mean width?");
}

TEST(ConfigTest, NamesKnownKeysWhereNoneIsNear) {
  EXPECT_EQ(ProblemsOf(R"({"inner":{"colour":1}})"),
            "inner.colour: there is no such field; choose from mode, note, "
            "means.");
}

TEST(ConfigTest, NamesKnownKinds) {
  EXPECT_EQ(ProblemsOf(R"({"shape":{"kind":"ring","radius":99}})"),
            "shape.kind: found \"ring\", which is no kind of shape; choose "
            "from disc, box.");
  // What the fields of an unknown kind are cannot be told, so the keys beside
  // it are no problem of their own.
  EXPECT_EQ(ProblemsOf(R"({"method":{"kind":"gan"},"latent":4})"),
            "method.kind: found \"gan\", which is no kind of method; choose "
            "from plain, fancy.");
  EXPECT_EQ(ProblemsOf(R"({"shape":"disc"})"),
            "shape: found \"disc\"; give an object that names a kind, such as "
            "{\"kind\": \"disc\"}.");
  EXPECT_EQ(ProblemsOf(R"({"method":{"kind":"plain","width":3}})"),
            "method.width: there is no such field; choose from kind.");
}

TEST(ConfigTest, RefusesWrongTypes) {
  EXPECT_EQ(ProblemsOf("[1]"), "found [1]; give an object of fields.");
  EXPECT_EQ(ProblemsOf(R"({"inner":null})"),
            "inner: found null; give an object of fields.");
  EXPECT_EQ(ProblemsOf(R"({"width":"wide"})"),
            "width: found \"wide\"; give a whole number from 1 to 1024.");
  EXPECT_EQ(ProblemsOf(R"({"inner":{"means":[1]}})"),
            "inner.means[0]: found 1; give a list of numbers, such as [0, 1].");
  EXPECT_EQ(ProblemsOf(R"({"method":{"kind":"fancy"},"shiny":1})"),
            "shiny: found 1; give true or false.");
  EXPECT_EQ(ProblemsOf(R"({"seed":9007199254740992})"),
            "seed: found 9007199254740992; give a whole number from 0 to "
            "9007199254740991.");
  EXPECT_EQ(ProblemsOf(R"({"inner":{"note":"two\nlines"}})"),
            "inner.note: found \"two\\nlines\"; give text of at most 256 bytes "
            "in one line.");
}

TEST(ConfigTest, CutsLongFindingsShortBetweenCharacters) {
  std::string text(39, 'x');
  text += "\u00e9\u00e9";
  EXPECT_EQ(ProblemsOf(R"({"seed":")" + text + R"("})"),
            "seed: found \"" + std::string(39, 'x') +
                "...; give a whole number from 0 to 9007199254740991.");
}

TEST(ConfigTest, ValidatesPartsWhoseFieldsAreRight) {
  EXPECT_EQ(ProblemsOf(R"({"shape":{"kind":"box","low":2},)"
                       R"("inner":{"note":"bad"}})"),
            "shape.low: not below high.\ninner: the note is bad.");
  // Of a part with a wrong field, Validate is not asked.
  EXPECT_EQ(ProblemsOf(R"({"shape":{"kind":"box","low":2,"high":9}})"),
            "shape.high: found 9; give a number from -5 to 5.");
}

TEST(ConfigTest, OverridesTakeJsonAndBareWords) {
  EXPECT_EQ(After({"seed=7", "inner.note=hello there", "inner.means=[[0,1]]",
                   "inner.mode=fast"}),
            R"({"inner":{"means":[[0,1]],"mode":"fast","note":"hello there"},)"
            R"("method":{"kind":"plain"},"seed":7,)"
            R"("shape":{"kind":"disc","radius":1},"width":128})");
  EXPECT_EQ(After({"inner.note=a=b"}), After({"inner.note=\"a=b\""}));
}

TEST(ConfigTest, AKindWordIsShortAndDropsTheFieldsOfTheOldKind) {
  const std::string box = After({"shape=box"});
  EXPECT_NE(box.find(R"("shape":{"high":1,"kind":"box","low":-1})"), box.npos);
  constexpr char kStart[] = R"({"shape":{"kind":"disc","radius":3}})";
  EXPECT_EQ(After({"shape=box"}, kStart), box);
  EXPECT_EQ(After({"shape.kind=box"}, kStart), box);
  EXPECT_EQ(After({R"(shape={"kind":"box"})"}, kStart), box);
  // The same kind keeps them.
  EXPECT_NE(After({"shape=disc"}, kStart).find(R"("radius":3)"), box.npos);
  // The order of words does not matter.
  EXPECT_EQ(After({"shape.low=0", "shape=box"}),
            After({"shape=box", "shape.low=0"}));
}

TEST(ConfigTest, AnInlineKindDropsTheOldFieldsBesideIt) {
  EXPECT_EQ(After({"method=fancy", "cover=disc", "cover.radius=2"},
                  R"({"width":3,"shape":{"kind":"box"},"seed":5})"),
            R"({"cover":{"kind":"disc","radius":2},)"
            R"("inner":{"means":[[-2],[2]],"mode":"slow","note":"plain"},)"
            R"("method":{"kind":"fancy"},"seed":5,"shiny":true})");
  // A kind that comes to light only with another word.
  EXPECT_EQ(After({"cover=disc", "method=fancy"}),
            After({"method=fancy", "cover=disc"}));
}

TEST(ConfigTest, BadWordsAreNamed) {
  for (const char* word : {"seed", "=3", ".x=3", "x.=3", "a..b=3"}) {
    Json json;
    const Problems problems =
        ApplyOverrides(std::vector<std::string>{word}, Whole(), json);
    ASSERT_EQ(problems.size(), 1u) << word;
    EXPECT_EQ(problems[0].path, word);
  }
  Json json = Parsed(R"({"inner":3})");
  EXPECT_EQ(ToText(ApplyOverrides(std::vector<std::string>{"inner.note=x"},
                                  Whole(), json)),
            "inner.note=x: inner is not an object with fields; repair it "
            "first.");
  Json list = Parsed("[]");
  EXPECT_EQ(
      ToText(ApplyOverrides(std::vector<std::string>{"seed=1"}, Whole(), list)),
      "seed=1: the experiment is not an object with fields; repair it "
      "first.");
}

TEST(ConfigTest, DefaultsNeedNoOverrides) {
  EXPECT_TRUE(OverridesOf(Whole(), Whole()).empty());
}

TEST(ConfigTest, OverridesRoundTrip) {
  Whole whole;
  whole.method = Choice<Method>("fancy");
  auto& fancy = dynamic_cast<Fancy&>(*whole.method);
  fancy.shiny = false;
  fancy.cover = Choice<Shape>("disc");
  dynamic_cast<Disc&>(*fancy.cover).radius = 0.5;
  whole.inner.mode = 1;
  whole.inner.means = {{}, {{{0.1, 3}, {}}, {}}};
  whole.seed = 9007199254740991;
  for (const char* note : {"", "7", "true", "two words", "\"", "[", "null",
                           "caf\u00e9", "{\"a\":1}"}) {
    whole.inner.note = note;
    EXPECT_EQ(After(OverridesOf(whole, Whole())), Write(ToJson(whole)));
  }
  whole.inner.note = "two words";
  EXPECT_EQ(OverridesOf(whole, Whole()),
            (std::vector<std::string>{
                "method=fancy", "shiny=false", "cover=disc", "cover.radius=0.5",
                "inner.mode=fast", "inner.note=two words",
                "inner.means=[[0.1,3],[]]", "seed=9007199254740991"}));
}

TEST(ConfigTest, AKindIsComparedWithItsOwnDefaults) {
  Whole whole;
  auto& shape = dynamic_cast<Plain&>(*whole.method).shape;
  shape = Choice<Shape>("box");
  EXPECT_EQ(OverridesOf(whole, Whole()), std::vector<std::string>{"shape=box"});
  dynamic_cast<Box&>(*shape).high = 2;
  EXPECT_EQ(OverridesOf(whole, Whole()),
            (std::vector<std::string>{"shape=box", "shape.high=2"}));
}

TEST(ConfigTest, SchemaHasWhatControlsNeed) {
  const Json schema = SchemaOf(Whole());
  const Json::Array& fields = *schema.AsArray();
  ASSERT_EQ(fields.size(), 3u);
  EXPECT_EQ(*fields[0].Find("inline"), Json(true));
  EXPECT_EQ(*fields[0].Find("default"), Json("plain"));
  const Json& plain = (*fields[0].Find("kinds")->AsArray())[0];
  EXPECT_EQ(Write((*plain.Find("fields")->AsArray())[0]),
            R"({"default":128,"help":"Units.","max":1024,"min":1,)"
            R"("name":"width","path":"width","scale":"log","type":"int"})");
  const Json& shape = (*plain.Find("fields")->AsArray())[1];
  const Json& box = (*shape.Find("kinds")->AsArray())[1];
  EXPECT_EQ(*box.Find("title"), Json("Box"));
  EXPECT_EQ(*(*box.Find("fields")->AsArray())[0].Find("path"),
            Json("shape.low"));
  EXPECT_EQ(*fields[1].Find("type"), Json("section"));
  const Json::Array& inner = *fields[1].Find("fields")->AsArray();
  EXPECT_EQ(
      Write(inner[0]),
      R"({"default":"slow","help":"Pace.","name":"mode",)"
      R"("options":["slow","fast"],"path":"inner.mode","type":"option"})");
  EXPECT_EQ(Write(inner[2]),
            R"({"default":[[-2],[2]],"help":"Centres.","max":9,"min":-9,)"
            R"("name":"means","path":"inner.means","rank":2,"scale":"linear",)"
            R"("source":"Nobody 1900, eq. 1","type":"numbers","unit":"m"})");
}

TEST(ConfigTest, TwoFieldsOfOneNameAreAMistakeOfTheCode) {
  class Twice final : public Described {
   public:
    void Visit(Visitor& v) override {
      v.Bool({"same", "One."}, a);
      v.Bool({"same", "Two."}, b);
    }
    bool a = false, b = false;
  };
  Twice twice;
  EXPECT_THROW(FromJson(Json(Json::Object{}), twice), UsageError);
}

}  // namespace

template <>
std::span<const Row<Shape>> Rows<Shape>() {
  static const Row<Shape> kRows[] = {
      MakeRow<Shape, Disc>("disc", "Disc", "Round."),
      MakeRow<Shape, Box>("box", "Box", "Not round.")};
  return kRows;
}

template <>
std::span<const Row<Method>> Rows<Method>() {
  static const Row<Method> kRows[] = {
      MakeRow<Method, Plain>("plain", "Plain", "Simple."),
      MakeRow<Method, Fancy>("fancy", "Fancy", "Elaborate.")};
  return kRows;
}

}  // namespace unnoise
