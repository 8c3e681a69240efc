// NPY arrays as bytes.

#include "core/data/npy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace unnoise {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

// The first bytes of what numpy.save (NumPy 1.24) writes for float32 arrays of
// these shapes; spaces and a line feed follow up to 128 bytes.
constexpr std::string_view kPrefix = "\x93NUMPY\x01\x00v\x00"sv;
constexpr std::string_view kScalar =
    "{'descr': '<f4', 'fortran_order': False, 'shape': (), }";
constexpr std::string_view kRow =
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
constexpr std::string_view kMatrix =
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";

std::string Whole(std::string_view dictionary) {
  std::string bytes = std::string(kPrefix) + std::string(dictionary);
  bytes.resize(127, ' ');
  return bytes + '\n';
}

std::string HeaderOf(std::initializer_list<int64_t> shape) {
  return NpyHeader(std::span(shape.begin(), shape.size()));
}

std::string MatrixBytes() {
  const float values[] = {0, 1, 2, 3, 4, 5};
  std::string bytes = Whole(kMatrix);
  bytes.append(reinterpret_cast<const char*>(values), sizeof values);
  return bytes;
}

TEST(NpyTest, WritesWhatNumPyWrites) {
  EXPECT_EQ(HeaderOf({}), Whole(kScalar));
  EXPECT_EQ(HeaderOf({3}), Whole(kRow));
  EXPECT_EQ(HeaderOf({3, 2}), Whole(kMatrix));
  EXPECT_EQ(HeaderOf({51, 1000000000, 64}).size() % 64, 0u);
}

TEST(NpyTest, ReadsItBack) {
  const Result<NpyArray> array = ReadNpy(MatrixBytes(), "x.npy");
  ASSERT_TRUE(array.ok()) << ToText(array.problems());
  EXPECT_EQ(array->shape, (std::vector<int64_t>{3, 2}));
  EXPECT_EQ(array->values, (std::vector<float>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ReadNpy(Whole(kScalar) + "\0\0\0\0"s, "x.npy")->shape.size(), 0u);
}

TEST(NpyTest, RefusesEveryTruncation) {
  const std::string bytes = MatrixBytes();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ReadNpy(bytes.substr(0, size), "x.npy").ok()) << size;
  }
}

TEST(NpyTest, SurvivesEveryFlippedBit) {
  std::string bytes = MatrixBytes();
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      const Result<NpyArray> array = ReadNpy(bytes, "x.npy");
      if (array.ok()) {
        int64_t size = 1;
        for (const int64_t extent : array->shape) size *= extent;
        EXPECT_EQ(size, 6);
      }
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
    }
  }
}

// A file of version 1.0 with this dictionary and these numbers.
std::string FileOf(std::string_view dictionary, std::string_view numbers) {
  return Whole(dictionary) + std::string(numbers);
}

std::string Dictionary(std::string_view type, std::string_view shape,
                       bool fortran = false) {
  return "{'descr': '" + std::string(type) +
         "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + std::string(shape) + ", }";
}

std::string ProblemsOf(std::string_view dictionary, std::string_view numbers) {
  const Result<NpyArray> array = ReadNpy(FileOf(dictionary, numbers), "x.npy");
  return array.ok() ? "" : ToText(array.problems());
}

// The numbers of a file of this type.
std::vector<float> Read(std::string_view type, std::string_view numbers,
                        std::string_view shape = "(2,)") {
  const Result<NpyArray> array =
      ReadNpy(FileOf(Dictionary(type, shape), numbers), "x.npy");
  EXPECT_TRUE(array.ok()) << type << ": " << ToText(array.problems());
  return array.ok() ? array->values : std::vector<float>();
}

