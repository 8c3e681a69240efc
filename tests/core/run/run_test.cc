#include "core/run/run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <memory>
#include <string>
#include <vector>

#include "core/autodiff/ops.h"
#include "core/run/experiment.h"

namespace unnoise {
namespace {

Experiment Read(std::vector<std::string> words) {
  Result<Experiment> experiment = ReadExperiment("", "test", words, nullptr);
  EXPECT_TRUE(experiment) << ToText(experiment.problems());
  return *experiment;
}

Run Open(std::vector<std::string> words) {
  return Run(Read(std::move(words)), SimdBackend());
}

const std::vector<std::string> kSmall = {"network.width=16", "network.depth=2",
                                         "batch=32"};

std::vector<std::string> Small(std::vector<std::string> more) {
  more.insert(more.begin(), kSmall.begin(), kSmall.end());
  return more;
}

// A network whose output is still zero leaves the best linear prediction for
// standardised data: on the straight path E|eps - sigma xt / (alpha^2 +
// sigma^2)|^2 = alpha^2 / (alpha^2 + sigma^2), whose mean over t in [0, 1] is
// 1/2 by symmetry. Its standard error over 4096 x 2 squares of at most unit
// variance 2 is below sqrt(2 / 8192) = 0.0156.
TEST(Run, LossStartsAtTheLinearOptimumAndFalls) {
  unnoise::Run run = Open(Small({"batch=4096", "path=straight"}));
  EXPECT_NEAR(run.Advance(1).loss, 0.5, 4 * 0.0156);
  // Means of 20 batches of 256 x 2 squares: standard error below 0.014.
  unnoise::Run longer =
      Open(Small({"data=eight_gaussians", "batch=256", "network.width=32",
                  "rate.peak=0.005", "rate.warmup=20"}));
  const auto mean_of_20 = [&] {
    double mean = 0;
    for (int i = 0; i < 20; ++i) mean += longer.Advance(1).loss / 20;
    return mean;
  };
  const double first = mean_of_20();
  longer.Advance(1000);
  const double last = mean_of_20();
  EXPECT_LT(last, first - 4 * 0.014);
  EXPECT_EQ(longer.step(), 1040);
}

TEST(Run, SameSeedSameBitsAndOtherSeedOthers) {
  unnoise::Run a = Open(Small({"seed=5"})), b = Open(Small({"seed=5"}));
  unnoise::Run c = Open(Small({"seed=6"}));
  for (unnoise::Run* run : {&a, &b, &c}) run->Advance(10);
  EXPECT_EQ(FingerprintOf(a), FingerprintOf(b));
  EXPECT_NE(FingerprintOf(a), FingerprintOf(c));
}

TEST(Run, FingerprintSeesStepWeightsAndAverage) {
  unnoise::Run run = Open(kSmall);
  run.Advance(3);
  const std::string before = FingerprintOf(run);
  EXPECT_EQ(before, FingerprintOf(run));  // and asking changes nothing
  EXPECT_EQ(before.size(), 16u);
  run.SetStep(4);
  EXPECT_NE(before, FingerprintOf(run));
  run.SetStep(3);
  const float weight = run.weights()[0];
  run.weights()[0] += 1;
  EXPECT_NE(before, FingerprintOf(run));
  run.weights()[0] = weight;
  EXPECT_EQ(before, FingerprintOf(run));
  run.average()[0] += 1;
  EXPECT_NE(before, FingerprintOf(run));
}

// At first the output layer is zero, so that no sample depends on the layers
// before it.
TEST(Run, FingerprintSeesAnAverageThatNoSampleShows) {
  unnoise::Run run = Open(kSmall);
  const std::vector<float> xt = {0.5f, -1};
  std::vector<float> data(2), noise(2), data_after(2), noise_after(2);
  run.MakeDenoiser()->Predict(0.5, xt, {data, noise});
  const std::string before = FingerprintOf(run);
  run.average()[0] += 1;
  run.MakeDenoiser()->Predict(0.5, xt, {data_after, noise_after});
  EXPECT_EQ(data, data_after);
  EXPECT_EQ(noise, noise_after);
  EXPECT_NE(before, FingerprintOf(run));
}

// Of the weights after each step, from those at the start.
TEST(Run, KeepsTheRunningMeanOfItsWeights) {
  unnoise::Run run = Open(Small({"rate.warmup=0"}));
  const auto list = [](std::span<const float> values) {
    return std::vector<float>(values.begin(), values.end());
  };
  const std::vector<float> start = list(run.weights());
  std::vector<float> mean = start;
  const EmaConfig ema = run.experiment().family->training()->ema;
  for (int64_t step = 0; step < 5; ++step) {
    run.Advance(1);
    ema.Update(step, run.weights(), mean, SerialPool());
    EXPECT_EQ(mean, list(run.average())) << step;
  }
  EXPECT_NE(mean, start);
  EXPECT_NE(mean, list(run.weights()));
}

TEST(Run, DivergenceKeepsTheLastGoodState) {
  unnoise::Run run =
      Open(Small({"optimizer=sgd", "optimizer.clip=0", "rate.peak=1",
                  "rate.warmup=0", "network.activation=relu"}));
  run.Advance(2);
  run.weights()[0] = 3e38f;  // the next forward pass overflows
  run.weights()[1] = 3e38f;
  const std::vector<float> before(run.weights().begin(), run.weights().end());
  const Progress& progress = run.Advance(5);
  EXPECT_TRUE(progress.diverged);
  EXPECT_EQ(progress.step, 2);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), run.weights().begin()));
}

