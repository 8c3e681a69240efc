// Constants that are drawn or picked: their bits, their laws, and what they
// refuse.

#include "core/autodiff/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/autodiff/gather.h"
#include "core/base/check.h"
#include "core/base/hash.h"
#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

constexpr int64_t kCount = 40000;

struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments MomentsOf(Tensor x) {
  Moments moments;
  const auto values = ReadAll<float>(x);
  const double n = static_cast<double>(values.size());
  for (float value : values) moments.mean += value / n;
  for (float value : values) {
    moments.variance += (value - moments.mean) * (value - moments.mean) / n;
  }
  return moments;
}

class RandomTest : public testing::Test {
 protected:
  Tape tape_{SimdBackend(), DType::kF32};
  Key key_ = KeyFromSeed(3);
};

// Within four standard errors: of a mean sd / sqrt(n), of a variance
// sqrt((kurtosis - 1) / n) sd^2.
TEST_F(RandomTest, DrawsHaveTheirLaws) {
  const double root = std::sqrt(static_cast<double>(kCount));
  const Moments normal = MomentsOf(RandomNormal(tape_, key_, {kCount}));
  EXPECT_NEAR(normal.mean, 0, 4 / root);
  EXPECT_NEAR(normal.variance, 1, 4 * std::sqrt(2.0) / root);
  const Moments uniform = MomentsOf(RandomUniform(tape_, key_, {kCount}));
  EXPECT_NEAR(uniform.mean, 0.5, 4 * std::sqrt(1 / 12.0) / root);
  EXPECT_NEAR(uniform.variance, 1 / 12.0, 4 * std::sqrt(0.8) / 12 / root);
  const Moments coin = MomentsOf(RandomBernoulli(tape_, key_, {kCount}, 0.3));
  EXPECT_NEAR(coin.mean, 0.3, 4 * std::sqrt(0.21) / root);
  const Moments sign = MomentsOf(RandomRademacher(tape_, key_, {kCount}));
  EXPECT_NEAR(sign.mean, 0, 4 / root);
  EXPECT_NEAR(sign.variance, 1, 16.0 / kCount);
}

TEST_F(RandomTest, CategoriesHaveTheirProbabilities) {
  const double probability[] = {0.1, 0.6, 0.3};
  std::vector<float> logits;
  for (int64_t i = 0; i < kCount; ++i) {
    for (double p : probability) {
      logits.push_back(static_cast<float>(std::log(p) + 5));
    }
  }
  const Tensor x = tape_.Constant({kCount, 3}, std::span<const float>(logits));
  const auto drawn = ReadAll<float>(RandomCategorical(key_, x));
  double count[3] = {};
  for (size_t i = 0; i < drawn.size(); ++i) {
    EXPECT_TRUE(drawn[i] == 0 || drawn[i] == 1);
    count[i % 3] += drawn[i];
  }
  EXPECT_EQ(count[0] + count[1] + count[2], kCount);
  for (int j = 0; j < 3; ++j) {
    const double p = probability[j];
    EXPECT_NEAR(count[j] / kCount, p, 4 * std::sqrt(p * (1 - p) / kCount));
  }
}

TEST_F(RandomTest, WhatIsImpossibleIsNeverDrawn) {
  const float never = -std::numeric_limits<float>::infinity();
  std::vector<float> logits;
  for (int i = 0; i < 1000; ++i) logits.insert(logits.end(), {never, 0, never});
  const Tensor x = tape_.Constant({1000, 3}, std::span<const float>(logits));
  const auto drawn = ReadAll<float>(RandomCategorical(key_, x));
  for (size_t i = 0; i < drawn.size(); ++i) {
    EXPECT_EQ(drawn[i], i % 3 == 1 ? 1 : 0);
  }
}

// The same number from every compiler, natively and in wasm.
TEST_F(RandomTest, KeepTheirBits) {
  Fnv1a64 hash;
  const Shape shape{7, 11};
  const Tensor logits = RandomNormal(tape_, Fold(key_, "logits"), shape);
  for (Tensor x : {logits, RandomUniform(tape_, key_, shape),
                   RandomBernoulli(tape_, key_, shape, 0.25),
                   RandomRademacher(tape_, key_, shape),
                   RandomCategorical(key_, logits)}) {
    for (float value : ReadAll<float>(x)) hash.Float(value);
  }
  EXPECT_EQ(hash.Hex(), "d8f2de9daf14ac3a");
}

TEST_F(RandomTest, RefuseWhatIsNoLaw) {
  EXPECT_THROW(RandomBernoulli(tape_, key_, {2}, 1.5), UsageError);
  EXPECT_THROW(RandomBernoulli(tape_, key_, {2}, std::nan("")), UsageError);
  EXPECT_THROW(RandomCategorical(key_, tape_.Filled({2, 0}, 1)), ShapeError);
}

TEST_F(RandomTest, OneHotPicksAndRefuses) {
  const int32_t which[] = {2, 0};
  EXPECT_EQ(ReadAll<float>(OneHot(tape_, which, 3)),
            (std::vector<float>{0, 0, 1, 1, 0, 0}));
  try {
    OneHot(tape_, which, 2);
    ADD_FAILURE() << "took an index beyond the classes";
  } catch (const ShapeError& error) {
    EXPECT_STREQ(error.what(),
                 "OneHot: expected indices in [0, 2), got 2 at place 0");
  }
  const Tensor x = tape_.Filled({2, 3}, 1);
  const int32_t below[] = {0, -1};
  EXPECT_THROW(Gather(x, below), ShapeError);
  EXPECT_THROW(ScatterAdd(x, below, 4), ShapeError);
  EXPECT_THROW(ScatterAdd(x, std::span(which).first(1), 4), ShapeError);
}

}  // namespace
}  // namespace unnoise
