// A user's own points as a data set. Files and links are read elsewhere
// (points_read.cc, points_csv.cc, points_pack.cc).

#include "core/data/points.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

#include "core/base/hash.h"
#include "core/data/mixture_world.h"

namespace unnoise {
namespace {

constexpr double kMaxHeldOut = 0.5;

// The points at these places, in this order.
PointSet Selected(const PointSet& from, std::span<const uint32_t> places) {
  const size_t dim = static_cast<size_t>(from.dim);
  PointSet set{from.dim};
  set.values.reserve(places.size() * dim);
  for (const uint32_t i : places) {
    const float* point = from.values.data() + i * dim;
    set.values.insert(set.values.end(), point, point + dim);
    if (!from.labels.empty()) set.labels.push_back(from.labels[i]);
  }
  return set;
}

// Every place in [0, count), those to hold out first; each part ascends. The
// places are ordered by a random word of their own, so that a smaller number
// holds out some of what a larger one does.
std::vector<uint32_t> OrderForSplit(int64_t count, int64_t held_out) {
  const Key key = Fold(KeyFromSeed(0), "held_out");
  const size_t size = static_cast<size_t>(count);
  std::vector<uint32_t> words(size), order(size);
  FillBits(key, 0, words);
  std::iota(order.begin(), order.end(), 0u);
  const auto middle = order.begin() + held_out;
  std::nth_element(order.begin(), middle, order.end(),
                   [&](uint32_t a, uint32_t b) {
                     return std::pair(words[a], a) < std::pair(words[b], b);
                   });
  std::sort(order.begin(), middle);
  std::sort(middle, order.end());
  return order;
}

}  // namespace

std::string DigestOf(const PointSet& points) {
  Fnv1a64 hash;
  hash.Uint32(static_cast<uint32_t>(points.dim));
  hash.Uint64(static_cast<uint64_t>(points.count()));
  for (const float value : points.values) hash.Float(value);
  for (const uint8_t label : points.labels) hash.Byte(label);
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
  v.Real({"held_out",
          "The part of the points that training never sees: a fixed random "
          "choice, kept to tell learning from learning by heart."},
         {0, kMaxHeldOut}, held_out_part_);
  VisitStandardise(v);
  if (points_ && (digest_ != attached_digest_ || dim_ != points_->dim ||
                  count_ != points_->count())) {
    points_ = nullptr;
  }
  Split();
}

void Points::Validate(Problems& problems) const {
  if (count_ < 2) {
    problems.push_back(
        {"",
         "no points are named; give a file of your own, data=FILE.csv, "
         "with at least 2 points."});
  } else if (held_out_part_ > 0 && HeldOutCount() == 0) {
    problems.push_back({"held_out",
                        "2 points are too few to hold one out; give 0, or more "
                        "points."});
  }
}

// At least one if any are asked for, and at least two stay.
int64_t Points::HeldOutCount() const {
  if (held_out_part_ <= 0) return 0;
  const double rounded =
      std::floor(held_out_part_ * static_cast<double>(count_) + 0.5);
  const int64_t asked = std::max<int64_t>(1, static_cast<int64_t>(rounded));
  return std::max<int64_t>(0, std::min(asked, count_ - 2));
}

void Points::Split() {
  const int64_t held_out = points_ ? HeldOutCount() : 0;
  if (held_out == 0) {
    training_ = points_;
    held_out_ = nullptr;
    return;
  }
  const bool done = held_out_ != nullptr && held_out_->count() == held_out &&
                    training_->count() + held_out == points_->count();
  if (done) return;
  const std::vector<uint32_t> order = OrderForSplit(count_, held_out);
  const std::span<const uint32_t> places(order);
  const size_t size = static_cast<size_t>(held_out);
  held_out_ =
      std::make_shared<PointSet>(Selected(*points_, places.first(size)));
  training_ =
      std::make_shared<PointSet>(Selected(*points_, places.subspan(size)));
}

const PointSet& Points::training() const {
  Check(training_ != nullptr, "no points are attached");
  return *training_;
}

Moments Points::ExactMoments() const {
  const PointSet& set = training();
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

std::unique_ptr<World> Points::MakeWorld(const Affine& units) const {
  return FiniteSetWorld(training().values, dim(), units);
}

void Points::Draw(Key key, uint64_t first, std::span<float> out) const {
  const PointSet& set = training();
  const size_t dim = static_cast<size_t>(set.dim);
  const uint64_t count = static_cast<uint64_t>(set.count());
  Check(out.size() % dim == 0, "the buffer does not hold whole points");
  uint32_t words[256];
  for (size_t done = 0; done < out.size();) {
    const size_t run = std::min(std::size(words), (out.size() - done) / dim);
    FillBits(key, first, std::span(words, run));
    for (size_t i = 0; i < run; ++i, done += dim) {
      const uint64_t index = (words[i] * count) >> 32;  // IndexAt, many at once
      std::copy_n(set.values.data() + index * dim, dim, out.data() + done);
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
  training_ = held_out_ = nullptr;  // of the points before
  Split();
}

bool Points::Names(const PointSet& points) const {
  return points.count() == count_ && points.dim == dim_ &&
         DigestOf(points) == digest_;
}

}  // namespace unnoise
