// What every family must do with every data set, path, sampler and optimizer,
// from the schema alone: a new row or field is tested without a line here.
// Bits are in run/golden_test.cc, allocations in autodiff/
// allocation_native_test.cc.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/config.h"
#include "core/run/checkpoint.h"
#include "core/run/experiment.h"
#include "core/run/run.h"
#include "core/sampling/sampling.h"
#include "tests/golden.h"

namespace unnoise {
namespace {

using Words = std::vector<std::string>;
// Within a test the name Run is GoogleTest's.
using RunPointer = std::unique_ptr<Run>;

constexpr char kPointsWord[] = "data=points";
const Words kSmall = {"network.width=2", "network.depth=1", "batch=4",
                      "rate.warmup=0"};

Words operator+(Words words, const std::string& more) {
  words.push_back(more);
  return words;
}

// The family that words name; the first one if they name none.
const Row<Family>& FamilyOf(const Words& words) {
  for (const Row<Family>& row : Rows<Family>()) {
    const std::string word = "family=" + std::string(row.name);
    if (std::find(words.begin(), words.end(), word) != words.end()) return row;
  }
  return Rows<Family>()[0];
}

bool IsTrained(const Row<Family>& row) {
  return row.make()->training() != nullptr;
}

RunPointer Open(const Words& more) {
  Words words;
  if (IsTrained(FamilyOf(more))) words = kSmall;
  words.insert(words.end(), more.begin(), more.end());
  std::shared_ptr<PointSet> points;
  if (std::find(more.begin(), more.end(), kPointsWord) != more.end()) {
    points =
        std::make_shared<PointSet>(PointSet{3, {0, 1, 5, 2, 1, 5, 4, 7, 5}});
  }
  Result<Experiment> experiment = ReadExperiment("", "test", words, points);
  EXPECT_TRUE(experiment) << ToText(experiment.problems());
  return std::make_unique<Run>(std::move(*experiment), SimdBackend());
}

std::string Shown(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += word + ' ';
  return text;
}

std::string TextIn(const Json& entry, const char* key) {
  const Json* text = entry.Find(key);
  return text && text->AsString() ? *text->AsString() : "";
}

// Calls `see` for every field of a schema, whatever kind it belongs to, with
// the words that choose that kind.
using See = std::function<void(const Json& field, const Words& kinds)>;
void Walk(const Json& fields, const Words& kinds, const See& see) {
  for (const Json& field : *fields.AsArray()) {
    see(field, kinds);
    if (const Json* inner = field.Find("fields")) Walk(*inner, kinds, see);
    const Json* list = field.Find("kinds");
    if (list == nullptr) continue;
    for (const Json& kind : *list->AsArray()) {
      Walk(*kind.Find("fields"),
           kinds + (TextIn(field, "path") + '=' + TextIn(kind, "name")), see);
    }
  }
}

// The values at the ends of a field: of numbers the least and the greatest, of
// options all. None for what has no ends, or is not for a user to set.
std::vector<Json> EndsOf(const Json& field, const Words& kinds) {
  const std::string path = TextIn(field, "path"), type = TextIn(field, "type");
  if (const Json* options = field.Find("options")) return *options->AsArray();
  if (type == "bool") return {Json(false), Json(true)};
  if (type != "int" && type != "real") return {};
  const bool named = !kinds.empty() && kinds.back() == kPointsWord;
  if (named) return {};  // count and dim follow the points
  return {*field.Find("min"), *field.Find("max")};
}

// Whether the words name a sampler that goes by the density, for a family that
// has none: a problem, see sampling/metropolis_test.cc.
bool LacksDensity(const Words& words) {
  return IsTrained(FamilyOf(words)) &&
         std::any_of(words.begin(), words.end(), [](const std::string& word) {
           return word.starts_with("sampler=") &&
                  Choice<Sampler>(word.substr(8))->needs_density();
         });
}

// Whether the run's own sampler ends in finite samples, or, where steps may be
// of any length, in a status.
bool Samples(Run& run, bool any_length = false) {
  const Family& family = *run.experiment().family;
  const Sampler& sampler = *family.sampler();
  const std::unique_ptr<Denoiser> denoiser = run.MakeDenoiser();
  Sampling sampling(sampler, family.path(), *denoiser, KeyFromSeed(1), 0, 3);
  while (sampling.Step()) {
  }
  const bool too_long = sampling.outcome() == Outcome::kUnstable ||
                        sampling.outcome() == Outcome::kStuck;
  if (any_length && too_long) return true;
  return sampling.done() && sampling.finite();
}

TEST(FamilyBattery, EveryFieldAtItsEndsTrainsAndSamples) {
  int cases = 0;
  Walk(SchemaOf(Experiment()), {}, [&](const Json& field, const Words& kinds) {
    if (LacksDensity(kinds)) return;
    for (const Json& end : EndsOf(field, kinds)) {
      const std::string path = TextIn(field, "path");
      Words words = kinds + (path + '=' + Write(end));
      // Thousands of steps, on a law that is quick to ask.
      if (path.starts_with("sampler.")) words.push_back("data=mixture_1d");
      const RunPointer run = Open(words);
      if (run->trainable()) {
        const Progress& progress = run->Advance(5);
        EXPECT_EQ(progress.step, 5) << Shown(words);
        EXPECT_FALSE(progress.diverged) << Shown(words);
        EXPECT_TRUE(std::isfinite(progress.loss)) << Shown(words);
      }
      EXPECT_TRUE(Samples(*run, true)) << Shown(words);
      ++cases;
    }
  });
  EXPECT_GT(cases, 100);  // the walk walks
}

// What a list, a control or a help text needs.
TEST(FamilyBattery, EverythingHasItsLabels) {
  const auto is_sentence = [](const std::string& text) {
    return text.size() > 10 && text.back() == '.';
  };
  Walk(SchemaOf(Experiment()), {}, [&](const Json& field, const Words&) {
    const std::string path = TextIn(field, "path");
    EXPECT_TRUE(is_sentence(TextIn(field, "help"))) << path;
    const Json* kinds = field.Find("kinds");
    if (kinds == nullptr) return;
    for (const Json& kind : *kinds->AsArray()) {
      const std::string name = TextIn(kind, "name");
      EXPECT_FALSE(name.empty()) << path;
      EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
                name.npos)
          << name;
      EXPECT_FALSE(TextIn(kind, "title").empty()) << name;
      EXPECT_TRUE(is_sentence(TextIn(kind, "help"))) << name;
    }
  });
}

TEST(FamilyBattery, EveryFamilyHasAGoldenRun) {
  const std::string goldens = kGoldenJson;
  for (const Row<Family>& row : Rows<Family>()) {
    const bool is_first = row.name == Rows<Family>()[0].name;
    EXPECT_TRUE(is_first ||
                goldens.find("family=" + std::string(row.name)) != goldens.npos)
        << row.name;
  }
}

// Twice the same bits; and the same with a checkpoint in the middle, which is
// compared whole: weights, running mean and the optimizer's state.
TEST(FamilyBattery, SavingInTheMiddleChangesNoBit) {
  for (const Row<Family>& family : Rows<Family>()) {
    if (!IsTrained(family)) continue;
    for (const Row<Dataset>& data : Rows<Dataset>()) {
      for (const Row<Optimizer>& optimizer : Rows<Optimizer>()) {
        const Words words = {"family=" + std::string(family.name),
                             "data=" + std::string(data.name),
                             "optimizer=" + std::string(optimizer.name)};
        const RunPointer whole = Open(words);
        whole->Advance(6);
        const RunPointer first = Open(words), second = Open(words);
        first->Advance(3);
        const Problems problems =
            LoadCheckpoint(SaveCheckpoint(*first), "test", *second);
        ASSERT_TRUE(problems.empty()) << ToText(problems);
        second->Advance(3);
        EXPECT_EQ(SaveCheckpoint(*second), SaveCheckpoint(*whole))
            << Shown(words);
        EXPECT_EQ(FingerprintOf(*second), FingerprintOf(*whole))
            << Shown(words);
      }
    }
  }
}

// One batch of many points has its times spread over the same interval as many
// of one point each, so that the mean of their losses is the same.
TEST(FamilyBattery, TimesAreSpreadAlikeInBatchesOfEverySize) {
  for (const Row<Family>& family : Rows<Family>()) {
    if (!IsTrained(family)) continue;
    // Mean and squared standard error over batches, with fresh weights.
    const auto losses = [&](int64_t batch, int count) {
      const RunPointer run = Open({"family=" + std::string(family.name),
                                   "batch=" + std::to_string(batch)});
      const Experiment& experiment = run->experiment();
      const std::unique_ptr<Model> model =
          experiment.family->Open(*experiment.data);
      Tape tape(SimdBackend(), DType::kF32);
      std::vector<Tensor> leaves(model->parameters().entries().size());
      double sum = 0, squares = 0;
      for (int i = 0; i < count; ++i) {
        model->objective()->DrawBatch(
            Fold(KeyFromSeed(11), static_cast<uint64_t>(i)), SerialPool());
        tape.Clear();
        model->parameters().Bind(tape, run->weights().data(), false, leaves);
        float loss = 0;
        tape.Read(model->objective()->Loss(tape, leaves), &loss);
        sum += loss;
        squares += double{loss} * loss;
      }
      const double mean = sum / count;
      return std::pair(mean, (squares / count - mean * mean) / count);
    };
    const auto [one, one_error] = losses(1, 2000);
    const auto [many, many_error] = losses(64, 32);
    EXPECT_NEAR(one, many, 4 * std::sqrt(one_error + many_error))
        << family.name;
    EXPECT_LT(std::sqrt(one_error), 0.05 * one) << family.name;
  }
}

TEST(FamilyBattery, EverySamplerEndsInFiniteSamples) {
  for (const Row<Family>& family : Rows<Family>()) {
    for (const Row<Path>& path : Rows<Path>()) {
      for (const Row<Sampler>& sampler : Rows<Sampler>()) {
        const Words words = {"family=" + std::string(family.name),
                             "path=" + std::string(path.name),
                             "sampler=" + std::string(sampler.name),
                             "sampler.steps=7"};
        if (LacksDensity(words)) continue;
        const RunPointer run = Open(words);
        if (run->trainable()) run->Advance(3);
        EXPECT_TRUE(Samples(*run)) << Shown(words);
      }
    }
  }
}

// The mean square of what a denoiser's noise is off by, on as many points of
// N(0, variance) as there are times t.
double NoiseError(Denoiser& denoiser, const Path& path, double variance,
                  const std::vector<double>& t) {
  const size_t dim = static_cast<size_t>(denoiser.dim());
  std::vector<float> x0(t.size() * dim), noise(x0.size()), xt(x0.size());
  std::vector<float> data(x0.size()), said(x0.size());
  FillNormal(KeyFromSeed(21), 0, x0);
  FillNormal(KeyFromSeed(22), 0, noise);
  for (size_t i = 0; i < x0.size(); ++i) {
    const Coefficients at = path.At(t[i / dim]);
    xt[i] = static_cast<float>(at.alpha * std::sqrt(variance) * x0[i] +
                               at.sigma * noise[i]);
  }
  denoiser.PredictAt(t, xt, {data, said});
  double sum = 0;
  for (size_t i = 0; i < x0.size(); ++i) {
    const double error = double{said[i]} - noise[i];
    sum += error * error;
  }
  return sum / static_cast<double>(x0.size());
}

// Data N(0, v) have a best denoiser, which leaves alpha^2 v / (alpha^2 v +
// sigma^2) of the noise unknown at each t: no training comes below the mean of
// that over t, and here little training takes away seven eighths of what is
// above. The same holds for the denoiser that samplers are given, on points of
// which training knows nothing.
TEST(FamilyBattery, LossFallsOnAGaussianTowardsItsFloor) {
  constexpr double kVariance = 0.04;
  for (const Row<Family>& family : Rows<Family>()) {
    if (!IsTrained(family)) continue;
    for (const Row<Path>& row : Rows<Path>()) {
      const RunPointer run =
          Open({"family=" + std::string(family.name),
                "path=" + std::string(row.name), "data=gaussian_mixture",
                "data.weights=[1]", "data.means=[[0,0]]",
                "data.covariances=[[[0.04,0],[0,0.04]]]", "network.width=8",
                "batch=128", "rate.peak=0.02"});
      const Path& path = run->experiment().family->path();
      double floor = 0, square = 0;  // means over t of it and of its square
      constexpr int kParts = 1000;
      for (int i = 0; i < kParts; ++i) {
        const Coefficients at = path.At(path.t_min + (path.t_max - path.t_min) *
                                                         (i + 0.5) / kParts);
        const double known = at.alpha * at.alpha * kVariance;
        const double unknown = known / (known + at.sigma * at.sigma);
        floor += unknown / kParts;
        square += unknown * unknown / kParts;
      }
      const auto mean_of = [&](int batches) {
        double mean = 0;
        for (int i = 0; i < batches; ++i) mean += run->Advance(1).loss;
        return mean / batches;
      };
      // 400 batches of 128 x 2 squares of normal numbers of that variance.
      const double error = std::sqrt(2 * square / (400 * 128 * 2));
      const double first = mean_of(20);
      run->Advance(300);
      const double last = mean_of(400);
      EXPECT_GT(last, floor - 4 * error) << row.name;
      EXPECT_LT(last - floor, 0.125 * (first - floor)) << row.name << first;

      std::vector<double> t(20 * 128);
      for (size_t i = 0; i < t.size(); ++i) {
        const double place =
            (static_cast<double>(i) + 0.5) / static_cast<double>(t.size());
        t[i] = path.t_min + (path.t_max - path.t_min) * place;
      }
      const double sample_error = std::sqrt(2 * square / (2.0 * t.size()));
      const auto denoiser =
          run->model().MakeDenoiser(SimdBackend(), run->weights());
      const double sampled = NoiseError(*denoiser, path, kVariance, t);
      EXPECT_GT(sampled, floor - 4 * sample_error) << row.name;
      EXPECT_LT(sampled - floor, 0.125 * (first - floor) + 4 * sample_error)
          << row.name << first;
    }
  }
}

}  // namespace
}  // namespace unnoise
