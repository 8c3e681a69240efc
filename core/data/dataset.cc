// What holds for every data set; the sets themselves are in datasets.cc.

#include "core/data/dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace unnoise {

Modes NormalModes(std::vector<float> centers, int dim, double std) {
  const size_t axes = static_cast<size_t>(dim);
  double least = std::numeric_limits<double>::infinity();  // squared distance
  for (size_t a = 0; a < centers.size(); a += axes) {
    for (size_t b = 0; b < a; b += axes) {
      double square = 0;
      for (size_t axis = 0; axis < axes; ++axis) {
        const double offset = double{centers[a + axis]} - centers[b + axis];
        square += offset * offset;
      }
      least = std::min(least, square);
    }
  }
  double radius = (std::sqrt(static_cast<double>(dim)) + 2) * std;
  if (centers.size() > axes) {
    radius = std::max(radius, 0.1 * std::sqrt(least));
  }
  return {std::move(centers), radius};
}

void Dataset::VisitStandardise(Visitor& visitor) {
  static constexpr std::string_view kOptions[] = {"none", "isotropic",
                                                  "per_axis"};
  visitor.Option(
      {"standardise",
       "How points are centred and scaled before a model sees them: not at "
       "all, with one scale for all axes, or with a scale for each axis. "
       "Pictures and files always show the original units."},
      kOptions, standardise);
}

void Affine::ToModel(std::span<float> points) const {
  const size_t dim = shift.size();
  Check(points.size() % dim == 0, "points do not have as many axes as this");
  for (size_t i = 0; i < points.size(); i += dim) {
    for (size_t axis = 0; axis < dim; ++axis) {
      float& x = points[i + axis];
      x = static_cast<float>((x - shift[axis]) / scale[axis]);
    }
  }
}

void Affine::ToData(std::span<float> points) const {
  const size_t dim = shift.size();
  Check(points.size() % dim == 0, "points do not have as many axes as this");
  for (size_t i = 0; i < points.size(); i += dim) {
    for (size_t axis = 0; axis < dim; ++axis) {
      float& x = points[i + axis];
      x = static_cast<float>(x * scale[axis] + shift[axis]);
    }
  }
}

Affine StandardiserOf(const Dataset& data) {
  const size_t dim = static_cast<size_t>(data.dim());
  Affine affine{std::vector<double>(dim, 0), std::vector<double>(dim, 1)};
  const auto choice = static_cast<Standardise>(data.standardise);
  if (choice == Standardise::kNone) return affine;

  Moments moments = data.ExactMoments();
  if (choice == Standardise::kIsotropic) {
    double sum = 0;
    for (const double variance : moments.variance) sum += variance;
    moments.variance.assign(dim, sum / static_cast<double>(dim));
  }
  for (size_t axis = 0; axis < dim; ++axis) {
    const double deviation = std::sqrt(moments.variance[axis]);
    if (deviation > 0) affine.scale[axis] = deviation;
  }
  affine.shift = std::move(moments.mean);
  return affine;
}

}  // namespace unnoise
