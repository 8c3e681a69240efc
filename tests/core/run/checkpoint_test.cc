// A run as bytes and back: the same bits, or a problem and nothing changed.

#include "core/run/checkpoint.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>

#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/data/npy.h"
#include "core/run/safetensors.h"

namespace unnoise {
namespace {

std::unique_ptr<Run> MakeRun(std::vector<std::string> words = {}) {
  words.insert(words.end(), {"network.width=3", "network.depth=1", "batch=4"});
  Result<Experiment> experiment = ReadExperiment("", "", words, nullptr);
  EXPECT_TRUE(experiment.ok()) << ToText(experiment.problems());
  return std::make_unique<Run>(std::move(*experiment), SimdBackend());
}

std::string SavedAt(int64_t step) {
  const auto run = MakeRun();
  run->Advance(step);
  return SaveCheckpoint(*run);
}

// Replaces text by as much text.
std::string Replaced(std::string bytes, std::string_view from,
                     std::string_view to) {
  const size_t at = bytes.find(from);
  EXPECT_NE(at, bytes.npos);
  EXPECT_EQ(from.size(), to.size());
  return bytes.replace(at, from.size(), to);
}

TEST(CheckpointTest, NamesTensorsByModulePath) {
  const std::string bytes = SavedAt(2);
  const Result<SafetensorsFile> file = ReadSafetensors(bytes, "x");
  ASSERT_TRUE(file.ok());
  // [out, in]: 3 units over 2 coordinates and 32 features of time.
  for (const char* name :
       {"network.hidden.0.weight", "ema.network.hidden.0.weight",
        "optim.adam.m.network.hidden.0.weight",
        "optim.adam.v.network.hidden.0.weight"}) {
    ASSERT_TRUE(file->tensors.count(name)) << name;
    EXPECT_EQ(file->tensors.at(name).shape, (Shape{3, 34})) << name;
  }
  EXPECT_EQ(file->metadata.at("format"), "unnoise 2");
  EXPECT_EQ(file->metadata.at("step"), "2");
  EXPECT_EQ(file->metadata.at("experiment"),
            WriteExperiment(MakeRun()->experiment()));
}

TEST(CheckpointTest, HoldsNumbersOfOneType) {
  // As long, but not what was written.
  const auto run = MakeRun();
  const Problems problems = LoadCheckpoint(
      Replaced(SavedAt(1), R"("dtype":"F32")", R"("dtype":"I32")"), "x", *run);
  EXPECT_EQ(ToText(problems),
            "x: the tensor ema.network.hidden.0.bias is I32[3] where F32[3] is "
            "expected; take another copy, or train anew.");
  EXPECT_EQ(run->step(), 0);
}

TEST(CheckpointTest, GoesOnWithTheSameBits) {
  for (const char* optimizer : {"optimizer=sgd", "optimizer=adam"}) {
    const auto whole = MakeRun({optimizer});
    whole->Advance(6);
    const auto first = MakeRun({optimizer});
    first->Advance(3);
    const auto second = MakeRun({optimizer});
    const Problems problems =
        LoadCheckpoint(SaveCheckpoint(*first), "x", *second);
    ASSERT_TRUE(problems.empty()) << ToText(problems);
    EXPECT_EQ(second->step(), 3);
    second->Advance(3);
    EXPECT_EQ(SaveCheckpoint(*second), SaveCheckpoint(*whole));
  }
}

// A run's points, 3 in the plane.
std::string PointsRun(std::span<const MetricsLine> metrics) {
  const auto points = std::make_shared<PointSet>(
      RoundToCodes({2, {0, 1, 2, 3, 4, 7}, {9, 0, 255}}));
  Result<Experiment> experiment =
      ReadExperiment("", "",
                     std::vector<std::string>{"data=points", "network.width=3",
                                              "network.depth=1", "batch=4"},
                     points);
  EXPECT_TRUE(experiment.ok()) << ToText(experiment.problems());
  Run run(std::move(*experiment), SimdBackend());
  run.Advance(2);
  return SaveRunFile(run, metrics);
}

TEST(CheckpointTest, ARunFileIsAWholeRun) {
  const std::vector<MetricsLine> metrics = {{1, 0.5, 1e-5, 2, 0.25},
                                            {2, 0.25, 2e-5, 1, 0.5}};
  const std::string bytes = PointsRun(metrics);
  const Result<OpenedRun> opened = OpenRunFiles(
      {.model = bytes, .model_name = "a.safetensors"}, SimdBackend());
  ASSERT_TRUE(opened.ok()) << ToText(opened.problems());
  EXPECT_EQ(opened->run->step(), 2);
  EXPECT_EQ(opened->metrics, metrics);
  EXPECT_EQ(SaveRunFile(*opened->run, opened->metrics), bytes);
}

TEST(CheckpointTest, ARunIsAlsoTheFilesOfItsFolder) {
  const std::string bytes = SavedAt(2);
  const Result<OpenedRun> opened = OpenRunFiles(
      {.model = bytes, .model_name = "model.safetensors"}, SimdBackend());
  ASSERT_TRUE(opened.ok()) << ToText(opened.problems());
  // Metrics beyond the checkpoint do not count.
  const Result<OpenedRun> more = OpenRunFiles(
      {.model = bytes,
       .model_name = "model.safetensors",
       .metrics = "{\"grad_norm\":1,\"loss\":1,\"rate\":1,\"seconds\":1,"
                  "\"step\":1}\n{\"grad_norm\":1,\"loss\":1,\"rate\":1,"
                  "\"seconds\":1,\"step\":3}\n"},
      SimdBackend());
  ASSERT_TRUE(more.ok());
  EXPECT_EQ(more->metrics.size(), 1u);
}

TEST(CheckpointTest, SaysWhatIsMissingBesideIt) {
  const auto problem = [](const RunFiles& files) {
    const Result<OpenedRun> opened = OpenRunFiles(files, SimdBackend());
    return opened.ok() ? std::string("none") : ToText(opened.problems());
  };
  // A run of own points saved without them.
  const std::string whole = PointsRun({});
  const Result<OpenedRun> run =
      OpenRunFiles({.model = whole, .model_name = "a"}, SimdBackend());
  ASSERT_TRUE(run.ok());
  const std::string bare = SaveCheckpoint(*run->run);
  EXPECT_NE(
      problem({.model = bare, .model_name = "b"}).find("give the data.npy"),
      std::string::npos);
  EXPECT_NE(problem({.model = bare, .model_name = "b", .points = "x"})
                .find("data.npy"),
            std::string::npos);
  const int64_t shape[] = {3, 2};
  std::string npy = NpyHeader(shape);
  const std::vector<float>& values =
      run->run->experiment().points()->points()->values;
  npy.append(reinterpret_cast<const char*>(values.data()), 24);
  const int64_t count[] = {3};
  std::string labels =
      NpyHeader(count, NpyType::kUint8) + std::string("\x09\0\xff", 3);
  const auto labelled = [&] {
    return problem(
        {.model = bare, .model_name = "b", .points = npy, .labels = labels});
  };
  EXPECT_EQ(labelled(), "none");
  labels.back() = 3;  // another class: other points
  EXPECT_NE(labelled().find("digest differ"), std::string::npos);
  labels = NpyHeader(shape) + npy.substr(npy.size() - 24);
  EXPECT_NE(labelled().find("the labels are not"), std::string::npos);
  npy.replace(npy.size() - 4, 4, std::string("\0\0\xc0\x7f", 4));
  EXPECT_NE(problem({.model = bare, .model_name = "b", .points = npy})
                .find("not finite"),
            std::string::npos);
  // Of format 1 the experiment is a file of its own.
  const std::string bytes = SavedAt(2);
  const std::string old = Replaced(bytes, "unnoise 2", "unnoise 1");
  EXPECT_NE(problem({.model = old, .model_name = "c"})
                .find("give the experiment.json"),
            std::string::npos);
}

TEST(CheckpointTest, FieldsThatCameLaterPartNoCheckpointFromItsExperiment) {
  const auto run = MakeRun();
  const std::string canonical = WriteExperiment(run->experiment());
  // As a program would have written that knew no `ema` yet.
  const std::string older =
      Replaced(canonical, R"("ema":{"decay":0.999},)", std::string(22, ' '));
  Fnv1a64 hash;
  hash.Text(Write(*ParseJson(older, "")));
  std::vector<NamedTensor> tensors;
  const std::string bytes = SaveCheckpoint(*run);
  const Result<SafetensorsFile> file = ReadSafetensors(bytes, "");
  std::vector<std::vector<float>> values;
  for (const auto& [name, entry] : file->tensors) {
    values.emplace_back(static_cast<size_t>(entry.shape.size()));
    std::memcpy(values.back().data(), entry.bytes.data(), entry.bytes.size());
    tensors.push_back({name, entry.shape, values.back()});
  }
  const auto loads = [&](const Metadata& metadata, std::string_view stored) {
    const auto fresh = MakeRun();
    return LoadCheckpoint(WriteSafetensors(tensors, metadata), "x", *fresh,
                          stored)
        .empty();
  };
  const Metadata first = {
      {"format", "unnoise 1"}, {"step", "2"}, {"experiment", hash.Hex()}};
  EXPECT_TRUE(loads(first, older));
  EXPECT_FALSE(loads(first, canonical));
  EXPECT_TRUE(loads(
      {{"format", "unnoise 2"}, {"step", "2"}, {"experiment", older}}, older));
  EXPECT_FALSE(
      loads({{"format", "unnoise 2"}, {"step", "2"}, {"experiment", ""}}, ""));
}

TEST(CheckpointTest, RefusesEveryTruncationAndChangesNothing) {
  const std::string bytes = SavedAt(2);
  const auto run = MakeRun();
  const std::string before = SaveCheckpoint(*run);
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(
        LoadCheckpoint(std::string_view(bytes).substr(0, size), "x", *run)
            .empty())
        << size;
  }
  EXPECT_EQ(SaveCheckpoint(*run), before);
}

TEST(CheckpointTest, FlippedBitsLoadWhollyOrNotAtAll) {
  std::string bytes = SavedAt(2);
  const auto run = MakeRun();
  const std::string before = SaveCheckpoint(*run);
  const size_t header_end = bytes.rfind('}');
  ASSERT_NE(header_end, bytes.npos);
  int refused = 0;
  for (size_t i = 0; i < std::min(header_end, size_t{2000}); ++i) {
    const char original = bytes[i];
    bytes[i] = static_cast<char>(original ^ (1 << (i % 8)));
    if (LoadCheckpoint(bytes, "x", *run).empty()) {
      ASSERT_TRUE(LoadCheckpoint(before, "x", *run).empty());
    } else {
      ++refused;
    }
    bytes[i] = original;
  }
  EXPECT_GT(refused, 1000);
  EXPECT_EQ(SaveCheckpoint(*run), before);
}

TEST(CheckpointTest, RefusesWhatIsNotItsOwn) {
  const std::string bytes = SavedAt(2);
  const auto run = MakeRun();
  const auto refused = [&](std::string_view other, std::string_view part) {
    const Problems problems = LoadCheckpoint(other, "model.safetensors", *run);
    return problems.size() == 1 &&
           problems[0].path.starts_with("model.safetensors") &&
           problems[0].message.find(part) != std::string::npos;
  };
  EXPECT_TRUE(refused("hello, world", "not a whole safetensors"));
  EXPECT_TRUE(refused(WriteSafetensors({}, {}), "not written by unnoise"));
  EXPECT_TRUE(refused(Replaced(bytes, "unnoise 2", "unnoise 3"), "format 3"));
  EXPECT_TRUE(refused(Replaced(bytes, "unnoise 2", "unnoise 0"), "format 0"));
  EXPECT_TRUE(refused(Replaced(bytes, R"(\"format\":1)", R"(\"format\":2)"),
                      "use a newer one"));
  EXPECT_TRUE(refused(Replaced(bytes, "\"step\":\"2\"", "\"step\":\"x\""),
                      "does not say its step"));
  const auto other = MakeRun({"seed=1"});
  EXPECT_TRUE(refused(SaveCheckpoint(*other), "another experiment"));
  EXPECT_EQ(run->step(), 0);
}

TEST(CheckpointTest, NamesMissingAndMisshapenTensors) {
  const std::string bytes = SavedAt(2);
  const auto run = MakeRun();
  const Problems missing = LoadCheckpoint(
      Replaced(bytes, "\"network.hidden.0.bias\"", "\"network.hidden.9.bias\""),
      "x", *run);
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_NE(missing[0].message.find("network.hidden.0.bias is missing"),
            std::string::npos);
  const Problems misshapen =
      LoadCheckpoint(Replaced(bytes, "[3,34]", "[34,3]"), "x", *run);
  ASSERT_EQ(misshapen.size(), 1u);
  EXPECT_NE(misshapen[0].message.find("is F32[34, 3] where F32[3, 34]"),
            std::string::npos);
}

}  // namespace
}  // namespace unnoise
