// What holds for every data set; the sets themselves are in datasets.cc.

#include "core/data/dataset.h"

#include <cmath>

namespace unnoise {

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
