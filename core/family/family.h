// A family of models: what is configured, learned and sampled. One file each;
// families.cc lists them.

#ifndef UNNOISE_FAMILY_FAMILY_H_
#define UNNOISE_FAMILY_FAMILY_H_

#include <cstdint>
#include <memory>
#include <span>

#include "core/autodiff/tape.h"
#include "core/base/describe.h"
#include "core/base/key.h"
#include "core/base/pool.h"
#include "core/data/dataset.h"
#include "core/nn/parameters.h"
#include "core/optim/optimizer.h"
#include "core/path/path.h"
#include "core/sampling/denoiser.h"
#include "core/sampling/sampler.h"

namespace unnoise {

// How weights are fitted; the same fields for every family that is trained by
// gradients.
struct TrainingConfig {
  int64_t batch = 512;
  Choice<Optimizer> optimizer;
  RateSchedule rate;
  EmaConfig ema;

  // Shows the fields beside those of the family.
  void Visit(Visitor& visitor);
};

// What training asks of a model.
class Objective {
 public:
  virtual ~Objective() = default;

  // Draws the batch of one step from its key, then builds the loss of that
  // batch, a scalar. `leaves` are the parameters bound to the tape. The draws
  // are the same whatever the tape's number format, and however many threads
  // the pool has.
  virtual void DrawBatch(Key key, Pool& pool) = 0;
  virtual Tensor Loss(Tape& tape, std::span<const Tensor> leaves) const = 0;
};

// A family opened on a data set: parameters, loss, prediction. Holds no
// weights; whoever trains it does.
class Model {
 public:
  virtual ~Model() = default;

  // Empty where nothing is learned.
  virtual const ParameterList& parameters() const = 0;
  // Null where nothing is learned.
  virtual Objective* objective() = 0;

  // The denoiser that given weights [parameters().size()] make. The weights are
  // read at each call; they, the backend and the model outlive the denoiser.
  virtual std::unique_ptr<Denoiser> MakeDenoiser(
      const Backend& backend, std::span<float> weights) const = 0;
};

class Family : public Described {
 public:
  // How it is trained; null for a family that has nothing to learn.
  virtual const TrainingConfig* training() const = 0;
  virtual const Path& path() const = 0;
  // What draws samples unless told otherwise, and what the fingerprint uses.
  virtual const Choice<Sampler>& sampler() const = 0;
  virtual Choice<Sampler> FingerprintSampler() const = 0;

  // The units of its model on that data set: standardised as the data set
  // asks, or, where nothing is learned, those of the data.
  virtual Affine Units(const Dataset& data) const = 0;

  // `data` and this family outlive the model.
  virtual std::unique_ptr<Model> Open(const Dataset& data) const = 0;
};

template <>
std::span<const Row<Family>> Rows<Family>();

}  // namespace unnoise

#endif  // UNNOISE_FAMILY_FAMILY_H_
