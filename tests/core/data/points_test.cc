// A user's own points: what CSV is read and what is refused, the coded form,
// what an attached set does.

#include "core/data/points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/config.h"

namespace unnoise {
namespace {

// The values of a CSV whose numbers survive coding.
std::vector<float> ValuesOf(std::string_view text) {
  const Result<PointSet> points = PointsFromCsv(text, "p.csv");
  EXPECT_TRUE(points.ok()) << text << '\n'
                           << (points.ok() ? "" : ToText(points.problems()));
  return points.ok() ? points->values : std::vector<float>();
}

std::string ProblemsOf(std::string_view text) {
  const Result<PointSet> points = PointsFromCsv(text, "p.csv");
  return points.ok() ? "" : ToText(points.problems());
}

TEST(CsvTest, ReadsPointsInEveryUsualForm) {
  const std::vector<float> expected = {0, 1, 65535, 65536};
  for (const char* text :
       {"0,1\n65535,65536\n", "0,1\n65535,65536", "0,1\r\n65535,65536\r\n",
        "0,1\r65535,65536\r", "\xEF\xBB\xBFx,y\n0,1\n65535,65536\n",
        "0;1\n65535;65536", "0\t1\n65535\t65536", "0 1\n65535   65536 \n",
        "  0 \t 1\n65535\t65536",
        "# a comment\n\n0,1\n \n# another\n65535,65536",
        "\"x\",\"y\"\n\"0\",\"1\"\n\"65535\",\"65536\"", "0,1,\n65535,65536,\n",
        " 0 , 1 \n +65535 , 6.5536e4 ", "x;y\n0;1\n65535;65536.0",
        "\"a,b\";\"c\"\n0;1\n65535;65536", "0.,1\n65535,65536",
        "-0,1\n65535,65536"}) {
    EXPECT_EQ(ValuesOf(text), expected) << text;
  }
}

TEST(CsvTest, TakesOffAByteOrderMark) {
  EXPECT_EQ(ValuesOf("\xEF\xBB\xBF"
                     "0\n65535\n"),
            (std::vector<float>{0, 65535}));
}

TEST(CsvTest, ReadsNegativeZeroAsZero) {
  EXPECT_FALSE(std::signbit(ValuesOf("-65535\n-0.0")[1]));
}

TEST(CsvTest, ReadsOneColumn) {
  EXPECT_EQ(ValuesOf("x\n0\n65535\n"), (std::vector<float>{0, 65535}));
}

TEST(CsvTest, KeepsAConstantColumn) {
  EXPECT_EQ(ValuesOf("0.1,0\n0.1,65535"),
            (std::vector<float>{0.1f, 0, 0.1f, 65535}));
}

TEST(CsvTest, NamesLineAndColumnOfWhatIsNoNumber) {
  EXPECT_EQ(ProblemsOf("1,2\n3,abc\n"),
            "p.csv:2: column 2 holds \"abc\"; give a number.");
  EXPECT_EQ(ProblemsOf("1,2\n,3\n"),
            "p.csv:2: column 1 holds nothing; give a number.");
  for (const char* cell : {"nan", "NaN", "inf", "-Infinity", "+inf", "NA"}) {
    EXPECT_EQ(ProblemsOf(std::string("1,2\n3,") + cell + "\n4,5"),
              "p.csv:2: column 2 holds \"" + std::string(cell) +
                  "\"; give a finite number, or remove the line.");
  }
  // Also in the first line, which is no header then.
  EXPECT_EQ(ProblemsOf("nan,nan\n1,2\n3,4").substr(0, 29),
            "p.csv:1: column 1 holds \"nan\"");
  for (const char* cell :
       {"0x10", "1e", "1e999x", "--1", "1 2", "1.2.3", "."}) {
    EXPECT_NE(ProblemsOf(std::string("1,2\n3,") + cell), "") << cell;
  }
  EXPECT_EQ(ProblemsOf(std::string("1,2\n3,4\0,5\n", 11)),
            "p.csv:2: column 2 holds \"4?\"; give a number.");
}

TEST(CsvTest, KnowsDecimalCommas) {
  EXPECT_EQ(ProblemsOf("1,5;2,5\n1;2"),
            "p.csv:1: column 1 holds \"1,5\"; write decimals with a point: "
            "1.5.");
}

TEST(CsvTest, NamesRaggedLines) {
  EXPECT_EQ(ProblemsOf("x,y\n1,2\n3\n4,5,6\n"),
            "p.csv:3: found 1 numbers where line 2 has 2; give as many in "
            "every line.\n"
            "p.csv:4: found 3 numbers where line 2 has 2; give as many in "
            "every line.");
}

TEST(CsvTest, RefusesNumbersBeyondSinglePrecision) {
  EXPECT_EQ(ProblemsOf("1\n-3.5e38\n"),
            "p.csv:2: column 1 holds \"-3.5e38\", beyond what single precision "
            "can hold; give a number within 3e38.");
  EXPECT_NE(ProblemsOf("1\n1e400\n"), "");
  EXPECT_EQ(ValuesOf("3.4e38\n-3.4e38\n"),
            (std::vector<float>{3.4e38f, -3.4e38f}));
}

TEST(CsvTest, RefusesTooFewPoints) {
  for (const char* text : {"", "\n\n", "x,y\n", "# nothing", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(ProblemsOf(text),
              "p.csv: found no numbers; give at least 2 points, one a line, "
              "such as 0.5,1.2.")
        << text;
  }
  EXPECT_EQ(ProblemsOf("x,y\n1,2\n"),
            "p.csv: found one point only; give at least 2 points, one a line, "
            "such as 0.5,1.2.");
}

TEST(CsvTest, RefusesTooManyColumns) {
  std::string line = "1";
  for (int i = 1; i < 64; ++i) line += ",1";
  EXPECT_EQ(ProblemsOf(line + '\n' + line), "");
  EXPECT_EQ(ProblemsOf(line + ",1\n"),
            "p.csv:1: there are more than 64 columns; keep that many.");
}

TEST(CsvTest, StopsAfterTenProblems) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "1,x\n";
  const Result<PointSet> points = PointsFromCsv(text, "p.csv");
  ASSERT_FALSE(points.ok());
  EXPECT_EQ(points.problems().size(), 10u);
}

TEST(CsvTest, RefusesOtherFiles) {
  EXPECT_EQ(ProblemsOf(std::string("\xFF\xFE"
                                   "1\0,\0",
                                   6)),
            "p.csv: this is UTF-16 text; save it as UTF-8.");
  EXPECT_NE(
      ProblemsOf(std::string("\x93NUMPY\x01\0v\0{'descr': '<f4'}\n\1", 29)),
      "");
}

TEST(CsvTest, ManyPointsAreKeptAsTheyAre) {
  std::string text;
  for (int i = 0; i < kMaxPackedPoints + 1; ++i)
    text += "0.1," + std::to_string(i) + '\n';
  const std::vector<float> values = ValuesOf(text);
  ASSERT_EQ(values.size(), 2u * (kMaxPackedPoints + 1));
  EXPECT_EQ(values[0], 0.1f);
}

// Points at very different scales and offsets.
PointSet Rough(uint64_t seed, int dim, size_t count) {
  PointSet points{dim, std::vector<float>(count * static_cast<size_t>(dim))};
  FillNormal(KeyFromSeed(seed), 0, points.values);
  for (size_t i = 0; i < points.values.size(); ++i) {
    const uint64_t axis = i % static_cast<size_t>(dim);
    const double scale =
        std::pow(10, 40 * UniformAt(KeyFromSeed(seed + 1000), axis) - 25);
    const double shift =
        std::pow(10, 6 * UniformAt(KeyFromSeed(seed), axis) - 2);
    points.values[i] = static_cast<float>(scale * (points.values[i] + shift));
  }
  return points;
}

TEST(PackTest, RoundingTwiceChangesNothing) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const PointSet once = RoundToCodes(Rough(seed, 4, 50));
    ASSERT_EQ(RoundToCodes(once), once) << seed;
  }
}

