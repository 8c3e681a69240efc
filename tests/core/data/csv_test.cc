// Points from text: what is read, what is refused and how it is named.

#include <gtest/gtest.h>

#include <cmath>

#include "core/data/points.h"

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

// The labels of a CSV.
std::vector<int> LabelsOf(std::string_view text) {
  const Result<PointSet> points = PointsFromCsv(text, "p.csv");
  EXPECT_TRUE(points.ok()) << text << '\n'
                           << (points.ok() ? "" : ToText(points.problems()));
  return points.ok()
             ? std::vector<int>(points->labels.begin(), points->labels.end())
             : std::vector<int>();
}

TEST(CsvLabelTest, AHeaderNamesTheColumn) {
  const std::vector<int> expected = {3, 255};
  for (const char* text :
       {"x,y,label\n0,1,3\n65535,65536,255\n",
        "Class,a,b\n3,0,1\n255,65535,65536",
        "a;SPECIES;b\n0;3.0;1\n65535;2.55e2;65536",
        "x0\tx1\t\"Target\"\n0\t1\t\"3\"\n65535\t65536\t255\n",
        "x0,x1,y\n0,1,3\n65535,65536,255\n"}) {
    EXPECT_EQ(LabelsOf(text), expected) << text;
    EXPECT_EQ(ValuesOf(text), (std::vector<float>{0, 1, 65535, 65536})) << text;
  }
  // y beside x is a coordinate, and so is a lone column of any name.
  EXPECT_EQ(PointsFromCsv("x,y\n0,1\n65535,2\n", "p")->dim, 2);
  EXPECT_EQ(PointsFromCsv("X,Y,Label\n0,1,2\n65535,2,2\n", "p")->dim, 2);
  EXPECT_TRUE(LabelsOf("X,Y\n0,1\n65535,2\n").empty());
  EXPECT_TRUE(LabelsOf("label\n0\n1\n").empty());
  EXPECT_TRUE(LabelsOf("0,1,2\n3,4,5\n").empty());
}

TEST(CsvLabelTest, NamesAreNumberedAsTheyComeUp) {
  EXPECT_EQ(LabelsOf("x,class\n1,wolf\n2,lynx\n3,\"wolf\"\n4,7\n"),
            (std::vector<int>{0, 1, 0, 2}));
  std::string text = "x,class\n";
  for (int i = 0; i < 256; ++i) text += "1,c" + std::to_string(i) + '\n';
  EXPECT_EQ(LabelsOf(text).back(), 255);
  EXPECT_EQ(ProblemsOf(text + "1,more\n"),
            "p.csv:258: \"more\" is the 257th class; there may be 256.");
}

TEST(CsvLabelTest, RefusesWhatIsNoLabel) {
  for (const char* cell : {"1.5", "-1", "256", "nan", "1e99"}) {
    EXPECT_EQ(ProblemsOf("x,label\n1,0\n2," + std::string(cell) + '\n'),
              "p.csv:3: the label in column 2 is \"" + std::string(cell) +
                  "\"; give a whole number from 0 to 255, as in the lines "
                  "before.");
  }
  EXPECT_EQ(ProblemsOf("x,label\n1,0\n2,wolf\n"),
            "p.csv:3: the label in column 2 is \"wolf\"; give a whole number "
            "from 0 to 255, as in the lines before.");
  EXPECT_EQ(ProblemsOf("x,label\n1,1.5\n2,2\n"),
            "p.csv:2: the label in column 2 is \"1.5\"; give a whole number "
            "from 0 to 255, or a name in every line.");
  for (const char* text : {"x,label\n1,0\n2,\n", "x,label\n1,0\n2\n"}) {
    EXPECT_EQ(ProblemsOf(text),
              "p.csv:3: there is no label in column 2; give one in every "
              "line.");
  }
  EXPECT_EQ(ProblemsOf("label,x,class\n1,2,3\n4,5,6\n"),
            "p.csv:1: columns 1 and 3 both name labels; rename one of them.");
}

TEST(CsvTest, ManyPointsAreKeptAsTheyAre) {
  std::string text;
  for (int i = 0; i < kMaxPackedPoints + 1; ++i)
    text += "0.1," + std::to_string(i) + '\n';
  const std::vector<float> values = ValuesOf(text);
  ASSERT_EQ(values.size(), 2u * (kMaxPackedPoints + 1));
  EXPECT_EQ(values[0], 0.1f);
}

}  // namespace
}  // namespace unnoise
