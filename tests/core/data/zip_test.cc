// ZIP containers, and point sets in NPZ files.

#include "core/data/zip.h"

#include <gtest/gtest.h>

#include <cstring>

#include "core/data/npy.h"
#include "core/data/points.h"

namespace unnoise {
namespace {

using namespace std::string_literals;

constexpr int64_t kPlenty = 1 << 20;

std::string ProblemsOf(std::string_view bytes, int64_t limit = kPlenty) {
  const auto entries = ReadZip(bytes, "z.zip", limit);
  return entries.ok() ? "" : ToText(entries.problems());
}

std::vector<ZipEntry> Two() {
  return {{"a.txt", "hello"}, {"b/c.bin", "\0\1\xff"s}};
}

// The archive with `value` written at `at`, counted from the first `magic`.
std::string With(std::string bytes, std::string_view magic, size_t at,
                 std::string_view value) {
  return bytes.replace(bytes.find(magic) + at, value.size(), value);
}

constexpr std::string_view kDirectory = "PK\x01\x02";
constexpr std::string_view kEnd = "PK\x05\x06";

// Deflated by zlib: 300 letters a, in 7 bytes.
const std::string kLetters = "\x4b\x4c\x1c\x05\xc4\x02\x00"s;

// The letters as a deflated entry that says to hold `size` bytes.
std::string Deflated(std::string_view data, uint32_t crc, uint32_t size) {
  std::string bytes = WriteZip(std::vector<ZipEntry>{{"a", std::string(data)}});
  std::string sizes(12, '\0');
  const uint32_t numbers[] = {crc, static_cast<uint32_t>(data.size()), size};
  std::memcpy(sizes.data(), numbers, sizeof numbers);
  bytes = With(bytes, kZipMagic, 14, sizes);
  bytes = With(bytes, kZipMagic, 8, "\x08");
  bytes = With(bytes, kDirectory, 16, sizes);
  return With(bytes, kDirectory, 10, "\x08");
}

TEST(ZipTest, KnowsTheCheckSum) {
  EXPECT_EQ(Crc32("123456789"), 0xcbf43926u);  // of the catalogue of CRCs
  EXPECT_EQ(Crc32(""), 0u);
}

TEST(ZipTest, ReadsWhatItWrites) {
  EXPECT_EQ(*ReadZip(WriteZip(Two()), "z", kPlenty), Two());
  EXPECT_EQ(ReadZip(WriteZip({}), "z", kPlenty)->size(), 0u);
  EXPECT_EQ(WriteZip(Two()), WriteZip(Two()));
}

TEST(ZipTest, BytesAreThoseOfTheFormat) {
  const std::string common =
      "\x14\0\0\0\0\0\0\0\x21\0\x86\xa6\x10\x36\x05\0\0\0\x05\0\0\0\x01\0\0\0"s;
  EXPECT_EQ(WriteZip(std::vector<ZipEntry>{{"a", "hello"}}),
            "PK\3\4" + common + "ahello" + "PK\1\2\x14\0"s + common +
                std::string(14, '\0') + "a" +
                "PK\5\6\0\0\0\0\1\0\1\0\x2f\0\0\0\x24\0\0\0\0\0"s);
}

TEST(ZipTest, Inflates) {
  const std::string letters(300, 'a');
  const std::string bytes = Deflated(kLetters, Crc32(letters), 300);
  EXPECT_EQ(*ReadZip(bytes, "z", kPlenty),
            (std::vector<ZipEntry>{{"a", letters}}));
  // No more and no fewer bytes than it declares.
  for (const uint32_t size : {0, 299, 301}) {
    EXPECT_NE(ProblemsOf(Deflated(kLetters, Crc32(letters), size)), "");
  }
}

TEST(ZipTest, RefusesABombByWhatItDeclares) {
  EXPECT_EQ(ProblemsOf(Deflated(kLetters, 0, 4000000000u)),
            "z.zip: unpacked, its entries would hold 4000000000 bytes; leave "
            "out what is not needed, so that there are at most 1048576.");
  EXPECT_EQ(ProblemsOf(WriteZip(Two()), 8), "");
  EXPECT_NE(ProblemsOf(WriteZip(Two()), 7), "");
}

TEST(ZipTest, RefusesWhatItCannotRead) {
  const std::string bytes = WriteZip(Two());
  EXPECT_EQ(ProblemsOf(With(bytes, kDirectory, 8, "\x01")),
            "z.zip: \"a.txt\" is encrypted; pack it without a password.");
  EXPECT_EQ(ProblemsOf(With(bytes, kDirectory, 10, "\x0e")),
            "z.zip: \"a.txt\" is packed with LZMA (14); pack it with deflate, "
            "or not at all.");
  EXPECT_EQ(ProblemsOf(With(bytes, "hello", 0, "hallo")),
            "z.zip: \"a.txt\" does not match its check sum; take another "
            "copy.");
  const char* zip64 =
      "z.zip: this is a ZIP64 file, for sizes beyond 4 GiB; write a smaller "
      "one with a plain ZIP writer.";
  for (const size_t at : {20, 24, 42}) {
    EXPECT_EQ(ProblemsOf(With(bytes, kDirectory, at, "\xff\xff\xff\xff")),
              zip64);
  }
  EXPECT_EQ(ProblemsOf(With(bytes, kEnd, 16, "\xff\xff\xff\xff")), zip64);
  EXPECT_NE(ProblemsOf(With(bytes, kEnd, 4, "\x01")).find("several disks"),
            std::string::npos);
  EXPECT_EQ(ProblemsOf(WriteZip(std::vector<ZipEntry>{{"a", ""}, {"a", ""}})),
            "z.zip: there are two entries named \"a\"; keep one of them.");
  const char* damaged =
      "z.zip: this ZIP file is cut or damaged; take another copy.";
  EXPECT_EQ(ProblemsOf(""), damaged);
  EXPECT_EQ(ProblemsOf("PK\3\4"), damaged);
  EXPECT_EQ(ProblemsOf(bytes + "x"), damaged);
  EXPECT_EQ(ProblemsOf("x" + bytes), damaged);
}

TEST(ZipTest, LeavesFoldersAndCommentsOut) {
  std::string bytes = WriteZip(std::vector<ZipEntry>{{"b/", ""}, {"c", "1"}});
  bytes = With(bytes, kEnd, 20, "\x03") + "end";
  EXPECT_EQ(*ReadZip(bytes, "z", kPlenty), (std::vector<ZipEntry>{{"c", "1"}}));
}

TEST(ZipTest, SurvivesTruncationAndFlippedBits) {
  for (std::string bytes :
       {WriteZip(Two()),
        Deflated(kLetters, Crc32(std::string(300, 'a')), 300)}) {
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(ReadZip(bytes.substr(0, size), "z", kPlenty).ok()) << size;
    }
    for (size_t i = 0; i < bytes.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
        ReadZip(bytes, "z", kPlenty);
        bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      }
    }
  }
}

