// A user's own points as a data set: parsed from CSV, packed for a share link,
// drawn with replacement.

#ifndef UNNOISE_DATA_POINTS_H_
#define UNNOISE_DATA_POINTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/data/dataset.h"

namespace unnoise {

// At most this many points are kept as 16-bit codes between the least and the
// greatest value of each axis, everywhere, so that a link, the page and the
// command line hold the same set: the coded set *is* the data.
inline constexpr int64_t kMaxPackedPoints = 2000;
inline constexpr int64_t kMaxPoints = 1000000;
inline constexpr int kMaxPointDim = 64;

// values [count, dim], row-major, finite.
struct PointSet {
  int dim = 0;
  std::vector<float> values;

  int64_t count() const {
    return dim == 0 ? 0 : static_cast<int64_t>(values.size()) / dim;
  }
  bool operator==(const PointSet&) const = default;
};

// Numbers separated by commas (or semicolons, tabs, spaces: whichever the first
// line has), one point a line; blank lines and lines that start with # are
// skipped, and so is a first line without any number (a header). Cells may
// stand in quotes, and an empty last cell is ignored. Problems name the line:
// ragged rows, text, NaN, infinity; too few points (at least 2), too many, no
// column. At most ten are listed. Sets of at most kMaxPackedPoints are rounded
// to their codes.
Result<PointSet> PointsFromCsv(std::string_view text, std::string_view where);

// Points as their codes give them back; doing it twice changes nothing. 2 to
// kMaxPackedPoints points.
PointSet RoundToCodes(const PointSet& points);

// The points as one block of bytes, little-endian: "UNPT", version (8 bits),
// dim (8), count (32), and then, up to kMaxPackedPoints (small enough for a
// share link), for each axis its least and greatest value (float32) and the
// codes [count, dim] (16); beyond that the values [count, dim] (float32).
// Unpack gives back the same set if it is one of RoundToCodes or a large one,
// and refuses whatever Pack does not write.
std::string Pack(const PointSet& points);
Result<PointSet> Unpack(std::string_view bytes);

// FNV-1a-64 over dim, count and values, 16 hex digits.
std::string DigestOf(const PointSet& points);

// The data set of kind "points". Its fields (file, count, dim, digest) say
// which points the experiment means; the points themselves are attached.
class Points final : public Dataset {
 public:
  Points() { standardise = static_cast<int>(Standardise::kPerAxis); }

  void Visit(Visitor& visitor) override;
  void Validate(Problems& problems) const override;
  int dim() const override { return static_cast<int>(dim_); }
  Moments ExactMoments() const override;
  void Draw(Key key, uint64_t first, std::span<float> out) const override;

  // Sets file, count, dim and digest from the points, and keeps them. Reading
  // fields that name other points lets go of them again.
  void Attach(std::string file, std::shared_ptr<const PointSet> points);
  const std::string& file() const { return file_; }
  // The points, or null while none are attached.
  const PointSet* points() const { return points_.get(); }
  // Whether `points` are the ones that the fields name.
  bool Names(const PointSet& points) const;

 private:
  std::string file_;
  int64_t count_ = 0;
  int64_t dim_ = 2;
  std::string digest_;
  std::shared_ptr<const PointSet> points_;
  std::string attached_digest_;  // of points_
};

}  // namespace unnoise

#endif  // UNNOISE_DATA_POINTS_H_
