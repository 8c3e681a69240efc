// Optimizers against their formulas written out in double, one weight at a
// time; clipping, norms, and moments that die out without denormals.

#include "core/optim/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/base/key.h"

namespace unnoise {
namespace {

using Chain = std::vector<std::unique_ptr<Transform>>;

constexpr int64_t kSize = 37;  // two vectors of 16 and a remainder
constexpr int kSteps = 50;
constexpr double kRate = 0.01;

std::vector<float> GradientAt(int step, double scale) {
  std::vector<float> gradient(kSize);
  FillNormal(Fold(KeyFromSeed(11), static_cast<uint64_t>(step)), 0, gradient);
  for (float& g : gradient) g = static_cast<float>(g * scale);
  return gradient;
}

// The formulas of the papers.
struct Formula {
  double clip = 0;      // 0: off
  double momentum = 0;  // of sgd
  bool adam = false;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double decay = 0;
};

class Slow {
 public:
  explicit Slow(const Formula& formula) : f_(formula) {}
  std::vector<double> Update(int step, const std::vector<double>& weights,
                             const std::vector<float>& gradient) {
    std::vector<double> g(gradient.begin(), gradient.end());
    double norm = 0;
    for (double value : g) norm += value * value;
    norm = std::sqrt(norm);
    if (f_.clip > 0 && norm > f_.clip) {
      for (double& value : g) value *= f_.clip / norm;
    }
    for (int i = 0; i < kSize; ++i) {
      if (f_.adam) {
        m_[i] = f_.beta1 * m_[i] + (1 - f_.beta1) * g[i];
        v_[i] = f_.beta2 * v_[i] + (1 - f_.beta2) * g[i] * g[i];
        const double m_hat = m_[i] / (1 - std::pow(f_.beta1, step + 1));
        const double v_hat = v_[i] / (1 - std::pow(f_.beta2, step + 1));
        g[i] = m_hat / (std::sqrt(v_hat) + f_.epsilon);
      } else {
        m_[i] = f_.momentum * m_[i] + g[i];
        g[i] = m_[i];
      }
      g[i] += f_.decay * weights[i];
    }
    return g;
  }

