// A warmed-up training step allocates nothing, and a run that is closed leaves
// nothing behind: counted by replacing the global operators new and delete, in
// this one file; what is allocated only while a flag is set, what lives always.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "core/autodiff/ops.h"
#include "core/nn/mlp.h"
#include "core/objective/objective.h"
#include "core/optim/optimizer.h"
#include "core/run/experiment.h"
#include "core/run/run.h"
#include "core/sampling/sampling.h"
#include "tests/core/sampling/gaussian_data.h"

namespace {

std::atomic<bool> counting = false;  // threads of a pool may allocate too
std::atomic<int64_t> allocations = 0;
std::atomic<int64_t> living = 0;

void* Allocate(std::size_t bytes, std::size_t alignment) {
  if (counting) ++allocations;
  // aligned_alloc wants a multiple of the alignment.
  const std::size_t rounded = (bytes + alignment) / alignment * alignment;
  if (void* memory = std::aligned_alloc(alignment, rounded)) {
    ++living;
    return memory;
  }
  throw std::bad_alloc();
}

void Release(void* memory) {
  if (memory != nullptr) --living;
  std::free(memory);
}

}  // namespace

// Arrays and the forms that do not throw come through these by default. Not
// inlined: g++ would see free() of what new returned, and warn.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  return Allocate(bytes, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}
[[gnu::noinline]] void* operator new(std::size_t bytes,
                                     std::align_val_t alignment) {
  return Allocate(bytes, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  Release(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  Release(memory);
}
[[gnu::noinline]] void operator delete(void* memory,
                                       std::align_val_t) noexcept {
  Release(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t,
                                       std::align_val_t) noexcept {
  Release(memory);
}

namespace unnoise {
namespace {

// Trains a small network on fixed data for `steps` steps.
class SmallTraining {
 public:
  explicit SmallTraining(int threads)
      : pool_(threads), network_(config_, 2, 2, list_) {
    weights_.resize(static_cast<size_t>(list_.size()));
    average_ = weights_;
    update_ = weights_;
    list_.Initialise(KeyFromSeed(1), weights_);
    leaves_.resize(list_.entries().size());
    gradients_.resize(leaves_.size());
    chain_.push_back(ClipByNorm(1));
    chain_.push_back(ScaleByAdam(0.9, 0.999, 1e-8, list_.size()));
    chain_.push_back(AddDecayedWeights(0.01));
    for (std::vector<float>* values : {&x_, &target_}) {
      values->resize(kBatch * 2);
      FillNormal(KeyFromSeed(2), 0, *values);
    }
    time_.resize(kBatch, 0.5f);
  }

  void Advance(int steps) {
    for (int i = 0; i < steps; ++i) Step();
  }

 private:
  static constexpr int64_t kBatch = 256;

  void Step() {
    tape_.Clear();
    list_.Bind(tape_, weights_.data(), true, leaves_);
    const Tensor x = tape_.Constant({kBatch, 2}, std::span<const float>(x_));
    const Tensor t = tape_.Constant({kBatch, 1}, std::span<const float>(time_));
    const Tensor target =
        tape_.Constant({kBatch, 2}, std::span<const float>(target_));
    Grad(DenoisingLoss(network_(leaves_, x, t), target), leaves_, gradients_);
    for (size_t i = 0; i < leaves_.size(); ++i) {
      tape_.Read(gradients_[i], update_.data() + list_.entries()[i].offset);
    }
    for (auto& transform : chain_)
      transform->Apply(step_, weights_, update_, pool_);
    const float rate = static_cast<float>(RateSchedule().At(step_));
    Descend(rate, update_, weights_, pool_);
    EmaConfig().Update(step_, weights_, average_, pool_);
    ++step_;
  }

  Pool pool_;
  std::unique_ptr<Backend> backend_ = MakeSimdBackend(pool_);
  NetworkConfig config_;
  ParameterList list_;
  TimeMlp network_;
  Tape tape_{*backend_, DType::kF32};
  std::vector<std::unique_ptr<Transform>> chain_;
  std::vector<float> weights_, average_, update_, x_, target_, time_;
  std::vector<Tensor> leaves_, gradients_;
  int64_t step_ = 0;
};

template <class Training>
int64_t AllocationsOf(Training& training, int64_t steps) {
  allocations = 0;
  counting = true;
  training.Advance(steps);
  counting = false;
  return allocations;
}

TEST(Allocation, TheFirstStepAllocatesAndAWarmOneDoesNot) {
  for (int threads : {1, 3}) {
    SmallTraining training(threads);
    EXPECT_GT(AllocationsOf(training, 1), 0);  // the counter counts
    training.Advance(2);
    EXPECT_EQ(AllocationsOf(training, 5), 0) << threads << " threads";
  }
}

// What images are made with: convolutions, norms, other sizes, attention.
class ImageTraining {
 public:
  ImageTraining() {
    for (const Shape& shape : shapes_) {
      values_.emplace_back(static_cast<size_t>(shape.size()), 0.5f);
    }
  }

  void Advance(int64_t steps) {
    for (int64_t i = 0; i < steps; ++i) Step();
  }

 private:
  void Step() {
    tape_.Clear();
    for (size_t i = 0; i < shapes_.size(); ++i) {
      leaves_[i] = tape_.Leaf(shapes_[i], values_[i].data(), true);
    }
    const auto& [x, weight, bias, scale, shift] = leaves_;
    Tensor h = Conv2d(x, weight, bias, {.padding = {1, 1}});
    h = GroupNorm(h, 2, scale, shift, 1e-5, Activation::kSilu);
    Tensor small = AveragePool(h, {2, 2});
    Tensor tokens = SplitHeads(Reshape(small, {2, 4, 4}), 2);
    tokens = MergeHeads(Attention(tokens, tokens, tokens));
    small = Reshape(tokens, small.shape());
    Tensor large = ResizeNearest(small, {4, 4});
    Tensor up = Conv2dTranspose(small, weight, {4, 4},
                                {.stride = {2, 2}, .padding = {1, 1}});
    Grad(MeanAll(Concat({h, large, up}, 3)), leaves_, gradients_);
  }

  const std::array<Shape, 5> shapes_{Shape{2, 4, 4, 4}, Shape{4, 3, 3, 4},
                                     Shape{4}, Shape{4}, Shape{4}};
  Tape tape_{SimdBackend(), DType::kF32};
  std::vector<std::vector<float>> values_;
  std::array<Tensor, 5> leaves_;
  std::array<Tensor, 5> gradients_;
};

TEST(Allocation, AWarmStepOnImagesAllocatesNothing) {
  ImageTraining training;
  EXPECT_GT(AllocationsOf(training, 1), 0);
  training.Advance(2);
  EXPECT_EQ(AllocationsOf(training, 5), 0);
}

// The same of a whole run, its draws included, for every data set, path and
// optimizer of every family that is trained.
TEST(Allocation, AWarmStepOfARunAllocatesNothing) {
  const auto check = [](std::vector<std::string> words) {
    words.insert(words.end(), {"network.width=4", "batch=40"});
    std::shared_ptr<PointSet> points;
    if (words[1] == "data=points") {
      points = std::make_shared<PointSet>(PointSet{1, {1, 2, 3}});
    }
    Result<Experiment> experiment = ReadExperiment("", "test", words, points);
    ASSERT_TRUE(experiment) << ToText(experiment.problems());
    unnoise::Run run(std::move(*experiment), SimdBackend());
    EXPECT_GT(AllocationsOf(run, 1), 0) << words[1];
    run.Advance(2);
    EXPECT_EQ(AllocationsOf(run, 5), 0) << words[0] << ' ' << words[1];
  };
  for (const Row<Family>& row : Rows<Family>()) {
    if (row.make()->training() == nullptr) continue;  // nothing to train
    const std::string family = "family=" + std::string(row.name);
    for (const Row<Dataset>& data : Rows<Dataset>()) {
      check({family, "data=" + std::string(data.name)});
    }
    for (const Row<Path>& path : Rows<Path>()) {
      check({family, "path=" + std::string(path.name)});
    }
    for (const Row<Optimizer>& optimizer : Rows<Optimizer>()) {
      check({family, "optimizer=" + std::string(optimizer.name)});
    }
  }
}

// Nor does a step of any sampler, on a denoiser that allocates nothing.
TEST(Allocation, AStepOfASamplerAllocatesNothing) {
  const Choice<Path> path("cosine");
  GaussianDataDenoiser denoiser(*path, {}, 2);
  for (const Row<Sampler>& row : Rows<Sampler>()) {
    const Choice<Sampler> sampler(row.name);
    Sampling sampling(*sampler, *path, denoiser, KeyFromSeed(1), 0, 50);
    sampling.Step();
    const int64_t before = allocations;
    counting = true;
    for (int i = 0; i < 5; ++i) sampling.Step();
    counting = false;
    EXPECT_EQ(allocations - before, 0) << row.name;
  }
}

// Opened, trained, sampled, fingerprinted and closed, a thousand times.
TEST(Allocation, RunsThatAreClosedLeaveNothingBehind) {
  const auto once = [](int seed) {
    const std::vector<std::string> words = {
        "network.width=4", "network.depth=1", "batch=4", "sampler.steps=2",
        "seed=" + std::to_string(seed)};
    Result<Experiment> experiment = ReadExperiment("", "test", words, nullptr);
    ASSERT_TRUE(experiment) << ToText(experiment.problems());
    unnoise::Run run(std::move(*experiment), SimdBackend());
    run.Advance(2);
    ASSERT_EQ(FingerprintOf(run).size(), 16u);
  };
  for (int i = 0; i < 5; ++i) once(i);  // what is made once stays
  const int64_t before = living;
  for (int i = 0; i < 1000; ++i) once(i);
  EXPECT_EQ(living, before);
}

}  // namespace
}  // namespace unnoise
