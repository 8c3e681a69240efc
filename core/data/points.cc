// A user's own points as a data set. Text and links are read elsewhere
// (points_csv.cc, points_pack.cc).

#include "core/data/points.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/hash.h"

namespace unnoise {

std::string DigestOf(const PointSet& points) {
  Fnv1a64 hash;
  hash.Uint32(static_cast<uint32_t>(points.dim));
  hash.Uint64(static_cast<uint64_t>(points.count()));
  for (const float value : points.values) hash.Float(value);
  return hash.Hex();
}

void Points::Visit(Visitor& v) {
  v.Text({"file",
          "Where the points came from. A reminder only: what the file holds "
          "now is compared by digest."},
         file_);
  v.Int({"count", "How many points there are."}, {0, kMaxPoints, Scale::kLog},
        count_);
  v.Int({"dim", "How many coordinates a point has."}, {1, kMaxPointDim}, dim_);
  v.Text({"digest", "A fingerprint of the points, to tell them from others."},
         digest_);
  VisitStandardise(v);
  if (points_ && (digest_ != attached_digest_ || dim_ != points_->dim ||
                  count_ != points_->count())) {
    points_ = nullptr;
  }
}

void Points::Validate(Problems& problems) const {
  if (count_ < 2) {
    problems.push_back(
        {"",
         "no points are named; give a file of your own, data=FILE.csv, "
         "with at least 2 points."});
  }
}

Moments Points::ExactMoments() const {
  Check(points_ != nullptr, "no points are attached");
  const PointSet& set = *points_;
  const size_t dim = static_cast<size_t>(set.dim);
  const double n = static_cast<double>(set.count());
  Moments moments{std::vector<double>(dim, 0), std::vector<double>(dim, 0)};
  for (size_t i = 0; i < set.values.size(); ++i) {
    moments.mean[i % dim] += set.values[i];
  }
  for (double& mean : moments.mean) mean /= n;
  for (size_t i = 0; i < set.values.size(); ++i) {
    const double offset = set.values[i] - moments.mean[i % dim];
    moments.variance[i % dim] += offset * offset;
  }
  // The sum of up to 2^29 equal floats is exact: a constant column has variance
  // zero, not a rounding's.
  for (double& variance : moments.variance) variance /= n;
  return moments;
}

void Points::Draw(Key key, uint64_t first, std::span<float> out) const {
  Check(points_ != nullptr, "no points are attached");
  const size_t dim = static_cast<size_t>(points_->dim);
  const uint64_t count = static_cast<uint64_t>(points_->count());
  Check(out.size() % dim == 0, "the buffer does not hold whole points");
  uint32_t words[256];
  for (size_t done = 0; done < out.size();) {
    const size_t run = std::min(std::size(words), (out.size() - done) / dim);
    FillBits(key, first, std::span(words, run));
    for (size_t i = 0; i < run; ++i, done += dim) {
      const uint64_t index = (words[i] * count) >> 32;  // IndexAt, many at once
      std::copy_n(points_->values.data() + index * dim, dim, out.data() + done);
    }
    first += run;
  }
}

void Points::Attach(std::string file, std::shared_ptr<const PointSet> points) {
  Check(points != nullptr && points->count() >= 2, "there are no points");
  file_ = std::move(file);
  count_ = points->count();
  dim_ = points->dim;
  digest_ = attached_digest_ = DigestOf(*points);
  points_ = std::move(points);
}

bool Points::Names(const PointSet& points) const {
  return points.count() == count_ && points.dim == dim_ &&
         DigestOf(points) == digest_;
}

}  // namespace unnoise
