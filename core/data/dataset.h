// Data sets: laws we can draw from, with their exact moments, and a user's own
// points. Built-in sets are rows of the table in datasets.cc.

#ifndef UNNOISE_DATA_DATASET_H_
#define UNNOISE_DATA_DATASET_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/describe.h"
#include "core/base/key.h"
#include "core/data/world.h"

namespace unnoise {

// Per axis, in data units.
struct Moments {
  std::vector<double> mean;
  std::vector<double> variance;
};

// Places where a law is gathered, in data units. A sample counts as of a mode
// if it lies within `radius` of its centre. None where a law has no such places
// or they are not known.
struct Modes {
  std::vector<float> centers;  // [k, dim]
  double radius = 0;
};

// Modes of normal laws: `std` is the root mean square, over the axes, of the
// widest one's standard deviations. The radius is (sqrt(dim) + 2) std, beyond
// which lie less than 0.5 % of a round normal law in any dimension (3 std in
// one), but at least a tenth of the least distance between two centres, so that
// a mode without width can be found too.
Modes NormalModes(std::vector<float> centers, int dim, double std);

// How data units become the units a model is trained in (and back).
enum class Standardise { kNone, kIsotropic, kPerAxis };

// x -> (x - shift) / scale per axis, and back.
struct Affine {
  std::vector<double> shift;
  std::vector<double> scale;  // > 0

  // points [count, dim], in place.
  void ToModel(std::span<float> points) const;
  void ToData(std::span<float> points) const;
};

class Dataset : public Described {
 public:
  // Number of coordinates of a point, >= 1.
  virtual int dim() const = 0;

  // Exact, not estimated, for a law; over the points for a finite set.
  virtual Moments ExactMoments() const = 0;

  // Points first, first + 1, ... of the stream, in data units: out [count,
  // dim]. Point i depends on the key and i alone.
  virtual void Draw(Key key, uint64_t first, std::span<float> out) const = 0;

  virtual Modes KnownModes() const = 0;

  // The law at every level of noise, in the units of a model; never null.
  // Outlives the data set.
  virtual std::unique_ptr<World> MakeWorld(const Affine& units) const = 0;

  // An index of Standardise; the default is the kind's own.
  int standardise = static_cast<int>(Standardise::kIsotropic);

 protected:
  // The field every data set has; call last from Visit.
  void VisitStandardise(Visitor& visitor);
};

template <>
std::span<const Row<Dataset>> Rows<Dataset>();

// What `data.standardise` asks for: the identity; one scale for all axes, the
// root of the mean variance; or a scale per axis. A constant axis keeps
// scale 1.
Affine StandardiserOf(const Dataset& data);

}  // namespace unnoise

#endif  // UNNOISE_DATA_DATASET_H_
