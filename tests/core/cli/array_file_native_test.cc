// Files of arrays, in and out: own points in every format, results in every
// format.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "core/base/half.h"
#include "core/cli/array_file.h"
#include "core/cli/command.h"
#include "core/data/npy.h"
#include "core/data/points.h"
#include "tests/core/cli/cli_fixture.h"

namespace unnoise {
namespace {

constexpr char kCsv[] = "x,y,label\n0,1,3\n2,3,0\n4,7,255\n1,1,3\n";
constexpr char kTsv[] = "x\ty\tlabel\n0\t1\t3\n2\t3\t0\n4\t7\t255\n1\t1\t3\n";

// The same points, as a file of this name.
std::string PointsAs(const Scratch& scratch, const std::string& name) {
  const PointSet set = *PointsFromCsv(kCsv, "p");
  const std::string path = scratch / name;
  const int64_t shape[] = {4, 2}, count[] = {4};
  std::string x = NpyHeader(shape), y = NpyHeader(count, NpyType::kUint8);
  x.append(reinterpret_cast<const char*>(set.values.data()), 32);
  y.append(set.labels.begin(), set.labels.end());
  WriteAtomically(PosixFiles(), path,
                  name.ends_with(".csv")   ? kCsv
                  : name.ends_with(".tsv") ? kTsv
                  : name.ends_with(".npy") ? x
                                           : WriteZip(std::vector<ZipEntry>{
                                                 {"x.npy", x}, {"y.npy", y}}));
  return path;
}

TEST(PointFilesTest, EveryFormatIsTheSameRun) {
  const Scratch scratch;
  Cli cli;
  const auto train = [&](const std::string& name) {
    const std::string run = scratch / ("run_" + name);
    EXPECT_EQ(cli.Train({"data=" + PointsAs(scratch, name), "--steps", "2",
                         "--out", run}),
              0)
        << cli.err;
    return run;
  };
  const std::string csv = train("p.csv"), bare = train("p.npy");
  for (const char* name : {"p.tsv", "p.npz"}) {
    EXPECT_EQ(FingerprintIn(train(name)), FingerprintIn(csv)) << name;
  }
  EXPECT_EQ(FingerprintIn(bare), FingerprintIn(csv)) << "labels train nothing";
  EXPECT_EQ(StatusOf(PosixFiles(), bare + "/labels.npy").kind, FileKind::kNone);
}

TEST(PointFilesTest, LabelsStayWithTheRun) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"data=" + PointsAs(scratch, "p.csv"), "--steps", "1",
                       "--out", run}),
            0);
  EXPECT_EQ(OpenRun(PosixFiles(), run)->experiment().points()->points()->labels,
            (std::vector<uint8_t>{3, 0, 255, 3}));
  // Without them these are other points.
  PosixFiles().Remove(run + "/labels.npy");
  EXPECT_EQ(cli.Run({"fingerprint", run}), kExitFile);
  EXPECT_TRUE(cli.ErrHas("not the points")) << cli.err;
  WriteAtomically(PosixFiles(), run + "/labels.npy", "junk");
  EXPECT_EQ(cli.Run({"fingerprint", run}), kExitFile);
  EXPECT_TRUE(cli.ErrHas("labels.npy: this is no NPY file")) << cli.err;
}

TEST(PointFilesTest, AFileMayBeNamedAsAField) {
  const Scratch scratch;
  Cli cli;
  const std::string path = PointsAs(scratch, "p.csv");
  ASSERT_EQ(cli.Train({"data=points", "data.file=" + path, "data.held_out=0.25",
                       "--steps", "1", "--out", scratch / "run"}),
            0)
      << cli.err;
  const auto run = OpenRun(PosixFiles(), scratch / "run");
  EXPECT_EQ(run->experiment().points()->held_out()->count(), 1);
  EXPECT_EQ(cli.Train({"data=points", "data.file=" + (scratch / "no.csv")}),
            kExitFile);
  EXPECT_TRUE(cli.ErrHas("no.csv")) << cli.err;
}

TEST(ArrayFileTest, EveryFormatHoldsTheSameSamples) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"--steps", "1", "--out", run}), 0);
  const auto sample = [&](const std::string& out, const std::string& way) {
    EXPECT_EQ(cli.Run({"sample", run, "--n", "3", "sampler.steps=2", "--out",
                       scratch / out, "--trajectory", scratch / way}),
              0)
        << cli.err;
  };
  sample("s.npy", "t.npy");
  sample("s.npz", "t.npz");
  sample("s.csv", "t.tsv");
  sample("s.tsv", "u.csv");
  const std::string npy = TextOf(scratch / "s.npy");
  const auto npz = ReadZip(TextOf(scratch / "s.npz"), "s.npz", 1 << 20);
  EXPECT_EQ(*npz, (std::vector<ZipEntry>{{"samples.npy", npy}}));
  const auto way = ReadZip(TextOf(scratch / "t.npz"), "t.npz", 1 << 20);
  ASSERT_EQ(way->size(), 2u);
  EXPECT_EQ((*way)[0], (ZipEntry{"trajectory.npy", TextOf(scratch / "t.npy")}));
  EXPECT_EQ((*way)[1].name, "t.npy");
  const NpyArray t = *ReadNpy((*way)[1].bytes, "t");
  ASSERT_EQ(t.values.size(), 3u);
  EXPECT_GT(t.values[0], t.values[2]) << "noise first, data last";

  // Text gives every bit back.
  const NpyArray samples = *ReadNpy(npy, "s.npy");
  for (const auto& [name, head] :
       {std::pair{"s.csv", "x0,x1\n"}, {"s.tsv", "x0\tx1\n"}}) {
    const std::string text = TextOf(scratch / name);
    EXPECT_TRUE(text.starts_with(head));
    const char* at = text.c_str() + std::string(head).size();
    for (const float value : samples.values) {
      char* end = nullptr;
      EXPECT_EQ(std::strtof(at, &end), value) << name;
      at = end + 1;
    }
  }
  const std::string states = TextOf(scratch / "u.csv");
  EXPECT_TRUE(states.starts_with("t,point,x0,x1\n")) << states;
  EXPECT_EQ(std::count(states.begin(), states.end(), '\n'), 1 + 3 * 3);
  // Only an NPY file needs another one to tell the times.
  EXPECT_EQ(StatusOf(PosixFiles(), scratch / "u.json").kind, FileKind::kNone);
}

