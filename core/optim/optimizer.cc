// The optimizers. The loops of every step are in loops.cc; those here are
// plain: elementwise arithmetic in a stated order vectorises without changing
// bits.

#include "core/optim/optimizer.h"

#include <algorithm>
#include <cmath>

#include "core/base/exact_math.h"
#include "core/optim/loops.h"

namespace unnoise {
namespace {

// Weights that are worth handing to another thread: some 2 us of work.
constexpr int64_t kGrain = 4096;

// Calls body(i) for each i < size, on the threads of `pool`.
template <class F>
void ForEach(size_t size, Pool& pool, const F& body) {
  pool.ForRanges(static_cast<int64_t>(size), kGrain,
                 [&](int64_t begin, int64_t end) {
                   for (int64_t i = begin; i < end; ++i) body(i);
                 });
}

// Calls body(begin, count) on ranges of [0, size), on the threads of `pool`.
template <class F>
void ForSpans(size_t size, Pool& pool, const F& body) {
  pool.ForRanges(
      static_cast<int64_t>(size), kGrain, [&](int64_t begin, int64_t end) {
        body(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
      });
}

float WithoutTiny(float x) { return std::fabs(x) < kTiny ? 0.0f : x; }

class Clip final : public Transform {
 public:
  explicit Clip(double max_norm) : max_norm_(max_norm) {}
  void Apply(int64_t, std::span<const float>, std::span<float> update,
             Pool& pool) override {
    const double norm = Norm(update);
    if (!(norm > max_norm_)) return;
    const float scale = static_cast<float>(max_norm_ / norm);
    ForEach(update.size(), pool, [&](int64_t i) { update[i] *= scale; });
  }

 private:
  double max_norm_;
};

class MomentumTransform final : public Transform {
 public:
  MomentumTransform(double momentum, int64_t size)
      : momentum_(static_cast<float>(momentum)),
        m_(static_cast<size_t>(size)) {}
  void Apply(int64_t, std::span<const float>, std::span<float> update,
             Pool& pool) override {
    ForEach(m_.size(), pool, [&](int64_t i) {
      m_[i] = WithoutTiny(momentum_ * m_[i] + update[i]);
      update[i] = m_[i];
    });
  }
  void AppendState(std::vector<StateArray>& state) override {
    state.push_back({"momentum.m", m_});
  }

 private:
  float momentum_;
  std::vector<float> m_;
};

class Adam final : public Transform {
 public:
  Adam(double beta1, double beta2, double epsilon, int64_t size)
      : beta1_(beta1),
        beta2_(beta2),
        epsilon_(static_cast<float>(epsilon)),
        m_(static_cast<size_t>(size)),
        v_(static_cast<size_t>(size)) {}
  void Apply(int64_t step, std::span<const float>, std::span<float> update,
             Pool& pool) override {
    const AdamNumbers numbers{
        .beta1 = static_cast<float>(beta1_),
        .beta2 = static_cast<float>(beta2_),
        .rest1 = static_cast<float>(1 - beta1_),
        .rest2 = static_cast<float>(1 - beta2_),
        .m_scale = static_cast<float>(1 / (1 - Power(beta1_, step + 1))),
        .v_scale = static_cast<float>(1 / (1 - Power(beta2_, step + 1))),
        .epsilon = epsilon_};
    ForSpans(update.size(), pool, [&](size_t begin, size_t count) {
      AdamLoop(numbers, std::span(m_).subspan(begin, count),
               std::span(v_).subspan(begin, count),
               update.subspan(begin, count));
    });
  }
  void AppendState(std::vector<StateArray>& state) override {
    state.push_back({"adam.m", m_});
    state.push_back({"adam.v", v_});
  }

 private:
  static double Power(double base, int64_t exponent) {
    double power = 1;
    for (; exponent > 0; exponent >>= 1) {
      if (exponent & 1) power *= base;
      base *= base;
    }
    return power;
  }

  double beta1_;
  double beta2_;
  float epsilon_;
  std::vector<float> m_;
  std::vector<float> v_;
};

class Decay final : public Transform {
 public:
  explicit Decay(double decay) : decay_(static_cast<float>(decay)) {}
  void Apply(int64_t, std::span<const float> weights, std::span<float> update,
             Pool& pool) override {
    ForEach(update.size(), pool,
            [&](int64_t i) { update[i] += decay_ * weights[i]; });
  }

 private:
  float decay_;
};

using TransformChain = std::vector<std::unique_ptr<Transform>>;

TransformChain StartOf(const Optimizer& optimizer) {
  TransformChain chain;
  if (optimizer.clip > 0) chain.push_back(ClipByNorm(optimizer.clip));
  return chain;
}

struct SgdOptimizer final : Optimizer {
  double momentum = 0.9;
  void Visit(Visitor& v) override {
    v.Real({"momentum",
            "How much of the last update is kept; 0 is plain gradient "
            "descent.",
            "Polyak 1964"},
           {0, 0.999}, momentum);
    VisitClip(v);
  }
  TransformChain Chain(int64_t size) const override {
    TransformChain chain = StartOf(*this);
    if (momentum > 0) chain.push_back(Momentum(momentum, size));
    return chain;
  }
};

// What Adam and AdamW share.
struct AdamFields : Optimizer {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;

 protected:
  void VisitAdam(Visitor& v) {
    v.Real({"beta1", "Memory of the mean of the gradient.",
            "Kingma, Ba 2015, algorithm 1"},
           {0, 0.9999}, beta1);
    v.Real({"beta2", "Memory of the mean of its square.",
            "Kingma, Ba 2015, algorithm 1"},
           {0, 0.99999}, beta2);
    v.Real({"epsilon", "Keeps the division finite where gradients vanish.",
            "Kingma, Ba 2015, algorithm 1"},
           {1e-12, 1, Scale::kLog}, epsilon);
  }
  TransformChain AdamChain(int64_t size) const {
    TransformChain chain = StartOf(*this);
    chain.push_back(ScaleByAdam(beta1, beta2, epsilon, size));
    return chain;
  }
};

struct AdamOptimizer final : AdamFields {
  void Visit(Visitor& v) override {
    VisitAdam(v);
    VisitClip(v);
  }
  TransformChain Chain(int64_t size) const override { return AdamChain(size); }
};

struct AdamWOptimizer final : AdamFields {
  double weight_decay = 1e-2;
  void Visit(Visitor& v) override {
    VisitAdam(v);
    v.Real({"weight_decay",
            "Pull of every weight towards zero, apart from the gradient.",
            "Loshchilov, Hutter 2019, algorithm 2"},
           {0, 1}, weight_decay);
    VisitClip(v);
  }
  TransformChain Chain(int64_t size) const override {
    TransformChain chain = AdamChain(size);
    chain.push_back(AddDecayedWeights(weight_decay));
    return chain;
  }
};

}  // namespace

std::unique_ptr<Transform> ClipByNorm(double max_norm) {
  return std::make_unique<Clip>(max_norm);
}
std::unique_ptr<Transform> Momentum(double momentum, int64_t size) {
  return std::make_unique<MomentumTransform>(momentum, size);
}
std::unique_ptr<Transform> ScaleByAdam(double beta1, double beta2,
                                       double epsilon, int64_t size) {
  return std::make_unique<Adam>(beta1, beta2, epsilon, size);
}
std::unique_ptr<Transform> AddDecayedWeights(double decay) {
  return std::make_unique<Decay>(decay);
}

void Optimizer::VisitClip(Visitor& visitor) {
  visitor.Real({"clip",
                "Longest gradient that is let through unshortened; 0 switches "
                "clipping off.",
                "Pascanu, Mikolov, Bengio 2013, section 3.2"},
               {0, 1000}, clip);
}

template <>
std::span<const Row<Optimizer>> Rows<Optimizer>() {
  static const Row<Optimizer> rows[] = {
      MakeRow<Optimizer, AdamOptimizer>(
          "adam", "Adam",
          "Each weight moves by about the learning rate, whatever the size of "
          "its gradient."),
      MakeRow<Optimizer, AdamWOptimizer>(
          "adamw", "AdamW",
          "Adam, with a steady pull of weights towards zero."),
      MakeRow<Optimizer, SgdOptimizer>(
          "sgd", "Gradient descent",
          "Each weight moves against its gradient, with momentum."),
  };
  return rows;
}

void RateSchedule::Visit(Visitor& visitor) {
  visitor.Real(
      {"peak", "Learning rate after the warm-up: how far a step moves."},
      {1e-6, 1, Scale::kLog}, peak);
  visitor.Int({"warmup", "Steps over which the rate climbs from 0.",
               "Goyal et al. 2017, section 2.2", "steps"},
              {0, 100000}, warmup);
  visitor.Int({"horizon",
               "Step at which the rate has come down, along half a cosine; "
               "also the default number of steps.",
               "Loshchilov, Hutter 2017, eq. 5", "steps"},
              {1, 10000000, Scale::kLog}, horizon);
  visitor.Real({"floor", "What is left of the peak at the horizon and after."},
               {0, 1}, floor);
}

double RateSchedule::At(int64_t step) const {
  if (step < warmup) {
    return peak * static_cast<double>(step + 1) / static_cast<double>(warmup);
  }
  double done = 1;
  if (step < horizon) {
    done = static_cast<double>(step - warmup) /
           static_cast<double>(horizon - warmup);
  }
  constexpr double kPi = 3.141592653589793;
  return peak * (floor + (1 - floor) * 0.5 * (1 + exact::Cos(kPi * done)));
}

void EmaConfig::Visit(Visitor& visitor) {
  visitor.Real({"decay",
                "Memory of the running mean of the weights that samples are "
                "drawn with; 0 uses the last weights.",
                "Ho, Jain, Abbeel 2020, appendix B"},
               {0, 0.99999}, decay);
}

void EmaConfig::Update(int64_t step, std::span<const float> weights,
                       std::span<float> average, Pool& pool) const {
  const double early = static_cast<double>(1 + step) / (10 + step);
  const float gain = static_cast<float>(1 - (early < decay ? early : decay));
  if (gain == 1) {  // exactly the last weights, not to within rounding
    std::copy(weights.begin(), weights.end(), average.begin());
    return;
  }
  ForSpans(average.size(), pool, [&](size_t begin, size_t count) {
    MeanLoop(gain, weights.subspan(begin, count),
             average.subspan(begin, count));
  });
}

void Descend(float rate, std::span<const float> update,
             std::span<float> weights, Pool& pool) {
  ForSpans(weights.size(), pool, [&](size_t begin, size_t count) {
    DescendLoop(rate, update.subspan(begin, count),
                weights.subspan(begin, count));
  });
}

double Norm(std::span<const float> values) {
  return std::sqrt(SumOfSquares(values));
}

}  // namespace unnoise