TEST(NpyTest, ReadsEveryTypeInBothOrders) {
  using Floats = std::vector<float>;
  EXPECT_EQ(Read("<f2", "\x00\x3e\x00\xc0"s), (Floats{1.5f, -2}));
  EXPECT_EQ(Read(">f2", "\x3e\x00\xc0\x00"s), (Floats{1.5f, -2}));
  // The least and the greatest of half precision.
  EXPECT_EQ(Read("<f2", "\x01\x00\xff\x7b"s), (Floats{0x1p-24f, 65504}));
  EXPECT_EQ(Read("<f4", "\x00\x00\xc0\x3f\x00\x00\x00\xc0"s),
            (Floats{1.5f, -2}));
  EXPECT_EQ(Read(">f4", "\x3f\xc0\x00\x00\xc0\x00\x00\x00"s),
            (Floats{1.5f, -2}));
  EXPECT_EQ(Read("<f8",
                 "\x00\x00\x00\x00\x00\x00\xf8\x3f"
                 "\x00\x00\x00\x00\x00\x00\x00\xc0"s),
            (Floats{1.5f, -2}));
  EXPECT_EQ(Read(">f8",
                 "\x3f\xf8\x00\x00\x00\x00\x00\x00"
                 "\xc0\x00\x00\x00\x00\x00\x00\x00"s),
            (Floats{1.5f, -2}));
  EXPECT_EQ(Read("|i1", "\x7f\x80"s), (Floats{127, -128}));
  EXPECT_EQ(Read("|u1", "\x7f\x80"s), (Floats{127, 128}));
  EXPECT_EQ(Read("<i2", "\x01\x02\xff\xff"s), (Floats{513, -1}));
  EXPECT_EQ(Read(">i2", "\x01\x02\xff\xff"s), (Floats{258, -1}));
  EXPECT_EQ(Read("<u2", "\x01\x02\xff\xff"s), (Floats{513, 65535}));
  EXPECT_EQ(Read(">i4", "\x00\x00\x01\x02\xff\xff\xff\xff"s),
            (Floats{258, -1}));
  EXPECT_EQ(Read("<u4", "\x00\x00\x00\x80\x01\x00\x00\x00"s),
            (Floats{0x1p31f, 1}));
  EXPECT_EQ(Read("<i8",
                 "\xff\xff\xff\xff\xff\xff\xff\xff"
                 "\x01\x00\x00\x00\x00\x00\x00\x00"s),
            (Floats{-1, 1}));
  EXPECT_EQ(Read(">u8",
                 "\x80\x00\x00\x00\x00\x00\x00\x00"
                 "\x00\x00\x00\x00\x00\x00\x00\x01"s),
            (Floats{0x1p63f, 1}));
  EXPECT_EQ(Read("|b1", "\x00\x01"s), (Floats{0, 1}));
  EXPECT_EQ(Read("=i4", "\x01\x00\x00\x00\xff\xff\xff\xff"s), (Floats{1, -1}));
}

