// Optimizers as chains of transforms: each changes the update that the gradient
// proposes, and keeps its state in flat arrays beside the weights. Rows of the
// table in optimizer.cc.

#ifndef UNNOISE_OPTIM_OPTIMIZER_H_
#define UNNOISE_OPTIM_OPTIMIZER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/describe.h"
#include "core/base/pool.h"

namespace unnoise {

// A named array of optimizer state, for checkpoints: "adam.m".
struct StateArray {
  std::string name;
  std::span<float> values;
};

// One link of the chain.
class Transform {
 public:
  virtual ~Transform() = default;
  // Changes `update` (at first the gradient) in place, on the threads of
  // `pool`. step counts from 0.
  virtual void Apply(int64_t step, std::span<const float> weights,
                     std::span<float> update, Pool& pool) = 0;
  // Appends what must be saved to go on with the same bits.
  virtual void AppendState(std::vector<StateArray>&) {}
};

// update *= min(1, max_norm / |update|): keeps a rare bad batch from throwing
// the weights away. Source: Pascanu, Mikolov, Bengio 2013, section 3.2.
std::unique_ptr<Transform> ClipByNorm(double max_norm);
// m = momentum m + update; update = m. Source: Polyak 1964.
std::unique_ptr<Transform> Momentum(double momentum, int64_t size);
// Divides by a running root mean square, with bias correction.
// Source: Kingma, Ba 2015, algorithm 1.
std::unique_ptr<Transform> ScaleByAdam(double beta1, double beta2,
                                       double epsilon, int64_t size);
// update += decay * weights. Source: Loshchilov, Hutter 2019, algorithm 2.
std::unique_ptr<Transform> AddDecayedWeights(double decay);

class Optimizer : public Described {
 public:
  // The chain for `size` weights, before the learning rate.
  virtual std::vector<std::unique_ptr<Transform>> Chain(int64_t size) const = 0;

  double clip = 1;  // 0 = off

 protected:
  // The field every optimizer has; call last from Visit.
  void VisitClip(Visitor& visitor);
};

template <>
std::span<const Row<Optimizer>> Rows<Optimizer>();

// The learning rate at a step: a linear climb over `warmup` steps, then half a
// cosine from `peak` down to `floor` * peak at `horizon`, where it stays.
// Source: Loshchilov, Hutter 2017, eq. 5; Goyal et al. 2017, section 2.2.
struct RateSchedule final : Described {
  double peak = 2e-3;
  int64_t warmup = 200;
  int64_t horizon = 20000;
  double floor = 1e-3;

  void Visit(Visitor& visitor) override;
  // step counts from 0.
  double At(int64_t step) const;
};

// A running mean of the weights, which samples better than the last ones:
// average += (1 - d) (weights - average), with d = min(decay, (1 + step) / (10
// + step)) so that early steps are forgotten fast.
struct EmaConfig final : Described {
  double decay = 0.999;

  void Visit(Visitor& visitor) override;
  // step counts from 0.
  void Update(int64_t step, std::span<const float> weights,
              std::span<float> average, Pool& pool) const;
};

// weights -= rate * update, the last link of every chain.
void Descend(float rate, std::span<const float> update,
             std::span<float> weights, Pool& pool);

// Root of the sum of squares, summed in double over 16 lanes in a fixed order.
double Norm(std::span<const float> values);

}  // namespace unnoise

#endif  // UNNOISE_OPTIM_OPTIMIZER_H_