TEST(Run, TrapNamesTheOperationThatMadeTheFirstNan) {
  unnoise::Run run = Open(Small({"network.activation=relu"}));
  run.Advance(2);
  EXPECT_EQ(run.trapped(), "");
  // Infinite sums of both signs meet in the layer behind.
  std::fill_n(run.weights().begin(), 8, 3e38f);
  run.TrapNan(true);
  EXPECT_TRUE(run.Advance(5).diverged);
  EXPECT_EQ(run.step(), 2);
  EXPECT_EQ(run.trapped().find("LinearActivation made the first NaN"), 0u)
      << run.trapped();
}

// The arena of a step is as large as was said before the first one, from its
// first piece to its last.
TEST(Run, MemoryIsKnownBeforeTheFirstStep) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {},
           {"network.depth=1", "optimizer=sgd"},
           {"network.width=33", "batch=77", "network.activation=tanh"},
           {"data=gaussian_mixture"},
           {"network.width=200", "batch=600"}}) {
    unnoise::Run run = Open(Small(words));
    const int64_t known = run.StepBytes();
    EXPECT_GT(known, 0);
    EXPECT_EQ(run.peak_bytes(), 0);
    run.Advance(3);
    EXPECT_EQ(run.peak_bytes(), known);
    const int64_t all = run.TrainingBytes();
    EXPECT_FALSE(MemoryProblem(run, all));
    const auto problem = MemoryProblem(run, all - 1);
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->path, "batch");
  }
}

TEST(Run, LargestAndSmallestFieldsMakeFiniteSteps) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"network.width=1", "network.depth=1", "batch=1"},
           {"network.depth=8", "network.width=8"},
           {"rate.warmup=0", "rate.horizon=1", "ema.decay=0"},
           {"path.t_min=0.000001"},
           {"data.noise=0"},
           {"data=gaussian_mixture", "data.weights=[1]", "data.means=[[0]]",
            "data.covariances=[[[1]]]"}}) {
    std::vector<std::string> all = Small({});
    all.insert(all.end(), words.begin(), words.end());
    unnoise::Run run = Open(all);
    const Progress& progress = run.Advance(5);
    EXPECT_FALSE(progress.diverged) << words[0];
    EXPECT_TRUE(std::isfinite(progress.loss)) << words[0];
  }
}

TEST(Run, EveryDataSetAndPathTrains) {
  for (const Row<Dataset>& data : Rows<Dataset>()) {
    if (data.name == "points") continue;
    for (const Row<Path>& path : Rows<Path>()) {
      unnoise::Run run = Open(Small({"data=" + std::string(data.name),
                                     "path=" + std::string(path.name)}));
      EXPECT_FALSE(run.Advance(3).diverged) << data.name << " " << path.name;
    }
  }
}