TEST(NpyTest, ReadsFortranOrderAsRows) {
  const std::string numbers = "\x00\x01\x02\x03\x04\x05"s;
  const auto read = [&](std::string_view shape) {
    return ReadNpy(FileOf(Dictionary("|u1", shape, true), numbers), "x")
        ->values;
  };
  EXPECT_EQ(read("(3, 2)"), (std::vector<float>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(read("(1, 2, 3)"), (std::vector<float>{0, 2, 4, 1, 3, 5}));
  EXPECT_EQ(read("(6,)"), (std::vector<float>{0, 1, 2, 3, 4, 5}));
}

TEST(NpyTest, ReadsTheHeaderAsPythonWould) {
  for (const char* dictionary :
       {"{'shape':(2L,),'descr':'|u1','fortran_order':False}",
        "  { \"fortran_order\" : False , \"shape\" : ( 2 , ) ,\n"
        " \"descr\" : \"|u1\" , }  "}) {
    EXPECT_EQ(ProblemsOf(dictionary, "\1\2"), "") << dictionary;
  }
  for (const char* dictionary :
       {"", "{", "{}", "{'descr': '|u1'}", "{'descr': '|u1', 'shape': (2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2 2)}",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} x",
        "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, "
        "'shape': (2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'x': 1}",
        "{'descr': |u1', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': "
        "(1,1,1,1,1,1,1,1,2)}"}) {
    EXPECT_EQ(ProblemsOf(dictionary, "\1\2"),
              "x.npy: the header of this NPY file is damaged; write it anew "
              "with numpy.save.")
        << dictionary;
  }
}

TEST(NpyTest, ReadsTheLaterVersions) {
  const std::string text = Dictionary("|u1", "(2,)") + '\n';
  for (const char version : {2, 3}) {
    std::string bytes = std::string(kNpyMagic) + version + '\0' +
                        static_cast<char>(text.size()) + "\0\0\0"s + text +
                        "\1\2";
    EXPECT_EQ(ReadNpy(bytes, "x")->values, (std::vector<float>{1, 2}));
    bytes[11] = 1;  // a header of 16 MiB
    EXPECT_FALSE(ReadNpy(bytes, "x").ok());
  }
  std::string newer = MatrixBytes();
  newer[6] = 4;
  EXPECT_EQ(ToText(ReadNpy(newer, "x.npy").problems()),
            "x.npy: this is an NPY file of version 4.0; write one of version "
            "1.0 to 3.0 with numpy.save.");
}

TEST(NpyTest, NamesTheTypesThatItCannotRead) {
  const auto problem = [](std::string_view type) {
    return ProblemsOf(Dictionary(type, "(1,)"), "12345678");
  };
  EXPECT_EQ(problem("<c8"),
            "x.npy: the array holds complex numbers (<c8); save real numbers, "
            "for example a.real.astype('float32').");
  EXPECT_EQ(problem("|O"),
            "x.npy: the array holds Python objects (|O); save real numbers, "
            "for example a.astype('float32').");
  EXPECT_NE(problem("<U3").find("text (<U3)"), std::string::npos);
  EXPECT_NE(problem("|S3").find("text (|S3)"), std::string::npos);
  EXPECT_NE(problem("|V8").find("raw bytes (|V8)"), std::string::npos);
  EXPECT_NE(problem("<M8[ns]").find("times (<M8[ns])"), std::string::npos);
  EXPECT_NE(problem("<f16").find("floats of unusual size (<f16)"),
            std::string::npos);
  for (const char* type : {"", "<", "i3", "<i9", "b2", "\x01", "<f4 ", "ff4"}) {
    EXPECT_NE(problem(type), "") << type;
  }
  EXPECT_EQ(ProblemsOf("{'descr': [('x', '<f4'), ('y', '<f4')], "
                       "'fortran_order': False, 'shape': (1,), }",
                       "12345678"),
            "x.npy: the array has named fields; save one plain array of "
            "numbers, for example numpy.column_stack([a['x'], a['y']]).");
}

TEST(NpyTest, NamesTheIndexOfWhatSinglePrecisionCannotHold) {
  // 1, then 2^1000 (float64); 1, then a NaN (float16), in Fortran order.
  EXPECT_EQ(ProblemsOf(Dictionary("<f8", "(2,)"),
                       "\x00\x00\x00\x00\x00\x00\xf0\x3f"
                       "\x00\x00\x00\x00\x00\x00\x70\x7e"s),
            "x.npy: the number at index (1,) is not finite in single "
            "precision; give one within 3e38, or remove it.");
  EXPECT_NE(ProblemsOf(Dictionary("<f2", "(2, 2)", true),
                       "\x00\x3c\x01\x7e\x00\x3c\x00\x3c"s)
                .find("index (1, 0)"),
            std::string::npos);
  EXPECT_NE(ProblemsOf(Dictionary("<f2", "(1,)"), "\x00\x7c"s), "");
}

TEST(NpyTest, TrustsNoSize) {
  EXPECT_EQ(ProblemsOf(Dictionary("<f4", "(3,)"), "12345678"),
            "x.npy: the file is cut: its header promises an array of shape "
            "(3,), but only 8 bytes of numbers follow; take another copy.");
  EXPECT_EQ(ProblemsOf(Dictionary("<f4", "(1,)"), "12345678"),
            "x.npy: more follows the array of shape (1,) than belongs to it; "
            "write it anew with numpy.save.");
  // 2^32 * 2^32 wraps around to 0; the others are beyond every file.
  for (const char* shape :
       {"(4294967296, 4294967296)", "(1000000000000,)",
        "(99999999999999999999999,)",
        "(1152921504606846976, 1152921504606846976, 0, 7)"}) {
    EXPECT_NE(ProblemsOf(Dictionary("<f4", shape), "1234"), "") << shape;
  }
  EXPECT_EQ(ProblemsOf(Dictionary("<f4", "(5, 0)"), ""), "");
}

// The numbers 1.5, -2 and 2^-24 (1 + 2^-11), which is no binary16.
TEST(NpyTest, WritesFloatsOfEverySize) {
  const int64_t shape[] = {3};
  const float values[] = {1.5f, -2, 0x1p-24f + 0x1p-35f};
  const auto file = [&](NpyType type) {
    std::string bytes = NpyHeader(shape, type);
    EXPECT_TRUE(AppendNumbers(values, type, bytes));
    EXPECT_EQ(static_cast<int>(bytes.size()) - 128, 3 * SizeOf(type));
    return bytes;
  };
  const std::string wide = file(NpyType::kFloat64);
  EXPECT_EQ(wide.substr(10, 15), "{'descr': '<f8'");
  EXPECT_EQ(wide.substr(128, 16),
            "\0\0\0\0\0\0\xf8\x3f"
            "\0\0\0\0\0\0\0\xc0"s);
  EXPECT_EQ(ReadNpy(wide, "x")->values, std::vector<float>(values, values + 3));
  const std::string narrow = file(NpyType::kFloat16);
  EXPECT_EQ(narrow.substr(10, 15), "{'descr': '<f2'");
  EXPECT_EQ(narrow.substr(128), "\0\x3e\0\xc0\1\0"s);
  EXPECT_EQ(ReadNpy(file(NpyType::kFloat32), "x")->values,
            std::vector<float>(values, values + 3));
}

TEST(NpyTest, SaysWhatFloat16CannotHold) {
  std::string bytes;
  for (const float value :
       {65520.0f, -1e5f, HUGE_VALF, std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_FALSE(AppendNumbers({&value, 1}, NpyType::kFloat16, bytes));
    EXPECT_TRUE(AppendNumbers({&value, 1}, NpyType::kFloat64, bytes));
  }
  const float most = 65519.996f;
  EXPECT_TRUE(AppendNumbers({&most, 1}, NpyType::kFloat16, bytes));
}

TEST(NpyTest, WritesBytesToo) {
  const int64_t shape[] = {2};
  const std::string bytes = NpyHeader(shape, NpyType::kUint8) + "\x07\xff";
  EXPECT_EQ(bytes.substr(10, 14), "{'descr': '|u1");
  EXPECT_EQ(ReadNpy(bytes, "x")->values, (std::vector<float>{7, 255}));
}

}  // namespace
}  // namespace unnoise