TEST(InflateTest, SurvivesNoise) {
  // What deflate makes of random words is refused or of the size asked for.
  std::vector<uint32_t> words(64);
  std::string out;
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    FillBits(KeyFromSeed(seed), 0, words);
    std::string_view noise(reinterpret_cast<const char*>(words.data()),
                           4 * words.size());
    if (Inflate(noise.substr(0, seed % 257), seed % 1000, out)) {
      EXPECT_EQ(out.size(), seed % 1000);
    }
  }
}

// --- Points ------------------------------------------------------------------

std::string Floats(std::initializer_list<int64_t> shape,
                   const std::vector<float>& values) {
  std::string bytes = NpyHeader(std::span(shape.begin(), shape.size()));
  bytes.append(reinterpret_cast<const char*>(values.data()),
               values.size() * sizeof(float));
  return bytes;
}

std::string Bytes(std::initializer_list<int64_t> shape,
                  std::string_view values) {
  return NpyHeader(std::span(shape.begin(), shape.size()), NpyType::kUint8) +
         std::string(values);
}

const std::string kPoints = Floats({3, 2}, {0, 0, 1, 0, 1, 1});

Result<PointSet> Read(std::vector<ZipEntry> entries) {
  return PointsFromBytes(WriteZip(entries), "p.npz");
}
std::string NpzProblems(std::vector<ZipEntry> entries) {
  const Result<PointSet> points = Read(std::move(entries));
  return points.ok() ? "" : ToText(points.problems());
}