TEST(PackTest, RoundingMovesAPointByHalfACodeAtMost) {
  const PointSet points = Rough(1, 1, 500);
  const PointSet rounded = RoundToCodes(points);
  const auto [low, high] =
      std::minmax_element(points.values.begin(), points.values.end());
  for (size_t i = 0; i < points.values.size(); ++i) {
    // Half of a step of 1/65535, and the rounding to float.
    EXPECT_NEAR(
        rounded.values[i], points.values[i],
        (*high - *low) / 65535 * 0.5 + 6e-8 * std::fabs(points.values[i]));
  }
}

TEST(PackTest, EndsStayWhereTheyAre) {
  // high - low is rounded to -low here.
  const PointSet far{1, {-1e30f, 1e-3f}};
  EXPECT_EQ(RoundToCodes(far), far);
}

TEST(PackTest, UnpacksWhatItPacks) {
  for (const auto& [dim, count] :
       {std::pair<int, size_t>{1, 2}, {2, 2000}, {64, 3}}) {
    const PointSet points = RoundToCodes(Rough(7, dim, count));
    const std::string bytes = Pack(points);
    EXPECT_EQ(bytes.size(), 10 + static_cast<size_t>(dim) * (8 + 2 * count));
    const Result<PointSet> back = Unpack(bytes);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, points);
  }
  const PointSet constant = RoundToCodes({2, {0.1f, 1, 0.1f, 2}});
  EXPECT_EQ(*Unpack(Pack(constant)), constant);
  // A large set travels as it is.
  const PointSet large = Rough(8, 3, kMaxPackedPoints + 1);
  EXPECT_EQ(*Unpack(Pack(large)), large);
}

