// A user's own points: the coded form, formats told by content, what an
// attached set does. CSV is in csv_test.cc, NPZ in zip_test.cc.

#include "core/data/points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/config.h"
#include "core/data/npy.h"

namespace unnoise {
namespace {

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

TEST(PackTest, KeepsLabels) {
  PointSet small = RoundToCodes({1, {0, 1, 0.5f}, {7, 255, 0}});
  EXPECT_EQ(small.labels, (std::vector<uint8_t>{7, 255, 0}));
  std::string bytes = Pack(small);
  EXPECT_EQ(bytes.substr(0, 10), std::string("UNPT\x02\x01\x03\0\0\0", 10));
  EXPECT_EQ(bytes.substr(bytes.size() - 3), std::string("\x07\xff\0", 3));
  EXPECT_EQ(*Unpack(bytes), small);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Unpack(bytes.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(Unpack(bytes + 'x').ok());
  PointSet large = Rough(8, 3, kMaxPackedPoints + 1);
  large.labels.assign(kMaxPackedPoints + 1, 9);
  EXPECT_EQ(*Unpack(Pack(large)), large);
  // A block of a later form is no damaged one.
  bytes[4] = 3;
  EXPECT_EQ(ToText(Unpack(bytes).problems()),
            "points: the points are packed in form 3, which this version of "
            "unnoise does not know; open the link with a newer one.");
}

TEST(MakePointsTest, ChecksWhatMayComeFromAnywhere) {
  const auto problem = [](PointSet points) {
    const Result<PointSet> made = MakePoints(std::move(points), "p");
    return made.ok() ? "" : ToText(made.problems());
  };
  EXPECT_EQ(problem({1, {1, 2}, {}}), "");
  EXPECT_EQ(problem({0, {1, 2}, {}}),
            "p: a point has 1 to 64 coordinates; give as many for every "
            "point.");
  EXPECT_EQ(problem({2, {1, 2, 3}, {}}), problem({0, {1, 2}, {}}));
  EXPECT_EQ(problem({65, std::vector<float>(130), {}}),
            problem({0, {1, 2}, {}}));
  EXPECT_EQ(problem({2, {}, {}}), "p: there are no points; give at least 2.");
  EXPECT_EQ(problem({2, {1, 2}, {}}),
            "p: there is one point only; give at least 2.");
  EXPECT_EQ(problem({1, std::vector<float>(kMaxPoints + 1), {}}),
            "p: there are more than 1000000 points; keep that many.");
  EXPECT_EQ(problem({1, {1, 2}, {1}}),
            "p: found 1 labels for 2 points; give one for each point, or "
            "none.");
  EXPECT_EQ(problem({2, {1, 2, 3, NAN}, {}}),
            "p: a coordinate of point 1 is not finite; give a number, or "
            "remove the point.");
  const Result<PointSet> made =
      MakePoints({1, {-0.0f, 0.3f, 1}, {1, 2, 3}}, "");
  EXPECT_FALSE(std::signbit(made->values[0]));
  EXPECT_EQ(*made, RoundToCodes({1, {0, 0.3f, 1}, {1, 2, 3}}));
}

TEST(ReadTest, TellsFormatsByContent) {
  const int64_t shape[] = {2, 1}, row[] = {2}, cube[] = {2, 1, 1};
  const std::string numbers("\0\0\0\0\0\0\x80\x3f", 8);
  const PointSet expected{1, {0, 1}, {}};
  EXPECT_EQ(*PointsFromBytes("0\n1\n", "p"), expected);
  EXPECT_EQ(*PointsFromBytes(NpyHeader(shape) + numbers, "p"), expected);
  EXPECT_EQ(*PointsFromBytes(NpyHeader(row) + numbers, "p"), expected);
  EXPECT_EQ(ToText(PointsFromBytes(NpyHeader(cube) + numbers, "p").problems()),
            "p: the array has shape (2, 1, 1); give (points,) or (points, "
            "coordinates), for example a.reshape(len(a), -1).");
}

TEST(ReadTest, RefusesAShapeBeforeItsNumbers) {
  // What the header promises is refused only if the file is as long: a float16
  // for each of too many points, all of them infinite.
  const std::string text =
      "{'descr': '|u1', 'fortran_order': False, 'shape': (1000001,), }";
  std::string bytes = std::string(kNpyMagic) + '\1' + '\0' +
                      static_cast<char>(text.size()) + '\0' + text;
  bytes.resize(bytes.size() + 1000001);
  EXPECT_EQ(ToText(PointsFromBytes(bytes, "p").problems()),
            "p: the array has shape (1000001,); keep at most 1000000 points, "
            "for example a[:1000000].");
  const int64_t wide[] = {2, 65}, none[] = {2, 0};
  EXPECT_EQ(ToText(PointsFromNpy(NpyHeader(wide) + std::string(520, '\0'), "p")
                       .problems()),
            "p: the array has shape (2, 65); give 1 to 64 coordinates, the "
            "points being the rows.");
  EXPECT_FALSE(PointsFromNpy(NpyHeader(none), "p").ok());
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
  EXPECT_NE(DigestOf({1, {1, 2}, {0, 0}}), DigestOf({1, {1, 2}}));
  EXPECT_NE(DigestOf({1, {1, 2}, {0, 1}}), DigestOf({1, {1, 2}, {1, 0}}));
}

// 0, 1, 2, ... with labels, a part of them held out.
Points Holding(size_t count, double held_out) {
  PointSet set{1, std::vector<float>(count), std::vector<uint8_t>(count)};
  for (size_t i = 0; i < count; ++i) {
    set.values[i] = static_cast<float>(i);
    set.labels[i] = static_cast<uint8_t>(i);
  }
  Points points;
  points.Attach("n.csv", std::make_shared<PointSet>(set));
  Json json = ToJson(points);
  json["held_out"] = held_out;
  EXPECT_EQ(ToText(FromJson(json, points)), "");
  return points;
}

TEST(HeldOutTest, DividesThePoints) {
  const Points points = Holding(100, 0.25);
  const PointSet& training = points.training();
  const PointSet& held_out = *points.held_out();
  EXPECT_EQ(held_out.count(), 25);
  EXPECT_EQ(training.count(), 75);
  std::set<float> all(training.values.begin(), training.values.end());
  all.insert(held_out.values.begin(), held_out.values.end());
  EXPECT_EQ(all.size(), 100u);
  for (const PointSet* part : {&training, &held_out}) {
    EXPECT_TRUE(std::is_sorted(part->values.begin(), part->values.end()));
    for (size_t i = 0; i < part->values.size(); ++i) {
      EXPECT_EQ(part->values[i], part->labels[i]);
    }
  }
  // The choice never changes: a fingerprint of such a run depends on it.
  EXPECT_EQ(DigestOf(held_out), "b6c35fc5bca4d3f1");
  // A smaller part is within it.
  const Points smaller = Holding(100, 0.1);
  for (const float value : smaller.held_out()->values) {
    EXPECT_TRUE(
        std::count(held_out.values.begin(), held_out.values.end(), value));
  }
}

TEST(HeldOutTest, IsNeverDrawnAndNotInTheMoments) {
  const Points points = Holding(10, 0.5);
  const std::vector<float>& held_out = points.held_out()->values;
  ASSERT_EQ(held_out.size(), 5u);
  std::vector<float> x(500);
  points.Draw(KeyFromSeed(1), 0, x);
  EXPECT_EQ(std::set<float>(x.begin(), x.end()).size(), 5u);
  double mean = 45;
  for (const float value : held_out) {
    EXPECT_FALSE(std::count(x.begin(), x.end(), value));
    mean -= value;
  }
  EXPECT_EQ(points.ExactMoments().mean[0], mean / 5);
}

TEST(HeldOutTest, NothingIsHeldOutByDefault) {
  const Points points = Holding(10, 0);
  EXPECT_EQ(points.held_out(), nullptr);
  EXPECT_EQ(&points.training(), points.points());
}

TEST(HeldOutTest, LeavesTwoPointsAndTakesOne) {
  EXPECT_EQ(Holding(3, 0.5).held_out()->count(), 1);
  EXPECT_EQ(Holding(4, 0.01).held_out()->count(), 1);
  Points two;
  two.Attach("t.csv", std::make_shared<PointSet>(PointSet{1, {1, 2}}));
  Json json = ToJson(two);
  json["held_out"] = 0.1;
  EXPECT_EQ(ToText(FromJson(json, two)),
            "held_out: 2 points are too few to hold one out; give 0, or more "
            "points.");
}

TEST(HeldOutTest, FollowsTheFieldAndThePoints) {
  Points points = Holding(100, 0.25);
  Json json = ToJson(points);
  json["held_out"] = 0.5;
  EXPECT_EQ(ToText(FromJson(json, points)), "");
  EXPECT_EQ(points.held_out()->count(), 50);
  points.Attach("other.csv", std::make_shared<PointSet>(
                                 PointSet{1, std::vector<float>(100, 7), {}}));
  EXPECT_EQ(points.held_out()->values, std::vector<float>(50, 7));
  json["held_out"] = 0;
  EXPECT_EQ(ToText(FromJson(json, points)), "");
  EXPECT_EQ(points.held_out(), nullptr);
}

}  // namespace
}  // namespace unnoise
