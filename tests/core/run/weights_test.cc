// Weights of another program under our names: what is found, and every mistake.

#include "core/run/weights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/half.h"
#include "core/run/checkpoint.h"

namespace unnoise {
namespace {

// Two layers, as a model enters them.
ParameterList TwoLayers() {
  ParameterList list;
  list.Add("network.hidden.0.weight", {2, 3}, 1);
  list.Add("network.hidden.0.bias", {2}, 0);
  list.Add("network.output.weight", {1, 2}, 1);
  list.Add("network.output.bias", {1}, 0);
  return list;
}

const std::vector<float> kHidden = {1, 2, 3, 4, 5, 6}, kHiddenBias = {7, 8};
const std::vector<double> kOutput = {9, 10};  // of another type
const std::vector<Half> kOutputBias = {ToHalf(11)};
const std::vector<float> kAll = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

std::vector<NamedTensor> Tensors() {
  return {{"net.2.weight", {1, 2}, kOutput},
          {"net.0.weight", {2, 3}, kHidden},
          {"net.0.bias", {2}, kHiddenBias},
          {"net.2.bias", {1}, kOutputBias}};
}

constexpr char kMap[] =
    R"({"network.hidden.0": "net.0", "network.output": "net.2"})";

Result<std::vector<float>> Load(const std::vector<NamedTensor>& tensors,
                                std::string_view map_text,
                                const Metadata& metadata = {}) {
  const Result<NameMap> map = ReadNameMap(map_text, "map.json");
  if (!map.ok()) return map.problems();
  const std::string bytes = WriteSafetensors(tensors, metadata);
  const Result<SafetensorsFile> file = ReadSafetensors(bytes, "a.safetensors");
  if (!file.ok()) return file.problems();
  return WeightsIn(*file, *map, TwoLayers(), {"a.safetensors", "map.json"});
}

std::string ProblemsOf(const Result<std::vector<float>>& weights) {
  return weights.ok() ? "" : ToText(weights.problems());
}

TEST(WeightsTest, ModulesAreRenamedWithAllBelow) {
  const auto weights = Load(Tensors(), kMap);
  ASSERT_TRUE(weights.ok()) << ToText(weights.problems());
  EXPECT_EQ(*weights, kAll);
}

TEST(WeightsTest, TheLongestNameCounts) {
  // "network" alone would make net.hidden.0; tensors have names of their own.
  std::vector<NamedTensor> tensors = Tensors();
  tensors[0].name = "net.output.weight";
  tensors[3].name = "net.shift";
  const auto weights = Load(tensors,
                            R"({"network": "net", "network.hidden.0": "net.0",
          "network.output.bias": "net.shift"})");
  ASSERT_TRUE(weights.ok()) << ToText(weights.problems());
  EXPECT_EQ(*weights, kAll);
}

TEST(WeightsTest, WithoutAMapNamesAreOurs) {
  std::vector<NamedTensor> tensors = Tensors();
  tensors[0].name = "network.output.weight";
  tensors[1].name = "network.hidden.0.weight";
  tensors[2].name = "network.hidden.0.bias";
  tensors[3].name = "network.output.bias";
  const auto weights = Load(tensors, "{}");
  ASSERT_TRUE(weights.ok()) << ToText(weights.problems());
  EXPECT_EQ(*weights, kAll);
}

TEST(WeightsTest, ANameStandsForWholePartsOnly) {
  // "network.h" is no module, though names begin with it.
  EXPECT_EQ(ProblemsOf(Load(Tensors(), R"({"network.hidden.0": "net.0",
      "network.output": "net.2", "network.h": "x"})")),
            "map.json: this experiment has no tensor \"network.h\"; choose "
            "from network.hidden.0.weight, network.hidden.0.bias, "
            "network.output.weight, network.output.bias.");
}

TEST(WeightsTest, ReportsEveryMistakeAtOnce) {
  std::vector<NamedTensor> tensors = Tensors();
  const std::vector<int64_t> whole = {1, 2};
  const std::vector<float> infinite = {1, 2, 3, 4, 5, HUGE_VALF};
  tensors[0] = {"net.2.weight", {1, 2}, whole};
  tensors[1] = {"net.0.weight", {2, 3}, infinite};
  tensors[2] = {"net.0.bias", {1, 2}, kHiddenBias};
  tensors[3].name = "net.2.shift";
  EXPECT_EQ(ProblemsOf(Load(tensors, kMap)),
            "a.safetensors: the number of \"net.0.weight\" at [1, 2] is not "
            "finite in single precision; give one within 3e38.\n"
            "a.safetensors: the tensor \"net.0.bias\" has shape [1, 2] where "
            "[2] is expected; change the network to fit.\n"
            "a.safetensors: the numbers of \"net.2.weight\" are of type I64; "
            "give F32, F64, F16 or BF16.\n"
            "a.safetensors: there is no tensor \"net.2.bias\" for "
            "network.output.bias; say with --map which it is.\n"
            "a.safetensors: nothing here takes the tensor \"net.2.shift\"; "
            "name what does with --map, or take it out of the file.");
}

TEST(WeightsTest, SaysThatATransposeIsOne) {
  std::vector<NamedTensor> tensors = Tensors();
  tensors[1] = {"net.0.weight", {3, 2}, kHidden};
  EXPECT_EQ(ProblemsOf(Load(tensors, kMap)),
            "a.safetensors: the tensor \"net.0.weight\" has shape [3, 2] where "
            "[2, 3] is expected; transpose it.");
}

// [out, in, height, width] in the file; [out, height, width, in] here.
TEST(WeightsTest, FiltersAreTurnedIntoOurOrder) {
  ParameterList list;
  list.Add("conv.weight", {2, 1, 2, 3}, {Start::Law::kUniform, 1},
           Layout::kFilters);
  const std::vector<double> filters = {0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11};
  const auto load = [&](const Shape& shape) {
    const std::string bytes = WriteSafetensors(
        std::vector<NamedTensor>{{"0.weight", shape, filters}}, {});
    return WeightsIn(*ReadSafetensors(bytes, "a"), {{"conv", "0"}}, list,
                     {"a", "map.json"});
  };
  const auto weights = load({2, 3, 1, 2});
  ASSERT_TRUE(weights.ok()) << ToText(weights.problems());
  EXPECT_EQ(*weights,
            (std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(ProblemsOf(load({2, 1, 2, 3})),
            "a: the tensor \"0.weight\" has shape [2, 1, 2, 3] where [2, 3, "
            "1, 2] is expected; change the network to fit.");
}

TEST(WeightsTest, RefusesTwoNamesForOneTensor) {
  EXPECT_EQ(ProblemsOf(Load({{"x", {2}, kHiddenBias}},
                            R"({"network.hidden.0.bias": "x",
                                "network.hidden.0.weight": "x",
                                "network.output.weight": "x",
                                "network.output.bias": "x"})")),
            "a.safetensors: the tensor \"x\" has shape [2] where [2, 3] is "
            "expected; change the network to fit.\n"
            "map.json: \"x\" would be both network.hidden.0.weight and "
            "network.hidden.0.bias; give each a tensor of its own.\n"
            "map.json: \"x\" would be both network.hidden.0.weight and "
            "network.output.weight; give each a tensor of its own.\n"
            "map.json: \"x\" would be both network.hidden.0.weight and "
            "network.output.bias; give each a tensor of its own.");
}

TEST(WeightsTest, RefusesMapsThatAreNone) {
  const auto problems = [](std::string_view text) {
    const Result<NameMap> map = ReadNameMap(text, "map.json");
    return map.ok() ? "" : ToText(map.problems());
  };
  EXPECT_EQ(problems("[1]"),
            "map.json: this is no map of names; write {\"network.hidden.0\": "
            "\"net.0\", ...}.");
  EXPECT_EQ(problems(R"({"a": 1, "b": "x", "c": null})"),
            "map.json: \"a\" leads to 1; give the name of a tensor or module, "
            "in quotes.\n"
            "map.json: \"c\" leads to null; give the name of a tensor or "
            "module, in quotes.");
  EXPECT_NE(problems("{"), "");
  EXPECT_NE(problems(""), "");
  EXPECT_NE(problems(R"({"a": "x", "a": "y"})"), "");
}

// A checkpoint of ours holds running means and optimizer state besides: what is
// not asked for stays there.
TEST(WeightsTest, TakesWeightsOfOurOwnRuns) {
  const std::vector<std::string> words = {"network.width=3", "network.depth=1",
                                          "batch=4"};
  unnoise::Run run(*ReadExperiment("", "", words, nullptr), SimdBackend());
  run.Advance(2);
  const std::string bytes = SaveCheckpoint(run);
  const auto load = [&](const NameMap& map) {
    return *WeightsIn(*ReadSafetensors(bytes, "a"), map,
                      run.model().parameters(), {"a", "map.json"});
  };
  const auto list = [](std::span<const float> values) {
    return std::vector<float>(values.begin(), values.end());
  };
  EXPECT_EQ(load({}), list(run.weights()));
  EXPECT_EQ(load({{"network", "ema.network"}}), list(run.average()));
}

TEST(WeightsTest, ARunStartsFromThem) {
  const std::vector<std::string> words = {"network.width=3", "network.depth=1",
                                          "batch=4"};
  const Experiment drawn = *ReadExperiment("", "", words, nullptr);
  unnoise::Run run(drawn, SimdBackend());
  const std::vector<float> weights(run.weights().size(), 0.25f);
  run.StartFrom(weights);
  EXPECT_EQ(run.step(), 0);
  EXPECT_EQ(std::vector<float>(run.weights().begin(), run.weights().end()),
            weights);
  EXPECT_EQ(std::vector<float>(run.average().begin(), run.average().end()),
            weights);
  EXPECT_EQ(run.experiment().weights, HashOfWeights(weights));
  EXPECT_NE(HashOf(run.experiment()), HashOf(drawn));

  // The experiment alone does not say what the weights are.
  unnoise::Run other(run.experiment(), SimdBackend());
  EXPECT_THROW(other.Advance(1), UsageError);
  EXPECT_FALSE(NeedsWeights(run.experiment()).empty());
  EXPECT_TRUE(NeedsWeights(drawn).empty());
  // A checkpoint does, and they stay what the experiment is known by.
  run.Advance(2);
  const std::string bytes = SaveCheckpoint(run);
  ASSERT_TRUE(LoadCheckpoint(bytes, "a", other).empty());
  run.Advance(2);
  other.Advance(2);
  EXPECT_EQ(SaveCheckpoint(other), SaveCheckpoint(run));
  unnoise::Run wrong(drawn, SimdBackend());
  EXPECT_FALSE(LoadCheckpoint(bytes, "a", wrong).empty());
}

TEST(WeightsTest, AnExperimentNamesThemOnlyIfTheyAreGiven) {
  const auto read = [](std::vector<std::string> words) {
    return ReadExperiment("", "", words, nullptr);
  };
  EXPECT_EQ(WriteExperiment(Experiment()).find("weights"), std::string::npos);
  EXPECT_EQ(HashOf(*read({"weights="})), HashOf(Experiment()));
  // Digits only, which are no number.
  const auto named = read({"weights=\"0123456789012345\""});
  ASSERT_TRUE(named.ok()) << ToText(named.problems());
  const std::string text = WriteExperiment(*named);
  EXPECT_NE(text.find(R"("weights":"0123456789012345")"), std::string::npos);
  EXPECT_EQ(ReadExperiment(text, "", {}, nullptr)->weights, named->weights);
  for (const char* word : {"weights=0123456789abcdeg", "weights=abc",
                           "weights=0123456789ABCDEF"}) {
    const auto refused = read({word});
    ASSERT_FALSE(refused.ok()) << word;
    EXPECT_EQ(ToText(refused.problems()),
              "weights: this is no fingerprint of weights; leave it empty, or "
              "train with --weights FILE.");
  }
}

// FNV-1a of the bytes 00 00 80 3f 00 00 00 c0, by another program.
TEST(WeightsTest, TheirFingerprintIsOfTheirBytes) {
  EXPECT_EQ(HashOfWeights(std::vector<float>{1, -2}), "0979e9ee2da22858");
  EXPECT_EQ(HashOfWeights({}), "cbf29ce484222325");
}

}  // namespace
}  // namespace unnoise