 private:
  Formula f_;
  double m_[kSize] = {};
  double v_[kSize] = {};
};

// A moment remembers 1 / (1 - beta) steps, at most the 50 here, each of three
// roundings of 2^-24 and of a beta rounded to float; the ratio m / sqrt(v) is
// at most (1 - beta1) / sqrt(1 - beta2) < 4, its bias correction doubles it.
constexpr double kTolerance = 50 * (3 + 1) * 0x1p-24 * 8;

void ExpectFormula(const Chain& chain, const Formula& formula, double scale) {
  Slow slow(formula);
  std::vector<float> weights(kSize, 1.0f);
  std::vector<double> slow_weights(kSize, 1.0);
  for (int step = 0; step < kSteps; ++step) {
    const std::vector<float> gradient = GradientAt(step, scale);
    std::vector<float> update = gradient;
    for (const auto& transform : chain) {
      transform->Apply(step, weights, update, SerialPool());
    }
    const auto expected = slow.Update(step, slow_weights, gradient);
    for (int i = 0; i < kSize; ++i) {
      ASSERT_NEAR(update[i], expected[i], kTolerance)
          << "step " << step << ", weight " << i;
      weights[i] -= static_cast<float>(kRate) * update[i];
      slow_weights[i] -= kRate * expected[i];
    }
  }
}

Chain ChainOf(std::string_view kind) {
  return Choice<Optimizer>(kind)->Chain(kSize);
}

TEST(Optimizer, AdamFollowsItsFormula) {
  // Gradients both above and below the length where clipping begins.
  for (double scale : {1.0, 0.01}) {
    ExpectFormula(ChainOf("adam"), {.clip = 1, .adam = true}, scale);
  }
  Chain chain;
  chain.push_back(ScaleByAdam(0.5, 0.9, 0.1, kSize));
  ExpectFormula(chain,
                {.adam = true, .beta1 = 0.5, .beta2 = 0.9, .epsilon = 0.1}, 1);
}

TEST(Optimizer, AdamWDecaysWeightsApartFromTheGradient) {
  ExpectFormula(ChainOf("adamw"), {.clip = 1, .adam = true, .decay = 0.01}, 1);
}

TEST(Optimizer, SgdFollowsItsFormula) {
  ExpectFormula(ChainOf("sgd"), {.clip = 1, .momentum = 0.9}, 1);
  Chain plain;
  plain.push_back(Momentum(0, kSize));
  ExpectFormula(plain, {}, 1);
}

TEST(Optimizer, ClipOfZeroIsOff) {
  Choice<Optimizer> sgd("sgd");
  sgd->clip = 0;
  ExpectFormula(sgd->Chain(kSize), {.momentum = 0.9}, 1);
}

TEST(Optimizer, ListsItsKinds) {
  std::vector<std::string> names;
  for (const auto& row : Rows<Optimizer>()) names.emplace_back(row.name);
  EXPECT_EQ(names, (std::vector<std::string>{"adam", "adamw", "sgd"}));
}

TEST(Optimizer, StateIsNamedAndGoesOnWithTheSameBits) {
  for (const char* kind : {"adam", "adamw", "sgd"}) {
    const auto run = [](Chain& chain, int from, int to) {
      std::vector<float> weights(kSize, 1.0f), update;
      for (int step = from; step < to; ++step) {
        update = GradientAt(step, 1);
        for (auto& t : chain) t->Apply(step, weights, update, SerialPool());
      }
      return update;
    };
    const auto state_of = [](Chain& chain) {
      std::vector<StateArray> state;
      for (auto& t : chain) t->AppendState(state);
      return state;
    };
    Chain whole = ChainOf(kind), first = ChainOf(kind), second = ChainOf(kind);
    const auto expected = run(whole, 0, 9);
    run(first, 0, 4);
    const auto from = state_of(first), to = state_of(second);
    ASSERT_EQ(from.size(), to.size());
    ASSERT_EQ(from.size(), std::string(kind) == "sgd" ? 1u : 2u);
    for (size_t i = 0; i < from.size(); ++i) {
      EXPECT_EQ(from[i].name, to[i].name);
      ASSERT_EQ(from[i].values.size(), static_cast<size_t>(kSize));
      std::copy(from[i].values.begin(), from[i].values.end(),
                to[i].values.begin());
    }
    EXPECT_EQ(run(second, 4, 9), expected) << kind;
  }
}

TEST(Clip, ShortensToTheLengthAndLeavesShorterOnesAlone) {
  const auto clip = ClipByNorm(2);
  std::vector<float> update = {3, 0, -4};
  clip->Apply(0, {}, update, SerialPool());
  // A scale rounded to float, a product.
  EXPECT_NEAR(update[0], 1.2, 2 * 0x1p-24 * 1.2);
  EXPECT_EQ(update[1], 0);
  EXPECT_NEAR(update[2], -1.6, 2 * 0x1p-24 * 1.6);
  std::vector<float> shorter = {0.5f, -1.25f};
  clip->Apply(0, {}, shorter, SerialPool());
  EXPECT_EQ(shorter, (std::vector<float>{0.5f, -1.25f}));
  std::vector<float> equal = {2};
  clip->Apply(0, {}, equal, SerialPool());
  EXPECT_EQ(equal[0], 2);
}

TEST(Clip, DoesNotHideWhatIsNotFinite) {
  const auto clip = ClipByNorm(1);
  std::vector<float> update = {std::nanf(""), 1};
  clip->Apply(0, {}, update, SerialPool());
  EXPECT_TRUE(std::isnan(update[0]));
  update = {std::numeric_limits<float>::infinity(), 1};
  clip->Apply(0, {}, update, SerialPool());
  EXPECT_FALSE(std::isfinite(update[0]));
}

TEST(Norm, IsTheRootOfTheSumOfSquares) {
  for (int n = 0; n <= 40; ++n) {
    std::vector<float> values(n);
    FillNormal(KeyFromSeed(n), 0, values);
    long double sum = 0;
    for (float value : values) sum += static_cast<long double>(value) * value;
    // Sums of at most n doubles, then a root.
    EXPECT_NEAR(Norm(values), static_cast<double>(std::sqrt(sum)),
                (n + 1) * 0x1p-53 * static_cast<double>(std::sqrt(sum)))
        << n;
  }
  // Squares that a float could not hold.
  EXPECT_NEAR(Norm(std::vector<float>{3e30f, 4e30f}), 5e30, 0x1p-23 * 5e30);
}

// With gradients gone, moments halve again and again; they end at zero and are
// never denormal on the way.
TEST(Optimizer, DyingMomentsAreNeverDenormal) {
  std::vector<Chain> chains(2);
  chains[0].push_back(ScaleByAdam(0.9, 0.99, 1e-8, kSize));
  chains[1].push_back(Momentum(0.99, kSize));
  for (Chain& chain : chains) {
    const std::vector<float> weights(kSize, 1.0f);
    std::vector<float> update = GradientAt(0, 1e-3);
    chain[0]->Apply(0, weights, update, SerialPool());
    std::vector<StateArray> state;
    chain[0]->AppendState(state);
    for (int step = 1; step < 9000; ++step) {
      std::fill(update.begin(), update.end(), 0.0f);
      chain[0]->Apply(step, weights, update, SerialPool());
      for (const StateArray& array : state) {
        for (float value : array.values) {
          ASSERT_NE(std::fpclassify(value), FP_SUBNORMAL)
              << array.name << " at step " << step;
        }
      }
    }
    for (const StateArray& array : state) {
      for (float value : array.values) EXPECT_EQ(value, 0) << array.name;
    }
  }
}

}  // namespace
}  // namespace unnoise
