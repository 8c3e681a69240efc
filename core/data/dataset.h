// Data sets: laws we can draw from, with their exact moments, and a user's own
// points. Built-in sets are rows of the table in datasets.cc.

#ifndef UNNOISE_DATA_DATASET_H_
#define UNNOISE_DATA_DATASET_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/describe.h"
#include "core/base/key.h"

namespace unnoise {

// Per axis, in data units.
struct Moments {
  std::vector<double> mean;
  std::vector<double> variance;
};

// How data units become the units a model is trained in (and back).
enum class Standardise { kNone, kIsotropic, kPerAxis };

class Dataset : public Described {
 public:
  // Number of coordinates of a point, >= 1.
  virtual int dim() const = 0;

  // Exact, not estimated, for a law; over the points for a finite set.
  virtual Moments ExactMoments() const = 0;

  // Points first, first + 1, ... of the stream, in data units: out [count,
  // dim]. Point i depends on the key and i alone.
  virtual void Draw(Key key, uint64_t first, std::span<float> out) const = 0;

  // An index of Standardise; the default is the kind's own.
  int standardise = static_cast<int>(Standardise::kIsotropic);

 protected:
  // The field every data set has; call last from Visit.
  void VisitStandardise(Visitor& visitor);
};

template <>
std::span<const Row<Dataset>> Rows<Dataset>();

// x -> (x - shift) / scale per axis, and back.
struct Affine {
  std::vector<double> shift;
  std::vector<double> scale;  // > 0

  // points [count, dim], in place.
  void ToModel(std::span<float> points) const;
  void ToData(std::span<float> points) const;
};

// What `data.standardise` asks for: the identity; one scale for all axes, the
// root of the mean variance; or a scale per axis. A constant axis keeps
// scale 1.
Affine StandardiserOf(const Dataset& data);

}  // namespace unnoise

#endif  // UNNOISE_DATA_DATASET_H_