// The whole loss, network, time features and draws included: the gradient on
// the tape against a complex step through the same tape. Both are exact to
// rounding; 1e-12 of the largest component allows for sums of 37k terms.
TEST(Run, GradientOfTheLossByComplexStep) {
  const Experiment experiment = Read({"network.width=5", "network.depth=2",
                                      "batch=7", "data=eight_gaussians"});
  const std::unique_ptr<Model> model =
      experiment.family->Open(*experiment.data);
  model->objective()->DrawBatch(Key{1, 2}, SerialPool());
  const ParameterList& parameters = model->parameters();
  std::vector<float> initial(static_cast<size_t>(parameters.size()));
  FillNormal(Key{3, 4}, 0, initial);

  std::vector<double> real(initial.begin(), initial.end());
  for (double& x : real) x *= 0.5;
  Tape tape(ReferenceBackend(), DType::kF64);
  std::vector<Tensor> leaves(parameters.entries().size());
  std::vector<Tensor> gradients(leaves.size());
  parameters.Bind(tape, real.data(), true, leaves);
  Grad(model->objective()->Loss(tape, leaves), leaves, gradients);
  std::vector<double> gradient(real.size());
  double largest = 0;
  for (size_t i = 0; i < gradients.size(); ++i) {
    tape.Read(gradients[i], gradient.data() + parameters.entries()[i].offset);
  }
  for (double g : gradient) largest = std::max(largest, std::fabs(g));
  ASSERT_GT(largest, 0.01);

  constexpr double kStep = 1e-30;
  Tape complex_tape(ReferenceBackend(), DType::kC128);
  for (size_t i = 0; i < real.size(); ++i) {
    std::vector<std::complex<double>> moved(real.begin(), real.end());
    moved[i] += std::complex<double>(0, kStep);
    complex_tape.Clear();
    parameters.Bind(complex_tape, moved.data(), false, leaves);
    std::complex<double> loss;
    complex_tape.Read(model->objective()->Loss(complex_tape, leaves), &loss);
    EXPECT_NEAR(loss.imag() / kStep, gradient[i], 1e-12 * largest) << i;
  }
}

TEST(Experiment, CanonicalTextReadsBackToItself) {
  const Experiment experiment =
      Read({"data=rings", "network.width=64", "seed=7", "sampler=ddpm"});
  const std::string text = WriteExperiment(experiment);
  const Result<Experiment> again = ReadExperiment(text, "text", {}, nullptr);
  ASSERT_TRUE(again) << ToText(again.problems());
  EXPECT_EQ(WriteExperiment(*again), text);
  EXPECT_EQ(HashOf(*again), HashOf(experiment));
}

TEST(Experiment, EveryProblemAtOnceWithItsPlace) {
  const std::vector<std::string> words = {"network.width=0", "batch=x",
                                          "seed=-1", "nonsense=1", "bare"};
  const Result<Experiment> bad = ReadExperiment("", "words", words, nullptr);
  ASSERT_FALSE(bad);
  const std::string text = ToText(bad.problems());
  for (const char* place :
       {"network.width", "batch", "seed", "nonsense", "bare: "}) {
    EXPECT_NE(text.find(place), std::string::npos) << text;
  }
}

TEST(Experiment, NewerFormatsAreRefused) {
  const Result<Experiment> newer =
      ReadExperiment("{\"format\": 2}", "file", {}, nullptr);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.problems()[0].path, "format");
  const Result<Experiment> far =
      ReadExperiment("{\"format\": 1e300}", "file", {}, nullptr);
  ASSERT_FALSE(far);  // newer still, and beyond every integer
  EXPECT_NE(ToText(far.problems()).find("use a newer one"), std::string::npos);
  for (const char* text : {"0", "1.5", "-1", "\"1\"", "null"}) {
    EXPECT_FALSE(ReadExperiment("{\"format\":" + std::string(text) + "}",
                                "file", {}, nullptr))
        << text;
  }
}

TEST(Experiment, OtherPointsThanNamedAreRefused) {
  const auto points =
      std::make_shared<PointSet>(PointSet{2, {0.0f, 1.0f, 2.0f, 3.0f}});
  const std::vector<std::string> words = {"data=points", "data.count=3"};
  EXPECT_FALSE(ReadExperiment("", "words", words, points));
  const std::vector<std::string> good = {"data=points"};
  const Result<Experiment> read = ReadExperiment("", "words", good, points);
  ASSERT_TRUE(read) << ToText(read.problems());
  EXPECT_EQ(read->points()->points(), points.get());
}

}  // namespace
}  // namespace unnoise