TEST(PackTest, BytesAreLittleEndian) {
  const std::string bytes = Pack({1, {0, 1}});
  EXPECT_EQ(bytes, std::string("UNPT\x01\x01\x02\0\0\0"
                               "\0\0\0\0\0\0\x80\x3F"
                               "\0\0\xFF\xFF",
                               22));
}

TEST(PackTest, RefusesWhatIsCutOrEdited) {
  const PointSet points = RoundToCodes(Rough(9, 2, 20));
  const std::string bytes = Pack(points);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Unpack(bytes.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(Unpack(bytes + 'x').ok());
  // Any change of a byte is refused, or gives other points; never a crash.
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const int flip : {1, 128, 255}) {
      std::string edited = bytes;
      edited[at] = static_cast<char>(edited[at] ^ flip);
      const Result<PointSet> back = Unpack(edited);
      EXPECT_FALSE(back.ok() && *back == points) << at;
    }
  }
  EXPECT_FALSE(Unpack("PK\3\4 something else").ok());
  std::string swapped = bytes;
  for (int i = 0; i < 4; ++i) std::swap(swapped[10 + i], swapped[14 + i]);
  EXPECT_FALSE(Unpack(swapped).ok());
}

std::shared_ptr<const PointSet> Three() {
  return std::make_shared<PointSet>(PointSet{1, {1, 2, 4}});
}

TEST(PointsTest, NeedsPoints) {
  const Points points;
  Problems problems;
  points.Validate(problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].message.find("data=FILE.csv"), std::string::npos);
  float x[2];
  EXPECT_THROW(points.Draw({}, 0, x), UsageError);
  EXPECT_THROW(points.ExactMoments(), UsageError);
}

TEST(PointsTest, AttachingNamesThem) {
  Points points;
  points.Attach("my.csv", Three());
  EXPECT_EQ(points.dim(), 1);
  EXPECT_TRUE(points.Names(*Three()));
  EXPECT_FALSE(points.Names({1, {1, 2, 5}}));
  EXPECT_FALSE(points.Names({3, {1, 2, 4}}));
  const Json json = ToJson(points);
  EXPECT_EQ(*json.Find("file"), Json("my.csv"));
  EXPECT_EQ(*json.Find("count"), Json(3));
  EXPECT_EQ(*json.Find("digest"), Json(DigestOf(*Three())));
  // The same fields keep them, others let go of them.
  EXPECT_EQ(ToText(FromJson(json, points)), "");
  EXPECT_NE(points.points(), nullptr);
  Json other = json;
  other["digest"] = "0123456789abcdef";
  EXPECT_EQ(ToText(FromJson(other, points)), "");
  EXPECT_EQ(points.points(), nullptr);
  // What the JSON names can be attached again.
  Points read;
  EXPECT_EQ(ToText(FromJson(json, read)), "");
  EXPECT_TRUE(read.Names(*Three()));
}

TEST(PointsTest, DrawsWithReplacementByIndex) {
  Points points;
  points.Attach("my.csv", Three());
  const Key key = KeyFromSeed(6);
  std::vector<float> x(1000);
  points.Draw(key, 17, x);
  std::set<float> seen;
  for (size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(x[i], Three()->values[IndexAt(key, 17 + i, 3)]);
    seen.insert(x[i]);
  }
  EXPECT_EQ(seen.size(), 3u);
}

TEST(PointsTest, DigestTellsShapesApart) {
  EXPECT_NE(DigestOf({1, {1, 2}}), DigestOf({2, {1, 2}}));
  EXPECT_EQ(DigestOf({1, {1, 2}}).size(), 16u);
  EXPECT_EQ(DigestOf({1, {1, 2}}), "b61d544db9943637");
}

}  // namespace
}  // namespace unnoise