TEST(NpzTest, FindsPointsAndLabelsByName) {
  const PointSet bare{2, {0, 0, 1, 0, 1, 1}, {}};
  const PointSet labelled{2, {0, 0, 1, 0, 1, 1}, {4, 0, 255}};
  const std::string labels = Bytes({3}, "\4\0\xff"s);
  for (const char* name :
       {"x", "X", "data", "points", "samples", "arr_0", "anything"}) {
    EXPECT_EQ(*Read({{std::string(name) + ".npy", kPoints}}), bare) << name;
    for (const char* of : {"y", "Y", "label", "labels", "c", "arr_1"}) {
      EXPECT_EQ(*Read({{std::string(of) + ".npy", labels},
                       {std::string(name) + ".npy", kPoints}}),
                labelled)
          << name << ' ' << of;
    }
  }
  // Whole numbers in any type, also as a column; other entries are left alone.
  EXPECT_EQ(*Read({{"notes.txt", "?"},
                   {"t.npy", "?"},
                   {"x.npy", kPoints},
                   {"y.npy", Floats({3, 1}, {4, 0, 255})}}),
            labelled);
}

TEST(NpzTest, SaysWhatDoesNotFit) {
  EXPECT_EQ(NpzProblems({{"a.txt", "?"}}),
            "p.npz: there is no array of points; name it x, as numpy.savez("
            "file, x=points) does.");
  EXPECT_EQ(NpzProblems({{"a.npy", kPoints}, {"b.npy", kPoints}}),
            "p.npz: it is not clear which array holds the points; name it x, "
            "as numpy.savez(file, x=points) does.");
  EXPECT_EQ(NpzProblems({{"x.npy", "?"}}),
            "p.npz: x.npy: this is no NPY file; write one with numpy.save.");
  const auto labels = [](std::string bytes) {
    return NpzProblems({{"x.npy", kPoints}, {"y.npy", std::move(bytes)}});
  };
  EXPECT_EQ(labels(Floats({3}, {0, 1.5f, 2})),
            "p.npz: y.npy: label 1, counted from 0, is 1.5; give a whole "
            "number from 0 to 255.");
  EXPECT_NE(labels(Floats({3}, {0, 1, 256})).find("label 2, counted from 0"),
            std::string::npos);
  EXPECT_NE(labels(Floats({3}, {-1, 1, 2})).find("is -1;"), std::string::npos);
  EXPECT_EQ(labels(Bytes({2}, "\1\2")),
            "p.npz: y.npy: found 2 labels for 3 points; give one for each "
            "point, or none.");
  EXPECT_EQ(labels(Bytes({3, 2}, "123456")),
            "p.npz: y.npy: the labels have shape (3, 2); give one for each "
            "point, (points,).");
}

// Streams of zlib whose last codes are shorter than what a decoder looks ahead.
TEST(InflateTest, ReadsToTheLastBit) {
  using namespace std::string_view_literals;
  std::string text;
  EXPECT_TRUE(Inflate("\x4b\x61\x64\x48\x4c\x62\x00\x00"sv, 6, text));
  EXPECT_EQ(text, "d\x01\0ab\0"sv);
  EXPECT_TRUE(Inflate("\x4b\x04\x00"sv, 1, text));
  EXPECT_EQ(text, "a");
  EXPECT_FALSE(Inflate("\x4b\x04\x00"sv, 2, text)) << "shorter than stated";
  EXPECT_FALSE(Inflate("\x4b\x61\x64"sv, 6, text)) << "cut";
}

}  // namespace
}  // namespace unnoise