TEST(ArrayFileTest, NumbersHaveTheTypeThatIsAskedFor) {
  const Scratch scratch;
  Cli cli;
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"--steps", "1", "--out", run}), 0);
  const auto sample = [&](const std::string& name, const char* dtype) {
    const std::string way = scratch / ("way_" + name);
    EXPECT_EQ(cli.Run({"sample", run, "--n", "3", "sampler.steps=2", "--out",
                       scratch / name, "--trajectory", way, "--dtype", dtype}),
              0)
        << cli.err;
    return TextOf(scratch / name);
  };
  const auto values = [](std::string_view npy) {
    return ReadNpy(npy, "x")->values;
  };
  const std::string plain = sample("32.npy", "float32");
  ASSERT_EQ(cli.Run({"sample", run, "--n", "3", "sampler.steps=2", "--out",
                     scratch / "s.npy"}),
            0);
  EXPECT_EQ(plain, TextOf(scratch / "s.npy")) << "the default";

  const std::string wide = sample("64.npy", "float64");
  EXPECT_EQ(ReadNpyInfo(wide, "x")->size, 8);
  EXPECT_EQ(values(wide), values(plain));
  const std::string wide_way = TextOf(scratch / "way_64.npy");
  EXPECT_EQ(ReadNpyInfo(wide_way, "x")->size, 8);
  EXPECT_EQ(values(wide_way), values(TextOf(scratch / "way_32.npy")));

  const std::string narrow = sample("16.npy", "float16");
  EXPECT_EQ(ReadNpyInfo(narrow, "x")->size, 2);
  std::vector<float> rounded = values(plain);
  for (float& value : rounded) value = ToFloat(ToHalf(value));
  EXPECT_EQ(values(narrow), rounded);
  const std::string npz = sample("16.npz", "float16");
  EXPECT_EQ(ReadZip(npz, "x", 1 << 20)->front().bytes, narrow);
}

TEST(ArrayFileTest, RefusesTypesThatDoNotFit) {
  const Scratch scratch;
  Cli cli;
  // Samples near a million, in data units.
  WriteAtomically(PosixFiles(), scratch / "far.csv",
                  "1000000,2\n1000002,3\n1000001,1\n");
  const std::string run = scratch / "run";
  ASSERT_EQ(cli.Train({"data=" + (scratch / "far.csv"), "--steps", "1", "--out",
                       run}),
            0);
  const auto sample = [&](const char* dtype, const char* out) {
    const std::string path = scratch / out;
    const int exit_code = cli.Run({"sample", run, "--n", "2", "sampler.steps=2",
                                   "--dtype", dtype, "--out", path});
    EXPECT_EQ(StatusOf(PosixFiles(), path).kind, FileKind::kNone);
    return exit_code;
  };
  EXPECT_EQ(sample("float16", "s.npy"), kExitUsage);
  EXPECT_EQ(cli.err.substr(cli.err.find("--dtype")),
            "--dtype: a number is beyond what float16 can hold (65504); give "
            "float32. Nothing was written.\n");
  EXPECT_EQ(sample("float61", "s.npy"), kExitUsage);
  EXPECT_EQ(cli.err, "--dtype: there is no such type; did you mean float64?\n");
  EXPECT_EQ(sample("float64", "s.csv"), kExitUsage);
  EXPECT_TRUE(cli.ErrHas("s.csv are text, which has no type")) << cli.err;
  EXPECT_EQ(cli.Run({"sample", run, "--out", scratch / "s.npy", "--trajectory",
                     scratch / "t.tsv", "--dtype", "float16"}),
            kExitUsage);
  EXPECT_TRUE(cli.ErrHas("t.tsv are text, which has no type")) << cli.err;
}

TEST(ArrayFileTest, RefusesAnNpzBeyondMemory) {
  const Scratch scratch;
  try {
    ArrayFile(PosixFiles(), scratch / "s.npz", "s", {1000000000, 64});
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_NE(ToText(failure.problems).find("ends in .npy"), std::string::npos);
  }
  // 2 GiB of float32, just; as float64 it is twice as much.
  const std::vector<int64_t> shape = {(int64_t{1} << 29) - 1, 1};
  ArrayFile(PosixFiles(), scratch / "t.npz", "t", shape);
  EXPECT_THROW(ArrayFile(PosixFiles(), scratch / "t.npz", "t", shape, {},
                         NpyType::kFloat64),
               Failure);
}

}  // namespace
}  // namespace unnoise
