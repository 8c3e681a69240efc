// A run as bytes and back: the same bits, or a problem and nothing changed.

#include "core/run/checkpoint.h"

#include <gtest/gtest.h>

#include <memory>

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
  EXPECT_EQ(file->metadata.at("format"), "unnoise 1");
  EXPECT_EQ(file->metadata.at("step"), "2");
  EXPECT_EQ(file->metadata.at("experiment"), HashOf(MakeRun()->experiment()));
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

TEST(CheckpointTest, TellsItsStep) {
  EXPECT_EQ(*StepOfCheckpoint(SavedAt(2), "x"), 2);
  EXPECT_FALSE(StepOfCheckpoint("", "x").ok());
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
    return problems.size() == 1 && problems[0].path == "model.safetensors" &&
           problems[0].message.find(part) != std::string::npos;
  };
  EXPECT_TRUE(refused("hello, world", "not a whole safetensors"));
  EXPECT_TRUE(refused(WriteSafetensors({}, {}), "not written by unnoise"));
  EXPECT_TRUE(refused(Replaced(bytes, "unnoise 1", "unnoise 2"), "format 2"));
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
  EXPECT_NE(misshapen[0].message.find("has shape [34, 3]"), std::string::npos);
}

}  // namespace
}  // namespace unnoise
